import { attemptsOf } from "../../correlate/legs.ts";
import { isKrbError } from "../../correlate/quests.ts";
import { httpResponse } from "../../correlate/services/http.ts";
import type { Front, Story } from "../../correlate/story.ts";
import { userPart } from "../delegation.ts";
import { findAccount, showAccount } from "../directory-query.ts";
import { comesAsNobody, nobodyOf } from "../double-hop.ts";
import { framesOfAttempt, framesOfExchange } from "../evidence-frames.ts";
import type { Advice, Rule } from "../rule.ts";
import { noAdvice } from "../rule.ts";
import { quoted, type Words } from "../words.ts";
import { kerberosCode, spell } from "./refusals.ts";

const serviceOf = (front: Front) => front.spn ?? front.host ?? "the front-end";
const userOf = (front: Front) => front.user ?? `The user of ${front.client}`;

/** How the front-end came to the back-end. */
function cameAs(story: Story): string {
  const name = nobodyOf(story);
  if (name === null) return "sent the back-end no token at all";
  return name === ""
    ? "came to the back-end as nobody (NTLM without a user)"
    : `came to the back-end as ${name} (NTLM)`;
}

function askedNoKdc({ hasKdcTraffic }: Story): string {
  return hasKdcTraffic
    ? "It asked no KDC for a ticket in the user's name."
    : "Whether it asked a KDC for a ticket in the user's name, the capture does not show.";
}

const framesOf = (story: Story) => [
  ...(story.front?.frames ?? []),
  ...attemptsOf(story.legs)
    .filter((a) => a.offersKerberos || a.token !== "none")
    .slice(0, 8)
    .flatMap(framesOfAttempt),
];

function setUp(w: Words, front: Front | null): Advice {
  const spn = front?.spn ?? null;
  const account = findAccount(spn, "front-end account");
  return {
    causes: [
      "the account that runs the front-end is trusted for no delegation",
      "the browser or the client does not delegate: its list of servers for that is empty, the site is in no trusted zone",
      "the user is marked “sensitive and cannot be delegated”, or is in Protected Users",
      "the front-end should go on as itself, and has no Kerberos credentials of its own",
    ],
    confirm: [
      showAccount(spn, "front-end account", "userAccountControl", "msDS-AllowedToDelegateTo"),
      "klist    (on the client: ok_as_delegate on the front-end's ticket, forwardable on the TGT)",
      `Get-ADUser ${front?.user ? quoted(front.user) : "<user>"} -Properties AccountNotDelegated,MemberOf`,
      "edge://policy or chrome://policy: AuthNegotiateDelegateAllowlist",
    ],
    fix: [
      `${account} | Set-ADObject -Add @{'msDS-AllowedToDelegateTo'=${w.spnQuoted}}`,
      "or let the back-end list the front-end: Set-ADComputer … -PrincipalsAllowedToDelegateToAccount",
      "unconstrained only where nothing else will do: then AuthNegotiateDelegateAllowlist on the clients, too",
    ],
  };
}

const noTgt: Rule = {
  id: "del-no-fwd-tgt",
  severity: "error",
  about: ["delegation"],
  ends: ["no-tgs-req", "not-presented"],
  title: "The front-end has nothing of the user to go on with",
  specs: ["RFC 4121 section 4.1.1", "MS-SFU section 1.3"],
  check(story) {
    const { front } = story;
    if (front?.how !== "meanwhile" || front.handsOver !== false || !comesAsNobody(story)) return null;
    return {
      detail: `${userOf(front)} logged on to ${serviceOf(front)} with a Kerberos token that is too small for a TGT in it. While that request waited, the front-end ${cameAs(story)}. ${askedNoKdc(story)}`,
      frames: framesOf(story),
    };
  },
  advise: (w, { front }) => setUp(w, front),
};

const nobody: Rule = {
  id: "del-anon-backend",
  severity: "error",
  about: ["delegation"],
  ends: ["no-tgs-req", "not-presented"],
  title: "The front-end comes to the back-end without the user",
  specs: ["MS-NLMP section 3.2.5.1.2", "MS-SFU section 1.3"],
  check(story) {
    const { front } = story;
    if (front?.how !== "meanwhile" || story.outcome !== "refused" || !comesAsNobody(story)) return null;
    const with_ = front.token === "ntlm" ? " with NTLM, which leaves a server nothing to go on with" : "";
    return {
      detail: `${userOf(front)} logged on to ${serviceOf(front)}${with_}. While that request waited, the front-end ${cameAs(story)}, and was refused.`,
      frames: framesOf(story),
    };
  },
  advise: (w, { front }) => {
    const { causes, confirm, fix } = setUp(w, front);
    if (front?.token !== "ntlm") return { causes, confirm, fix };
    return {
      causes: [
        "the user came with NTLM: without protocol transition there is nothing to delegate",
        ...causes.slice(0, 1),
      ],
      confirm,
      fix: ["repair Kerberos for the front-end first", ...fix],
    };
  },
};

const asItself: Rule = {
  id: "del-anon-backend",
  severity: "warning",
  about: ["legs", "delegation"],
  title: "The front-end came as itself, not as the user, and is not allowed in",
  specs: ["MS-SFU section 1.3"],
  check(story) {
    const { front, client } = story;
    if (front?.how !== "meanwhile" || story.verdict !== "ok" || !client.user || !isItself(story)) return null;
    const denied = attemptsOf(story.legs).findLast(
      (a) => a.token === "kerberos" && httpResponse(a.exchange)?.status === 403,
    );
    if (!denied) return null;
    return {
      detail: `While ${userOf(front)} waited, the front-end logged on to the back-end as ${client.user} and got 403.`,
      frames: [...front.frames, ...framesOfAttempt(denied)],
      step: 8,
    };
  },
  advise: (w, { front }) => setUp(w, front),
};

/** A computer's account, or the one that signed on from there. */
function isItself({ client: { user = "" }, signOn, front }: Story): boolean {
  if (front?.user && userPart(front.user) === userPart(user)) return false;
  return user.endsWith("$") || (signOn?.cname != null && userPart(signOn.cname) === userPart(user));
}

const handedOver: Rule = {
  id: "del-forwarded-tgt",
  severity: "info",
  about: ["legs", "handed-over"],
  title: "The client hands its TGT over",
  specs: ["RFC 4121 section 4.1.1"],
  check(story) {
    const asked = story.handedOver.filter(({ reply }) => reply?.message.kind === "TGS-REP");
    const issued = asked[0]?.reply?.message;
    if (issued?.kind !== "TGS-REP") return null;
    const token = attemptsOf(story.legs).find((a) => a.apReq && asked.some((x) => x.frame < a.exchange.frame));
    const bytes = token?.apReq?.authenticator.length;
    return {
      detail: `Before its token left, it got a forwarded TGT${bytes === undefined ? "" : ` (the token's authenticator has ${bytes} bytes)`}: with that, ${story.service.spn ?? "the service"} may go anywhere as ${named(issued.cname)} (unconstrained delegation).`,
      frames: [...asked.flatMap(framesOfExchange), ...framesOfAttempt(token)],
      step: 7,
    };
  },
  advise: () => noAdvice,
};

/** RFC 8062: what is armoured goes out under a name that stands for nobody. */
const named = (cname: string) => (cname.startsWith("WELLKNOWN/") ? "the user" : cname);

const notHandedOver: Rule = {
  id: "del-no-fwd-tgt",
  severity: "warning",
  about: ["legs", "handed-over"],
  title: "The KDC gives the client no TGT to hand over",
  specs: ["RFC 4120 section 2.6"],
  check(story) {
    const refused = story.handedOver.find(({ reply }) => reply !== null && isKrbError(reply));
    const reply = refused?.reply;
    if (!refused || !reply || !isKrbError(reply)) return null;
    return {
      detail: `${refused.kdc} answered the request for a forwarded TGT with ${spell(reply.message)}: the service cannot go on as the user by unconstrained delegation.`,
      frames: framesOfExchange(refused),
      code: kerberosCode(reply.message),
      step: 6,
    };
  },
  advise: (w) => ({
    causes: [
      "the TGT is not forwardable: the user is marked “sensitive and cannot be delegated”, or is in Protected Users",
      "the client's TGT was asked for without that option (krb5.conf: forwardable)",
    ],
    confirm: [`Get-ADUser ${w.user} -Properties AccountNotDelegated,MemberOf`, "klist    (flags of the TGT)"],
    fix: ["use constrained or resource-based delegation for users who may be delegated", "kinit -f    (MIT, Heimdal)"],
  }),
};

/** The second hop that goes on without the user. */
export const doubleHopRules: readonly Rule[] = [noTgt, nobody];

/** What a login shows of a TGT handed over, or not. */
export const doubleHopNotes: readonly Rule[] = [asItself, notHandedOver, handedOver];
