import type { Instant } from "../../model/time.ts";
import { secondsBetween } from "../../model/time.ts";
import { waitedSince } from "../around.ts";
import type { Attempt } from "../attempts.ts";
import type { Case } from "../case.ts";
import { isPending, isProven } from "./silence.ts";

/** Since it was challenged the client tried in vain to reach a KDC, and has nobody else to ask. */
export function couldNotReachKdc(c: Case, since: Instant): boolean {
  if (c.signOn?.issued && secondsBetween(since, c.signOn.lastTime) >= 0) return false;
  const trouble = c.kdcTrouble;
  if (mayTurnElsewhere(c) || trouble.failures.some((f) => isPending(f, c.around))) return false;
  if (c.evidence.kdc.some((x) => x.reply !== null && secondsBetween(since, x.time) >= 0)) return false;
  const after = (time: Instant) => secondsBetween(since, time) >= -2;
  return (
    trouble.failures.some((f) => after(f.lastTime) && isProven(f)) ||
    trouble.unreachable.some((u) => after(u.time)) ||
    trouble.silences.some((s) => s.frames.length > 1 && after(s.lastTime) && isKdcAddress(c, s.target))
  );
}

/** Another KDC answered this client before, and it has not given up yet. */
function mayTurnElsewhere(c: Case): boolean {
  const proven = c.kdcTrouble.failures.filter(isProven);
  const failed = new Set(proven.map((f) => f.server.address));
  const isServed = c.evidence.kdc.some((x) => x.reply !== null && !failed.has(x.kdc));
  return isServed && !c.attempts.some((a) => a.offersKerberos && gaveUp(a, c));
}

function isKdcAddress(c: Case, address: string): boolean {
  return c.evidence.kdc.some((x) => x.kdc === address) || c.evidence.dns.some((x) => resolvesKdc(x, address));
}

function resolvesKdc(lookup: Case["lookups"][number], address: string): boolean {
  if (!/^_(kerberos|ldap)/.test(lookup.name)) return false;
  return lookup.response?.message.additionals.some((record) => record.data === address) ?? false;
}

/** "Never" needs evidence: the client left, asked again without a token, sent another scheme, or time passed. */
export function gaveUp(attempt: Attempt, c: Case): boolean {
  const answer = attempt.exchange.response;
  if (!answer) return false;
  const connection = attempt.exchange.connection;
  if (connection.closed?.by === "client" || connection.reset?.by === "client") return true;
  if (c.attempts.some((a) => a.exchange.frame > answer.frame && a.token !== "kerberos")) return true;
  return waitedSince(answer.time, c.around);
}
