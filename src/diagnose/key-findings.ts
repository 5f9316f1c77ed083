import { errorName, etypeName } from "../../dissectors/kerberos/codes.ts";
import { limits } from "../bytes/limits.ts";
import { inOrder } from "../correlate/order.ts";
import type { ServiceKey, ServiceKeys, Shown } from "../correlate/tickets/keys.ts";
import type { Code, Finding } from "../model/report.ts";
import { asCommand } from "./command.ts";
import type { KeyVersion, Succession } from "./key-versions.ts";
import { comparable, refusedForItsKey, successionOf, versionsOf } from "./key-versions.ts";
import { shellWord } from "./words.ts";

/** Services that handed out tickets of several keys within one capture. */
export function keyFindings(services: readonly ServiceKeys[]): Finding[] {
  const several = services.filter(({ keys }) => keys.length > 1).flatMap(comparable);
  return [
    ...bounded(several.flatMap((service) => differingVersions(service) ?? [])),
    ...bounded(several.flatMap((service) => differingEtypes(service) ?? [])),
  ];
}

/** The first of them, and how many more there are. */
function bounded(findings: readonly Finding[]): Finding[] {
  const told = findings.slice(0, limits.keyFindings);
  const last = told.at(-1);
  const more = findings.length - told.length;
  if (last === undefined || more === 0) return told;
  const detail = `${last.detail} The same is true of ${more} more ${more === 1 ? "service" : "services"}.`;
  return [...told.slice(0, -1), { ...last, detail }];
}

function differingVersions(service: ServiceKeys): Finding | null {
  const versions = versionsOf(service.keys);
  if (versions.length < 2) return null;
  const succession = successionOf(versions);
  const refused = versions.find((version) => version.refused !== null);
  const isTrouble = refused !== undefined || succession === "falls" || succession === "mixed";
  const list = versions.map((version) => `kvno ${version.kvno}${fateWords(version.keys)}`);
  const spn = shellWord(service.sname);
  return {
    rule: "ticket-kvno-differs",
    severity: isTrouble ? "warning" : "info",
    step: null,
    title: "Tickets for one service are encrypted with different key versions",
    detail: `${service.sname} (${service.realm}): ${list.join("; ")}. ${orderWords(versions, succession)}${refusalWords(versions, refused)}`,
    ...codeOf(refused?.refused),
    ...evidence(service.keys),
    causes: causesOf(versions, succession),
    confirm: [
      `kvno ${spn}`,
      `setspn -Q ${spn}`,
      "Get-ADUser <service account> -Properties msDS-KeyVersionNumber,PasswordLastSet",
      "klist -ke    (keytab of the service)",
      ...(succession === "mixed" || succession === "falls" ? ["repadmin /replsum"] : []),
    ].map(asCommand),
    fix: [
      "klist purge    (on clients that hold a ticket of the old key)",
      "make a new keytab that keeps the old key for one lifetime of a ticket, and restart the service",
      ...(succession === "rises" ? [] : [`setspn -D ${spn} <wrong account>    (where two accounts carry it)`]),
    ].map(asCommand),
  };
}

/** Who holds such tickets, and what became of them. */
function fateWords(keys: readonly ServiceKey[]): string {
  const kdcs = unique(keys.flatMap(({ kdcs: list }) => list));
  const holders = unique(keys.flatMap(({ holders: list }) => list));
  const accepted = keys.find((key) => key.accepted)?.accepted;
  const refused = keys.map(refusedForItsKey).find((one) => one !== null);
  const parts = [
    kdcs.length > 0 ? `issued by ${named(kdcs)} to ${named(holders)}` : `held by ${named(holders)}, issued elsewhere`,
    ...(accepted ? [`accepted by ${accepted.at}`] : []),
    ...(refused ? [`refused by ${refused.at}${codeWords(refused)}`] : []),
  ];
  return ` (${parts.join(", ")})`;
}

const NAMED = 4;
function named(hosts: readonly string[]): string {
  const more = hosts.length - NAMED;
  return more > 0 ? `${hosts.slice(0, NAMED).join(", ")} and ${more} more` : hosts.join(", ");
}

function unique(hosts: readonly string[]): string[] {
  return [...new Set(hosts)];
}

function codeWords({ code }: Shown): string {
  return code === null ? "" : ` with ${errorName(code)} (${code})`;
}

function orderWords(versions: readonly KeyVersion[], succession: Succession): string {
  const kdcs = unique(versions.flatMap((version) => version.kdcs));
  switch (succession) {
    case "rises":
      return `kvno ${versions.at(-1)?.kvno} is the newest: no ticket of an older key was issued after it.`;
    case "falls":
      return "The lower version is the one issued last: a password change raises it, so another account or another copy of the directory stands behind it.";
    case "mixed":
      return kdcs.length > 1
        ? `${named(kdcs)} issue them side by side: their copies of the directory differ.`
        : "They are issued in turn: more than one account may stand behind the name.";
    case "unknown":
      return "The capture shows none of them being issued: the higher one is the newer, if one account stands behind both.";
  }
}

/** Is the refused one the older? */
function refusalWords(versions: readonly KeyVersion[], refused: KeyVersion | undefined): string {
  if (refused === undefined) return "";
  const isOlder = versions.some(({ kvno }) => kvno > refused.kvno);
  const isOldest = versions.every(({ kvno }) => kvno >= refused.kvno);
  if (isOlder && !isOldest) return "";
  return isOldest
    ? " The refused one is the older."
    : " The refused one is the newer: the service still works with the old key.";
}

function causesOf(versions: readonly KeyVersion[], succession: Succession): string[] {
  const first = versions[0]?.firstIssued === null;
  switch (succession) {
    case "rises":
      return [
        `the password of the service's account was changed ${first ? "before the newer ticket was issued, after the older one" : "while the capture ran"}`,
        "the SPN was moved to another account, with a higher key version",
      ];
    case "mixed":
      return [
        "a password change has not reached all domain controllers yet",
        "the SPN is registered on two accounts, and each domain controller finds another one",
      ];
    default:
      return [
        "the SPN was moved to another account, or is registered on two",
        "a domain controller has not seen the last password change, or was restored",
        "the account was deleted and made anew",
      ];
  }
}

/** One key version in several encryption types. */
function differingEtypes(service: ServiceKeys): Finding | null {
  const twice = service.keys.find((key, at) => service.keys.findIndex(({ kvno }) => kvno === key.kvno) < at);
  if (twice === undefined) return null;
  const several = service.keys.filter(({ kvno }) => kvno === twice.kvno);
  const refused = several.map(refusedForItsKey).find((one) => one !== null);
  const isTrouble = refused !== undefined && several.some(({ accepted }) => accepted);
  const list = several.map((key) => `${etypeName(key.etype)}${fateWords([key])}`);
  const spn = shellWord(service.sname);
  return {
    rule: "ticket-etype-differs",
    severity: isTrouble ? "warning" : "info",
    step: null,
    title: "Tickets for one service are encrypted with different encryption types",
    detail: `${service.sname} (${service.realm}): ${list.join("; ")}.${isTrouble ? " The service takes one and refuses the other, as one without a key of that type would." : ""}`,
    ...codeOf(isTrouble ? refused : null),
    ...evidence(several),
    causes: [
      "the clients offer different encryption types",
      "the types of the service's account were changed meanwhile (msDS-SupportedEncryptionTypes)",
      "the domain controllers are configured differently, or have different updates",
    ],
    confirm: [
      `kvno -e aes256-cts-hmac-sha1-96 ${spn}`,
      "Get-ADUser <service account> -Properties msDS-SupportedEncryptionTypes,PasswordLastSet",
      "klist -ke    (keytab of the service)",
    ].map(asCommand),
    fix: [
      "Set-ADUser <service account> -KerberosEncryptionType AES128,AES256",
      "make a keytab with a key of every type that is still issued",
    ].map(asCommand),
  };
}

function codeOf(refused: Shown | null | undefined): { readonly code?: Code } {
  if (refused?.code == null) return {};
  return { code: { protocol: "kerberos", number: refused.code, name: errorName(refused.code) } };
}

/** Where each key was first issued, presented, accepted and refused. */
function evidence(keys: readonly ServiceKey[]): Pick<Finding, "frames" | "filter"> {
  const all = keys.flatMap((key) => [
    key.firstIssued,
    key.firstIssued === null ? key.presented : null,
    key.accepted?.frame ?? null,
    refusedForItsKey(key)?.frame ?? null,
  ]);
  const frames = inOrder(all.filter((frame) => frame !== null)).slice(0, limits.framesPerStep);
  return { frames, filter: frames.map((frame) => `frame.number == ${frame}`).join(" || ") };
}
