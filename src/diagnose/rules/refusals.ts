import { ntStatusName } from "../../../dissectors/erref/codes.ts";
import { errorName, etypeName } from "../../../dissectors/kerberos/codes.ts";
import type { KrbError } from "../../../dissectors/kerberos/message.ts";
import type { Code } from "../../model/report.ts";
import type { Instant } from "../../model/time.ts";

/** The protocol's own name and number of a refusal. */
export function kerberosCode(error: KrbError): Code {
  return { protocol: "kerberos", number: error.errorCode, name: errorName(error.errorCode) };
}

/** `KDC_ERR_CLIENT_REVOKED (18, STATUS_ACCOUNT_DISABLED, "text")`. */
export function spell(error: KrbError): string {
  const more = [
    String(error.errorCode),
    ...(error.ntStatus === null ? [] : [ntStatusName(error.ntStatus)]),
    ...(error.etext ? [`“${error.etext}”`] : []),
  ];
  return `${errorName(error.errorCode)} (${more.join(", ")})`;
}

/** What the sender's own time (stime) says against the frame's; empty where they agree to the minute. */
export function clockWords(error: KrbError, seen: Instant | undefined): string {
  const stated = error.stime === null ? null : secondsOf(error.stime);
  if (stated === null || !seen) return "";
  const skew = Math.round(stated - seen.seconds);
  if (Math.abs(skew) < 60) return " Its own time (stime) agrees with the capture's.";
  const amount =
    Math.abs(skew) < 7200
      ? `${Math.round(Math.abs(skew) / 60)} minutes`
      : `${(Math.abs(skew) / 3600).toFixed(1)} hours`;
  return ` Its own time (stime) is ${amount} ${skew > 0 ? "ahead of" : "behind"} the capture's.`;
}

/** Packets seldom tell which of two clocks is wrong. */
export const resync: readonly string[] = [
  "w32tm /resync /rediscover    (where the clock is wrong)",
  "chronyc makestep    (the same on Linux)",
];

/** KerberosTime `YYYYMMDDHHMMSSZ`, RFC 4120 section 5.2.3. */
function secondsOf(time: string): number | null {
  const m = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(time);
  if (!m) return null;
  const [year, month, day, hour, minute, second] = m.slice(1).map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second) / 1000;
}

/** Codes that are about time: NEVER_VALID, TKT_EXPIRED, TKT_NYV, SKEW. */
export const aboutTime: readonly number[] = [11, 32, 33, 37];

export function etypeList(etypes: readonly number[]): string {
  return etypes.map(etypeName).join(", ");
}
