import type { Decoded } from "../../../dissectors/dissector.ts";
import type { Body } from "../../../dissectors/http/index.ts";
import type { Message } from "../../../dissectors/registry.ts";
import type { Instant } from "../../model/time.ts";
import { FrameList } from "../frame-list.ts";
import { Chunks } from "./chunks.ts";
import { Gather, type Waiting } from "./gather.ts";
import { HeadEnd } from "./head-end.ts";

/** What one direction of an HTTP connection is in the middle of. */
export class HttpSide {
  readonly gather: Gather;
  readonly headEnd = new HeadEnd();
  /** Of the message being read or held. */
  readonly frames = new FrameList();
  mode: "head" | "count" | "chunked" | "until-close" | "lost" = "head";
  /** Of a chunked body. */
  chunks: Chunks | null = null;
  /** The client may leave out the body it announced, because it waits for 100. */
  mayOmitBody = false;
  /** A message that was read and is not told yet: its body is still being passed over. */
  held: Decoded<Message> | null = null;
  /** Of what is held: where its header block ends, its first second, the bytes of its body, and when its last piece came. */
  endOffset = 0;
  since = 0;
  bodyBytes = 0;
  seconds = 0;
  nanos = 0;
  /** Bytes of a counted body that are still to come. */
  private remaining = 0;

  constructor(waiting: Waiting) {
    this.gather = new Gather(waiting);
  }

  /** Nothing here that a new one does not have. */
  get isBetweenMessages(): boolean {
    return this.mode === "head" && this.held === null && this.frames.isEmpty && !this.gather.lost;
  }

  hold(decoded: Decoded<Message>, endOffset: number, { seconds, nanos }: Instant): void {
    this.held = decoded;
    this.endOffset = endOffset;
    this.since = seconds;
    this.bodyBytes = 0;
    this.seconds = seconds;
    this.nanos = nanos;
  }

  /** One more piece of the body of what is held. */
  addBody(frame: number, bytes: number, { seconds, nanos }: Instant): void {
    this.frames.add(frame);
    this.bodyBytes += bytes;
    this.seconds = seconds;
    this.nanos = nanos;
  }

  startHead(): void {
    this.mode = "head";
    this.chunks = null;
    this.mayOmitBody = false;
    this.headEnd.reset();
    this.gather.clear();
    this.frames.clear();
  }

  /** False where no body follows. */
  startBody(body: Body): boolean {
    if (body.kind !== "count" && body.kind !== "chunked" && body.kind !== "until-close") return false;
    this.gather.clear();
    this.mode = body.kind;
    if (body.kind === "count") this.remaining = body.bytes;
    this.chunks = body.kind === "chunked" ? new Chunks() : null;
    return true;
  }

  lose(): void {
    this.startHead();
    this.gather.lost = false;
    this.mode = "lost";
  }

  /** Passes over the body in `bytes[at, end)`; returns where it ends, or `end`. */
  passBody(bytes: Uint8Array, at: number, end: number): number {
    if (this.chunks !== null) return this.chunks.pass(bytes, at, end);
    if (this.mode !== "count") return end;
    const passed = Math.min(this.remaining, end - at);
    this.remaining -= passed;
    return at + passed;
  }

  bodyEnded(): boolean {
    return this.mode === "count" ? this.remaining === 0 : this.chunks?.ended === true;
  }

  /** Whether `length` lost bytes all belong to the body, which then goes on behind them. */
  passGap(length: number): boolean {
    if (this.mode === "until-close") return true;
    if (this.chunks !== null) return this.chunks.gap(length);
    if (this.mode !== "count" || length > this.remaining) return false;
    this.remaining -= length;
    return true;
  }
}

/** Makes sides, and keeps one that is between messages for the next message, of whatever connection. */
export class HttpSides {
  readonly waiting: Waiting;
  private spare: HttpSide | null = null;

  constructor(waiting: Waiting) {
    this.waiting = waiting;
  }

  take(): HttpSide {
    const side = this.spare ?? new HttpSide(this.waiting);
    this.spare = null;
    return side;
  }

  giveBack(side: HttpSide): void {
    this.spare = side;
  }
}
