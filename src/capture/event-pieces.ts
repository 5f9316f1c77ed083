import { limits } from "../bytes/limits.ts";
import type { FrameView } from "../model/frame.ts";
import type { ProblemSink } from "../model/problem.ts";
import { wholeWireLength } from "./event-ndis.ts";
import type { EventPacket } from "./event-packets.ts";

/** What the header of an event says that the user data does not. */
export interface EventPlace {
  seconds: number;
  nanos: number;
  processor: number;
  thread: number;
  process: string | null;
  /** Number of the point. */
  point: number;
  /** Number of the frame; 0 where it gets one when it is shown. */
  number: number;
}

export function newEventPlace(): EventPlace {
  return { seconds: 0, nanos: 0, processor: 0, thread: 0, process: null, point: -1, number: 0 };
}

interface Slot {
  readonly place: EventPlace;
  bytes: Uint8Array;
  length: number;
  wireLength: number;
  linkType: number;
  isCut: boolean;
  isDropped: boolean;
  dropReason: number;
  miniport: number;
  layer: number;
  /** It came in one event. */
  isWhole: boolean;
  isComplete: boolean;
}

/** Slots kept for the next packets. */
const SPARE = 32;

/**
 * Joins packets that were logged in several events, as Windows up to 8 does, and keeps them in the order of their first
 * events: while one is incomplete, all that begin after it wait behind it.
 */
export class EventPieces {
  /** Packets of which the end or the beginning never came, and those longer than a frame may be: all are left out. */
  private incomplete = 0;
  private orphans = 0;
  private large = 0;
  private queue: Slot[] = [];
  private readonly spare: Slot[] = [];
  private bytes = 0;
  private shown: Slot | null = null;

  /** Whether nothing waits: a whole packet need not be kept. */
  get isIdle(): boolean {
    return this.queue.length === 0;
  }

  /** Takes a packet or a piece of one, after `take` answered false; its bytes are copied. */
  add(packet: EventPacket, place: EventPlace): void {
    const started = packet.isFirst && packet.isLast ? undefined : this.find(packet, place);
    if (packet.isFirst) {
      if (started !== undefined) this.giveUp(started);
      this.append(this.start(packet, place), packet);
    } else if (started === undefined) this.orphans += 1;
    else this.append(started, packet);
    const [oldest] = this.queue;
    const isFull = this.queue.length > limits.joinedPackets || this.bytes > limits.joinedBytes;
    if (isFull && oldest !== undefined && !oldest.isComplete) this.giveUp(oldest);
  }

  /** The next complete packet into `view`, good until the next call; false where none is, or one before it is not. */
  take(view: FrameView): boolean {
    if (this.shown !== null) this.release(this.shown);
    this.shown = null;
    const first = this.queue[0];
    if (first === undefined || !first.isComplete) return false;
    this.queue.shift();
    this.bytes -= first.length;
    this.shown = first;
    show(first, view);
    return true;
  }

  /** Of the packet given last: thrown away by Windows, and why. */
  get dropReason(): number | null {
    return this.shown?.isDropped ? this.shown.dropReason : null;
  }

  /** No more events will come: what is incomplete stays so. */
  end(): void {
    for (const slot of this.queue.filter(({ isComplete }) => !isComplete)) this.giveUp(slot);
  }

  /** What was left out, once no more will come. */
  tell(report: ProblemSink): void {
    const told = [
      [this.incomplete, "packet", "packets", "came in pieces of which the last is missing"],
      [this.orphans, "piece", "pieces", "of packets whose beginning is missing"],
      [this.large, "packet is", "packets are", "longer than a frame can be"],
    ] as const;
    for (const [count, one, many, what] of told) {
      if (count > 0) report({ text: `${count} ${count === 1 ? one : many} ${what}: left out` });
    }
  }

  private find(packet: EventPacket, { processor, thread }: EventPlace): Slot | undefined {
    return this.queue.find(
      (slot) =>
        !slot.isComplete &&
        slot.place.thread === thread &&
        slot.place.processor === processor &&
        slot.miniport === packet.miniport &&
        slot.layer === packet.layer,
    );
  }

  private start(packet: EventPacket, place: EventPlace): Slot {
    const slot = this.spare.pop() ?? newSlot();
    Object.assign(slot.place, place);
    slot.length = 0;
    slot.wireLength = 0;
    slot.linkType = packet.linkType;
    slot.isCut = false;
    slot.isDropped = packet.isDropped;
    slot.dropReason = packet.dropReason;
    slot.miniport = packet.miniport;
    slot.layer = packet.layer;
    slot.isWhole = packet.isFirst && packet.isLast;
    slot.isComplete = false;
    this.queue.push(slot);
    return slot;
  }

  private append(slot: Slot, packet: EventPacket): void {
    const { bytes, start, end } = packet;
    const length = slot.length + end - start;
    if (length > limits.frameBytes) {
      this.large += 1;
      this.remove(slot);
      return;
    }
    if (length > slot.bytes.length) slot.bytes = grown(slot.bytes, slot.length, length);
    slot.bytes.set(bytes.subarray(start, end), slot.length);
    slot.length = length;
    slot.wireLength += packet.wireLength;
    slot.isCut ||= packet.isCut;
    this.bytes += end - start;
    slot.isComplete = packet.isLast;
  }

  private giveUp(slot: Slot): void {
    this.incomplete += 1;
    this.remove(slot);
  }

  private remove(slot: Slot): void {
    this.queue = this.queue.filter((one) => one !== slot);
    this.bytes -= slot.length;
    this.release(slot);
  }

  private release(slot: Slot): void {
    if (this.spare.length < SPARE) this.spare.push(slot);
  }
}

function newSlot(): Slot {
  return {
    place: newEventPlace(),
    bytes: new Uint8Array(2_048),
    length: 0,
    wireLength: 0,
    linkType: 0,
    isCut: false,
    isDropped: false,
    dropReason: 0,
    miniport: 0,
    layer: 0,
    isWhole: true,
    isComplete: false,
  };
}

function grown(bytes: Uint8Array, used: number, length: number): Uint8Array {
  const larger = new Uint8Array(Math.max(length, 2 * bytes.length));
  larger.set(bytes.subarray(0, used));
  return larger;
}

function show({ bytes, length, wireLength, linkType, isCut, isWhole, place }: Slot, view: FrameView): void {
  view.bytes = bytes;
  view.start = 0;
  view.end = length;
  const packet = { bytes, start: 0, end: length, linkType, isCut };
  view.wireLength = isWhole ? wireLength : wholeWireLength(packet, wireLength);
  view.linkType = linkType;
  view.seconds = place.seconds;
  view.nanos = place.nanos;
  view.point = place.point;
  view.process = place.process;
  view.number = place.number;
}
