import type { AsRep, AsReq, KrbError, Ticket } from "../../dissectors/kerberos/message.ts";
import { Correlator, type Tally } from "../../src/correlate/correlator.ts";
import { HostWish } from "../../src/correlate/host-wish.ts";
import type { Story } from "../../src/correlate/story.ts";
import type { ConnectionFailure, Unreachable } from "../../src/model/connection.ts";
import type { Observation } from "../../src/model/observation.ts";
import type { Problem } from "../../src/model/problem.ts";

/** A correlator that is told things directly: for limits that whole captures would reach too slowly. */
export class Bench {
  readonly stories: Story[] = [];
  readonly problems: Problem[] = [];
  private readonly correlator: Correlator;
  private frame = 0;
  seconds = 1_000;

  constructor(...hosts: readonly string[]) {
    this.correlator = new Correlator(
      (story) => this.stories.push(story),
      (problem) => this.problems.push(problem),
      new HostWish(hosts),
      { talkedOnlyTo: () => false, seed: 7 },
    );
  }

  asks(client: string, cname = "John"): void {
    const place = this.place(client, KDC);
    this.correlator.observe(observation(asReq(cname, place.frame), place));
  }

  /** The KDC answers the last question of `client`. */
  isAnswered(client: string, code?: number): void {
    const message = code === undefined ? asRep : refusal(code);
    this.correlator.observe(observation(message, { ...this.place(KDC, client), sport: 88, dport: 50_000 }));
  }

  /** A SYN that nobody answered. */
  isCutOff(client: string, server: string): void {
    this.frame += 1;
    this.correlator.failed(failure(client, server, this.frame, this.seconds));
  }

  end(): Tally {
    return this.correlator.end({ seconds: this.seconds, nanos: 0 });
  }

  private place(src: string, dst: string) {
    this.frame += 1;
    const time = { seconds: this.seconds, nanos: 0 };
    return { src, dst, sport: 50_000, dport: 88, frame: this.frame, frames: [this.frame], time };
  }
}

const KDC = "10.0.0.1";

/** The n-th of many addresses. */
export const addressOf = (n: number) => `10.${1 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;

type Place = Pick<Observation, "src" | "dst" | "sport" | "dport" | "frame" | "frames" | "time">;

export function observation<M extends Observation["message"]>(message: M, place: Place): Observation<M> {
  const nowhere = { framesOmitted: 0, connection: null, direction: 0, endOffset: 0, inside: [] } as const;
  return {
    ...place,
    ...nowhere,
    firstFrame: place.frames[0] ?? place.frame,
    frameCount: place.frames.length,
    transport: "udp",
    message,
  };
}

const ticket: Ticket = {
  etype: 18,
  kvno: 2,
  length: 100,
  fingerprint: "0123456789abcdef",
  realm: "CONTOSO.COM",
  sname: "krbtgt/CONTOSO.COM",
};

export function asReq(cname: string, nonce = 1): AsReq {
  return {
    protocol: "kerberos",
    kind: "AS-REQ",
    realm: "CONTOSO.COM",
    cname,
    sname: "krbtgt/CONTOSO.COM",
    kdcOptions: 0,
    nonce,
    etypes: [18],
    padata: [2],
    ticket: null,
    additionalTickets: [],
    forUser: null,
    pacOptions: null,
  };
}

const asRep: AsRep = {
  protocol: "kerberos",
  kind: "AS-REP",
  crealm: "CONTOSO.COM",
  cname: "John",
  padata: [],
  ticket,
  encPart: ticket,
};

export function refusal(errorCode: number): KrbError {
  const absent = {
    ctime: null,
    cusec: null,
    stime: null,
    susec: null,
    crealm: null,
    cname: null,
    etext: null,
  } as const;
  return {
    protocol: "kerberos",
    kind: "KRB-ERROR",
    errorCode,
    errorName: `error ${errorCode}`,
    ...absent,
    realm: "CONTOSO.COM",
    sname: "krbtgt/CONTOSO.COM",
    ntStatus: null,
    padata: [],
    etypes: [],
  };
}

function failure(client: string, server: string, frame: number, seconds: number): ConnectionFailure {
  const time = { seconds, nanos: 0 };
  return {
    client: { address: client, port: 50_000 },
    server: { address: server, port: 80 },
    how: "refused",
    frames: [frame],
    firstTime: time,
    lastTime: time,
  };
}

export function portUnreachable(client: string, frame: number): Unreachable {
  return {
    frame,
    time: { seconds: 1_000, nanos: 0 },
    from: KDC,
    code: 3,
    version: 4,
    transport: "udp",
    src: { address: client, port: 50_000 },
    dst: { address: KDC, port: 88 },
  };
}
