import { nt } from "../../../dissectors/erref/codes.ts";
import type { Attempt } from "../attempts.ts";
import type { ServiceExchange } from "../evidence.ts";

/** The attempts to set up one session of a connection; a new try after a refusal is the same login. */
export interface Session {
  /** Numbers by which the server knows it. */
  readonly ids: Set<string>;
  readonly attempts: Attempt[];
}

/** Sorts the SESSION_SETUPs of one connection: several users' may run side by side (MS-SMB2 section 3.3.5.5). */
export function sessionsOf(attempts: readonly Attempt[]): Session[] {
  const sessions: Session[] = [];
  for (const attempt of attempts) {
    const ids = idsOf(attempt.exchange);
    const own = sessions.find((session) => ids.some((id) => session.ids.has(id)));
    const session = own ?? refusedBefore(sessions) ?? unnumbered(sessions, ids) ?? begin(sessions);
    session.attempts.push(attempt);
    for (const id of ids) session.ids.add(id);
  }
  return sessions;
}

function begin(sessions: Session[]): Session {
  const session: Session = { ids: new Set(), attempts: [] };
  sessions.push(session);
  return session;
}

/** The client was refused and tries once more, perhaps with another mechanism. */
function refusedBefore(sessions: readonly Session[]): Session | undefined {
  const last = sessions.at(-1);
  return last?.attempts.at(-1)?.answer === "refused" ? last : undefined;
}

/** The answer that gave the number is not in the capture; the client goes on with it. */
function unnumbered(sessions: readonly Session[], ids: readonly string[]): Session | undefined {
  const last = sessions.at(-1);
  const answer = last?.attempts.at(-1)?.answer;
  return last?.ids.size === 0 && ids.length > 0 && (answer === "lost" || answer === "none") ? last : undefined;
}

const NO_ID = /^0*$/;

function idsOf({ request, response }: ServiceExchange): string[] {
  const ids = [request, response].map((o) => (o && "sessionId" in o.message ? o.message.sessionId : ""));
  return ids.filter((id) => !NO_ID.test(id));
}

/** A session that was used was set up, though the answer that says so is not in the capture. */
export function proveByUse(attempts: readonly Attempt[], uses: readonly ServiceExchange[]): readonly Attempt[] {
  const last = attempts.at(-1);
  if (!last || (last.answer !== "lost" && last.answer !== "none") || !uses.some(isServed)) return attempts;
  const acceptedAs = last.token === "kerberos" || last.token === "ntlm" ? last.token : null;
  return [...attempts.slice(0, -1), { ...last, answer: "accepted", acceptedAs }];
}

function isServed({ response }: ServiceExchange): boolean {
  return response !== null && "ntStatus" in response.message && response.message.ntStatus === nt.SUCCESS;
}
