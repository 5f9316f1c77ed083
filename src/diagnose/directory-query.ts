import { quoted, word } from "./words.ts";

/** RFC 4515 section 3. */
function escaped(value: string): string {
  return value.replace(/[\\*()]/g, (sign) => `\\${sign.charCodeAt(0).toString(16)}`);
}

/** A command that shows attributes of the account that is called so, or that has this SPN; null: it is not known. */
export function showAccount(name: string | null, unknown: string, ...attributes: readonly string[]): string {
  return `${findAccount(name, unknown)} -Properties ${attributes.join(",")}`;
}

/** The account as a command that finds it. */
export function findAccount(name: string | null, unknown: string): string {
  if (name === null) return `Get-ADObject <${unknown}>`;
  const attribute = name.includes("/") ? "servicePrincipalName" : "sAMAccountName";
  return `Get-ADObject -LDAPFilter ${quoted(`(${attribute}=${escaped(name)})`)}`;
}

/** The account of a front-end as `Set-ADComputer` takes it: a computer's name ends in `$`. */
export function findPrincipal(name: string | null): string {
  if (name === null) return "Get-ADComputer <front-end>";
  return name.endsWith("$") ? `Get-ADComputer ${word(name.slice(0, -1), "")}` : `Get-ADUser ${word(name, "")}`;
}
