import { rejectReasons } from "../../dissectors/dcerpc/codes.ts";
import type { DcerpcMessage } from "../../dissectors/dcerpc/message.ts";
import type { Ticket } from "../../dissectors/kerberos/message.ts";
import type { Message } from "../../dissectors/registry.ts";
import { loginErrors } from "../../dissectors/tds/codes.ts";
import type { TdsMessage } from "../../dissectors/tds/message.ts";
import type { Connection } from "../model/connection.ts";
import type { Observation } from "../model/observation.ts";
import type { Code } from "../model/report.ts";
import { secondsBetween } from "../model/time.ts";
import type { Token } from "./attempts.ts";
import { isCompleted, mechanismOf, negTokenResp } from "./attempts.ts";
import type { Seen } from "./evidence.ts";
import { REPEAT_SECONDS } from "./legs.ts";
import type { Naming } from "./naming.ts";
import { type Growing, grown } from "./order.ts";
import type { Quest } from "./quests.ts";

/** A log-on over a protocol that has no kind of sequence: it tells what became of the ticket asked for. */
export interface TokenUse extends Seen {
  readonly protocol: "dcerpc" | "tds";
  readonly connection: Connection;
  /** The message that carried the first token; null where TLS hides it, or it did not come yet. */
  request: Observation | null;
  /** Null: hidden. */
  token: Extract<Token, "kerberos" | "ntlm" | "negotiate"> | null;
  ticket: Ticket | null;
  response: Observation | null;
  answer: "accepted" | "refused" | "continue" | "none";
  code: Code | null;
}

export type Carrying = Observation<DcerpcMessage | TdsMessage>;

export function carriesUse(o: Observation): o is Carrying {
  return (o.message.protocol === "dcerpc" || o.message.protocol === "tds") && o.connection !== null;
}

/** The log-ons seen so far with what a message says; most messages say nothing. */
export function takeUse(uses: Growing<TokenUse>, o: Carrying): Growing<TokenUse> {
  const { connection } = o;
  if (!connection) return uses;
  const open = uses.findLast((use) => use.connection === connection);
  if (isFromServer(o.message)) {
    if (open && open.answer !== "accepted") answer(open, o);
    return uses;
  }
  const token = mechanismOf(o.inside);
  const goesOn = open !== undefined && (open.token === null || token !== "kerberos");
  const use = goesOn ? open : begun(o, connection, token);
  if (use && use.token === null && token !== null) present(use, o, token);
  return goesOn || use === null ? uses : grown(uses, use);
}

function isFromServer(message: Message): boolean {
  switch (message.kind) {
    case "bind_ack":
    case "alter_context_resp":
    case "bind_nak":
    case "fault":
    case "prelogin-response":
      return true;
    default:
      return message.protocol === "tds" && message.kind === "response";
  }
}

/** A log-on to SQL Server begins before its token; a bind without one is none. */
function begun(o: Carrying, connection: Connection, token: TokenUse["token"]): TokenUse | null {
  const { protocol } = o.message;
  if (token === null && protocol !== "tds") return null;
  return {
    frame: o.firstFrame,
    time: o.time,
    protocol,
    connection,
    request: null,
    token: null,
    ticket: null,
    response: null,
    answer: "none",
    code: null,
  };
}

function present(use: TokenUse, o: Carrying, token: NonNullable<TokenUse["token"]>): void {
  use.request = o;
  use.token = token;
  for (const message of o.inside) if (message.kind === "AP-REQ") use.ticket = message.ticket;
}

/** Errors of the security package and access denied, with which a server answers the first call after a bad log-on. */
const REFUSING_FAULTS: readonly number[] = [5, 1398, 1764, 1825];

function answer(use: TokenUse, o: Carrying): void {
  const refusal = refusalIn(o);
  const isDone = refusal === null && isAcceptance(o);
  if (refusal === null && !isDone && o.inside.length === 0) return;
  use.response = o;
  use.answer = refusal ? "refused" : isDone ? "accepted" : "continue";
  use.code = refusal;
}

function refusalIn({ message, inside }: Carrying): Code | null {
  for (const one of inside) {
    if (one.kind === "KRB-ERROR") return { protocol: "kerberos", number: one.errorCode, name: one.errorName };
  }
  if (message.kind === "bind_nak") return named("dcerpc", message.rejectReason, rejectReasons);
  if (message.kind === "fault" && REFUSING_FAULTS.includes(message.status)) return named("dcerpc", message.status, {});
  if (negTokenResp(inside)?.negState === "reject") return { protocol: "spnego", number: 2, name: "reject" };
  if (message.protocol !== "tds" || message.kind !== "response") return null;
  const error = message.errors.find(({ number }) => loginErrors[number] !== undefined);
  return error ? named("tds", error.number, loginErrors) : null;
}

function named(protocol: string, number: number, names: Readonly<Record<number, string>>): Code {
  return { protocol, number, name: names[number] ?? String(number) };
}

function isAcceptance({ message, inside }: Carrying): boolean {
  if (message.protocol === "tds") return message.kind === "response" && message.loggedIn;
  return isCompleted(inside);
}

/** The log-ons for which a ticket was asked: those that present it, and at SQL Server those to the host asked for. */
export function usesOf(quest: Quest, uses: readonly TokenUse[], naming: Naming): TokenUse[] {
  const fingerprint = quest.ticket?.fingerprint;
  return uses.filter((use) =>
    use.ticket === null ? isSqlLogin(use, quest, naming) : use.ticket.fingerprint === fingerprint,
  );
}

/** Without a ticket to be seen (TLS, NTLM): a log-on at the time of the search, to the host and port of the SPN. */
function isSqlLogin(use: TokenUse, { spn, time }: Quest, naming: Naming): boolean {
  const { address, port } = use.connection.server;
  return (
    use.protocol === "tds" &&
    spn.service.toLowerCase() === "mssqlsvc" &&
    (spn.port === null || spn.port === port) &&
    naming.fits(spn.host, null, address) &&
    Math.abs(secondsBetween(time, use.response?.time ?? use.time)) <= REPEAT_SECONDS
  );
}
