import type { KdcExchange } from "../../correlate/evidence.ts";
import type { Story } from "../../correlate/story.ts";
import type { ConnectionFailure } from "../../model/connection.ts";
import { framesOfExchange, framesOfFailures, framesOfQuest, framesOfSignOn } from "../evidence-frames.ts";
import type { Hit, Rule } from "../rule.ts";
import type { Ending } from "../subjects.ts";
import type { Words } from "../words.ts";
import { locatorRules } from "./locator.ts";
import { referralRules } from "./referral.ts";

/** The exchanges that a KDC left unanswered, where that is why the story diverged. */
function silentExchanges(story: Story): readonly KdcExchange[] | null {
  const why = story.why;
  if (why?.what === "tgs-silent") return why.quest.exchanges;
  if (why?.what === "as-silent") return why.signOn.exchanges;
  const stopped = why?.what === "kdc-unreachable" || why?.what === "no-tgs-req";
  return stopped && story.kdcTrouble.isSignOnSilent && story.signOn ? story.signOn.exchanges : null;
}

/** Where a KDC's silence may be the reason. */
const silentEnds: readonly Ending[] = ["tgs-silent", "as-silent", "kdc-unreachable", "no-tgs-req"];

function isSilent(exchanges: readonly KdcExchange[]): boolean {
  return exchanges.length > 0 && exchanges.every((x) => x.reply === null);
}

const noWay = (story: Story) => story.why?.what === "kdc-unreachable" || story.why?.what === "as-unreachable";

function kdcsOf(story: Story, exchanges: readonly KdcExchange[]): string {
  const addresses = [...exchanges.map((x) => x.kdc), ...story.kdcTrouble.failures.map((f) => f.server.address)];
  return [...new Set(addresses)].join(", ");
}

const tryPort = (w: Words) => [`Test-NetConnection ${w.kdc} -Port 88`, `nltest /dsgetdc:${w.domain} /force /kdc`];

const tooBig: Rule = {
  id: "kdc-52-no-tcp",
  severity: "error",
  about: ["kdc-unconnected"],
  title: "The answer needs TCP, and TCP 88 does not work",
  specs: ["RFC 4120 section 7.2.1"],
  check(story) {
    const exchanges = silentOrTooBig(story);
    const told = exchanges.find((x) => x.reply?.message.kind === "KRB-ERROR" && x.reply.message.errorCode === 52);
    const tcp = story.kdcTrouble.failures;
    if (!told || tcp.length === 0) return null;
    return {
      detail: `${told.kdc} said that the answer is too big for UDP (52); the TCP connections that followed failed.`,
      frames: [...framesOfExchange(told), ...framesOfFailures(tcp)],
      code: { protocol: "kerberos", number: 52, name: "KRB_ERR_RESPONSE_TOO_BIG" },
    };
  },
  advise: (w) => ({
    causes: ["a firewall lets UDP 88 pass, but not TCP 88"],
    confirm: [`Test-NetConnection ${w.kdc} -Port 88`],
    fix: [`allow TCP 88 from ${w.client} to ${w.kdc}`],
  }),
};

function silentOrTooBig(story: Story): readonly KdcExchange[] {
  const signOn = story.signOn?.issued ? null : story.signOn;
  return silentExchanges(story) ?? story.quests.at(-1)?.exchanges ?? signOn?.exchanges ?? [];
}

const refusedPort: Rule = {
  id: "kdc-rst",
  severity: "error",
  ends: [...silentEnds, "as-unreachable"],
  title: "No KDC runs where the client looks for one",
  specs: ["RFC 9293 section 3.10.7", "RFC 792"],
  check(story) {
    const exchanges = silentExchanges(story);
    if (!exchanges && !noWay(story)) return null;
    const resets = story.kdcTrouble.failures.filter((f) => f.how === "refused");
    const icmp = story.kdcTrouble.unreachable.map((u) => u.frame);
    if (resets.length === 0 && icmp.length === 0) return null;
    if (story.kdcTrouble.failures.some((f) => f.how === "unanswered" && !mayBeRefused(f, resets))) return null;
    if (exchanges?.some((x) => x.reply === null && x.transport === "udp" && !refusesUdp(story, x.kdc))) return null;
    return {
      detail: `${kdcsOf(story, exchanges ?? [])} refuses port 88 (${said([
        [resets.length, "RST"],
        [icmp.length, "ICMP unreachable"],
      ])}).`,
      frames: [...(exchanges ?? []).flatMap(framesOfExchange), ...framesOfFailures(resets), ...icmp],
    };
  },
  advise: (w) => ({
    causes: [
      "the KDC service is stopped on that host",
      "the client looks for its KDC on a host that is no domain controller (SRV record, krb5.conf)",
    ],
    confirm: [...tryPort(w), "sc.exe query kdc    (on the domain controller)"],
    fix: ["net start kdc    (on the domain controller)", "correct the SRV record or the kdc = line"],
  }),
};

/** A lone SYN to a host that refused another one: the capture lacks its RST. */
function mayBeRefused({ frames, server }: ConnectionFailure, resets: readonly ConnectionFailure[]): boolean {
  return frames.length === 1 && resets.some((other) => other.server.address === server.address);
}

function refusesUdp({ kdcTrouble }: Story, kdc: string): boolean {
  return kdcTrouble.unreachable.some(({ dst }) => dst.address === kdc);
}

const blocked: Rule = {
  id: "kdc-port-blocked",
  severity: "error",
  ends: [...silentEnds, "as-unreachable"],
  title: "The KDC cannot be reached",
  specs: ["RFC 4120 section 7.2"],
  check(story) {
    const exchanges = silentExchanges(story);
    if (!exchanges && !noWay(story)) return null;
    if (exchanges && !isSilent(exchanges)) return null;
    const failures = story.kdcTrouble.failures;
    const silences = noWay(story) ? story.kdcTrouble.silences : [];
    if (failures.length === 0 && silences.length === 0 && story.kdcTrouble.unreachable.length === 0) return null;
    const asked =
      exchanges && exchanges.length > 0
        ? `${count(exchanges.length, "request")} over ${transports(exchanges)} and `
        : "";
    const kdcs = kdcsOf(story, exchanges ?? []) || [...new Set(silences.map((s) => s.target))].join(", ");
    return {
      detail: `${asked}${count(failures.length + silences.length, "connection")} to ${kdcs} port 88 got no answer.`,
      frames: [
        ...(exchanges ?? []).flatMap(framesOfExchange),
        ...framesOfFailures(failures),
        ...silences.flatMap((s) => s.frames),
        ...story.kdcTrouble.unreachable.map((u) => u.frame),
      ],
    };
  },
  advise: (w) => ({
    causes: ["a firewall or VPN drops port 88 between client and domain controller", "the domain controller is down"],
    confirm: tryPort(w),
    fix: [`allow TCP 88 and UDP 88 from ${w.client} to ${w.kdc}`],
  }),
};

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function said(parts: readonly (readonly [number, string])[]): string {
  return parts
    .filter(([number]) => number > 0)
    .map(([number, noun]) => `${number} ${noun}`)
    .join(", ");
}

function transports(exchanges: readonly KdcExchange[]): string {
  return [...new Set(exchanges.map((x) => x.transport.toUpperCase()))].sort().join(" and ");
}

const fragments: Rule = {
  id: "kdc-frag",
  severity: "error",
  ends: silentEnds,
  title: "Fragments of Kerberos messages are lost",
  specs: ["RFC 8900 section 3"],
  check(story) {
    const exchanges = silentExchanges(story);
    if (!exchanges) return null;
    const lost = story.kdcTrouble.lostDatagrams;
    const fragmented = exchanges.filter((x) => x.transport === "udp" && (x.request?.frames.length ?? 0) > 1);
    if (lost.length === 0 && (fragmented.length === 0 || !story.hasKdcTraffic || !answersSmall(story))) return null;
    return {
      detail:
        lost.length > 0
          ? `${lost.length} Kerberos datagrams arrived without all their fragments.`
          : "The request went out in IP fragments and was never answered, while small messages are.",
      frames: [...fragmented.flatMap(framesOfExchange), ...lost.flatMap((d) => d.frames)],
    };
  },
  advise: (w) => ({
    causes: ["a VPN, tunnel or firewall drops IP fragments"],
    confirm: [`ping -f -l 1472 ${w.kdc}`],
    fix: ["udp_preference_limit = 1    (krb5.conf: use TCP)", "MaxPacketSize = 1    (old Windows clients)"],
  }),
};

function answersSmall(story: Story): boolean {
  return story.signOn?.exchanges.some((x) => x.transport === "udp" && x.reply !== null) ?? false;
}

function silence(id: string, title: string, fits: (story: Story) => number[] | null, what: string): Rule {
  return {
    id,
    severity: "error",
    ends: silentEnds,
    title,
    specs: ["RFC 4120 section 7.2"],
    check(story): Hit | null {
      const frames = fits(story);
      const exchanges = silentExchanges(story);
      if (!frames || !exchanges) return null;
      const count = exchanges.reduce((sum, x) => sum + 1 + x.repeats.length, 0);
      return { detail: `${count} ${what} to ${kdcsOf(story, exchanges)}, no reply.`, frames };
    },
    advise: (w) => ({
      causes: ["the KDC is overloaded or hangs", "UDP fragments or replies are lost on the way", "port 88 is blocked"],
      confirm: tryPort(w),
      fix: ["use another domain controller", "udp_preference_limit = 1    (krb5.conf: use TCP)"],
    }),
  };
}

const tgsSilent = silence(
  "tgs-no-reply",
  "The KDC does not answer the TGS-REQ",
  (story) => (story.why?.what === "tgs-silent" ? framesOfQuest(story.why.quest) : null),
  "TGS-REQ",
);

const asSilent = silence(
  "as-no-reply",
  "The KDC does not answer the AS-REQ",
  (story) => (silentExchanges(story) && story.signOn ? framesOfSignOn(story.signOn) : null),
  "AS-REQ",
);

const undelivered: Rule = {
  id: "tcp-not-delivered",
  severity: "error",
  ends: ["tgs-undelivered"],
  title: "The TGS-REQ never arrived at the KDC",
  specs: ["RFC 9293 section 3.10.7"],
  check(story) {
    if (story.why?.what !== "tgs-undelivered") return null;
    return {
      detail: `The TCP connection to ${story.why.exchange.kdc} was opened, but the request's bytes were never acknowledged.`,
      frames: framesOfExchange(story.why.exchange),
    };
  },
  advise: (w) => ({
    causes: ["large packets disappear on the way (MTU of a VPN or tunnel)", "a stateful device lost the connection"],
    confirm: [`ping -f -l 1472 ${w.kdc}`],
    fix: ["let ICMP “fragmentation needed” pass, or lower the MTU of the tunnel"],
  }),
};

/** Finding and reaching a KDC: steps 5 and 6, and sign-on. */
export const kdcRules: readonly Rule[] = [
  tooBig,
  ...referralRules,
  refusedPort,
  blocked,
  fragments,
  undelivered,
  ...locatorRules,
  tgsSilent,
  asSilent,
];
