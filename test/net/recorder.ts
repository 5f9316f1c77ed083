import { limits } from "../../src/bytes/limits.ts";
import type {
  Connection,
  ConnectionFailure,
  Endpoint,
  LostDatagram,
  NeighbourSilence,
  Unreachable,
} from "../../src/model/connection.ts";
import type { Recognition } from "../../src/model/packet.ts";
import type { Problem } from "../../src/model/problem.ts";
import { type Net, openNet } from "../../src/net/net.ts";
import type { Bounds } from "../../src/net/packet.ts";
import type { NetSink } from "../../src/net/sink.ts";
import { type Captured, frameView } from "./packets.ts";

export interface Datagram {
  readonly src: string;
  readonly dst: string;
  readonly sport: number;
  readonly dport: number;
  readonly text: string;
  readonly missing: number;
  readonly frames: readonly number[];
}

/** What a sink was told: one log in order, and the same by kind. */
export class Recorder implements NetSink {
  readonly log: string[] = [];
  readonly datagrams: Datagram[] = [];
  readonly connections: Connection[] = [];
  readonly failures: ConnectionFailure[] = [];
  readonly errors: Unreachable[] = [];
  readonly silences: NeighbourSilence[] = [];
  readonly lost: LostDatagram[] = [];
  readonly problems: Problem[] = [];
  /** Bytes by connection and direction, a gap shown as `[n]`. */
  readonly streams = new Map<string, string>();
  readonly asked: string[] = [];
  /** Answers of `recognise`; by default anything is HTTP of an unknown client. */
  answer: (first: string, sport: number, dport: number) => Recognition | null = () => ({
    protocol: "http",
    senderIsClient: null,
  });
  goesOn = true;
  wants = true;
  wantsStrangers = true;
  strangers = 0;

  wantsDatagram(): boolean {
    return this.wants;
  }

  datagram(view: Parameters<NetSink["datagram"]>[0]): void {
    const { src, dst, sport, dport, missing } = view;
    const text = latin(view.bytes, view.start, view.end);
    this.datagrams.push({ src, dst, sport, dport, text, missing, frames: view.frames ?? [view.frame] });
  }

  recognise(bytes: Uint8Array, start: number, end: number, sport: number, dport: number): Recognition | null {
    const first = latin(bytes, start, end);
    this.asked.push(first);
    return this.answer(first, sport, dport);
  }

  cutOpening(client: Endpoint, server: Endpoint): void {
    this.log.push(`cut ${client.address}:${client.port} ${server.address}:${server.port}`);
  }

  opened(connection: Connection, protocol: string): void {
    this.connections.push(connection);
    this.log.push(`opened ${connection.id} ${protocol} ${connection.client.port}`);
  }

  data(...[connection, direction, bytes, start, end, offset, frame, now]: Parameters<NetSink["data"]>): boolean {
    const got = latin(bytes, start, end);
    this.log.push(`${direction}@${offset} ${got} #${frame}<${now.frame}`);
    this.#append(connection, direction, got);
    return this.goesOn;
  }

  gap(connection: Connection, direction: number, length: number): void {
    this.log.push(`${direction} gap ${length}`);
    this.#append(connection, direction, `[${length}]`);
  }

  finished(connection: Connection): void {
    this.log.push(`finished ${connection.id}`);
  }

  failed(failure: ConnectionFailure): void {
    this.failures.push(failure);
    this.log.push(`failed ${failure.how} ${failure.frames.join(",")}`);
  }

  failedOfStranger(): boolean {
    if (!this.wantsStrangers) this.strangers += 1;
    return !this.wantsStrangers;
  }

  unreachable(error: Unreachable): void {
    this.errors.push(error);
  }

  silentNeighbour(silence: NeighbourSilence): void {
    this.silences.push(silence);
  }

  lostDatagram(datagram: LostDatagram): void {
    this.lost.push(datagram);
  }

  stream(id: number, direction: 0 | 1): string {
    return this.streams.get(`${id}/${direction}`) ?? "";
  }

  #append(connection: Connection, direction: number, piece: string): void {
    const key = `${connection.id}/${direction}`;
    this.streams.set(key, (this.streams.get(key) ?? "") + piece);
  }
}

function latin(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}

export interface Run {
  readonly recorder: Recorder;
  readonly net: Net;
}

/** Plays frames 1, 2, … into a network room. */
export function play(
  frames: readonly Captured[],
  options: { recorder?: Recorder; seed?: number; bounds?: Partial<Bounds>; open?: boolean } = {},
): Run {
  const recorder = options.recorder ?? new Recorder();
  const bounds = { ...limits, ...options.bounds };
  const net = openNet(recorder, options.seed ?? 1, (problem) => recorder.problems.push(problem), bounds);
  frames.forEach((frame, index) => {
    net.frame(frameView(frame, index + 1));
  });
  if (options.open !== true) net.end();
  return { recorder, net };
}
