import { type Guid, guidText, isGuid } from "../guid.ts";

/** Providers that were seen are listed in a sentence: more would not be read. */
const MOST = 8;

const names: { readonly [guid: string]: string } = {
  "2ed6006e-4729-4609-b423-3ee7bcd678ef": "NDIS-PacketCapture",
  "4d4f80d9-c8bd-4d73-bb5b-19c90402c5ac": "PktMon",
  "1c95126e-7eea-49a9-a3fe-a378b03ddb4d": "DNS-Client",
};

/** The providers whose events an event trace log holds, as far as no packets were seen. */
export class Providers {
  private readonly seen: Guid[] = [];
  private readonly texts: string[] = [];
  private more = false;

  note(view: DataView, at: number): void {
    if (this.more || this.seen.some((guid) => isGuid(view, at, guid))) return;
    if (this.seen.length === MOST) {
      this.more = true;
      return;
    }
    const word = (index: number) => view.getUint32(at + 4 * index, true);
    this.seen.push([word(0), word(1), word(2), word(3)]);
    const guid = guidText(view, at);
    this.texts.push(names[guid] ?? `{${guid}}`);
  }

  /** What a trace without packets is, and how to get one with packets. */
  sentence(): string {
    const others = this.more ? " and others" : "";
    const events =
      this.texts.length === 0 ? "no events of any provider" : `events of ${this.texts.join(", ")}${others}`;
    return `the trace holds no packets, but ${events}; capture packets with: netsh trace start capture=yes, or pktmon start --capture --pkt-size 0`;
  }
}
