import { isAddress, sameHost } from "../../correlate/names.ts";
import type { Story } from "../../correlate/story.ts";
import { framesOfAttempt, framesOfExchange, framesOfLookups } from "../evidence-frames.ts";
import type { Advice, Rule } from "../rule.ts";
import { namesOf, otherHost, type ServiceNames } from "../service-names.ts";
import type { Words } from "../words.ts";
import { shellWord } from "../words.ts";
import { refusedAttempt } from "./refused-token.ts";

/** Where the ticket was asked for; a ticket from a cache is seen when it is presented. */
function framesOfTicket(story: Story): number[] {
  const asked = story.quests.filter(({ ticket }) => ticket !== null).flatMap(({ exchanges }) => exchanges);
  if (asked.length > 0) return asked.flatMap(framesOfExchange);
  const presented = story.legs.flatMap(({ attempts }) => attempts).find(({ apReq }) => apReq);
  return presented ? framesOfAttempt(presented) : [];
}

/** Why the names may differ, as far as DNS says so. */
function wayOf(host: string, { canonical, ptr }: ServiceNames): string {
  if (canonical !== null && sameHost(host, canonical)) return ": DNS says that the one is an alias of the other";
  return ptr !== null && sameHost(host, ptr) ? ": DNS calls the server's address so (PTR)" : "";
}

const differs: Rule = {
  id: "tgs-spn-name-differs",
  severity: "info",
  about: ["other-name"],
  title: "The ticket is for another name than the one asked for",
  specs: [],
  check(story) {
    const host = otherHost(story);
    if (host === null) return null;
    const names = namesOf(story);
    const own = names.serverName === null ? "" : ` The server calls itself ${names.serverName}.`;
    return {
      detail: `The request is for ${names.host}, the ticket for ${names.ticketSname ?? names.sname}${wayOf(host, names)}.${own}`,
      frames: framesOfTicket(story),
      step: 5,
    };
  },
  advise: (w, story) => compareNames(w, namesOf(story)),
};

/** Looks at each name in turn. */
function compareNames(w: Words, { host, canonical, sname, ticketSname }: ServiceNames): Advice {
  const spn = ticketSname ?? sname;
  const others = [host, canonical].filter((name) => name !== null && !isAddress(name));
  return {
    causes: [
      "an alias (CNAME), a load balancer, or a line of the hosts file stands between the two names",
      "the client follows DNS to the server's own name before it asks (browsers on Windows, MIT libraries)",
    ],
    confirm: [
      `nslookup ${w.host} ${w.dns}`,
      ...(spn === null ? [] : [`setspn -Q ${shellWord(spn)}`]),
      ...others.map((name) => `setspn -Q ${w.service.spnClass}/${shellWord(name ?? "")}`),
    ],
    fix: ["register every name that clients use on the one account that runs the service"],
  };
}

/** BAD_INTEGRITY, NOT_US, MODIFIED, BADKEYVER: the service refuses the ticket for its key or its name. */
const ABOUT_NAME_OR_KEY: readonly number[] = [31, 35, 41, 44];

/** The login went well, or its ticket was refused in a way that a wrong name explains. */
function isWorthAWord(story: Story): boolean {
  if (story.verdict === "ok") return true;
  const code = refusedAttempt(story)?.error?.errorCode;
  return code !== undefined && ABOUT_NAME_OR_KEY.includes(code);
}

const reverse: Rule = {
  id: "dns-ptr-spn",
  severity: "warning",
  about: ["quests", "other-name"],
  title: "The name in the ticket comes from a reverse look-up",
  specs: [],
  check(story) {
    const host = otherHost(story);
    if (host === null || !isWorthAWord(story)) return null;
    const names = namesOf(story);
    const { ptr, canonical } = names;
    if (ptr === null || !sameHost(host, ptr) || (canonical !== null && sameHost(host, canonical))) return null;
    return {
      detail: `The client was after ${names.host}, asked DNS for the name of ${story.service.address}, and took ${ptr} into the SPN: whoever changes that record changes which ticket is asked for.`,
      frames: framesOfTicket(story),
      step: 5,
    };
  },
  advise: (w) => ({
    causes: ["rdns is on (the default of MIT libraries), and the PTR record names another host than the URL"],
    confirm: [`nslookup ${w.address} ${w.dns}`],
    fix: ["rdns = false    (krb5.conf, [libdefaults])", "or correct the PTR record"],
  }),
};

const alias: Rule = {
  id: "dns-cname-spn",
  severity: "warning",
  about: ["legs"],
  ends: ["ap-refused"],
  title: "The refused ticket is for the name behind an alias",
  specs: [],
  check(story) {
    if (story.verdict === "ok" || !isWorthAWord(story)) return null;
    const names = namesOf(story);
    if (names.host === null || names.canonical === null || sameHost(names.host, names.canonical)) return null;
    return {
      detail: `${names.host} is an alias of ${names.canonical}, and the ticket is for ${names.ticketSname ?? names.sname}: the account of that name need not be the one that runs the service.`,
      frames: [...framesOfLookups(story.lookups), ...framesOfTicket(story)],
      step: 5,
    };
  },
  advise: (w, story) => compareNames(w, namesOf(story)),
};

/** Names that differ on the way from the URL to the server. */
export const nameNotes: readonly Rule[] = [reverse, alias, differs];
