import { Bytes, concat, payload } from "../build.ts";
import { fragment, guidBytes, keywords, monitorPacket, providers, text } from "../event-data.ts";
import type { WrittenFrame } from "../written.ts";
import { compressed, literalsOnly } from "./write-xpress.ts";

/** Writes event trace logs, for tests: what it believes of the format is what the reader believes. */

export interface Moment {
  readonly seconds: number;
  readonly nanos: number;
}

/** What the log file's header says; times are FILETIME. */
export interface Session {
  readonly width: 32 | 64;
  readonly clock: 1 | 2 | 3;
  readonly frequency: bigint;
  readonly megahertz: number;
  readonly start: Moment;
  readonly firstStamp: bigint;
  readonly bufferBytes: number;
  readonly isClosed: boolean;
  readonly mode: number;
  readonly eventsLost: number;
  readonly buffersLost: number;
  readonly build: number;
}

export const session: Session = {
  width: 64,
  clock: 1,
  frequency: 10_000_000n,
  megahertz: 3_000,
  start: { seconds: 1_700_000_000, nanos: 123_456_700 },
  firstStamp: 5_000_000_000n,
  bufferBytes: 8_192,
  isClosed: true,
  mode: 1,
  eventsLost: 0,
  buffersLost: 0,
  build: 19_045,
};

export function filetime({ seconds, nanos }: Moment): bigint {
  return BigInt(seconds) * 10_000_000n + BigInt(Math.floor(nanos / 100)) + 116_444_736_000_000_000n;
}

/** The first count of the session's clock at which that moment has come. */
export function stampOf(moment: Moment, { clock, frequency, megahertz, start, firstStamp }: Session): bigint {
  if (clock === 2) return filetime(moment);
  const ticks = filetime(moment) - filetime(start);
  const perSecond = clock === 1 ? frequency : BigInt(megahertz) * 1_000_000n;
  const product = ticks * perSecond;
  return firstStamp + product / 10_000_000n + (product > 0n && product % 10_000_000n !== 0n ? 1n : 0n);
}

const words = (...values: number[]) => new Bytes().u32(...values).done();
const longs = (...values: bigint[]) => concat(values.map((value) => new Bytes().i64(value).done()));
const halves = (...values: number[]) => new Bytes().u16(...values).done();

/** Zeros or what else, up to the next multiple of 8. */
function aligned(bytes: Uint8Array): Uint8Array {
  return concat([bytes, new Uint8Array((8 - (bytes.length % 8)) % 8)]);
}

/** The first record of the file. */
export function logHeaderRecord(of: Session): Uint8Array {
  const is64 = of.width === 64;
  const names = concat([text("Session"), text("C:\\Users\\someone\\trace.etl")]);
  const payloadBytes = concat([
    words(of.bufferBytes),
    Uint8Array.of(10, 0, 1, 5),
    words(of.build, 4),
    longs(of.isClosed ? filetime(of.start) + 600_000_000n : 0n),
    words(156_250, 250, of.mode, of.isClosed ? 4 : 0, 1, is64 ? 8 : 4, of.eventsLost, of.megahertz),
    new Uint8Array(is64 ? 16 : 8),
    new Uint8Array(172 + 4),
    longs(filetime(of.start) - 10_000_000n, of.frequency, filetime(of.start)),
    words(of.clock, of.buffersLost),
  ]);
  const stamp = of.clock === 2 ? filetime(of.start) : of.firstStamp;
  const length = 0x20 + payloadBytes.length + names.length;
  const head = [halves(2, is64 ? 0xc002 : 0xc001, length, 0), words(1, 4), longs(stamp, 0n)];
  return aligned(concat([...head, payloadBytes, names]));
}

export interface TraceEvent {
  readonly at: Moment;
  readonly provider: string;
  readonly id: number;
  readonly keywords?: bigint;
  readonly data: Uint8Array;
  readonly process?: number;
  readonly thread?: number;
  /** Extended items: type and data. */
  readonly items?: readonly { readonly type: number; readonly data: Uint8Array }[];
  /** The record's size, where it is to be a lie; its stamp, where it is not to follow from `at`. */
  readonly size?: number;
  readonly stamp?: bigint;
}

/** EVENT_HEADER with what follows. */
export function eventRecord(event: TraceEvent, of: Session = session): Uint8Array {
  const { items = [], process = 4, thread = 8 } = event;
  const extended = concat(
    items.map(({ type, data }, index) =>
      aligned(
        concat([
          halves(8 + Math.ceil(data.length / 8) * 8, type, index < items.length - 1 ? 1 : 0, data.length),
          aligned(data),
        ]),
      ),
    ),
  );
  const size = event.size ?? 0x50 + extended.length + event.data.length;
  const head = concat([
    halves(size, of.width === 64 ? 0xc013 : 0xc012, items.length > 0 ? 1 : 0, 0),
    words(thread, process),
    longs(event.stamp ?? stampOf(event.at, of)),
    guidBytes(event.provider),
    halves(event.id, 0, 4, 0),
    longs(BigInt.asIntN(64, event.keywords ?? 0n), 0n),
    new Uint8Array(16),
  ]);
  return aligned(concat([head, extended, event.data]));
}

/** The time that is so many ticks of 100 ns after the start of the usual session. */
export function moment(ticks: number): Moment {
  const nanos = session.start.nanos + ticks * 100;
  const whole = Math.floor(nanos / 1e9);
  return { seconds: session.start.seconds + whole, nanos: nanos - whole * 1e9 };
}

/** A whole Ethernet packet that was received, so many ticks after the start. */
export function ndisPacket(ticks: number, data: Uint8Array, rest: Partial<TraceEvent> = {}): TraceEvent {
  const word = keywords.whole | keywords.ethernet | keywords.receive;
  return { at: moment(ticks), provider: providers.ndis, id: 1001, keywords: word, data: fragment({ data }), ...rest };
}

/** A trace of one buffer that holds these events. */
export function traceOf(events: readonly TraceEvent[], of: Session = session): Uint8Array {
  const records = events.map((event) => eventRecord(event, of));
  const bufferBytes = Math.max(of.bufferBytes, 0x48 + concat(records).length);
  return trace([buffer(records, { bufferBytes })], of);
}

/** Records of other kinds, all passed over. */
export function noise(at: Moment, of: Session = session): Uint8Array[] {
  const stamp = longs(stampOf(at, of));
  return [
    concat([halves(1, 0xc011, 20, 0x1f), stamp, words(1)]),
    concat([halves(12, 0x9000, 5, 0), words(3)]),
    concat([halves(1, 0xc004, 0x20, 0x1f), words(1, 2), stamp, payload(8)]),
    concat([halves(0x18, 0xc00d, 0, 0), payload(16)]),
    concat([halves(0x30, 0xc07e, 0, 0), payload(40)]),
    classicRecord(providers.dnsClient, 10, payload(9), at, of),
  ].map(aligned);
}

/** EVENT_TRACE_HEADER with what follows. */
export function classicRecord(guid: string, opcode: number, data: Uint8Array, at: Moment, of: Session = session) {
  const size = 0x30 + data.length;
  const stamp = longs(stampOf(at, of));
  const head = [halves(size, of.width === 64 ? 0xc014 : 0xc00a), Uint8Array.of(opcode, 0, 0, 0), words(8, 4), stamp];
  return aligned(concat([...head, guidBytes(guid), new Uint8Array(8), data]));
}

/** The map of values that merged files hold. */
export function valueMap(name: string, values: readonly (readonly [number, string])[], at: Moment): Uint8Array {
  const entries = 16 + 8 * values.length;
  const texts = [name, ...values.map(([, value]) => `${value} `)].map(text);
  const starts = texts.map((_, index) => entries + concat(texts.slice(0, index)).length);
  const rows = values.map(([value], index) => words(starts[index + 1] ?? 0, value));
  const map = concat([words(starts[0] ?? 0, 1, values.length, 0), ...rows, ...texts]);
  return classicRecord(providers.schema, 33, concat([guidBytes(providers.pktMon), map]), at);
}

/** The description of an event that merged files hold: TDH_INTYPE of each property. */
export function eventSchema(provider: string, id: number, inTypes: readonly number[], at: Moment): Uint8Array {
  const head = concat([guidBytes(provider), new Uint8Array(16), halves(id), new Uint8Array(0x64 - 0x22)]);
  const properties = inTypes.map((type) => concat([words(type === 14 ? 2 : 0, 0), halves(type, type), words(0, 1, 0)]));
  const counts = words(inTypes.length, inTypes.length, 1);
  return classicRecord(providers.schema, 32, concat([head, counts, ...properties]), at);
}

export type Compression = "none" | "literals" | "matches";

export interface BufferOptions {
  readonly processor?: number;
  readonly sequence?: number;
  readonly compression?: Compression;
  readonly bufferBytes?: number;
  readonly flags?: number;
  readonly type?: number;
  /** Where they are to be lies. */
  readonly size?: number;
  readonly filled?: number;
}

/** One buffer; not compressed, it is filled up with 0xff to `bufferBytes`. */
export function buffer(records: readonly Uint8Array[], options: BufferOptions = {}): Uint8Array {
  const { processor = 0, sequence = 1, compression = "none", bufferBytes = session.bufferBytes } = options;
  const area = concat(records);
  const filled = 0x48 + area.length;
  const isPlain = compression === "none";
  const packed = compression === "matches" ? compressed(area) : literalsOnly(area);
  const body = isPlain ? concat([area, new Uint8Array(Math.max(0, bufferBytes - filled)).fill(0xff)]) : packed;
  const flags = 0x20 | (isPlain ? 0 : 0x40) | (options.flags ?? 0);
  const head = concat([
    words(options.size ?? 0x48 + body.length, filled, filled, 0),
    longs(0n, BigInt(sequence), 0n),
    halves(processor, 1),
    words(3, options.filled ?? filled),
    halves(flags, options.type ?? 0),
    new Uint8Array(16),
  ]);
  return concat([head, body]);
}

/** The file: its header in a buffer of its own, then these. */
export function trace(buffers: readonly Uint8Array[], of: Session = session): Uint8Array {
  const first = buffer([logHeaderRecord(of)], { sequence: 0, type: 4, bufferBytes: of.bufferBytes });
  return concat([first, ...buffers]);
}

/** Of link type 1, 101 or 105; only PktMon can tell the length on the wire. */
export interface EtlPacket extends WrittenFrame {
  readonly layer?: number;
  readonly process?: number;
  readonly isSent?: boolean;
}

export interface EtlOptions extends Partial<Session> {
  readonly source?: "ndis" | "pktmon";
  readonly processors?: number;
  readonly compression?: Compression;
  /** Events that each packet of NDIS comes in. */
  readonly pieces?: number;
  /** `processors`: all buffers of a processor together, as in files that were written anew. */
  readonly order?: "time" | "processors";
  /** Records of other kinds in between. */
  readonly noisy?: boolean;
}

const ndisKeywords: { readonly [linkType: number]: bigint } = {
  1: keywords.ethernet,
  101: keywords.wirelessWan,
  105: keywords.wireless,
};
const pktMonTypes: { readonly [linkType: number]: number } = { 1: 1, 101: 3, 105: 2 };

/** Writes packets, one after the other on the processors in turn. */
export function etl(packets: readonly EtlPacket[], options: EtlOptions = {}): Uint8Array {
  const of: Session = { ...session, ...options };
  const { processors = 1, compression = "none", order = "time", noisy = false } = options;
  const room = of.bufferBytes - 0x48;
  const open = Array.from({ length: processors }, () => ({ records: [] as Uint8Array[], length: 0 }));
  const closed: { readonly processor: number; readonly bytes: Uint8Array }[] = [];
  const flush = (processor: number) => {
    const { records = [] } = open[processor] ?? {};
    const sequence = closed.length + 1;
    const bytes = buffer(records, { processor, sequence, compression, bufferBytes: of.bufferBytes });
    if (records.length > 0) closed.push({ processor, bytes });
    open[processor] = { records: [], length: 0 };
  };
  const write = (processor: number, record: Uint8Array) => {
    if ((open[processor]?.length ?? 0) + record.length > room) flush(processor);
    const into = open[processor];
    into?.records.push(record);
    if (into !== undefined) into.length += record.length;
  };
  packets.forEach((packet, index) => {
    const processor = index % processors;
    for (const event of eventsOf(packet, options)) write(processor, eventRecord(event, of));
    if (noisy) for (const record of noise(packet, of)) write(processor, record);
  });
  for (let processor = 0; processor < processors; processor++) flush(processor);
  if (order === "processors") closed.sort((a, b) => a.processor - b.processor);
  const flags = compression === "none" ? 0 : 0x04000000;
  return trace(
    closed.map(({ bytes }) => bytes),
    { ...of, mode: of.mode | flags },
  );
}

function eventsOf(packet: EtlPacket, { source = "ndis", pieces = 1 }: EtlOptions): TraceEvent[] {
  const { bytes, linkType = 1, wireLength = bytes.length, layer = 12, process = 0, isSent = false } = packet;
  if (source === "pktmon") {
    const type = pktMonTypes[linkType] ?? 0;
    const data = monitorPacket({ data: bytes, type, component: layer, original: wireLength });
    return [{ at: packet, provider: providers.pktMon, id: 160, keywords: 0x10n, data }];
  }
  const direction = isSent ? keywords.send : keywords.receive;
  const length = Math.max(1, Math.ceil(bytes.length / pieces));
  return Array.from({ length: Math.max(1, Math.ceil(bytes.length / length)) }, (_, index) => {
    const data = bytes.subarray(index * length, (index + 1) * length);
    const isLast = (index + 1) * length >= bytes.length;
    const ends = (index === 0 ? keywords.start : 0n) | (isLast ? keywords.end : 0n);
    const word = (ndisKeywords[linkType] ?? 0n) | direction | ends | keywords.noise;
    return { at: packet, provider: providers.ndis, id: 1001, keywords: word, data: fragment({ data, layer }), process };
  });
}
