import { bindErrorName } from "../../../dissectors/ldap/codes.ts";
import type { LdapBindResponse } from "../../../dissectors/ldap/message.ts";
import type { Attempt } from "../../correlate/attempts.ts";
import { attemptsOf } from "../../correlate/legs.ts";
import { bindRequest, bindResponse } from "../../correlate/services/ldap.ts";
import type { Story } from "../../correlate/story.ts";
import { framesOfAttempt } from "../evidence-frames.ts";
import type { Advice, Hit, Rule } from "../rule.ts";
import type { Words } from "../words.ts";
import { badCredentials } from "./bind-errors.ts";

const STRONGER_AUTH_REQUIRED = 8;
const CONFIDENTIALITY_REQUIRED = 13;
const INVALID_CREDENTIALS = 49;
const SEC_E_BAD_BINDINGS = 0x80090346;
const ERROR_INVALID_PARAMETER = 0x57;

interface RefusedBind {
  readonly attempt: Attempt;
  readonly response: LdapBindResponse;
}

/** What a kind of refusal is about; the same for a root cause and for what befell an NTLM bind beside it. */
interface About {
  readonly id: string;
  readonly title: string;
  /** The title where another thing led off the path. */
  readonly besides: string;
  readonly specs: readonly string[];
  fits(response: LdapBindResponse, attempt: Attempt): boolean;
  advise(words: Words, bind: RefusedBind): Advice;
}

function refusedBind(attempt: Attempt | undefined): RefusedBind | null {
  const response = attempt ? bindResponse(attempt.exchange) : null;
  return attempt && response && attempt.answer === "refused" ? { attempt, response } : null;
}

/** The bind whose refusal is where the story diverged. */
function rootBind({ kind, why }: Story): RefusedBind | null {
  const isRefusal = why?.what === "ap-refused" || why?.what === "password-refused";
  return kind === "ldap" && isRefusal ? refusedBind(why.attempt) : null;
}

/** The last refusal in a story that was left before: NTLM in place of Kerberos. */
function laterBind(story: Story): RefusedBind | null {
  if (story.kind !== "ldap" || rootBind(story) !== null) return null;
  return refusedBind(attemptsOf(story.legs).findLast((a) => a.answer === "refused"));
}

const whereRefused: Pick<Rule, "about" | "ends"> = { about: ["directory"], ends: ["ap-refused", "password-refused"] };

function ruleOf(about: About, severity: "error" | "warning", find: (story: Story) => RefusedBind | null): Rule {
  const title = severity === "error" ? about.title : about.besides;
  const fitting = (story: Story): RefusedBind | null => {
    const bind = find(story);
    return bind && about.fits(bind.response, bind.attempt) ? bind : null;
  };
  return {
    id: about.id,
    severity,
    ...(severity === "error" ? whereRefused : { about: ["directory", "legs"] }),
    title,
    specs: about.specs,
    check(story) {
      const bind = fitting(story);
      return bind ? hitOf(bind) : null;
    },
    advise(words, story) {
      const bind = fitting(story);
      return bind ? about.advise(words, bind) : { causes: [], confirm: [], fix: [] };
    },
  };
}

function hitOf({ attempt, response }: RefusedBind): Hit {
  const { code } = attempt;
  const error = response.data === null ? undefined : bindErrorName(response.data);
  const data = response.data === null || response.data === 0 ? "" : `, data ${response.data.toString(16)}`;
  const named = error === undefined ? "" : `: ${error}`;
  const text = response.diagnostic === "" ? "" : ` The server's text: “${response.diagnostic}”`;
  return {
    detail: `The bind${who(attempt)} was answered with ${code?.name} (${code?.number}${data})${named}.${text}`,
    frames: framesOfAttempt(attempt),
    ...(code ? { code } : {}),
    step: 8,
  };
}

function who(attempt: Attempt): string {
  const request = bindRequest(attempt.exchange);
  if (!request) return "";
  const name = request.name === "" ? "" : ` as ${request.name}`;
  return `${name} (${request.anonymous ? "anonymous" : request.mechanism})`;
}

const channelBinding: About = {
  id: "ldap-cbt",
  title: "The directory server requires channel binding, and the bind's did not fit",
  besides: "The bind was refused too: its channel binding did not fit",
  specs: ["RFC 5929 section 4", "MS-ADTS 5.1.1.1.2"],
  fits: ({ resultCode, errorCode, data }, { token }) =>
    resultCode === INVALID_CREDENTIALS &&
    (errorCode === SEC_E_BAD_BINDINGS ||
      data === SEC_E_BAD_BINDINGS ||
      (data === ERROR_INVALID_PARAMETER && token !== "basic")),
  advise: (w, { response }) => ({
    causes: [
      "the client's library sends no channel binding token over TLS, and the server requires one (LdapEnforceChannelBinding = 2)",
      "something between client and server ends TLS (inspection, a load balancer): the token is made for another certificate",
      ...(response.data === ERROR_INVALID_PARAMETER
        ? ["ERROR_INVALID_PARAMETER is also what a token that is damaged or for another mechanism gets"]
        : []),
    ],
    confirm: [
      `reg query \\\\${w.host}\\HKLM\\SYSTEM\\CurrentControlSet\\Services\\NTDS\\Parameters /v LdapEnforceChannelBinding`,
      "Directory Service log of the domain controller: events 3039, 3040 and 3041",
      `openssl s_client -showcerts -connect ${w.host}:636    (whose certificate arrives?)`,
    ],
    fix: [
      "update or configure the client so that it binds to the channel (Java: com.sun.jndi.ldap.tls.cbtype=tls-server-end-point)",
      "take the inspection of TLS out of the way to the domain controllers",
      "bind with SASL signing and sealing on port 389 in place of TLS",
    ],
  }),
};

const signing: About = {
  id: "ldap-signing",
  title: "The directory server requires binds to be signed or encrypted",
  besides: "The bind was refused too: it must be signed or encrypted",
  specs: ["RFC 4511 section 4.1.9", "RFC 4513 section 6.1"],
  fits: ({ resultCode }) => resultCode === STRONGER_AUTH_REQUIRED || resultCode === CONFIDENTIALITY_REQUIRED,
  advise: (w, { attempt, response }) => ({
    causes: [
      attempt.token === "basic" && response.resultCode === STRONGER_AUTH_REQUIRED
        ? "a simple bind without TLS: the password itself crossed the network in clear, and the server requires signing (LDAPServerIntegrity = 2)"
        : "the bind asked for no signing and no sealing, and the server requires it (LDAPServerIntegrity = 2)",
      "the client's library cannot sign, or is told not to (LdapClientIntegrity = 0, minssf = 0)",
    ],
    confirm: [
      `reg query \\\\${w.host}\\HKLM\\SYSTEM\\CurrentControlSet\\Services\\NTDS\\Parameters /v LDAPServerIntegrity`,
      "Directory Service log of the domain controller: event 2889 names each client that binds so",
    ],
    fix: [
      `ldapsearch -H ldaps://${w.host} -x -D <name> -W -b "" -s base    (over TLS; with ldap:// and -ZZ for StartTLS)`,
      `ldapsearch -H ldap://${w.host} -Y GSSAPI -O minssf=1 -b "" -s base    (signed by SASL)`,
      "change the password that was sent in clear, if it was",
    ],
  }),
};

const credentials: About = {
  id: "ldap-bad-cred",
  title: "The directory server did not accept the credentials",
  besides: "The bind was refused too: its credentials were not accepted",
  specs: ["RFC 4511 section 4.1.9", "MS-ADTS 5.1.1.1"],
  fits: (response, attempt) => response.resultCode === INVALID_CREDENTIALS && !channelBinding.fits(response, attempt),
  advise: (w, { response, attempt }) => badCredentials(w, response.data, attempt.token),
};

const noKerberos: Rule = {
  id: "ldap-no-kerberos",
  severity: "error",
  about: ["directory"],
  ends: ["no-kerberos-offered"],
  title: "The directory server does not offer Kerberos",
  specs: ["RFC 4512 section 5.1"],
  check(story) {
    if (story.kind !== "ldap" || story.why?.what !== "no-kerberos-offered") return null;
    const { attempt } = story.why;
    return {
      detail: `Its root DSE names ${attempt.offers.join(", ")} as SASL mechanisms, and neither GSSAPI nor GSS-SPNEGO.`,
      frames: framesOfAttempt(attempt),
    };
  },
  advise: (w) => ({
    causes: [
      "the server is no domain controller, and nobody gave it a keytab or the SASL plugin for GSSAPI",
      "the server has them, and its user may not read the keytab",
    ],
    confirm: [
      `ldapsearch -x -H ldap://${w.host} -s base -b "" supportedSASLMechanisms`,
      "klist -ke    (keytab of the server)",
    ],
    fix: [`make a keytab for ${w.hostSpn} and install the GSSAPI plugin of SASL on the server`],
  }),
};

const table = [channelBinding, signing, credentials];

/** Step 4, of directory servers. */
export const directoryOffers: readonly Rule[] = [noKerberos];
/** Why a directory server refused a bind: step 8. */
export const directoryRules: readonly Rule[] = table.map((about) => ruleOf(about, "error", rootBind));
/** The same, of a bind that was not what led off the path. */
export const directoryNotes: readonly Rule[] = table.map((about) => ruleOf(about, "warning", laterBind));
