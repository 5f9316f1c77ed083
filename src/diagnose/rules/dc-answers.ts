import { dcFlags, netlogonOperations } from "../../../dissectors/ldap/codes.ts";
import type { Fate, PingedDc } from "../../correlate/locator-fates.ts";
import { NONE, those } from "../../correlate/order.ts";
import type { DcLocator, Story } from "../../correlate/story.ts";
import type { Code } from "../../model/report.ts";
import { ERROR_1355, failed, having, others, testsOf } from "../dc-failed.ts";
import { framesOfDcs, spellDc, spellDcs, wordOfDc } from "../dc-words.ts";
import type { Advice, Rule } from "../rule.ts";
import type { Words } from "../words.ts";
import { shellWord } from "../words.ts";

const ANSWER = "MS-ADTS 6.3.1.3";

export const empty: Rule = {
  id: "loc-cldap-empty",
  severity: "error",
  about: ["locator"],
  title: "The LDAP-UDP answer is empty",
  specs: ["MS-ADTS 6.3.3.2", "MS-ADTS 6.3.3.3"],
  check(story) {
    const locator = failed(story);
    const barren = having(locator?.dcs ?? [], "empty");
    if (!locator || barren.length === 0) return null;
    return {
      detail: `${spellDcs(story, barren)} ended the search without an entry: it is no domain controller of ${locator.search.domain || "the domain asked for"}.${others(story, locator.dcs, barren)} ${ERROR_1355}`,
      frames: framesOfDcs(barren),
    };
  },
  advise: (w) => ({
    causes: [
      "the client asks for a domain that this server does not host: name, GUID or SID",
      "DNS leads to a domain controller of another domain",
      "the server is an LDAP server of another kind",
    ],
    confirm: [...testsOf(w), `nslookup -type=SRV _ldap._tcp.dc._msdcs.${w.domain} ${w.dns}`],
    fix: ["correct the domain name in the client's configuration (ad_domain of SSSD, the trust, the realm of Samba)"],
  }),
};

/** A rule on controllers that answer with certain operation codes. */
function answeredRule(
  fate: Fate,
  card: Pick<Rule, "id" | "title">,
  words: (locator: DcLocator) => string,
  advise: Rule["advise"],
): Rule {
  return {
    ...card,
    severity: "error",
    about: ["locator"],
    specs: [ANSWER],
    check(story) {
      const locator = failed(story);
      const these = having(locator?.dcs ?? [], fate);
      const first = these[0];
      if (!locator || !first) return null;
      const code = codeOf(first);
      const said = code ? ` (operation ${code.number}, ${code.name})` : "";
      return {
        detail: `${spellDcs(story, these)} ${words(locator)}${said}.${others(story, locator.dcs, these)} ${ERROR_1355}`,
        frames: framesOfDcs(these),
        ...(code ? { code } : {}),
      };
    },
    advise,
  };
}

function codeOf(dc: PingedDc): Code | null {
  const opcode = dc.pings.findLast(({ entry }) => entry !== null)?.entry?.message.opcode ?? null;
  const name = opcode === null ? undefined : netlogonOperations[opcode];
  return opcode === null ? null : { protocol: "netlogon", number: opcode, name: name ?? `operation ${opcode}` };
}

function accountOf({ search }: DcLocator): string {
  return search.pings.flatMap(({ queries }) => queries.map(({ message }) => message.user)).find((user) => user) ?? "";
}

export const unknownUser = answeredRule(
  "unknown-user",
  { id: "loc-user-unknown", title: "The domain controller does not know the account that asks" },
  (locator) => `does not know the account ${accountOf(locator) || "of the client"}`,
  (w, story) => {
    const user = (story.client.user ?? "").replace(/\$$/, "");
    const dc = wordOfDc(story, story.locator?.dcs[0]);
    return {
      causes: [
        "the machine account is missing, deleted or disabled",
        "the account was created a moment ago and has not come to this domain controller yet",
      ],
      confirm: [
        `nltest /sc_verify:${w.domain}`,
        `Get-ADComputer ${user ? shellWord(user) : "<computer>"} -Server ${dc} -Properties Enabled,whenCreated`,
      ],
      fix: [
        "Test-ComputerSecureChannel -Repair",
        `Add-Computer -DomainName ${w.domain}    (joins the domain anew, when the account is gone)`,
        "repadmin /syncall /AdeP    (when other domain controllers know the account)",
      ],
    };
  },
);

export const paused = answeredRule(
  "paused",
  { id: "loc-paused", title: "The domain controller says that it is paused" },
  () => "says that its Netlogon service is paused",
  (_, story) => ({
    causes: [
      "Netlogon on the domain controller is paused, or it is still starting",
      "SYSVOL is not ready: the first replication is not finished or is broken",
    ],
    confirm: [
      `nltest /server:${wordOfDc(story, story.locator?.dcs[0])} /query`,
      "Get-Service Netlogon    (on the domain controller; System log: NETLOGON 5706, DFSR 4012)",
      "net share    (on the domain controller: are SYSVOL and NETLOGON there?)",
    ],
    fix: [
      "net continue netlogon    (on the domain controller)",
      "net start netlogon    (on the domain controller, when it is stopped)",
      "repair the replication of SYSVOL",
    ],
  }),
);

export const notKdc: Rule = {
  id: "loc-no-kdc-flag",
  severity: "error",
  about: ["locator"],
  title: "The domain controller is no KDC",
  specs: ["MS-ADTS 6.3.1.2"],
  check(story) {
    const locator = failed(story);
    const these = having(locator?.dcs ?? [], "not-kdc");
    if (!locator || these.length === 0) return null;
    return {
      detail: `${flagWords(story, these)} The client asked for a KDC.${others(story, locator.dcs, these)} ${ERROR_1355}`,
      frames: framesOfDcs(these),
    };
  },
  advise: kdcAdvice,
};

/** What the flags say, without a look-up that tells that a KDC was wanted. */
export const noKdcFlag: Rule = {
  id: "loc-no-kdc-flag",
  severity: "warning",
  about: ["locator", "ok"],
  title: "The domain controller that was found is no KDC",
  specs: ["MS-ADTS 6.3.1.2"],
  check(story) {
    const dcs = story.locator?.dcs ?? NONE;
    if (dcs.some(mayBeKdc)) return null;
    const these = having(dcs, "found");
    if (these.length === 0) return null;
    return { detail: flagWords(story, these), frames: framesOfDcs(these), step: 4 };
  },
  advise: kdcAdvice,
};

/** It says so, or says nothing of it. */
function mayBeKdc({ fate, pings }: PingedDc): boolean {
  if (fate !== "found") return false;
  let isSilent = true;
  for (const { entry } of pings) {
    const flags = entry?.message.flags ?? null;
    if (flags !== null && (flags & dcFlags.KDC) !== 0) return true;
    if (flags !== null) isSilent = false;
  }
  return isSilent;
}

function flagWords(story: Story, these: readonly PingedDc[]): string {
  const flags = these[0]?.pings.findLast(({ entry }) => entry !== null)?.entry?.message.flags ?? 0;
  return `${spellDcs(story, these)} answered with flags 0x${flags.toString(16)}, without DS_KDC_FLAG (0x20): it issues no tickets.`;
}

function kdcAdvice(w: Words, story: Story): Advice {
  const dc = wordOfDc(story, story.locator?.dcs[0]);
  return {
    causes: ["the Kerberos Key Distribution Center service is stopped on that domain controller"],
    confirm: [`sc.exe \\\\${dc} query kdc`, `nltest /dsgetdc:${w.domain} /force /kdc`],
    fix: ["net start kdc    (on the domain controller)"],
  };
}

export const wrongSite: Rule = {
  id: "loc-wrong-site",
  severity: "warning",
  about: ["locator", "ok"],
  title: "The domain controller is not in the client's site",
  specs: ["MS-ADTS 6.3.1.9", "MS-ADTS 6.3.1.2"],
  check(story) {
    const dcs = story.locator?.dcs ?? NONE;
    if (dcs.some(mayBeNear)) return null;
    const remote = dcs.find(isFound);
    const sites = remote ? sitesOf(remote) : null;
    if (!remote || !sites) return null;
    const { clientSite, dcSite } = sites;
    const client =
      clientSite === "" ? "the client's address belongs to no site" : `the client is in site ${clientSite}`;
    return {
      detail: `${spellDc(story, remote)} is in site ${dcSite || "(none)"}; ${client}. Logons and tickets may come over a slow line.`,
      frames: framesOfDcs([remote]),
      step: 4,
    };
  },
  advise: (w, story) => ({
    causes: [
      "the client's subnet is missing in Active Directory Sites and Services",
      "its site has no domain controller",
    ],
    confirm: ["nltest /dsgetsite", `nltest /dsgetdc:${w.domain}`, "Get-ADReplicationSubnet -Filter *"],
    fix: [`New-ADReplicationSubnet -Name <subnet of ${story.client.address || "the client"}> -Site <site>`],
  }),
};

const isFound = ({ fate }: PingedDc) => fate === "found";
const mayBeNear = (dc: PingedDc) => isFound(dc) && sitesOf(dc) === null;

/** The sites of an answer that puts the controller elsewhere; null where it is near, or does not say. */
function sitesOf({ pings }: PingedDc): { readonly clientSite: string; readonly dcSite: string } | null {
  const message = pings.findLast(({ entry }) => entry !== null)?.entry?.message;
  if (message?.clientSite == null || message.dcSite === null || message.flags === null) return null;
  const { clientSite, dcSite, flags } = message;
  const isNear = (flags & dcFlags.CLOSEST) !== 0 || clientSite.toLowerCase() === dcSite.toLowerCase();
  return isNear ? null : { clientSite, dcSite };
}

export const passedOver: Rule = {
  id: "loc-dc-failover",
  severity: "info",
  about: ["locator", "ok"],
  title: "Another domain controller took over",
  specs: [ANSWER],
  check(story) {
    const useless = those(story.locator?.dcs ?? NONE, isUseless);
    if (useless.length === 0) return null;
    const reasons = useless.map((dc) => `${spellDc(story, dc)} (${codeOf(dc)?.name ?? "no entry"})`).join(", ");
    return { detail: `Of no use to the client: ${reasons}.`, frames: framesOfDcs(useless), step: 4 };
  },
  advise: () => ({ causes: [], confirm: [], fix: [] }),
};

const isUseless = ({ fate }: PingedDc) => fate !== "found" && fate !== "silent" && fate !== "rejected";
