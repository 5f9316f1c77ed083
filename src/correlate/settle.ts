import { limits } from "../bytes/limits.ts";
import type { Instant } from "../model/time.ts";
import { compareInstants } from "../model/time.ts";
import type { Client } from "./client.ts";
import type { Seen } from "./evidence.ts";
import { attemptsOf } from "./legs.ts";
import { isOpen } from "./locator-pings.ts";
import { serviceOf } from "./services/index.ts";
import type { Story } from "./story.ts";

/**
 * `answered`: every question was answered and every connection closed, so that what is there can be judged; `settled`:
 * and nothing failed that the client might try again.
 */
export type State = "open" | "answered" | "settled";

export function stateOf(client: Client): State {
  if (!isAnswered(client)) return "open";
  const lastKdc = client.kdc.at(-1)?.reply;
  const answer = client.services.at(-1)?.response?.message;
  if (lastKdc?.message.kind === "KRB-ERROR" || (answer && serviceOf(answer)?.isRefusal(answer))) return "answered";
  return client.failures.length === 0 ? "settled" : "answered";
}

function isAnswered(client: Client): boolean {
  return (
    client.services.every((x) => x.response !== null && x.connection.closed !== null) &&
    client.kdc.every((x) => x.reply !== null) &&
    !client.pings.some(isOpen) &&
    client.sealed.every((x) => x.connection.closed !== null)
  );
}

/**
 * Removes from a client with too much evidence what belongs to stories that are over, and returns those stories.
 *
 * The newest quarter is kept together with all that its stories use; older leftovers are forgotten.
 */
export function settle(client: Client, told: readonly Story[]): Story[] {
  const cutoff = newestQuarter(client);
  const isOld = (piece: Seen) => compareInstants(piece.time, cutoff) < 0;
  const done: Story[] = [];
  const kept = new Set<Seen>();
  const over = new Set<Seen>();
  for (const story of told) {
    const pieces = piecesOf(story);
    const isOver = pieces.every(isOld);
    if (isOver) done.push(story);
    for (const piece of pieces) (isOver ? over : kept).add(piece);
  }
  const stays = (piece: { readonly time: Instant }) => compareInstants(piece.time, cutoff) >= 0;
  client.services = client.services.filter((x) => stays(x) || kept.has(x));
  client.unanswered = client.unanswered.filter((x) => stays(x) || kept.has(x));
  client.kdc = client.kdc.filter((x) => stays(x) || kept.has(x));
  client.pings = client.pings.filter((x) => stays(x) || kept.has(x));
  client.uses = client.uses.filter((x) => stays(x) || kept.has(x));
  client.passwords = client.passwords.filter(stays);
  const oldest = client.dns.length - limits.evidencePerClient / 8;
  client.netbios = client.netbios.filter((x) => stays(x) || kept.has(x));
  client.dns = client.dns.filter((x, at) => kept.has(x) || (at >= oldest && !over.has(x)));
  client.sealed = client.sealed.filter(stays);
  client.failures = client.failures.filter((f) => compareInstants(f.lastTime, cutoff) >= 0);
  client.unreachable = client.unreachable.filter(stays);
  return client.size <= limits.evidencePerClient * MOST_KEPT ? done : letGo(client, told, done);
}

/** With less room than this gained, the client would be told anew with nearly every piece that comes. */
const MOST_KEPT = 3 / 4;

function newestQuarter(client: Client): Instant {
  const { services, kdc, dns, sealed, pings, uses, passwords } = client;
  const times = [services, kdc, dns, sealed, pings, uses, passwords].flatMap((pieces) =>
    pieces.map(({ time }) => time),
  );
  times.sort(compareInstants);
  return times[Math.floor((times.length * 3) / 4)] ?? client.lastTime;
}

/** The pieces of evidence that a story uses up. */
function piecesOf({ kind, legs, quests, handedOver, uses, signOn, locator }: Story): readonly Seen[] {
  if (kind === "sign-on") return signOn?.exchanges ?? [];
  if (locator) {
    const { records, hosts, pings, calls } = locator.search;
    return [...records.map(({ lookup }) => lookup), ...hosts, ...pings, ...calls];
  }
  const exchanges = attemptsOf(legs).map(({ exchange }) => exchange);
  return [...exchanges, ...quests.flatMap((quest) => quest.exchanges), ...handedOver, ...uses];
}

/** One story alone fills the limit: it is told as it stands. */
function letGo(client: Client, told: readonly Story[], done: readonly Story[]): Story[] {
  const over = new Set(told.flatMap(piecesOf));
  client.services = [];
  client.unanswered = [];
  client.kdc = [];
  client.dns = client.dns.filter((x) => !over.has(x));
  client.sealed = [];
  client.pings = [];
  client.uses = [];
  client.passwords = [];
  client.netbios = [];
  client.failures = [];
  const isDone = new Set(done);
  return [...done, ...told.filter((story) => !isDone.has(story))];
}
