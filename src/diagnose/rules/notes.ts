import type { Message } from "../../../dissectors/registry.ts";
import { attemptsOf, type Leg } from "../../correlate/legs.ts";
import type { PasswordChange, PasswordTrouble } from "../../correlate/password-changes.ts";
import { httpResponse } from "../../correlate/services/http.ts";
import { secondsBetween } from "../../model/time.ts";
import { framesOfAttempt, framesOfExchange } from "../evidence-frames.ts";
import { exchangesOf, isSlow } from "../exchanges.ts";
import { setSection, showSection } from "../iis.ts";
import { isAccepted, isRefused } from "../kerberos-attempts.ts";
import type { Rule } from "../rule.ts";
import { noAdvice } from "../rule.ts";
import { isWeb } from "../service-words.ts";
import { stepOf } from "../step-of.ts";
import { isAboveAny, isSmall, loadsOf, nextLimit, sizesOf, type TokenSizes } from "../token-sizes.ts";
import { captureNoteRules } from "./capture-notes.ts";
import { nameNotes } from "./name-notes.ts";

const slowKdc: Rule = {
  id: "perf-kdc-slow",
  severity: "warning",
  about: ["kdc-slow"],
  title: "The KDC answered slowly",
  specs: [],
  check(story) {
    const slow = exchangesOf(story).find(isSlow);
    if (!slow?.request || !slow.reply) return null;
    const took = secondsBetween(slow.request.time, slow.reply.time).toFixed(1);
    return {
      detail: `${slow.kdc} took ${took} seconds to answer the TGS-REQ.`,
      frames: framesOfExchange(slow),
      step: 6,
    };
  },
  advise: (w) => ({
    causes: ["the domain controller is loaded", "it is in another site, over a slow line"],
    confirm: [`nltest /dsgetdc:${w.domain}`, "nltest /dsgetsite"],
    fix: ["map the client's subnet to its site, or use a nearer domain controller"],
  }),
};

const perRequest: Rule = {
  id: "perf-per-request-auth",
  severity: "info",
  about: ["legs", "web"],
  title: "Every request authenticates anew",
  specs: [],
  check(story) {
    for (const { attempts } of story.legs) {
      if (attempts.length < REPEATED_TOKENS) continue;
      const tokens = attempts.filter(isAccepted);
      if (tokens.length >= REPEATED_TOKENS) {
        return {
          detail: `${tokens.length} requests on one connection each carried a token.`,
          frames: tokens.flatMap(framesOfAttempt),
          step: 7,
        };
      }
    }
    return null;
  },
  advise: () => ({
    causes: ["the service does not keep the connection authenticated"],
    confirm: [showSection("windowsAuthentication")],
    fix: [setSection("windowsAuthentication", "/authPersistNonNTLM:true")],
  }),
};
const REPEATED_TOKENS = 3;

/** Bytes that Windows before 8 and Server 2012 keeps for a token (MaxTokenSize); later versions keep 48000. */
const OLD_TOKEN_SIZE = 12_000;

const largeToken: Rule = {
  id: "ap-size-warn",
  severity: "warning",
  about: ["legs", "ok"],
  title: "The token is near or above common limits",
  specs: [],
  check(story) {
    for (const attempt of attemptsOf(story.legs)) {
      const sizes = attempt.answer === "accepted" && !isSmall(attempt) ? sizesOf(attempt) : null;
      const words = sizes ? largeWords(sizes) : "";
      if (words !== "") return { detail: words, frames: framesOfAttempt(attempt), step: 7 };
    }
    return null;
  },
  advise: (w) => ({
    causes: [`${w.user} is in many groups, or has much sIDHistory or many claims`],
    confirm: ["whoami /groups    (count them)"],
    fix: ["plan the header limits of all servers and proxies, or reduce the groups"],
  }),
};

/** Empty where the token is of ordinary size. */
function largeWords(sizes: TokenSizes): string {
  const bytes = sizes.tokenBytes ?? sizes.ticketBytes;
  const isLong = bytes >= OLD_TOKEN_SIZE;
  if (!isLong && !isAboveAny(sizes)) return "";
  const above = loadsOf(sizes).filter(({ limit, used }) => used > limit);
  const names = above.map(({ server, limit }) => `${server} (${limit})`).join(", ");
  const header = above.length === 0 ? "" : ` Its header is above the default limits of ${names}.${nextLimit(sizes)}`;
  const token = isLong
    ? ` Windows before 8 and Server 2012 takes no more than ${OLD_TOKEN_SIZE} bytes (MaxTokenSize).`
    : "";
  return `This server accepted a token of ${bytes} bytes.${header}${token}`;
}

/** Sub-minute differences are ordinary; past this, the tolerance of five minutes is near. */
const NOTABLE_SKEW_SECONDS = 60;
/** A service that accepts a ticket agrees with the client to five minutes: beyond, it is the capture's time that is off. */
const TOLERATED_SKEW_SECONDS = 300;

const clockDiffers: Rule = {
  id: "ap-skew",
  severity: "warning",
  about: ["legs", "ok"],
  title: "The service's clock differs from the capture's",
  specs: ["RFC 9110 section 6.6.1"],
  check(story) {
    for (const attempt of attemptsOf(story.legs)) {
      const response = attempt.exchange.response;
      const date = httpResponse(attempt.exchange)?.date ?? null;
      if (!response || date === null) continue;
      const skew = date - response.time.seconds - response.time.nanos / 1e9;
      if (Math.abs(skew) < NOTABLE_SKEW_SECONDS || Math.abs(skew) > TOLERATED_SKEW_SECONDS) continue;
      return {
        detail: `The Date header is ${Math.round(Math.abs(skew))} seconds ${skew > 0 ? "ahead of" : "behind"} the frame's time. Kerberos tolerates 300.`,
        frames: [response.frame],
        step: 8,
      };
    }
    return null;
  },
  advise: (w) => ({
    causes: ["the service's clock is wrong", "the clock of the capturing machine is wrong"],
    confirm: [`w32tm /stripchart /computer:${w.host} /samples:5 /dataonly`],
    fix: ["w32tm /resync /rediscover"],
  }),
};

const loop: Rule = {
  id: "ap-401-loop",
  severity: "warning",
  about: ["refused", "diverged"],
  title: "The client keeps sending tokens that are refused",
  specs: ["RFC 4559 section 5"],
  check(story) {
    if (story.kind !== "http" || story.divergedAt !== 8) return null;
    const refused = attemptsOf(story.legs).filter(isRefused);
    if (refused.length < REPEATED_TOKENS) return null;
    return {
      detail: `${refused.length} Kerberos tokens were answered with 401.`,
      frames: refused.flatMap(framesOfAttempt),
      step: 8,
    };
  },
  advise: () => noAdvice,
};

const noApRep: Rule = {
  id: "ap-no-ap-rep",
  severity: "info",
  about: ["legs", "ok"],
  title: "The service did not prove who it is",
  specs: ["RFC 4559 section 5", "RFC 4120 section 3.2.4"],
  check(story) {
    const attempt = attemptsOf(story.legs).find(isAccepted);
    const asked = attempt?.apReq ? (attempt.apReq.apOptions & MUTUAL_REQUIRED) !== 0 : false;
    if (!attempt || !asked || attempt.exchange.response?.inside.some(isApRep)) return null;
    return {
      detail: "The client asked for mutual authentication; the accepting response holds no AP-REP.",
      frames: framesOfAttempt(attempt),
      step: 8,
    };
  },
  advise: (_, story) => {
    // A token of the service came through: nobody removed its header.
    const isPassed = attemptsOf(story.legs).some((a) => a.token === "kerberos" && a.completed);
    if (!isWeb(story) || isPassed) return { causes: ["the service leaves it out"], confirm: [], fix: [] };
    const stripped = "a proxy removed WWW-Authenticate from the response";
    const fix = ["let the proxy pass WWW-Authenticate"];
    return { causes: ["the service leaves it out", stripped], confirm: [], fix };
  },
};
const isApRep = ({ kind }: Message) => kind === "AP-REP";
/** ap-options bit 2 of 32, RFC 4120 section 5.5.1. */
const MUTUAL_REQUIRED = 0x20000000;

const noDns: Rule = {
  id: "cap-no-dns",
  severity: "info",
  about: ["legs"],
  title: "The capture holds no DNS traffic of this client",
  specs: [],
  check(story) {
    if (story.kind !== "http" || stepOf(story, "dns-query")?.state !== "not-captured") return null;
    return {
      detail:
        "How the name was resolved is not in the file: cached, from a hosts file, filtered out, or before the capture began.",
      frames: stepOf(story, "request")?.frames.slice(0, 1) ?? [],
      step: 1,
    };
  },
  advise: () => noAdvice,
};

const loopback: Rule = {
  id: "cap-loopback",
  severity: "info",
  about: ["loopback"],
  title: "Client and service are the same host",
  specs: [],
  check(story) {
    const leg = story.legs.find(isToItself);
    if (!leg) return null;
    return {
      detail: "Windows uses NTLM to itself by design; for Kerberos, test from another machine.",
      frames: [leg.connection.firstFrame],
    };
  },
  advise: () => noAdvice,
};

const isToItself = ({ connection: { client, server } }: Leg) => client.address === server.address;

const neighbour: Rule = {
  id: "tcp-arp",
  severity: "info",
  ends: ["not-connected"],
  title: "Address resolution on the local network got no answer",
  specs: ["RFC 826", "RFC 4861"],
  check(story) {
    const silence = story.silences[0];
    if (story.why?.what !== "not-connected" || !silence) return null;
    return {
      detail: `${silence.frames.length} questions for ${silence.target}, none answered.`,
      frames: story.silences.flatMap((s) => s.frames),
      step: 3,
    };
  },
  advise: () => noAdvice,
};

/** What the network said, the plainest first. */
function howBlocked({ failures, unanswered }: PasswordTrouble): string {
  if (unanswered.some((x) => x.unreachable)) return "cannot be reached: ICMP says so";
  if (failures.some((f) => f.how === "refused")) return "refuses connections";
  const transports = new Set([...failures.map(() => "TCP"), ...unanswered.map((x) => x.transport.toUpperCase())]);
  return `did not answer (${[...transports].sort().join(" and ")})`;
}

const framesOfChange = ({ frames, unreachable }: PasswordChange): number[] =>
  unreachable ? [...frames, unreachable.frame] : frames;

const passwordPort: Rule = {
  id: "kpasswd-blocked",
  severity: "warning",
  about: ["password-trouble"],
  title: "The port for password changes cannot be reached",
  specs: ["RFC 3244 section 2"],
  check(story) {
    const { failures, unanswered } = story.passwordTrouble;
    if (failures.length + unanswered.length === 0) return null;
    const servers = new Set([...failures.map((f) => f.server.address), ...unanswered.map((x) => x.server)]);
    return {
      detail: `The ticket for the change was issued; ${[...servers].slice(0, 4).join(", ")} port 464 ${howBlocked(story.passwordTrouble)}.`,
      frames: [...failures.flatMap((f) => f.frames), ...unanswered.flatMap(framesOfChange)],
    };
  },
  advise: (w) => ({
    causes: [
      "a firewall blocks TCP and UDP 464",
      "the server runs no service for password changes: stopped, or a read-only domain controller that cannot forward it",
    ],
    confirm: [`Test-NetConnection ${w.kdc} -Port 464`, `portqry -n ${w.kdc} -e 464 -p both`],
    fix: [`allow TCP 464 and UDP 464 from ${w.client} to ${w.kdc}`],
  }),
};

/** Observations beside the verdict. */
export const noteRules: readonly Rule[] = [
  slowKdc,
  largeToken,
  loop,
  passwordPort,
  perRequest,
  noApRep,
  noDns,
  loopback,
  neighbour,
  ...nameNotes,
  clockDiffers,
  ...captureNoteRules,
];
