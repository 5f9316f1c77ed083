/** What a domain controller is wanted for: any, one with the global catalog, or the PDC emulator. */
export type DcRole = "dc" | "gc" | "pdc";

/** An SRV name by which domain controllers are found, taken apart. */
export interface LocatorName {
  readonly domain: string;
  readonly role: DcRole;
  /** Lower case; null in the forms that ask for the whole domain. */
  readonly site: string | null;
  /** `_kerberos`: the controller must be a KDC. */
  readonly needsKdc: boolean;
  /** `_ldap._tcp.<domain>` and `_gc._tcp.<forest>`: any LDAP client may ask that. */
  readonly isPlain: boolean;
}

/** MS-ADTS 6.3.2.3: service, then site and `_msdcs` parts where there are any, then the domain. */
const FORM =
  /^_(ldap|kerberos|gc)\._(?:tcp|udp)\.(?:([^.]+)\._sites\.)?(?:(?:(dc|gc|pdc)|[0-9a-f-]{36}\.domains)\._msdcs\.)?(?!_)([^_].*)$/;

/**
 * Takes an SRV name (normalised as by `hostOf`) apart; null for names of other services.
 *
 * `_kerberos._tcp.<realm>` without site or `_msdcs` is how MIT, Heimdal and Java look for a KDC and pings nobody: no
 * locator name.
 */
export function readLocatorName(name: string): LocatorName | null {
  if (!name.startsWith("_")) return null;
  const match = FORM.exec(name);
  if (!match) return null;
  const [, service = "", site, role, domain = ""] = match;
  const isPlain = site === undefined && !name.includes("._msdcs.");
  if (isPlain && service === "kerberos") return null;
  return {
    domain,
    role: role === "gc" || role === "pdc" ? role : service === "gc" ? "gc" : "dc",
    site: site ?? null,
    needsKdc: service === "kerberos",
    isPlain,
  };
}
