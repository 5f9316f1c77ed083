/** Lower case, no trailing dot, no port, no brackets of an IPv6 literal. For comparison only. */
export function hostOf(authority: string): string {
  const lower = authority.trim().toLowerCase();
  if (lower.startsWith("[")) return lower.slice(1, lower.indexOf("]") < 0 ? undefined : lower.indexOf("]"));
  const colon = lower.indexOf(":");
  const bare = colon >= 0 && colon === lower.lastIndexOf(":") ? lower.slice(0, colon) : lower;
  return bare.endsWith(".") ? bare.slice(0, -1) : bare;
}

/** The port of `host:port`, or null. */
export function portOf(authority: string): number | null {
  const match = authority.includes(":") ? /:(\d{1,5})$/.exec(authority) : null;
  return match && (authority.startsWith("[") || authority.indexOf(":") === authority.lastIndexOf(":"))
    ? Number(match[1])
    : null;
}

export interface Spn {
  /** As sent: `HTTP`; and in lower case. */
  readonly service: string;
  readonly serviceClass: string;
  /** Normalised; empty when the name has no host (`john`). */
  readonly host: string;
  readonly port: number | null;
}

/** Splits `service/host[:port][/name]`; the host part is normalised for comparison. */
export function splitSpn(sname: string): Spn {
  const slash = sname.indexOf("/");
  const service = slash < 0 ? sname : sname.slice(0, slash);
  const serviceClass = service.toLowerCase();
  if (slash < 0) return { service, serviceClass, host: "", port: null };
  const rest = before("/", sname.slice(slash + 1));
  const authority = before("@", rest);
  return { service, serviceClass, host: hostOf(authority), port: portOf(authority) };
}

function before(mark: string, text: string): string {
  const end = text.indexOf(mark);
  return end < 0 ? text : text.slice(0, end);
}

export function isTicketGranting(sname: string): boolean {
  return sname.charCodeAt(GRANTING.length) === SLASH && isSameName(sname.slice(0, GRANTING.length), GRANTING);
}

const GRANTING = "krbtgt";
const SLASH = 0x2f;

/** The realm behind `krbtgt/REALM`, upper case. */
export function grantedRealm(sname: string): string {
  return sname.slice(sname.indexOf("/") + 1).toUpperCase();
}

/** Names of Kerberos are compared without regard to case; from their ends, as users of one sort begin alike. */
export function isSameName(a: string | null, b: string | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  for (let at = 1; at <= a.length && at <= b.length; at++) {
    const one = a.charCodeAt(a.length - at);
    const other = b.charCodeAt(b.length - at);
    if (one > LAST_ASCII || other > LAST_ASCII) return a.toLowerCase() === b.toLowerCase();
    if (one !== other && lower(one) !== lower(other)) return false;
  }
  return a.length === b.length;
}

const LAST_ASCII = 0x7f;
const CASE_BIT = 0x20;

function lower(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code | CASE_BIT : code;
}

/** Same name, or one is the single-label form of the other. */
export function sameHost(a: string, b: string): boolean {
  if (a === b) return true;
  if (a.includes(".") && b.includes(".")) return false;
  return firstLabel(a) === firstLabel(b) && !isAddress(a) && !isAddress(b);
}

export function firstLabel(host: string): string {
  const dot = host.indexOf(".");
  return dot < 0 ? host : host.slice(0, dot);
}

export function isAddress(host: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(host) || host.includes(":");
}

/** The address behind a PTR query name (`4.2.168.192.in-addr.arpa`), or null. */
export function addressOfPtr(name: string): string | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.in-addr\.arpa$/.exec(name);
  return match ? `${match[4]}.${match[3]}.${match[2]}.${match[1]}` : null;
}
