import { isAddress } from "../../correlate/names.ts";
import type { Quest } from "../../correlate/quests.ts";
import type { Story } from "../../correlate/story.ts";
import type { TokenUse } from "../../correlate/uses.ts";
import type { Rule } from "../rule.ts";
import type { Words } from "../words.ts";
import { unknownService } from "./refused-quest.ts";

/** Services whose SPNs have habits of their own: who registers them, and what clients put into them. */

const isOf = ({ spn }: Quest, ...classes: readonly string[]): boolean => classes.includes(spn.service.toLowerCase());

/** Domain controllers register `ldap/` for their own names, and for these with the domain behind them. */
function aboutDirectory({ spn }: Quest): string {
  if (isAddress(spn.host)) return "Domain controllers register names, not addresses.";
  if (!spn.host.includes(".")) return "The name has no domain; domain controllers register their full names as well.";
  return "Domain controllers register their own names under ldap/; a domain's name, an alias or a load balancer's name has no such SPN.";
}

const directory = unknownService(
  "ldap-spn",
  "No directory server is registered under the name the client asked for",
  ({ quest }) => (isOf(quest, "ldap", "gc") ? aboutDirectory(quest) : null),
  (w) => ({
    causes: [
      "the client was given the name of the domain, an alias, a load balancer or an address in place of a domain controller's name",
      "the domain controller lost its SPNs, or they have not been replicated yet",
      "the name belongs to a domain that this KDC has no trust with",
    ],
    confirm: [`setspn -Q ${w.spn}`, `nltest /dsgetdc:${w.domain}`, `setspn -L ${w.shortHost}`],
    fix: [
      "give the client the full name of a domain controller, or let it look one up (SRV records)",
      `setspn -S ${w.spn} <account of the directory server>    (an alias that must stay)`,
      "nltest /dsregdns    (on the domain controller, then restart Netlogon: it registers its SPNs again)",
    ],
  }),
);

/** What SQL Server registers: with the port, or with the name of an instance in its place. */
const sqlNames = (w: Words) => [`setspn -Q ${w.spn}`, `setspn -Q MSSQLSvc/${w.host}`, `setspn -Q MSSQLSvc/${w.host}:*`];

/** Who answered a log-on to SQL Server and how, where the capture shows it. */
function sqlWords(use: TokenUse): string {
  const { address, port } = use.connection.server;
  const what = use.token === null ? "an encrypted log-on" : use.token === "ntlm" ? "NTLM" : "Kerberos";
  const end = use.answer === "refused" ? `was refused with ${use.code?.number} (${use.code?.name})` : "was accepted";
  return `The log-on to ${address}:${port} with ${what} ${end}.`;
}

const answeredSql = (story: Story): TokenUse | undefined =>
  story.uses.findLast((use) => use.protocol === "tds" && (use.answer === "refused" || use.answer === "accepted"));

const framesOfUse = ({ request, response, frame }: TokenUse): number[] => [
  request?.frame ?? frame,
  ...(response ? [response.frame] : []),
];

const sqlUnknown = unknownService(
  "sql-sspi",
  "The SPN of the SQL Server is not registered",
  ({ quest }) =>
    isOf(quest, "mssqlsvc")
      ? "Clients of SQL Server put the port or the name of the instance into the SPN; what they say then is “Cannot generate SSPI context”, or they go on with NTLM."
      : null,
  (w) => ({
    causes: [
      "the service account of SQL Server may not register its SPN by itself (a domain user without the right to), and nobody did it by hand",
      "the SPN is registered on two accounts: SQL Server was moved to another service account",
      "the client uses an alias, a listener or a port for which no SPN was registered",
      "the SPN is registered for the short name only, or for the full name only",
    ],
    confirm: [
      ...sqlNames(w),
      "setspn -X -F    (duplicates)",
      "SELECT auth_scheme FROM sys.dm_exec_connections WHERE session_id = @@SPID",
      "the error log of SQL Server: “could not register the Service Principal Name”",
    ],
    fix: [
      `setspn -S ${w.spn} <service account of SQL Server>`,
      `setspn -D ${w.spn} <wrong account>    (a duplicate)`,
      "or let the service account write its own servicePrincipalName, and restart SQL Server",
    ],
  }),
);

const sql: Rule = {
  ...sqlUnknown,
  check(story) {
    const hit = sqlUnknown.check(story);
    const use = answeredSql(story);
    if (!hit || !use) return hit;
    return { ...hit, detail: `${hit.detail} ${sqlWords(use)}`, frames: [...hit.frames, ...framesOfUse(use)] };
  },
};

const sqlRefused: Rule = {
  id: "sql-sspi",
  severity: "warning",
  about: ["quests", "uses"],
  title: "SQL Server refused the log-on",
  specs: ["MS-TDS section 3.3.5.6"],
  check(story) {
    const use = story.verdict === "diverged" ? undefined : answeredSql(story);
    if (use?.answer !== "refused") return null;
    return {
      detail: `The ticket for ${story.service.spn} was issued. ${sqlWords(use)}`,
      frames: framesOfUse(use),
      ...(use.code ? { code: use.code } : {}),
      step: 8,
    };
  },
  advise: (w) => ({
    causes: [
      "18456: the user has no login in SQL Server, or none in the database asked for: its error log names the state",
      "18452: the server could not validate the log-on: NTLM of a domain it does not trust, or a ticket it cannot decrypt",
      "the SPN is on another account than the one that runs SQL Server",
    ],
    confirm: [...sqlNames(w), "the error log of SQL Server: the state behind 18456"],
    fix: [
      `CREATE LOGIN [<domain>\\<user>] FROM WINDOWS    (for ${w.user})`,
      `setspn -S ${w.spn} <service account of SQL Server>`,
    ],
  }),
};

/** Computers answer for `cifs/` by the `HOST/` SPNs of their own names, MS-ADTS section 3.1.1.5.1.3. */
export const fileServerUnknown = unknownService(
  "tgs-s-unknown",
  "No computer is registered under the name of the file server",
  ({ quest }) => (isOf(quest, "cifs") ? "Computers answer for cifs/ by the HOST/ SPNs of their own names." : null),
  (w) => ({
    causes: [
      "the name is an alias (CNAME, hosts file, DFS, load balancer) that no computer account knows",
      "the server is no member of the domain, or of one that this KDC cannot refer to",
      "the computer's HOST/ SPNs are missing, or registered on two accounts",
    ],
    confirm: [`setspn -Q ${w.spn}`, `setspn -Q HOST/${w.host}`, "setspn -X -F    (duplicates)", `klist get ${w.spn}`],
    fix: [
      `netdom computername <server> /add:${w.host}    (an alias: registers name and SPNs)`,
      `setspn -S ${w.spn} <computer account of the server>`,
      "use the server's own name in the path",
    ],
  }),
);

export const namedServiceRules: readonly Rule[] = [directory, sql];
export const namedServiceNotes: readonly Rule[] = [sqlRefused];
