import type { Story } from "../correlate/story.ts";
import { type ServiceWords, serviceWords } from "./service-words.ts";

/** The real names of a story, safe to stand in a command; `<…>` where the capture does not show one. */
export interface Words {
  readonly service: ServiceWords;
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
  /** The service as a key table names it, as one word: `HTTP/host@REALM`. */
  readonly servicePrincipal: string;
  /** `http://host[:port]/`. */
  readonly url: string;
  /** A command that tries the service, and one that logs on to it. */
  readonly tryOut: string;
  readonly logOn: string;
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

/** The words of one story, each made when an advice asks for it: few do. */
export class StoryWords implements Words {
  private readonly story: Story;

  constructor(story: Story) {
    this.story = story;
  }

  get service(): ServiceWords {
    return serviceWords(this.story);
  }
  get port(): number {
    return this.story.service.port ?? 80;
  }

  get host(): string {
    return word(this.hostName, "host");
  }
  get shortHost(): string {
    return word(this.hostName?.split(".")[0], "short name");
  }
  get zone(): string {
    return word(this.hostName?.split(".").slice(1).join("."), "zone");
  }
  get address(): string {
    return word(this.story.service.address, "address");
  }
  get spn(): string {
    const { spn } = this.story.service;
    return spn ? shellWord(spn) : this.hostSpn;
  }
  get spnQuoted(): string {
    return quoted(this.story.service.spn ?? `${this.service.spnClass}/${this.hostName ?? "<host>"}`);
  }
  get hostSpn(): string {
    return word(this.hostName && `${this.service.spnClass}/${this.hostName}`, "SPN");
  }
  get realm(): string {
    return word(this.realmName, "REALM");
  }
  get domain(): string {
    return word(this.realmName?.toLowerCase(), "domain");
  }
  get user(): string {
    return word(this.story.client.user, "user");
  }
  get principal(): string {
    const { user } = this.story.client;
    // An enterprise name (RFC 6806 section 5) is a whole one already.
    const name = user?.includes("@") ? user : user && this.realmName && `${user}@${this.realmName}`;
    return word(name, "user@REALM");
  }
  get servicePrincipal(): string {
    const { spn } = this.story.service;
    const name = spn ?? (this.hostName && `${this.service.spnClass}/${this.hostName}`);
    return word(name && this.realmName && `${name}@${this.realmName}`, "SPN@REALM");
  }
  get client(): string {
    return word(this.story.client.address, "client");
  }
  get kdc(): string {
    return word(kdcOf(this.story), "domain controller");
  }
  get dns(): string {
    return word(this.story.lookups[0]?.server, "DNS server");
  }
  get tryOut(): string {
    return this.service.tryOut(this.host, this.url);
  }
  get logOn(): string {
    return this.service.logOn(this.host, this.url);
  }
  get url(): string {
    const port = this.port === 80 ? "" : `:${this.port}`;
    return this.hostName ? shellWord(`http://${this.hostName}${port}/`) : "<URL>";
  }

  private get hostName(): string | undefined {
    return this.story.service.host ?? this.story.service.address;
  }
  private get realmName(): string | undefined {
    return this.story.service.realm ?? this.story.client.realm ?? realmOf(this.story) ?? realmLookedFor(this.story);
  }
}

/** One word for a shell; `<unknown>` where there is none. */
export function word(text: string | undefined | null, unknown: string): string {
  return text ? shellWord(text) : `<${unknown}>`;
}

function realmOf(story: Story): string | undefined {
  return story.signOn?.realm ?? story.quests[0]?.exchanges[0]?.request?.message.realm;
}

/** SRV and URI names of KDCs, MS-ADTS 6.3.2.3 and RFC 4120 section 7.2.3.2: the realm stands at their end. */
const KDC_NAME = /^_kerberos\.(?:_(?:udp|tcp)\.)?(?:[^.]+\._sites\.)?(?:dc\._msdcs\.)?([^_].*)$/i;

/** The realm whose KDCs DNS does not name: all that is known of a client that found none. */
function realmLookedFor({ kdcTrouble }: Story): string | undefined {
  for (const { name } of kdcTrouble.lookups) {
    const realm = KDC_NAME.exec(name)?.[1];
    if (realm !== undefined) return realm.toUpperCase();
  }
  return undefined;
}

function kdcOf(story: Story): string | undefined {
  const fromQuest = story.quests.at(-1)?.exchanges.at(-1)?.kdc;
  const fromSignOn = story.signOn?.exchanges.at(-1)?.kdc;
  return fromQuest ?? fromSignOn ?? story.kdcTrouble.failures[0]?.server.address ?? story.locator?.dcs.at(-1)?.address;
}
