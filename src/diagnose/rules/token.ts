import { etypeName } from "../../../dissectors/kerberos/codes.ts";
import type { Attempt } from "../../correlate/attempts.ts";
import { isNtlm, negTokenResp } from "../../correlate/attempts.ts";
import type { Story } from "../../correlate/story.ts";
import { framesOfAttempt } from "../evidence-frames.ts";
import type { Advice, Hit, Rule } from "../rule.ts";
import type { Words } from "../words.ts";
import { aboutTime, clockWords, kerberosCode, spell } from "./refusals.ts";

function refused(story: Story): Attempt | null {
  return story.why?.what === "ap-refused" ? story.why.attempt : null;
}

/** The ticket presented was issued in this capture, moments before. */
function isFresh(story: Story, attempt: Attempt): boolean {
  return story.quests.some((q) => q.ticket?.fingerprint === attempt.apReq?.ticket.fingerprint);
}

function ticketWords(attempt: Attempt): string {
  const ticket = attempt.apReq?.ticket;
  if (!ticket) return "";
  const kvno = ticket.kvno === null ? "" : `, kvno ${ticket.kvno}`;
  return ` The ticket is for ${ticket.sname} (${etypeName(ticket.etype)}${kvno}).`;
}

interface ApRefusal {
  readonly id: string;
  readonly codes: readonly number[];
  readonly title: string;
  readonly specs: readonly string[];
  readonly causes: (fresh: boolean) => readonly string[];
  readonly confirm: (w: Words) => readonly string[];
  readonly fix: (w: Words) => readonly string[];
}

const wrongKey = [
  "the SPN is registered on another account than the one that runs the service",
  "IIS decrypts with the computer account (kernel-mode authentication), and the SPN is on the pool's account",
  "the service's password changed and the service (or its keytab) still has the old key",
  "the SPN is registered twice",
  "DNS or a load balancer leads to another node than the one the ticket is for",
];
const keyConfirm = (w: Words) => [`setspn -Q ${w.spn}`, "klist -ke    (keytab of the service)", `kvno ${w.spn}`];
const keyFix = (w: Words) => [
  `setspn -D ${w.spn} <wrong account>`,
  `setspn -S ${w.spn} <account that runs the service>`,
  'appcmd set config "<site>" -section:windowsAuthentication /useAppPoolCredentials:true /commit:apphost',
  "make a new keytab and restart the service",
];
const clockConfirm = (w: Words) => [
  `w32tm /stripchart /computer:${w.host} /samples:5 /dataonly`,
  `w32tm /stripchart /computer:${w.kdc} /samples:5 /dataonly`,
];
const clockFix = () => ["w32tm /resync /rediscover    (on the web server)", "chronyc makestep    (Linux)"];

/** KRB-ERRORs with which a service answers an AP-REQ. RFC 4120 sections 3.2.3 and 7.5.9. */
const table: readonly ApRefusal[] = [
  {
    id: "ap-modified",
    codes: [41],
    title: "The service cannot decrypt the ticket",
    specs: ["RFC 4120 section 3.2.3"],
    causes: () => wrongKey,
    confirm: keyConfirm,
    fix: keyFix,
  },
  {
    id: "ap-bad-integrity",
    codes: [31],
    title: "The service's key does not fit the ticket",
    specs: ["RFC 4120 section 3.2.3"],
    causes: () => [
      "the SPN is on another account than the one whose key the service has; the key version fits by chance",
      "the password was set again without a new keytab, or the keytab was made with a wrong salt or password",
      "the SPN is registered twice",
    ],
    confirm: keyConfirm,
    fix: keyFix,
  },
  {
    id: "ap-kvno",
    codes: [44],
    title: "The service does not have the key version of the ticket",
    specs: ["RFC 4120 section 3.2.3"],
    causes: (fresh) =>
      fresh
        ? [
            "the keytab is older than the account's password",
            "the SPN moved to an account with another key version",
            "the keytab lacks this encryption type",
          ]
        : [
            "the service's key changed after this ticket was issued: the client's ticket is old",
            "the keytab is older than the account's password",
          ],
    confirm: keyConfirm,
    fix: (w) => ["klist purge    (on the client: get a new ticket)", ...keyFix(w).slice(3)],
  },
  {
    id: "ap-nokey",
    codes: [45],
    title: "The service has no key",
    specs: ["RFC 4120 section 3.2.3"],
    causes: () => [
      "the keytab is missing, empty, or unreadable for the service's user",
      "the keytab has no key for the configured principal",
    ],
    confirm: () => ["klist -ke", "ls -l <keytab>"],
    fix: () => ["add the principal and encryption type to the keytab, and let the service read it"],
  },
  {
    id: "ap-not-us",
    codes: [35],
    title: "The ticket is for another service",
    specs: ["RFC 4120 section 3.2.3"],
    causes: () => [
      "the keytab does not hold the ticket's principal (host name, alias)",
      "the service accepts one principal only, and it is another",
    ],
    confirm: keyConfirm,
    fix: (w) => [`add ${w.spn} to the keytab, or let the service accept every principal of its keytab`],
  },
  {
    id: "ap-skew",
    codes: [37],
    title: "The service's clock disagrees with the client's",
    specs: ["RFC 4120 section 3.2.3"],
    causes: (fresh) =>
      fresh
        ? ["the web server's clock is wrong: the KDC accepted the client's time a moment ago"]
        : [
            "the web server's clock is wrong",
            "the client's clock is wrong (the ticket is from its cache, so no KDC has vouched for it)",
          ],
    confirm: clockConfirm,
    fix: clockFix,
  },
  {
    id: "ap-tkt-expired",
    codes: [32],
    title: "The service finds the ticket expired",
    specs: ["RFC 4120 section 3.2.3"],
    causes: (fresh) =>
      fresh
        ? ["the web server's clock is ahead: the ticket was issued a moment ago"]
        : ["a stale ticket from the client's cache", "the web server's clock is ahead"],
    confirm: (w) => ["klist", ...clockConfirm(w)],
    fix: () => [...clockFix(), "klist purge    (on the client)"],
  },
  {
    id: "ap-tkt-nyv",
    codes: [33],
    title: "The service finds the ticket not yet valid",
    specs: ["RFC 4120 section 3.2.3"],
    causes: () => [
      "the web server's clock is behind the KDC's by more than the tolerance",
      "the KDC's clock is ahead of everybody's",
      "a post-dated ticket",
    ],
    confirm: clockConfirm,
    fix: clockFix,
  },
  {
    id: "ap-repeat",
    codes: [34],
    title: "The service has seen this authenticator before",
    specs: ["RFC 4120 section 3.2.3"],
    causes: () => [
      "a proxy or client sent the same token twice",
      "a replay cache shared behind NAT or a load balancer",
      "a real replay",
    ],
    confirm: () => ["compare the tokens of the requests"],
    fix: () => ["make the client build a token per request", "one replay cache per node"],
  },
  {
    id: "ap-badaddr",
    codes: [38],
    title: "The ticket is bound to another address",
    specs: ["RFC 4120 section 3.2.3"],
    causes: () => ["the ticket holds addresses, and NAT changed the client's"],
    confirm: () => ["klist -a"],
    fix: () => ["noaddresses = true    (krb5.conf)"],
  },
  {
    id: "ap-mutual",
    codes: [46],
    title: "Mutual authentication failed",
    specs: ["RFC 4120 section 7.5.9"],
    causes: () => [
      "the server proved another identity than the client wanted",
      "something between changed the exchange",
    ],
    confirm: (w) => [`setspn -Q ${w.spn}`],
    fix: () => ["check proxies between client and server"],
  },
  {
    id: "tgs-path",
    codes: [51],
    title: "The service does not accept the path over the trusts",
    specs: ["RFC 4120 section 2.7"],
    causes: () => ["[capaths] of the service do not fit the trusts"],
    confirm: () => ["nltest /domain_trusts"],
    fix: () => ["correct [capaths]"],
  },
  {
    id: "ap-generic",
    codes: [60],
    title: "The service failed for a reason outside the protocol's numbers",
    specs: ["RFC 4120 section 7.5.9"],
    causes: () => [
      "an encryption type the service does not permit, a wrong principal, an invalid ticket: read the text of the error and the service's log",
    ],
    confirm: () => ["the service's log, with KRB5_TRACE set"],
    fix: () => ["according to the log"],
  },
];

function clockOf(attempt: Attempt): string {
  const error = attempt.error;
  return error && aboutTime.includes(error.errorCode) ? clockWords(error, attempt.exchange.response?.time) : "";
}

function toRule(entry: ApRefusal): Rule {
  return {
    id: entry.id,
    severity: "error",
    title: entry.title,
    specs: entry.specs,
    check(story): Hit | null {
      const attempt = refused(story);
      if (!attempt?.error || !entry.codes.includes(attempt.error.errorCode)) return null;
      return {
        detail: `The service answered the token with ${spell(attempt.error)}.${clockOf(attempt)}${ticketWords(attempt)}`,
        frames: framesOfAttempt(attempt),
        code: kerberosCode(attempt.error),
        causes: entry.causes(isFresh(story, attempt)),
      };
    },
    advise: (w): Advice => ({ causes: [], confirm: entry.confirm(w), fix: entry.fix(w) }),
  };
}

const tooLarge: Rule = {
  id: "ap-400-size",
  severity: "error",
  title: "The token is too large for the service",
  specs: ["RFC 9110 section 15.5.1", "RFC 6585 section 5"],
  check(story) {
    if (story.why?.what !== "ap-too-large") return null;
    const { request, response } = story.why.attempt.exchange;
    const length = request?.message.authorization?.tokenLength ?? request?.message.proxyAuthorization?.tokenLength ?? 0;
    const ticket = story.why.attempt.apReq?.ticket.length ?? 0;
    const status = response?.message.status ?? 400;
    return {
      detail: `The request carried ${length} characters of token (a ticket of ${ticket} bytes) and was answered with ${status}, while the small request before it was not.`,
      frames: framesOfAttempt(story.why.attempt),
      code: { protocol: "http", number: status, name: response?.message.reason ?? "" },
    };
  },
  advise: (w, story) => {
    const length =
      story.why?.what === "ap-too-large" ? (story.why.attempt.exchange.request?.message.headerBytes ?? 0) : 0;
    return {
      causes: [
        `${w.user} is in so many groups (or has so much sIDHistory and claims) that the ticket exceeds the server's header limit`,
        "a proxy in front has a smaller limit than the server",
      ],
      confirm: ["whoami /groups    (count them)", `curl -sSI --negotiate -u : ${w.url}`],
      fix: [
        `LimitRequestFieldSize ${Math.max(16_384, Math.ceil(length / 4096) * 8192)}    (Apache)`,
        "reg add HKLM\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters /v MaxFieldLength /t REG_DWORD /d 65534    (http.sys; the same for MaxRequestBytes, then restart)",
        "large_client_header_buffers 4 64k;    (nginx)",
        "take the user out of groups",
      ],
    };
  },
};

const mechanismChanged: Rule = {
  id: "neg-mech-selected-ntlm",
  severity: "error",
  title: "The service chose NTLM, although the client sent Kerberos",
  specs: ["RFC 4178 section 4.2.2"],
  check(story) {
    const attempt = refused(story);
    const response = attempt?.exchange.response;
    if (!attempt || !response) return null;
    const isNtlmChosen = negTokenResp(response.inside)?.supportedMech === "NTLMSSP" || isNtlm(response.inside) !== null;
    if (!isNtlmChosen) return null;
    return {
      detail: "The answer to the Kerberos token names NTLMSSP as the mechanism.",
      frames: framesOfAttempt(attempt),
    };
  },
  advise: () => ({
    causes: ["the server cannot do Kerberos: not joined to the domain, or without a keytab"],
    confirm: ["nltest /sc_verify:<domain>    (on the server)", "klist -ke    (Linux)"],
    fix: ["join the server, or give it a keytab"],
  }),
};

const defective: Rule = {
  id: "ap-defective-token",
  severity: "error",
  title: "The token arrived damaged",
  specs: ["RFC 4559 section 4"],
  check(story) {
    const attempt = refused(story);
    if (attempt?.token !== "defective") return null;
    const length = attempt.exchange.request?.message.authorization?.tokenLength ?? 0;
    return {
      detail: `The Authorization header holds ${length} characters that are no whole token; the service refused it.`,
      frames: framesOfAttempt(attempt),
    };
  },
  advise: (w) => ({
    causes: [
      "a proxy or the client cut the header",
      "the token was changed on the way",
      "the client builds a wrong header",
    ],
    confirm: [`compare the header at the client with a capture at ${w.address}`],
    fix: ["raise the header limit of the proxy, correct the client"],
  }),
};

const rejected: Rule = {
  id: "ap-reject-negstate",
  severity: "error",
  title: "The service rejected the token without saying why",
  specs: ["RFC 4178 section 4.2.2"],
  check(story) {
    const attempt = refused(story);
    const response = attempt?.exchange.response;
    if (!attempt || attempt.error || !response || negTokenResp(response.inside)?.negState !== "reject") return null;
    return {
      detail: `The answer is a NegTokenResp “reject” without a KRB-ERROR.${ticketWords(attempt)}`,
      frames: framesOfAttempt(attempt),
    };
  },
  advise: (w) => ({
    causes: [
      ...wrongKey.slice(0, 3),
      "clock or replay: some servers name no reason",
      "none of the offered mechanisms is switched on",
    ],
    confirm: keyConfirm(w),
    fix: keyFix(w),
  }),
};

const bare: Rule = {
  id: "ap-401-bare",
  severity: "error",
  title: "The token was answered with the bare challenge again",
  specs: ["RFC 4559 section 5"],
  check(story) {
    const attempt = refused(story);
    const response = attempt?.exchange.response;
    if (!attempt || !response || attempt.error) return null;
    const via = response.message.via;
    return {
      detail: `The 401 after the token holds no token and no reason${via ? ` (Via: ${via})` : ""}: the service refused silently, or never saw the token.${ticketWords(attempt)}`,
      frames: framesOfAttempt(attempt),
    };
  },
  advise: (w) => ({
    causes: [
      "a proxy or load balancer removed the Authorization header, or spread the requests of one connection",
      "the service refuses without a reason: wrong key, clock, channel binding",
    ],
    confirm: [
      `capture on ${w.address} at the same time: does the header arrive?`,
      "Security log of the server: events 4625, 4",
    ],
    fix: ["let the proxy pass Authorization and keep connections together", ...keyFix(w).slice(0, 2)],
  }),
};

const cut: Rule = {
  id: "tcp-rst-mid",
  severity: "error",
  title: "The connection was cut in answer to the token",
  specs: [],
  check(story) {
    if (story.why?.what !== "ap-unanswered") return null;
    const { request, connection } = story.why.attempt.exchange;
    const closed = connection.reset ?? connection.closed;
    const isAfter =
      closed?.by === "server" && closed.frame !== null && request !== null && closed.frame > request.frame;
    if (!isAfter || closed.frame === null) return null;
    return {
      detail: `The server's side ended the connection right after the request with the token (${request.message.headerBytes} bytes of header), without a byte of answer.`,
      frames: [...framesOfAttempt(story.why.attempt), closed.frame],
    };
  },
  advise: (w) => ({
    causes: [
      "a proxy or intrusion prevention system drops the large header",
      "the server crashed",
      "the header limit of the server",
    ],
    confirm: [`curl -v ${w.url}    (a small request: does it work?)`],
    fix: ["raise the header limits, repair the device on the way"],
  }),
};

const silent: Rule = {
  id: "ap-no-response",
  severity: "error",
  title: "The service took the token and never answered",
  specs: [],
  check(story) {
    if (story.why?.what !== "ap-unanswered") return null;
    return {
      detail: "The request with the token was acknowledged; no response followed while the client waited.",
      frames: framesOfAttempt(story.why.attempt),
    };
  },
  advise: (w) => ({
    causes: [
      "the server hangs while it validates the ticket: its own way to a domain controller is broken",
      "the application is slow",
    ],
    confirm: [`nltest /sc_verify:${w.domain}    (on the server)`],
    fix: ["repair the server's connection to its domain controllers"],
  }),
};

/** Step 8: what became of the token. */
export const tokenRules: readonly Rule[] = [
  tooLarge,
  ...table.map(toRule),
  defective,
  mechanismChanged,
  rejected,
  bare,
  cut,
  silent,
];
