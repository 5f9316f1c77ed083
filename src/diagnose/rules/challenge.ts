import type { Attempt } from "../../correlate/attempts.ts";
import { attemptsOf } from "../../correlate/legs.ts";
import { httpResponse } from "../../correlate/services/http.ts";
import type { Story } from "../../correlate/story.ts";
import { frameOfServerEnd, framesOfAttempt } from "../evidence-frames.ts";
import { isAccepted, isRefused } from "../kerberos-attempts.ts";
import type { Rule } from "../rule.ts";
import { noAdvice } from "../rule.ts";
import { serviceWords } from "../service-words.ts";

const SUB_STATUS: readonly [(status: number) => boolean, string][] = [
  [
    (s) => s >= 200 && s < 300,
    "anonymous access is allowed there, or a form or another single sign-on stands in front: Windows authentication is not asked for",
  ],
  [(s) => s >= 300 && s < 400, "the server redirects, and the capture does not show where the client went"],
  [(s) => s === 403, "an address, certificate or access rule refuses before anybody is asked who he is"],
  [
    (s) => s === 404,
    "wrong site, wrong binding (Host header) or wrong path: the application that authenticates is not reached",
  ],
  [(s) => s === 400, "the server rejects the request itself: Host header, TLS on a plain port or the reverse"],
  [(s) => s >= 502 && s <= 504, "a gateway cannot reach its back-end, or the application pool is stopped"],
  [(s) => s >= 500, "the application fails before it authenticates"],
];

const notChallenged: Rule = {
  id: "http-no-401",
  severity: "error",
  ends: ["not-challenged"],
  title: "The service sent no Negotiate challenge",
  specs: ["RFC 9110 section 11.6.1", "RFC 4559 section 4"],
  check(story) {
    if (story.why?.what !== "not-challenged") return null;
    const attempt = story.why.attempt;
    const { code } = attempt;
    const status = code?.number ?? 0;
    const cause = SUB_STATUS.find(([fits]) => fits(status))?.[1];
    return {
      detail:
        `The anonymous request was answered with ${status} ${code?.name ?? ""}, not with 401 and Negotiate.`.replace(
          "  ",
          " ",
        ),
      frames: framesOfAttempt(attempt),
      ...(code ? { code } : {}),
      ...(cause ? { causes: [cause] } : {}),
    };
  },
  advise: (w) => ({
    causes: ["Windows authentication is off for this site or path"],
    confirm: [`curl -sSI ${w.url}`, "IIS Manager: the site's Authentication page"],
    fix: [
      'appcmd set config "<site>" -section:windowsAuthentication /enabled:true /commit:apphost',
      'appcmd set config "<site>" -section:anonymousAuthentication /enabled:false /commit:apphost',
    ],
  }),
};

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
    confirm: ["capture between proxy and server: does the 401 there offer Negotiate?", `curl -sSI ${w.url}`],
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
  advise: () => ({
    causes: [
      "the list of providers of Windows authentication lacks Negotiate",
      "a reverse proxy or load balancer removed the header",
      "only another scheme is switched on for this site",
    ],
    confirm: [
      'appcmd list config "<site>" -section:windowsAuthentication',
      "compare with a capture on the server itself",
    ],
    fix: [
      `appcmd set config "<site>" -section:windowsAuthentication /+"providers.[value='Negotiate']" /commit:apphost`,
      "put Negotiate before NTLM in the list",
    ],
  }),
};

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
    confirm: [`curl -v ${w.url}    (from the server itself)`],
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
    confirm: [`curl -m 30 -v ${w.url}    (from the server itself)`],
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
  notChallenged,
  stripped,
  noKerberosOffered,
  cutOff,
  noAnswer,
  gateway,
  accessDenied,
  firstPreauth,
];
