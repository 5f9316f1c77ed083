import type { Ticket } from "../dissectors/kerberos/message.ts";
import { limits } from "./bytes/limits.ts";
import type { Attempt } from "./correlate/attempts.ts";
import { handsOver } from "./correlate/handing-over.ts";
import { attemptsOf } from "./correlate/legs.ts";
import { tgsRequest } from "./correlate/quests.ts";
import type { Front, Story } from "./correlate/story.ts";
import { actsFor } from "./diagnose/double-hop.ts";
import { Latest } from "./latest.ts";

/** A story about to leave, with its id. */
export interface Leaving {
  readonly story: Story;
  readonly id: string;
}

const NONE: readonly string[] = [];

/** A login at a server, which may be the front of another: thousands are kept, and few are. */
interface Served extends Omit<Front, "how" | "frames"> {
  /** Frames of the first request with a token, and of the answer to it. */
  readonly asked: number | null;
  readonly answered: number | null;
  /** Where there is more than that: the pairs of frames between which it waited for an answer. */
  readonly waits: readonly number[];
  readonly how: "evidence" | "handed-over";
}

/**
 * Finds the sequence that a server's own sequence serves: by the user's ticket or TGT in its hands, else the only
 * login there that waited meanwhile.
 *
 * Stories come in order of their first frames, so that a front stands before what it leads to. What leads on from it
 * is known of stories that leave together with it.
 */
export class FrontSequences {
  private readonly byTicket = new Latest<string, Served>(limits.ticketsFollowed);
  /** By the address of the server. */
  private readonly served = new Map<string, readonly Served[]>();
  private readonly fronts = new Map<string, Front>();
  private readonly backs = new Map<string, string[]>();

  /** Links the stories that leave together. */
  ahead(leaving: readonly Leaving[]): void {
    this.fronts.clear();
    this.backs.clear();
    for (const { story, id } of leaving) this.follow(story, id);
  }

  /** The story with its front, if it has one. */
  beside(story: Story, id: string): Story {
    const front = this.fronts.size === 0 ? undefined : this.fronts.get(id);
    return front === undefined ? story : { ...story, front };
  }

  /** Ids of the sequences that serve this one. */
  backsOf(id: string): readonly string[] {
    return (this.backs.size > 0 && this.backs.get(id)) || NONE;
  }

  private follow(story: Story, id: string): void {
    const front = this.byHands(story) ?? this.byTime(story);
    if (front) this.link({ ...story, front }, id, front);
    this.remember(story, id);
  }

  private link(story: Story, id: string, front: Front): void {
    this.fronts.set(id, front);
    if (!actsFor(story)) return;
    const known = this.backs.get(front.id);
    if (known) known.push(id);
    else this.backs.set(front.id, [id]);
  }

  private byHands({ quests }: Story): Front | null {
    for (const { evidence, exchanges } of quests) {
      for (const ticket of evidence) {
        const login = this.byTicket.get(ticket);
        if (login) return frontOf(login, login.how);
      }
      for (const exchange of exchanges) {
        const tgt = tgsRequest(exchange)?.ticket;
        const login = tgt && this.byTicket.get(tgt.fingerprint);
        if (login) return frontOf(login, login.how);
      }
    }
    return null;
  }

  private byTime({ client, legs, quests, frame }: Story): Front | null {
    const served = this.served.get(client.address);
    if (served === undefined || legs.length + quests.length === 0) return null;
    const [waiting, another] = served.filter((login) => waited(login, frame));
    return waiting === undefined || another !== undefined ? null : frontOf(waiting, "meanwhile");
  }

  private remember(story: Story, id: string): void {
    const server = story.legs[0]?.connection.server.address;
    if (server === undefined) return;
    const attempts = attemptsOf(story.legs);
    const from = firstToken(attempts);
    const token = attempts[from];
    if (token === undefined) return;
    const login = servedBy(story, id, token, waitsOf(attempts, from));
    for (const { apReq } of attempts) if (apReq !== null) this.note(apReq.ticket, login);
    for (const { reply } of story.handedOver) {
      const message = reply?.message;
      if (message?.kind === "TGS-REP") this.note(message.ticket, { ...login, how: "handed-over" });
    }
    this.serve(server, login, story.frame);
  }

  private serve(server: string, one: Served, now: number): void {
    const before = this.served.get(server);
    if (before === undefined) forgetOldest(this.served, limits.frontServers);
    else this.served.delete(server);
    // What ended before this story began waits for none that are still to come.
    const open = before === undefined ? [] : before.filter((login) => lastWait(login) > now);
    if (open.length >= limits.frontLogins) open.splice(0, open.length + 1 - limits.frontLogins);
    open.push(one);
    this.served.set(server, open);
  }

  private note({ fingerprint }: Ticket, login: Served): void {
    if (!this.byTicket.has(fingerprint)) this.byTicket.set(fingerprint, login);
  }
}

/** Makes room for one more. */
function forgetOldest(map: Map<string, unknown>, most: number): void {
  if (map.size < most) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}

/** The index of the first attempt with a token; their number where none has one. */
function firstToken(attempts: readonly Attempt[]): number {
  let at = 0;
  for (; at < attempts.length; at++) {
    const token = attempts[at]?.token;
    if (token !== "none" && token !== "defective") break;
  }
  return at;
}

function servedBy(story: Story, id: string, { token, exchange }: Attempt, waits: readonly number[]): Served {
  const { client, service, legs, handedOver } = story;
  return {
    id,
    how: "evidence",
    user: client.user ?? null,
    realm: client.realm ?? null,
    client: client.address,
    spn: service.spn ?? null,
    host: service.host ?? service.address ?? null,
    token,
    handsOver: handsOver(legs, handedOver),
    asked: exchange.request?.frame ?? null,
    answered: exchange.response?.frame ?? null,
    waits,
  };
}

function frontOf({ asked, answered, waits, ...login }: Served, how: Front["how"]): Front {
  return { ...login, how, frames: [asked, answered].filter((frame) => frame !== null) };
}

/** From each request with the token, or behind it, to its answer; one that never came keeps it waiting. */
function waitsOf(attempts: readonly Attempt[], from: number): readonly number[] {
  if (attempts.length - from === 1) return NO_FRAMES;
  const waits: number[] = [];
  for (let at = from; at < Math.min(attempts.length, from + limits.frontWaits); at++) {
    const { request, response } = attempts[at]?.exchange ?? {};
    if (request) waits.push(request.frame, response?.frame ?? Number.POSITIVE_INFINITY);
  }
  return waits;
}

const NO_FRAMES: readonly number[] = [];

/** The frame with which it waited no more; 0 where it never did. */
function lastWait({ asked, answered, waits }: Served): number {
  return waits.at(-1) ?? (asked === null ? 0 : (answered ?? Number.POSITIVE_INFINITY));
}

function waited(login: Served, frame: number): boolean {
  const { asked, waits } = login;
  if (waits.length === 0) return asked !== null && asked < frame && frame < lastWait(login);
  return waits.some((from, at) => at % 2 === 0 && from < frame && frame < (waits[at + 1] ?? 0));
}
