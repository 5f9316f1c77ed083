import type { CaptureFacts, Discard, InterfaceFacts } from "../model/capture-facts.ts";
import { linkTypeNames } from "../model/link-types.ts";
import type { CaptureFormat } from "../model/report.ts";

/** Its name and its text; null: nothing to say. */
export type NamedLine = readonly [string, string | null];

/** What a capture says about itself, for people. */
export function aboutLines({ format, about = {} }: About): NamedLine[] {
  const { discarded = [], interfaces = [], secrets = [] } = about;
  const writer = [about.application, about.os, about.hardware].filter((text) => text !== undefined);
  return [
    ["written by", writer.join(", ") || null],
    ["computer", about.computer ?? null],
    ...interfaces.map((one): NamedLine => ["interface", interfaceText(one)]),
    ["filter", about.captureFilter ?? null],
    ["lost", lostText(about, format)],
    ...discarded.map((discard): NamedLine => ["discarded", discardText(discard)]),
    ...secrets.map(({ kind, count }): NamedLine => ["secrets", `${count} of ${kind} (not shown)`]),
    ["names", about.names?.map(({ address, name }) => `${address} ${name}`).join(", ") || null],
    ["points", about.points?.join(", ") || null],
    ["zone", about.zoneAssumed ? "not in the file: times are shown as if they were UTC" : null],
    ["beginning", about.overwritten ? "written over: the trace ran in a circle" : null],
    ["end", about.unfinished ? "not closed as it should be: the last seconds may be missing" : null],
    ...(about.comments ?? []).map((comment): NamedLine => ["comment", comment]),
  ];
}

interface About {
  readonly format: CaptureFormat | null;
  readonly about?: CaptureFacts;
}

/** A trace counts events, of which packets are some. */
function lostText({ lost = 0, lostBuffers = 0 }: CaptureFacts, format: CaptureFormat | null): string | null {
  const [one, many] = format === "etl" ? ["event", "events"] : ["packet", "packets"];
  const parts = [
    ...(lost > 0 ? [counted(lost, one, many)] : []),
    ...(lostBuffers > 0 ? [counted(lostBuffers, "buffer of events", "buffers of events")] : []),
  ];
  return parts.length === 0 ? null : `${parts.join(" and ")}, by the capturing system's own count`;
}

function discardText({ reason, count, frames }: Discard): string {
  const [first] = frames;
  const place = first === undefined ? "" : count === 1 ? ` (frame ${first})` : ` (first in frame ${first})`;
  return `${counted(count, "packet", "packets")}: ${reason}${place}`;
}

function interfaceText(one: InterfaceFacts): string {
  const { name, description, linkType, snapLength, filter, addresses, dnsServers, received, dropped } = one;
  const parts = [
    name ?? description ?? "unnamed",
    ...(name !== undefined && description !== undefined ? [description] : []),
    ...(linkType === undefined ? [] : [linkName(linkType)]),
    ...(addresses?.length ? [addresses.join(", ")] : []),
    ...(dnsServers?.length
      ? [`${dnsServers.length === 1 ? "DNS server" : "DNS servers"} ${dnsServers.join(", ")}`]
      : []),
    ...(snapLength ? [`at most ${counted(snapLength, "byte", "bytes")} of a frame`] : []),
    ...(filter === undefined ? [] : [`filter ${filter}`]),
    ...(received === undefined ? [] : [`${counted(received, "packet", "packets")} received`]),
    ...(dropped === undefined ? [] : [`${dropped} dropped`]),
  ];
  return parts.join(", ");
}

export function linkName(linkType: number): string {
  return linkTypeNames[linkType] ?? `link type ${linkType}`;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
