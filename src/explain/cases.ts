import { nt, sec } from "../../dissectors/erref/codes.ts";
import { asCommand } from "../diagnose/command.ts";
import { conclude } from "../diagnose/conclude.ts";
import type { Advice, Rule } from "../diagnose/rule.ts";
import { StoryWords } from "../diagnose/words.ts";
import type { Finding } from "../model/report.ts";
import { isGeneral, kindOf, rulesCalled } from "./own-rules.ts";
import type { Place } from "./pretend.ts";
import { nothing, places, pretend, pretendBind } from "./pretend.ts";
import type { Topic } from "./topic.ts";
import { placeWords, whereOfRule } from "./where.ts";

/** What kflow says of a code or rule at one place of a login: the same as it would say of a capture. */
export interface Case extends Advice {
  readonly where: string;
  /** Id of the rule that speaks; empty where none does. */
  readonly rule: string;
  readonly title: string;
}

/** Every place of a login at which a topic has something to say; empty for those that only point to others. */
export function casesOf(topic: Topic): Case[] {
  switch (topic.origin) {
    case "kerberos":
      return kerberosCases(topic.number ?? 0);
    case "ntstatus":
      return statusCases(topic.number ?? 0);
    case "win32":
      return dataCases(topic.number ?? 0);
    case "ldap":
      return bindCases(topic.number ?? 0, null);
    case "rule":
      return ruleCases(topic.name);
    default:
      return [];
  }
}

/** KDC_ERR_PREAUTH_REQUIRED, KRB_ERR_RESPONSE_TOO_BIG, KDC_ERR_MORE_PREAUTH_DATA_REQUIRED, and no error at all. */
const ORDINARY: readonly number[] = [0, 25, 52, 91];
const BADOPTION = 13;

function kerberosCases(code: number): Case[] {
  if (ORDINARY.includes(code)) return [];
  const [first = "sign-on"] = likeliest.find(([, codes]) => codes.includes(code)) ?? [];
  const inOrder = [first, ...places.filter((place) => place !== first)];
  return inOrder.flatMap((place) => caseAt(place, code, null) ?? []);
}

/** Where codes come that come elsewhere more often than in a sign-on. */
const likeliest: readonly (readonly [place: Place, codes: readonly number[]])[] = [
  ["ticket", [7, 8, 13, 14, 20, 26, 27, 28, 32, 33]],
  ["service", [31, 34, 35, 36, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51]],
];

/** Null where no rule knows the code at this place; delegation counts only where it has rules of its own. */
function caseAt(place: Place, code: number, status: number | null): Case | null {
  if (place === "delegation" && code !== BADOPTION) return null;
  const [finding] = conclude(pretend(place, code, status));
  if (!finding || finding.rule.startsWith("unexplained-") || finding.rule === CATCH_ALL) return null;
  return fromFinding(finding, placeWords[place]);
}

/** The rule that takes any refused token for which nothing better is known. */
const CATCH_ALL = "ap-reject-negstate";

function fromFinding({ rule, title, causes, confirm, fix }: Finding, where: string): Case {
  return { where, rule, title, causes, confirm, fix };
}

/** KRB-ERRORs with which KDCs send an NTSTATUS, MS-KILE 3.3.5 and MS-SFU 3.2.5.2; where each says more than the code. */
const companions: readonly (readonly [status: number, code: number, place: Place])[] = [
  [nt.ACCOUNT_DISABLED, 18, "sign-on"],
  [nt.ACCOUNT_EXPIRED, 18, "sign-on"],
  [nt.ACCOUNT_LOCKED_OUT, 18, "sign-on"],
  [nt.INVALID_LOGON_HOURS, 18, "sign-on"],
  [nt.PASSWORD_EXPIRED, 23, "sign-on"],
  [nt.PASSWORD_MUST_CHANGE, 23, "sign-on"],
  [nt.INVALID_WORKSTATION, 12, "sign-on"],
  [nt.SMARTCARD_LOGON_REQUIRED, 12, "sign-on"],
  [nt.AUTHENTICATION_FIREWALL_FAILED, 12, "sign-on"],
  [nt.AUTHENTICATION_FIREWALL_FAILED, 12, "ticket"],
  [nt.ACCOUNT_RESTRICTION, 12, "sign-on"],
  [nt.TIME_DIFFERENCE_AT_DC, 11, "sign-on"],
  [nt.NOT_SUPPORTED, BADOPTION, "delegation"],
  [nt.NO_MATCH, BADOPTION, "delegation"],
  [nt.NOT_FOUND, BADOPTION, "delegation"],
  [nt.ACCOUNT_RESTRICTION, BADOPTION, "delegation"],
  [nt.INSUFFICIENT_RESOURCES, 60, "ticket"],
];

function statusCases(status: number): Case[] {
  return companions.flatMap(([of, code, place]) => {
    const found = of === status ? caseAt(place, code, status) : null;
    return found ? [{ ...found, where: `${found.where}, with error ${code}` }] : [];
  });
}

const BIND = "step 8 of a login to a directory server, the answer to the bind";
const INVALID_CREDENTIALS = 49;

function bindCases(resultCode: number, data: number | null): Case[] {
  const [finding] = conclude(pretendBind(resultCode, data));
  if (!finding?.rule.startsWith("ldap-")) return [];
  const where = data === null ? BIND : `${BIND}: behind “data” in its text, in hex (${data.toString(16)})`;
  return [fromFinding(finding, where)];
}

/** A Win32 error behind `data`, where the rule says more of it than of any wrong credentials. */
function dataCases(error: number): Case[] {
  const general = bindCases(INVALID_CREDENTIALS, null)[0]?.causes[0];
  return bindCases(INVALID_CREDENTIALS, error).filter(({ causes }) => causes[0] !== general);
}

function pasted({ causes, confirm, fix }: Advice): Advice {
  return { causes, confirm: confirm.map(asCommand), fix: fix.map(asCommand) };
}

/** What a rule advises. Rules that stand in tables know their causes only where they see a KRB-ERROR. */
function ruleCases(id: string): Case[] {
  const own = rulesCalled(id).map((rule) => ({ isGeneral: isGeneral(rule), told: caseOf(rule) }));
  const full = own.find(({ told }) => told.causes.length > 0);
  const seen = full?.isGeneral ? undefined : refusals().find(({ rule }) => rule === id);
  const best = seen ?? full?.told ?? own[0]?.told;
  return best ? [best] : [];
}

function caseOf(rule: Rule): Case {
  const story = nothing(kindOf(rule));
  const advice = pasted(rule.advise(new StoryWords(story), story));
  return { where: whereOfRule(rule.id), rule: rule.id, title: rule.title, ...advice };
}

/** What every KRB-ERROR says at every place: how the rules that stand in tables find their causes. */
function refusals(): Case[] {
  const codes = Array.from({ length: 101 }, (_, code) => code);
  const plain = codes.flatMap((code) => places.flatMap((place) => caseAt(place, code, null) ?? []));
  const named = companions.flatMap(([status, code, place]) => caseAt(place, code, status) ?? []);
  const binds = [8, INVALID_CREDENTIALS].flatMap((code) => bindCases(code, null));
  return [...plain, ...named, ...binds, ...bindCases(INVALID_CREDENTIALS, sec.BAD_BINDINGS)];
}
