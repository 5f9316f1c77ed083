import type { Message } from "../../dissectors/registry.ts";
import { openDispatch } from "../../src/dispatch/dispatch.ts";
import { type Connection, type Direction, FROM_CLIENT, FROM_SERVER } from "../../src/model/connection.ts";
import type { Observation } from "../../src/model/observation.ts";
import type { StreamProtocol } from "../../src/model/packet.ts";
import type { Problem } from "../../src/model/problem.ts";

const START = { seconds: 1_795_000_000, nanos: 0 };

export function newConnection(port: number, id = 1): Connection {
  return {
    id,
    place: id - 1,
    client: { address: "192.168.2.101", port: 50_000 },
    server: { address: "192.168.2.104", port },
    handshake: [],
    synSeen: true,
    firstFrame: 1,
    firstTime: START,
    lastFrame: 1,
    lastTime: START,
    acked: [0, 0],
    seen: [0, 0],
    frames: [0, 0],
    lost: [0, 0],
    cut: [0, 0],
    retransmitted: [0, 0],
    largestSegment: [0, 0],
    largestAcked: [0, 0],
    closed: null,
    reset: null,
  };
}

/** Plays what `net` would tell of one or more connections, a frame for each call, and keeps what comes out. */
export class Stage {
  readonly observations: Observation[] = [];
  readonly problems: Problem[] = [];
  readonly dispatch = openDispatch(
    (observation) => this.observations.push(observation),
    (problem) => this.problems.push(problem),
    { fingerprint: () => "0123456789abcdef", seed: () => 1 },
  );
  frame = 0;
  seconds = START.seconds;
  private connections = 0;

  open(protocol: StreamProtocol, port: number): Talk {
    this.connections += 1;
    const connection = newConnection(port, this.connections);
    this.dispatch.opened(connection, protocol);
    return new Talk(this, connection);
  }

  get messages(): readonly Message[] {
    return this.observations.map(({ message }) => message);
  }
}

export class Talk {
  readonly connection: Connection;
  private readonly stage: Stage;
  private readonly offsets: [number, number] = [0, 0];
  /** What the last `data` answered. */
  goesOn = true;

  constructor(stage: Stage, connection: Connection) {
    this.stage = stage;
    this.connection = connection;
  }

  client(text: string | Uint8Array, pieceBytes?: number): this {
    return this.say(FROM_CLIENT, text, pieceBytes);
  }

  server(text: string | Uint8Array, pieceBytes?: number): this {
    return this.say(FROM_SERVER, text, pieceBytes);
  }

  gap(direction: Direction, length: number): this {
    this.offsets[direction] += length;
    this.stage.dispatch.gap(this.connection, direction, length);
    return this;
  }

  finish(): this {
    this.stage.dispatch.finished(this.connection);
    return this;
  }

  private say(direction: Direction, text: string | Uint8Array, pieceBytes = Number.POSITIVE_INFINITY): this {
    // A copy with a margin on both sides, which is overwritten afterwards: nothing may be kept of it.
    const bytes = Buffer.concat([Buffer.from("<<"), Buffer.from(text), Buffer.from(">>")]);
    for (let at = 2; at < bytes.length - 2 && this.goesOn; ) {
      const end = Math.min(at + pieceBytes, bytes.length - 2);
      this.piece(direction, bytes, at, end);
      bytes.fill(0x58, at, end);
      at = end;
    }
    return this;
  }

  private piece(direction: Direction, bytes: Uint8Array, start: number, end: number): void {
    this.stage.frame += 1;
    const { frame, seconds } = this.stage;
    const offset = this.offsets[direction];
    this.offsets[direction] += end - start;
    const now = { frame, seconds, nanos: frame };
    this.goesOn = this.stage.dispatch.data(this.connection, direction, bytes, start, end, offset, frame, now);
  }
}
