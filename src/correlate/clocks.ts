import type { KrbError } from "../../dissectors/kerberos/message.ts";
import type { NtpMessage } from "../../dissectors/ntp/message.ts";
import type { Message } from "../../dissectors/registry.ts";
import { limits } from "../bytes/limits.ts";
import type { Observation } from "../model/observation.ts";
import type { ClockSource, HostClock } from "../model/report.ts";
import type { Instant } from "../model/time.ts";
import { NONE } from "./order.ts";

/** A time that a message states: whose clock it is, in seconds since 1970, and how finely it was written. */
interface Stated {
  readonly host: string;
  readonly seconds: number;
  readonly resolution: number;
  readonly source: ClockSource;
}

/** KDC_ERR_NEVER_VALID, KRB_AP_ERR_TKT_EXPIRED, KRB_AP_ERR_TKT_NYV, KRB_AP_ERR_SKEW (RFC 4120 section 7.5.9). */
const REFUSED_FOR_TIME: readonly number[] = [11, 32, 33, 37];

/** RFC 5905 section 7.3: the leap indicator of a clock that is not synchronised. */
const NOT_SYNCHRONISED = 3;

/** Between the reading of a clock and the packet that carries it: the work of the sender and the way of the packet. */
const DELAY_SECONDS = 0.05;

/** Words of the row of a host: how many samples, the bounds that all of them allow, and those of the farthest apart. */
const COUNT = 0;
const LOW = 1;
const HIGH = 2;
const LOWEST = 3;
const HIGHEST = 4;
const FIRST_FRAME = 5;
const WORDS = FIRST_FRAME + limits.framesPerClock;

type Sources = readonly ClockSource[];

/** Every host's clock against the capture's, from every time that it states in clear; at most `limits.clocks` hosts. */
export class ClockBook {
  /** A message was refused because of its time. */
  isRefused = false;
  /** Where the row of each host starts. */
  private readonly rows = new Map<string, number>();
  private readonly words = new Float64Array(limits.clocks * WORDS);
  /** Of each row; equal lists are shared. */
  private readonly sources: Sources[] = [];
  private readonly lists: Sources[] = [];

  observe(o: Observation): void {
    this.read(o.message, o);
    for (const message of o.inside) this.read(message, o);
  }

  /** In the order of addresses. */
  list(): HostClock[] {
    const all = [...this.rows].map(([host, row]) => this.clockOf(host, row));
    return all.sort((a, b) => (a.address < b.address ? -1 : 1));
  }

  private read(message: Message, o: Observation): void {
    const stated = statedBy(message, o);
    if (stated !== null) this.add(stated, o);
    if (message.protocol === "kerberos" && message.kind === "KRB-ERROR") this.readError(message, o);
  }

  private readError(message: KrbError, o: Observation): void {
    if (REFUSED_FOR_TIME.includes(message.errorCode)) this.isRefused = true;
    if (message.ctime === null) return;
    // What is echoed of the client's time is as old as the request.
    const seconds = generalizedSeconds(message.ctime);
    if (seconds === null) return;
    const resolution = message.cusec === null ? 1 : 1e-6;
    const host = o.dst;
    this.add({ host, seconds: seconds + (message.cusec ?? 0) / 1e6, resolution, source: "kerberos ctime" }, o);
  }

  /** A frame without a time of its own is no measure. */
  private add({ host, seconds, resolution, source }: Stated, { time, frame }: Observation): void {
    if (time.seconds === 0) return;
    const low = since(time, seconds);
    const high = low + resolution + DELAY_SECONDS;
    const row = this.rows.get(host) ?? this.open(host);
    if (row === null) return;
    const { words } = this;
    const count = words[row + COUNT] ?? 0;
    words[row + COUNT] = count + 1;
    words[row + LOW] = Math.max(words[row + LOW] ?? low, low);
    words[row + HIGH] = Math.min(words[row + HIGH] ?? high, high);
    words[row + LOWEST] = Math.min(words[row + LOWEST] ?? low, low);
    words[row + HIGHEST] = Math.max(words[row + HIGHEST] ?? high, high);
    if (count < limits.framesPerClock) words[row + FIRST_FRAME + count] = frame;
    this.noteSource(row / WORDS, source);
  }

  private open(host: string): number | null {
    if (this.rows.size >= limits.clocks) return null;
    const row = this.rows.size * WORDS;
    this.rows.set(host, row);
    this.words.fill(Number.NEGATIVE_INFINITY, row + LOW, row + FIRST_FRAME);
    this.words[row + HIGH] = Number.POSITIVE_INFINITY;
    this.words[row + LOWEST] = Number.POSITIVE_INFINITY;
    return row;
  }

  private noteSource(number: number, source: ClockSource): void {
    const known = this.sources[number] ?? NONE;
    if (!known.includes(source)) this.sources[number] = this.shared([...known, source]);
  }

  private shared(list: Sources): Sources {
    const known = this.lists.find(
      (one) => one.length === list.length && one.every((source, at) => source === list[at]),
    );
    if (known === undefined) this.lists.push(list);
    return known ?? list;
  }

  private clockOf(host: string, row: number): HostClock {
    const [count = 0, low = 0, high = 0, lowest = 0, highest = 0] = this.words.subarray(row);
    // Samples that exclude one another: the clock was set meanwhile, or an answer came out of a cache.
    const [from, to] = low <= high ? [low, high] : [lowest, highest];
    const frames = row + FIRST_FRAME;
    return {
      address: host,
      offset: rounded((from + to) / 2),
      uncertainty: rounded((to - from) / 2),
      samples: count,
      sources: this.sources[row / WORDS] ?? NONE,
      frames: [...this.words.subarray(frames, frames + Math.min(count, limits.framesPerClock))],
    };
  }
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}

/** Seconds that a stated time is ahead of the frame's. */
function since(time: Instant, seconds: number): number {
  return seconds - time.seconds - time.nanos / 1e9;
}

function statedBy(message: Message, o: Observation): Stated | null {
  switch (message.protocol) {
    case "kerberos": {
      if (message.kind !== "KRB-ERROR" || message.stime === null) return null;
      const seconds = generalizedSeconds(message.stime);
      const resolution = message.susec === null ? 1 : 1e-6;
      return seconds === null
        ? null
        : { host: o.src, seconds: seconds + (message.susec ?? 0) / 1e6, resolution, source: "kerberos stime" };
    }
    case "http":
      if (message.kind !== "response" || message.date === null || message.via !== null) return null;
      return { host: o.src, seconds: message.date, resolution: 1, source: "http Date" };
    case "ntlmssp":
      return message.kind === "CHALLENGE" ? fine(o.src, message.timestamp, "ntlm challenge") : null;
    case "smb2":
    case "smb":
      return message.kind === "NEGOTIATE response" ? fine(o.src, message.systemTime, "smb negotiate") : null;
    case "ldap": {
      if (message.kind !== "root-entry" || message.currentTime === null) return null;
      const seconds = generalizedSeconds(message.currentTime);
      return seconds === null ? null : { host: o.src, seconds, resolution: 1, source: "ldap currentTime" };
    }
    case "ntp":
      return ofTimeServer(message, o.src);
    default:
      return null;
  }
}

/** What a time server says that is not synchronised itself, or a client, says nothing. */
function ofTimeServer({ kind, leap, stratum, transmitted }: NtpMessage, host: string): Stated | null {
  const isSynchronised = kind === "response" && leap !== NOT_SYNCHRONISED && stratum >= 1 && stratum <= 15;
  if (!isSynchronised || transmitted === null) return null;
  return { host, seconds: Date.parse(transmitted) / 1000, resolution: 0.001, source: "ntp" };
}

/** A FILETIME as seconds since 1970 with seven decimals, of which a double holds six. */
function fine(host: string, text: string | null, source: ClockSource): Stated | null {
  return text === null ? null : { host, seconds: Number(text), resolution: 1e-6, source };
}

/** `YYYYMMDDHHMMSSZ` (RFC 4120 section 5.2.3), with a fraction as directories write it; null for anything else. */
function generalizedSeconds(text: string): number | null {
  if (!/^\d{14}(?:\.\d+)?Z$/.test(text)) return null;
  const month = twoDigits(text, 4) - 1;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const time = twoDigits(text, 8) * 3600 + twoDigits(text, 10) * 60 + twoDigits(text, 12);
  return Date.UTC(year, month, twoDigits(text, 6)) / 1000 + time;
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}

const ZERO = 0x30;
