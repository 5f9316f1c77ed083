import type { Story } from "../correlate/story.ts";

/** The real names of a story, safe to stand in a command; `<…>` where the capture does not show one. */
export interface Words {
  readonly host: string;
  readonly shortHost: string;
  readonly zone: string;
  readonly port: number;
  readonly address: string;
  readonly spn: string;
  /** The same, always in single quotes: for PowerShell values. */
  readonly spnQuoted: string;
  /** What clients of this kind of service ask for by its name: `HTTP/host`, `ldap/host`. */
  readonly hostSpn: string;
  readonly realm: string;
  readonly domain: string;
  readonly user: string;
  /** `user@REALM` as one word: PowerShell reads `'user'@'REALM'` as the start of a here-string. */
  readonly principal: string;
  readonly client: string;
  readonly kdc: string;
  readonly dns: string;
  /** `http://host[:port]/`. */
  readonly url: string;
}

/** Harmless in PowerShell, cmd and sh alike; a machine account ends in `$`. */
const PLAIN = /^[A-Za-z0-9._:/][A-Za-z0-9._:/@+-]*\$?$/;

/** One word for a shell: as it is when harmless, else in single quotes (PowerShell and sh agree on those). */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : quoted(text);
}

/** Always in single quotes; what could end them (in PowerShell typographic ones do) or hide is shown as `?`. */
export function quoted(text: string): string {
  const visible = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}'\u2018-\u201B]/gu, "?");
  return `'${visible}'`;
}

export function wordsOf(story: Story): Words {
  const host = story.service.host ?? story.service.address;
  const realm = story.service.realm ?? story.client.realm ?? realmOf(story);
  const kdc = kdcOf(story);
  const word = (text: string | undefined | null, unknown: string) => (text ? shellWord(text) : `<${unknown}>`);
  const spnClass = story.kind === "ldap" ? "ldap" : "HTTP";
  const port = story.service.port ?? 80;
  return {
    host: word(host, "host"),
    shortHost: word(host?.split(".")[0], "short name"),
    zone: word(host?.split(".").slice(1).join("."), "zone"),
    port,
    address: word(story.service.address, "address"),
    spn: story.service.spn ? shellWord(story.service.spn) : word(host && `${spnClass}/${host}`, "SPN"),
    spnQuoted: quoted(story.service.spn ?? `${spnClass}/${host ?? "<host>"}`),
    hostSpn: word(host && `${spnClass}/${host}`, "SPN"),
    realm: word(realm, "REALM"),
    domain: word(realm?.toLowerCase(), "domain"),
    user: word(story.client.user, "user"),
    principal: word(story.client.user && realm && `${story.client.user}@${realm}`, "user@REALM"),
    client: word(story.client.address, "client"),
    kdc: word(kdc, "domain controller"),
    dns: word(story.lookups[0]?.server, "DNS server"),
    url: host ? shellWord(`http://${host}${port === 80 ? "" : `:${port}`}/`) : "<URL>",
  };
}

function realmOf(story: Story): string | undefined {
  return story.signOn?.realm ?? story.quests[0]?.exchanges[0]?.request?.message.realm;
}

function kdcOf(story: Story): string | undefined {
  const fromQuest = story.quests.at(-1)?.exchanges.at(-1)?.kdc;
  const fromSignOn = story.signOn?.exchanges.at(-1)?.kdc;
  return fromQuest ?? fromSignOn ?? story.kdcTrouble.failures[0]?.server.address ?? story.locator?.dcs.at(-1)?.address;
}
