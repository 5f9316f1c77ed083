import { clock, type LogHeader } from "./log-header.ts";

/** FILETIME counts 100 ns since 1601. */
const TICKS = 10_000_000;
const UNIX_EPOCH = 116_444_736_000_000_000n;
/** Nothing counts faster; more would not divide exactly. */
const FASTEST = 2 ** 39;

interface Moment {
  seconds: number;
  nanos: number;
}

/**
 * The clock of an event trace session. Time stamps are read as counts since the log file's first record, so that a
 * double holds them exactly: for 28 years at 10 MHz.
 */
export class TraceClock {
  /** Why times cannot be told and all events get the time of the start; null where they can. */
  readonly complaint: string | null;
  private readonly frequency: number;
  private readonly seconds: number;
  /** 100 ns. */
  private readonly ticks: number;
  private readonly high: number;
  private readonly low: number;

  constructor(header: LogHeader) {
    this.frequency = frequencyOf(header);
    this.complaint = complaintAbout(header, this.frequency);
    // The stamps of the system's clock are FILETIME themselves.
    const base = (header.clockType === clock.systemTime ? header.firstStamp : header.start) - UNIX_EPOCH;
    const ticks = ((base % 10_000_000n) + 10_000_000n) % 10_000_000n;
    this.ticks = Number(ticks);
    this.seconds = Number((base - ticks) / 10_000_000n);
    this.high = Number(header.firstStamp >> 32n);
    this.low = Number(header.firstStamp & 0xffffffffn);
  }

  /** The time stamp at `at`, as counts since the first record. */
  countAt(view: DataView, at: number): number {
    return (view.getInt32(at + 4, true) - this.high) * 0x100000000 + (view.getUint32(at, true) - this.low);
  }

  /** Writes the moment of a count into `moment`; false where it cannot be: it gets the time of the start. */
  setTime(moment: Moment, count: number): boolean {
    const { frequency } = this;
    const isPossible = Number.isSafeInteger(count);
    const usable = isPossible && this.complaint === null ? count : 0;
    const whole = Math.floor(usable / frequency);
    // Two steps, so that no product passes 2^53.
    const rest = (usable - whole * frequency) * 10_000;
    const coarse = Math.floor(rest / frequency);
    const fine = Math.floor(((rest - coarse * frequency) * 1_000) / frequency);
    const ticks = this.ticks + coarse * 1_000 + fine;
    const carry = ticks >= TICKS ? 1 : 0;
    moment.seconds = this.seconds + whole + carry;
    moment.nanos = (ticks - carry * TICKS) * 100;
    return isPossible;
  }
}

function frequencyOf({ clockType, frequency, megahertz }: LogHeader): number {
  if (clockType === clock.performanceCounter && frequency > 0 && frequency < FASTEST) return frequency;
  if (clockType === clock.cpuCycles && megahertz > 0 && megahertz * 1_000_000 < FASTEST) return megahertz * 1_000_000;
  return TICKS;
}

function complaintAbout({ clockType, frequency, megahertz }: LogHeader, used: number): string | null {
  const start = "all packets are shown at the time at which the trace started";
  if (clockType < clock.performanceCounter || clockType > clock.cpuCycles) {
    return `the trace names no known clock (${clockType}): ${start}`;
  }
  if (clockType === clock.performanceCounter && used !== frequency) {
    return `the trace names an impossible frequency of its clock (${frequency} Hz): ${start}`;
  }
  if (clockType === clock.cpuCycles && used !== megahertz * 1_000_000) {
    return `the trace names an impossible frequency of its processors (${megahertz} MHz): ${start}`;
  }
  return null;
}
