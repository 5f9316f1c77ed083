import type { Place } from "./pretend.ts";

/** Where in a login a KRB-ERROR stands, by who sends it. */
export const placeWords = {
  "sign-on": "step 2 of a sign-on, the KDC's answer to the AS-REQ (and step 5 of a login that it stops)",
  ticket: "step 6, the KDC's answer to the TGS-REQ",
  delegation: "step 6, the KDC's answer to a service that asks in a user's name (S4U2proxy)",
  service: "step 8, the service's answer to the token",
} as const satisfies Record<Place, string>;

/** Where the rules of a family look; the first prefix that fits counts. */
const families: readonly (readonly [prefix: string, where: string])[] = [
  ["loc-kdc-realm", "step 5 of a login, step 1 of a sign-on: the client looks for a KDC"],
  ["loc-netbios", "step 1 of the search for a domain controller"],
  ["loc-srv-nxdomain", "step 2 of the search for a domain controller"],
  ["loc-", "step 4 of the search for a domain controller"],
  ["dns-", "steps 1 and 2, the name"],
  ["tcp-rst-mid", "step 8, the service's answer to the token"],
  ["tcp-", "step 3, the connection (or 5 and 7, where a request does not arrive)"],
  ["http-401-ignored", "step 5, the request for a ticket"],
  ["http-", "step 4, the challenge"],
  ["kdc-", "steps 5 and 6, the KDC"],
  ["as-", "the sign-on: step 2, and step 5 of a login that it stops"],
  ["tgs-no-request", "step 5, the request for a ticket"],
  ["tgs-", "step 6, the KDC's answer"],
  ["del-", "step 6, the KDC's answer to a service that asks in a user's name"],
  ["ap-not-sent", "step 7, the token"],
  ["ap-", "step 8, the service's answer to the token"],
  ["neg-ntlm-only", "step 4, the challenge"],
  ["neg-mech", "step 8, the service's answer to the token"],
  ["neg-", "steps 5 to 8, the choice of the mechanism"],
  ["smb-", "steps 5 to 8 of a login to a file server"],
  ["ldap-", "steps 6 to 8 of a login to a directory server"],
  ["sql-", "step 6 of a login to SQL Server"],
  ["kpasswd-", "beside a sign-on: the change of a password"],
  ["perf-", "beside a login that works"],
  ["cap-", "the capture itself"],
];

/** Where the rule of this id looks; empty where its family is not known. */
export function whereOfRule(id: string): string {
  return families.find(([prefix]) => id.startsWith(prefix))?.[1] ?? "";
}
