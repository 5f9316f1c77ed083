import type { Rule } from "../diagnose/rule.ts";
import { rules } from "../diagnose/rules/index.ts";
import type { Kind } from "../model/steps.ts";

/** The rules of an id; several may share one: then those that speak of any service come first. */
export function rulesCalled(id: string): readonly Rule[] {
  const same = rules.filter((rule) => rule.id === id);
  return [...same.filter(isGeneral), ...same.filter((rule) => !isGeneral(rule))];
}

/** Whether a rule speaks of no kind of service more than of another. */
export function isGeneral(rule: Rule): boolean {
  return kindOf(rule) === "http";
}

/** The kind of login that a rule speaks of: those for one kind say so in their titles, if nowhere else. */
export function kindOf({ id, title, about = [] }: Rule): Kind {
  if (about.includes("files") || id.startsWith("smb-") || /file server/i.test(title)) return "smb";
  return about.includes("directory") || id.startsWith("ldap-") ? "ldap" : "http";
}
