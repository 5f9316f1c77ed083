import { limits } from "../bytes/limits.ts";
import type { CaptureFacts, InterfaceFacts } from "../model/capture-facts.ts";
import { block } from "./pcapng-blocks.ts";
import { describeInterface } from "./pcapng-interface.ts";
import { NamedAddresses } from "./pcapng-names.ts";
import { eachOption, optionText } from "./pcapng-options.ts";
import { type Counters, readStatistics } from "./pcapng-statistics.ts";
import { processName } from "./process-name.ts";

const DARWIN_NAME = 2;
const option = { comment: 1, hardware: 2, os: 3, application: 4 } as const;
type Writer = { application?: string; os?: string; hardware?: string };

/** Kinds of secrets of Decryption Secrets Blocks; draft-ietf-opsawg-pcapng 4.7. */
const secretKinds: { readonly [kind: number]: string } = {
  1414288203: "TLS key log",
  1397966923: "SSH key log",
  1464290124: "WireGuard key log",
  1515083595: "ZigBee NWK key",
  1514229843: "ZigBee APS key",
};
const OTHER_SECRETS = "another kind";

/** What the blocks of a pcapng file that hold no packets say. Their bodies are `view[at, end)`. */
export class PcapngAbout {
  private readonly writer: Writer = {};
  private readonly comments: string[] = [];
  private readonly interfaces: InterfaceFacts[] = [];
  /** By number in the current section: the place in `interfaces`, and the counters that were read last. */
  private places = new Map<number, number>();
  private counters = new Map<number, Counters>();
  private readonly addresses = new NamedAddresses();
  private readonly secrets = new Map<string, number>();
  private lost = 0;
  private littleEndian = true;
  private toldOfNames = false;
  /** By Darwin's process blocks of the current section. */
  processes: (string | null)[] = [];

  /** Options of a Section Header Block; a new section has an order of bytes, interfaces and processes of its own. */
  section(view: DataView, at: number, end: number, littleEndian: boolean): void {
    this.closeSection();
    this.littleEndian = littleEndian;
    const writer = this.writer;
    eachOption(view, at, end, littleEndian, (code, place, length) => {
      if (code === option.comment) this.comment(optionText(view, place, length));
      if (code === option.hardware) writer.hardware ??= optionText(view, place, length);
      if (code === option.os) writer.os ??= optionText(view, place, length);
      if (code === option.application) writer.application ??= optionText(view, place, length);
    });
  }

  interface(number: number, view: DataView, at: number, end: number): void {
    if (this.interfaces.length >= limits.namedInterfaces) return;
    const facts = describeInterface(view, at, end, this.littleEndian);
    if (facts === null) return;
    this.places.set(number, this.interfaces.length);
    this.interfaces.push(facts);
  }

  /** A block that `describes` the capture; a sentence where a limit was reached. `interfaces`: known in this section. */
  describe(type: number, view: DataView, at: number, end: number, interfaces: number): string | null {
    if (type === block.names) return this.readNames(view, at, end);
    const number = view.getUint32(at, this.littleEndian);
    if (type === block.darwinProcess) this.readProcess(number, view, at + 4, end);
    // Counters run on, so the last block of an interface holds the sum.
    else if (number < interfaces) this.counters.set(number, readStatistics(view, at, end, this.littleEndian));
    return null;
  }

  secret(kind: number): void {
    const name = secretKinds[kind] ?? OTHER_SECRETS;
    this.secrets.set(name, (this.secrets.get(name) ?? 0) + 1);
  }

  get hasRoomForComments(): boolean {
    return this.comments.length < limits.comments;
  }

  comment(text: string): void {
    if (text !== "" && this.hasRoomForComments) this.comments.push(text);
  }

  facts(): CaptureFacts {
    const interfaces = [...this.interfaces];
    const lost = this.lost + this.countInto(interfaces);
    const names = this.addresses.list();
    const secrets = [...this.secrets].map(([kind, count]) => ({ kind, count }));
    return {
      ...this.writer,
      ...(this.comments.length > 0 ? { comments: this.comments } : {}),
      ...(interfaces.length > 0 ? { interfaces } : {}),
      ...(lost > 0 ? { lost } : {}),
      ...(names.length > 0 ? { names } : {}),
      ...(secrets.length > 0 ? { secrets } : {}),
    };
  }

  private readNames(view: DataView, at: number, end: number): string | null {
    this.addresses.read(view, at, end, this.littleEndian);
    if (!this.addresses.isFull || this.toldOfNames) return null;
    this.toldOfNames = true;
    return `the capture names more than ${limits.namedAddresses} addresses; the names of the others are not kept`;
  }

  private readProcess(id: number, view: DataView, at: number, end: number): void {
    if (this.processes.length >= limits.processes) return;
    let program = "";
    eachOption(view, at, end, this.littleEndian, (code, place, length) => {
      if (code === DARWIN_NAME) program = optionText(view, place, length).slice(0, limits.programCharacters);
    });
    this.processes.push(processName(program, id));
  }

  private closeSection(): void {
    this.lost += this.countInto(this.interfaces);
    this.places = new Map();
    this.counters = new Map();
    this.processes = [];
  }

  /** Writes the counters of the current section beside their interfaces; all packets dropped in it. */
  private countInto(interfaces: InterfaceFacts[]): number {
    let sum = 0;
    for (const [number, { received, dropped }] of this.counters) {
      sum += dropped ?? 0;
      const place = this.places.get(number);
      const facts = place === undefined ? undefined : interfaces[place];
      if (place === undefined || facts === undefined) continue;
      const counts = { ...(received === null ? {} : { received }), ...(dropped === null ? {} : { dropped }) };
      interfaces[place] = { ...facts, ...counts };
    }
    return sum;
  }
}
