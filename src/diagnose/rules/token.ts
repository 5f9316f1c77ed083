import { type Attempt, isNtlm, negTokenResp } from "../../correlate/attempts.ts";
import { httpRequest, httpResponse } from "../../correlate/services/http.ts";
import { framesOfAttempt } from "../evidence-frames.ts";
import type { Rule } from "../rule.ts";
import { type ServiceWords, serviceWords } from "../service-words.ts";
import { answeredBy, groupsIn, loadsOf, sizesOf } from "../token-sizes.ts";
import { directoryRules } from "./directory.ts";
import { originWords, otherKeyFrames, otherKeyWords, presentedTicket, withVersionCauses } from "./presented-ticket.ts";
import { proxyRules } from "./proxy.ts";
import { keyConfirm, keyFix, refusedAttempt, ticketWords, typeCauses, typeConfirm, typeFix } from "./refused-token.ts";
import { tokenCodeRules } from "./token-codes.ts";

const tooLarge: Rule = {
  id: "ap-400-size",
  severity: "error",
  ends: ["ap-too-large"],
  title: "The token is too large for the service",
  specs: ["RFC 9110 section 15.5.1", "RFC 6585 section 5"],
  check(story) {
    if (story.why?.what !== "ap-too-large") return null;
    const request = httpRequest(story.why.attempt.exchange);
    const length = request?.authorization?.tokenLength ?? request?.proxyAuthorization?.tokenLength ?? 0;
    const ticket = story.why.attempt.apReq?.ticket.length ?? 0;
    const { code } = story.why.attempt;
    return {
      detail: `The request carried ${length} characters of token (a ticket of ${ticket} bytes) and was answered with ${code?.number ?? 400}, while the small request before it was not.${excessWords(story.why.attempt)}`,
      frames: framesOfAttempt(story.why.attempt),
      ...(code ? { code } : {}),
    };
  },
  advise: (w, story) => {
    const length = story.why?.what === "ap-too-large" ? (httpRequest(story.why.attempt.exchange)?.headerBytes ?? 0) : 0;
    return {
      causes: [
        `${w.user} is in so many groups (or has so much sIDHistory and claims) that the ticket exceeds the server's header limit`,
        "a proxy in front has a smaller limit than the server",
      ],
      confirm: ["whoami /groups    (count them)", `curl.exe -sSI --negotiate -u : ${w.url}`],
      fix: [
        `LimitRequestFieldSize ${Math.max(16_384, Math.ceil(length / 4096) * 8192)}    (Apache)`,
        "reg add HKLM\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters /v MaxFieldLength /t REG_DWORD /d 65534    (http.sys; the same for MaxRequestBytes, then restart)",
        "large_client_header_buffers 4 64k;    (nginx)",
        "take the user out of groups",
      ],
    };
  },
};

/** The default limits that are exceeded, and how many groups less would fit: the answering server's, else the widest. */
function excessWords(attempt: Attempt): string {
  const sizes = sizesOf(attempt);
  const above = sizes ? loadsOf(sizes).filter(({ limit, used }) => used > limit) : [];
  const fitting = above.find(({ server }) => server === answeredBy(attempt)) ?? above.at(-1);
  if (fitting === undefined) return "";
  const { server, limit, used } = fitting;
  const names = above.map((one) => `${one.server} (${one.limit})`).join(", ");
  return ` That is above the default limits of ${names}; to fit that of ${server}, the user would have to leave ${groupsIn(used - limit)}.`;
}

const mechanismChanged: Rule = {
  id: "neg-mech-selected-ntlm",
  severity: "error",
  ends: ["ap-refused"],
  title: "The service chose NTLM, although the client sent Kerberos",
  specs: ["RFC 4178 section 4.2.2"],
  check(story) {
    const attempt = refusedAttempt(story);
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
  ends: ["ap-refused"],
  title: "The token arrived damaged",
  specs: ["RFC 4559 section 4"],
  check(story) {
    const attempt = refusedAttempt(story);
    if (attempt?.token !== "defective") return null;
    const length = httpRequest(attempt.exchange)?.authorization?.tokenLength ?? 0;
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

const otherType: Rule = {
  id: "ap-etype-server",
  severity: "error",
  ends: ["ap-refused"],
  title: "The service refuses tickets of this encryption type and takes another",
  specs: ["RFC 4120 section 3.1.3"],
  check(story) {
    const attempt = refusedAttempt(story);
    if (!attempt?.apReq || attempt.error) return null;
    const presented = presentedTicket(story, attempt);
    if (presented.otherType === null) return null;
    return {
      detail: `The token was refused without a KRB-ERROR.${ticketWords(attempt)}${otherKeyWords(presented)}`,
      frames: [...framesOfAttempt(attempt), ...otherKeyFrames(presented)],
    };
  },
  advise: (w) => ({ causes: typeCauses, confirm: typeConfirm(w), fix: typeFix(w) }),
};

const rejected: Rule = {
  id: "ap-reject-negstate",
  severity: "error",
  ends: ["ap-refused"],
  title: "The service rejected the token without saying why",
  specs: ["RFC 4178 section 4.2.2"],
  check(story) {
    const attempt = refusedAttempt(story);
    const response = attempt?.exchange.response;
    if (!attempt || attempt.error || !response || negTokenResp(response.inside)?.negState !== "reject") return null;
    return {
      detail: `The answer is a NegTokenResp “reject” without a KRB-ERROR.${ticketWords(attempt)}${originWords(story, attempt)}`,
      frames: framesOfAttempt(attempt),
      ...withVersionCauses(story, attempt, rejectCauses(serviceWords(story))),
    };
  },
  advise: (w) => ({
    causes: rejectCauses(w.service),
    confirm: keyConfirm(w),
    fix: keyFix(w),
  }),
};

const rejectCauses = ({ wrongKey }: ServiceWords) => [
  ...wrongKey.slice(0, 3),
  "clock or replay: some servers name no reason",
  "none of the offered mechanisms is switched on",
];

const bareCauses = [
  "a proxy or load balancer removed the Authorization header, or spread the requests of one connection",
  "the service refuses without a reason: wrong key, clock, channel binding",
];

const bare: Rule = {
  id: "ap-401-bare",
  severity: "error",
  ends: ["ap-refused"],
  title: "The token was answered with the bare challenge again",
  specs: ["RFC 4559 section 5"],
  check(story) {
    const attempt = refusedAttempt(story);
    const response = attempt?.exchange.response;
    if (!attempt || !response || attempt.error || !httpResponse(attempt.exchange)) return null;
    const via = httpResponse(attempt.exchange)?.via;
    return {
      detail: `The 401 after the token holds no token and no reason${via ? ` (Via: ${via})` : ""}: the service refused silently, or never saw the token.${ticketWords(attempt)}${originWords(story, attempt)}`,
      frames: framesOfAttempt(attempt),
      ...withVersionCauses(story, attempt, bareCauses),
    };
  },
  advise: (w) => ({
    causes: bareCauses,
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
  ends: ["ap-unanswered"],
  title: "The connection was cut in answer to the token",
  specs: [],
  check(story) {
    if (story.why?.what !== "ap-unanswered") return null;
    const { request, connection } = story.why.attempt.exchange;
    const bytes = httpRequest(story.why.attempt.exchange)?.headerBytes;
    const header = bytes === undefined ? "" : ` (${bytes} bytes of header)`;
    const closed = connection.reset ?? connection.closed;
    const isAfter =
      closed?.by === "server" && closed.frame !== null && request !== null && closed.frame > request.frame;
    if (!isAfter || closed.frame === null) return null;
    return {
      detail: `The server's side ended the connection right after the request with the token${header}, without a byte of answer.`,
      frames: [...framesOfAttempt(story.why.attempt), closed.frame],
    };
  },
  advise: (w) => ({
    causes: [
      "a proxy or intrusion prevention system drops the large header",
      "the server crashed",
      "the header limit of the server",
    ],
    confirm: [`${w.tryOut}    (a small request: does it work?)`],
    fix: ["raise the header limits, repair the device on the way"],
  }),
};

const silent: Rule = {
  id: "ap-no-response",
  severity: "error",
  ends: ["ap-unanswered"],
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
  ...tokenCodeRules,
  ...directoryRules,
  defective,
  mechanismChanged,
  otherType,
  rejected,
  ...proxyRules,
  bare,
  cut,
  silent,
];
