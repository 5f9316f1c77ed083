import { errorName } from "../../dissectors/kerberos/codes.ts";
import type { KrbError } from "../../dissectors/kerberos/message.ts";
import type { LdapBindResponse } from "../../dissectors/ldap/message.ts";
import type { Attempt, Token } from "../correlate/attempts.ts";
import { splitSpn } from "../correlate/names.ts";
import { Naming } from "../correlate/naming.ts";
import { noPasswordTrouble } from "../correlate/password-changes.ts";
import type { Quest } from "../correlate/quests.ts";
import type { SignOn } from "../correlate/signons.ts";
import type { Story, Why } from "../correlate/story.ts";
import type { Connection } from "../model/connection.ts";
import { FROM_SERVER } from "../model/connection.ts";
import type { Observation } from "../model/observation.ts";
import type { Kind } from "../model/steps.ts";

/** Where a KRB-ERROR can come: from a KDC in a sign-on, to a search for a ticket, to S4U2proxy; from a service. */
export const places = ["sign-on", "ticket", "delegation", "service"] as const;
export type Place = (typeof places)[number];

/**
 * The story that a capture would tell in which this KRB-ERROR came at this place, and of which nothing else is known.
 *
 * It holds no names, so that the advice of the rules comes out with `<host>` and the like where names would stand.
 */
export function pretend(place: Place, code: number, ntStatus: number | null = null): Story {
  const error = refusal(code, ntStatus);
  switch (place) {
    case "sign-on":
      return signOnRefused(error);
    case "ticket":
    case "delegation":
      return ticketRefused(error, place === "delegation");
    case "service":
      return {
        ...nothing("http"),
        ...diverged(8, { what: "ap-refused", attempt: refused(null, "kerberos", error.message) }),
      };
    default:
      return place satisfies never;
  }
}

/** The same of an LDAP bind that is refused with this result code, and this Win32 error behind `data`. */
export function pretendBind(resultCode: number, data: number | null): Story {
  const message: LdapBindResponse = {
    protocol: "ldap",
    kind: "bind-response",
    messageId: 1,
    resultCode,
    diagnostic: "",
    errorCode: null,
    data,
  };
  const attempt = refused({ ...answered, message }, "other", null);
  return { ...nothing("ldap"), ...diverged(8, { what: "ap-refused", attempt }) };
}

/** A story in which nothing is known: for advice that needs no evidence. */
export function nothing(kind: Kind): Story {
  return {
    kind,
    client: { address: "" },
    service: {},
    verdict: "incomplete",
    divergedAt: null,
    outcome: "unknown",
    why: null,
    missing: null,
    steps: [],
    frame: 1,
    showsMore: true,
    hasKdcTraffic: true,
    lookups: [],
    legs: [],
    sealed: [],
    quests: [],
    handedOver: [],
    uses: [],
    failures: [],
    silences: [],
    unreachable: [],
    kdcTrouble: {
      failures: [],
      unreachable: [],
      silences: [],
      lostDatagrams: [],
      isSignOnSilent: true,
      lookups: [],
      targets: [],
    },
    passwordTrouble: noPasswordTrouble,
    signOn: null,
    tickets: null,
    locator: null,
    lostSearch: null,
    naming: new Naming({ dns: [] }),
    front: null,
  };
}

function diverged(step: number, why: Why) {
  return { verdict: "diverged", divergedAt: step, outcome: "refused", why } as const;
}

const NEVER = { seconds: 0, nanos: 0 };

/** An answer without its message. */
const answered: Omit<Observation, "message"> = {
  frame: 1,
  frames: [1],
  firstFrame: 1,
  frameCount: 1,
  framesOmitted: 0,
  time: NEVER,
  src: "",
  dst: "",
  sport: 0,
  dport: 0,
  transport: "udp",
  connection: null,
  direction: FROM_SERVER,
  endOffset: 0,
  inside: [],
};

function refusal(errorCode: number, ntStatus: number | null): Observation<KrbError> {
  const nobody = { ctime: null, cusec: null, stime: null, susec: null, crealm: null, cname: null, realm: null };
  const message: KrbError = {
    protocol: "kerberos",
    kind: "KRB-ERROR",
    errorCode,
    errorName: errorName(errorCode),
    ...nobody,
    sname: null,
    etext: null,
    ntStatus,
    padata: [],
    etypes: [],
  };
  return { ...answered, message };
}

function signOnRefused(error: Observation<KrbError>): Story {
  const signOn: SignOn = {
    cname: null,
    realm: null,
    sname: null,
    exchanges: [],
    issued: null,
    error,
    stoppedAtPreauth: false,
    frame: 1,
    time: NEVER,
    lastTime: NEVER,
  };
  return { ...nothing("sign-on"), ...diverged(2, { what: "as-refused", signOn }), signOn };
}

function ticketRefused(error: Observation<KrbError>, isDelegation: boolean): Story {
  const quest: Quest = {
    sname: "",
    spn: splitSpn(""),
    exchanges: [],
    delegation: isDelegation ? "s4u2proxy" : null,
    forUser: null,
    evidence: [],
    referrals: [],
    issued: null,
    ticket: null,
    error,
    frame: 1,
    time: NEVER,
    lastTime: NEVER,
  };
  return { ...nothing("ticket"), ...diverged(6, { what: "tgs-refused", quest }), quests: [quest] };
}

function refused(response: Observation | null, token: Token, error: KrbError | null): Attempt {
  const exchange = { frame: 1, time: NEVER, connection: noConnection, request: null, response };
  return {
    exchange: { ...exchange, responseLost: false, lostBefore: 0, lostAsking: 0, seenBefore: 0 },
    token,
    answer: "refused",
    apReq: null,
    error,
    completed: false,
    offers: [],
    offersKerberos: true,
    isEvidence: true,
    acceptedAs: null,
    isCut: false,
    code: null,
    user: null,
  };
}

const nowhere = { address: "", port: 0 };
const noConnection: Connection = {
  id: 0,
  place: 0,
  client: nowhere,
  server: nowhere,
  handshake: [],
  synSeen: false,
  firstFrame: 1,
  firstTime: NEVER,
  lastFrame: 1,
  lastTime: NEVER,
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
