import type { Attempt } from "../../correlate/attempts.ts";
import { attemptsOf } from "../../correlate/legs.ts";
import { httpResponse } from "../../correlate/services/http.ts";
import type { Story } from "../../correlate/story.ts";
import { frameOfServerEnd, framesOfAttempt } from "../evidence-frames.ts";
import { setSection, showSection } from "../iis.ts";
import { isAccepted, isRefused } from "../kerberos-attempts.ts";
import type { Rule } from "../rule.ts";
import { noAdvice } from "../rule.ts";
import { serviceWords } from "../service-words.ts";
import { unchallenged } from "./unchallenged.ts";

const gateway: Rule = {
  id: "http-gateway-error",
  severity: "warning",
  about: ["legs"],
  ends: ["not-challenged", "server-error"],
  title: "A gateway answered in place of the service",
  specs: ["RFC 9110 section 15.6.3"],
  check(story) {
    if (story.why?.what !== "not-challenged" && story.missing !== "server-error") return null;
    const attempt = attemptsOf(story.legs).findLast(isGatewayError);
    if (!attempt) return null;
    const via = httpResponse(attempt.exchange)?.via;
    return {
      detail: `${attempt.code?.number} came from a gateway${via ? ` (Via: ${via})` : ""}: what it forwards to did not answer.`,
      frames: framesOfAttempt(attempt),
      step: 4,
    };
  },
  advise: (w) => ({
    causes: [
      "the back-end is down or its port closed",
      "the IIS application pool is stopped (503)",
      "the gateway timed out (504)",
    ],
    confirm: [`request the back-end itself, past the gateway at ${w.address}`],
    fix: ["start the back-end or its application pool"],
  }),
};

function isGatewayError(attempt: Attempt): boolean {
  const status = httpResponse(attempt.exchange)?.status ?? 0;
  return status >= 502 && status <= 504;
}

const stripped: Rule = {
  id: "http-negotiate-stripped",
  severity: "error",
  ends: ["no-kerberos-offered"],
  title: "A proxy in front of the service does not pass Negotiate on",
  specs: ["RFC 4559 section 6", "RFC 9110 section 7.6.3"],
  check(story) {
    if (story.why?.what !== "no-kerberos-offered") return null;
    const attempt = story.why.attempt;
    const via = httpResponse(attempt.exchange)?.via;
    if (!via) return null;
    const { code } = attempt;
    return {
      detail: `The answer came through ${via} and offers ${attempt.offers.join(", ") || "no scheme"}: what the server itself offers is not visible here.`,
      frames: framesOfAttempt(attempt),
      ...(code ? { code } : {}),
    };
  },
  advise: (w) => ({
    causes: [
      "the reverse proxy or load balancer removes WWW-Authenticate, or cannot keep connections together",
      "the server behind it does not offer Negotiate",
    ],
    confirm: ["capture between proxy and server: does the 401 there offer Negotiate?", `curl.exe -sSI ${w.url}`],
    fix: [
      "let the proxy pass WWW-Authenticate and Authorization on one connection per client",
      "or authenticate at the proxy (constrained delegation)",
    ],
  }),
};

const noKerberosOffered: Rule = {
  id: "http-no-negotiate",
  severity: "error",
  ends: ["no-kerberos-offered"],
  title: "The service does not offer Negotiate",
  specs: ["RFC 4559 section 4"],
  check(story) {
    if (story.why?.what !== "no-kerberos-offered") return null;
    const attempt = story.why.attempt;
    const offers = attempt.offers.length > 0 ? attempt.offers.join(", ") : "no scheme at all";
    const { code } = attempt;
    return {
      detail: `The ${code?.number ?? 401} offers ${offers}: without Negotiate no client can use Kerberos.`,
      frames: framesOfAttempt(attempt),
      ...(code ? { code } : {}),
    };
  },
  advise: (_, story) => ({
    causes: offersNtlm(story) ? [NO_PROVIDER, REMOVED, NOT_ON] : [NOT_ON, REMOVED, NO_PROVIDER],
    confirm: [showSection("windowsAuthentication"), "compare with a capture on the server itself"],
    fix: [
      ...(offersNtlm(story) ? [] : [setSection("windowsAuthentication", "/enabled:true")]),
      setSection("windowsAuthentication", `/+"providers.[value='Negotiate']"`),
      "put Negotiate before NTLM in the list",
    ],
  }),
};

const NO_PROVIDER = "the list of providers of Windows authentication lacks Negotiate";
const REMOVED = "a reverse proxy or load balancer removed the header";
const NOT_ON = "Windows authentication is off for this site: another scheme is switched on, or none";

/** Windows authentication is on where it is offered. */
function offersNtlm({ why }: Story): boolean {
  return why?.what === "no-kerberos-offered" && why.attempt.offers.some((scheme) => scheme.toLowerCase() === "ntlm");
}

function unanswered(story: Story): Attempt | null {
  return story.why?.what === "unanswered" ? story.why.attempt : null;
}

const cutOff: Rule = {
  id: "http-rst-after-request",
  severity: "error",
  ends: ["unanswered"],
  title: "The connection was cut in answer to the request",
  specs: [],
  check(story) {
    const attempt = unanswered(story);
    const frame = attempt ? frameOfServerEnd(attempt) : null;
    if (!attempt || frame === null) return null;
    const isReset = attempt.exchange.connection.reset?.frame === frame;
    return {
      detail: `The server's side ${isReset ? "reset" : "closed"} the connection after the anonymous request, without a byte of answer.`,
      frames: [...framesOfAttempt(attempt), frame],
    };
  },
  advise: (w) => ({
    causes: [
      "a firewall or intrusion prevention system cuts the request (compare the TTL of the RST with that of the SYN-ACK)",
      "the server or its binding refuses: Host header, TLS on a plain port or the reverse",
      "the service crashed",
    ],
    confirm: [`curl.exe -v ${w.url}    (from the server itself)`],
    fix: ["repair the device on the way, or the binding"],
  }),
};

const noAnswer: Rule = {
  id: "http-no-answer",
  severity: "error",
  ends: ["unanswered"],
  title: "The service took the request and never answered",
  specs: [],
  check(story) {
    const attempt = unanswered(story);
    if (!attempt) return null;
    return {
      detail: `The anonymous request was acknowledged, but no ${serviceWords(story).protocol} response followed while the client waited.`,
      frames: framesOfAttempt(attempt),
    };
  },
  advise: (w) => ({
    causes: ["the web service hangs or is paused", "what a proxy forwards to does not answer"],
    confirm: [`curl.exe -m 30 -v ${w.url}    (from the server itself)`],
    fix: ["restart or repair the service"],
  }),
};

const accessDenied: Rule = {
  id: "ap-403",
  severity: "warning",
  about: ["legs", "ok"],
  title: "Authenticated, but not allowed",
  specs: ["RFC 9110 section 15.5.4"],
  check(story) {
    const attempt = attemptsOf(story.legs).find(isForbidden);
    if (!attempt) return null;
    return {
      detail:
        "Kerberos authentication succeeded; the service then refused access with 403. This is authorization, not authentication.",
      frames: framesOfAttempt(attempt),
      step: 8,
    };
  },
  advise: (w) => ({
    causes: [`${w.user} has no permission on the resource (NTFS, URL authorization, application role)`],
    confirm: ["Security log of the server: event 4624 shows the logon"],
    fix: [`grant ${w.user} access to the resource`],
  }),
};

const isForbidden = ({ token, exchange }: Attempt) => token === "kerberos" && httpResponse(exchange)?.status === 403;

const firstPreauth: Rule = {
  id: "http-401-first-preauth",
  severity: "warning",
  about: ["ok", "refused"],
  title: "The first token was answered with 401, the next accepted",
  specs: ["RFC 4559 section 4"],
  check(story) {
    for (const { attempts } of story.legs) {
      const refusedAt = attempts.findIndex(isRefused);
      const refused = attempts[refusedAt];
      const accepted = refused && attempts.find((a, at) => at > refusedAt && isAccepted(a));
      if (accepted) {
        return {
          detail:
            "The same connection sent a token, was refused, and was accepted at the next try. IIS with kernel-mode authentication does so by design for a request that carries its token unasked.",
          frames: [...framesOfAttempt(refused), ...framesOfAttempt(accepted)],
          step: 8,
        };
      }
    }
    return null;
  },
  advise: () => noAdvice,
};

/** Step 4, and what the final HTTP status adds to a login that worked. */
export const challengeRules: readonly Rule[] = [
  unchallenged,
  stripped,
  noKerberosOffered,
  cutOff,
  noAnswer,
  gateway,
  accessDenied,
  firstPreauth,
];
