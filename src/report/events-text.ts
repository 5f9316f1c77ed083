import type { Sequence } from "../model/report.ts";
import { clean } from "./clean.ts";
import type { Look } from "./look.ts";
import { indented } from "./wrap.ts";

/** Narrower than this, an entry would take more lines than it is worth. */
const LEAST_WIDTH = 60;
const SHOWN = 8;

/** Where a login went wrong: what to look for in which host's log, an entry in a line or two. */
export function eventLines({ verdict, facts }: Sequence, look: Look): string[] {
  const { events } = facts;
  if (verdict !== "diverged" || look.width < LEAST_WIDTH || !Array.isArray(events)) return [];
  const lines = events.slice(0, SHOWN).flatMap((event: unknown) => entryLines(event, look));
  const more = events.length - SHOWN;
  if (more > 0) lines.push(`  and ${more} more, in the JSON report`);
  return lines.length === 0 ? [] : ["", look.paint("bold", "What the event logs should show (of Windows)"), ...lines];
}

/** `  iisserver.contoso.com  Security 4625  10:01:27.440  TargetUserName John, IpPort 50000` */
function entryLines(event: unknown, look: Look): string[] {
  if (typeof event !== "object" || event === null) return [];
  const { host, log, id, at, fields }: { [name: string]: unknown } = { ...event };
  const all = Object.entries({ ...(typeof fields === "object" ? fields : {}) });
  const said = all.filter(([name, value]) => value !== undefined && !minor.has(name));
  const values = said.map(([name, value]) => `${name} ${value}`).join(", ");
  return indented(clean(`${host}: ${log} ${id} at ${clock(at)}: ${values}`), look.width, 6, "  - ");
}

/** What finds no entry that the rest does not find; the JSON report has it. */
const minor: ReadonlySet<string> = new Set([
  "TargetDomainName",
  "LogonType",
  "TicketOptions",
  "TicketEncryptionType",
  "PreAuthType",
  "TargetRealm",
  "sc-status",
  "sc-substatus",
]);

/** `10:01:27.440` */
function clock(at: unknown): string {
  return typeof at === "string" ? at.slice(11, 23) : "";
}
