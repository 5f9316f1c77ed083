import type { Refusal } from "./refusal-rule.ts";
import { resync } from "./refusals.ts";
import type { RefusedSignOn } from "./refused-signon.ts";

/** KRB-ERRORs about clocks, the realm, and what this KDC can do. RFC 4120 section 7.5.9, RFC 6113. */
export const kdcRefusals: readonly Refusal<RefusedSignOn>[] = [
  {
    id: "as-skew",
    codes: [37],
    title: "Client and KDC disagree about the time",
    specs: ["RFC 4120 section 3.1.3", "MS-KILE section 3.1.1.6"],
    causes: () => [
      "the client's clock is wrong (its password was right: the KDC could decrypt the timestamp)",
      "the domain controller's clock is wrong: then all clients fail there",
      "a virtual machine resumed, or a time zone is set wrong",
    ],
    confirm: (w) => [`w32tm /stripchart /computer:${w.kdc} /samples:5 /dataonly`, "w32tm /query /status"],
    fix: () => resync,
  },
  {
    id: "as-wrong-realm",
    codes: [68],
    title: "The user belongs to another realm",
    specs: ["RFC 6806 section 7"],
    causes: ({ error }) => [
      `the KDC points to realm ${error.crealm ?? "another"}; the client did not follow`,
      "the UPN suffix is routed to another forest",
    ],
    confirm: (w) => [`kinit -C ${w.principal}`, "nltest /domain_trusts"],
    fix: () => ["use the account's own realm, or allow canonicalization (kinit -C, canonicalize = true)"],
  },
  {
    id: "as-fast-option",
    codes: [93],
    title: "The KDC does not know a FAST option of the client",
    specs: ["RFC 6113 section 5.4.2"],
    causes: () => ["the KDC is older than the client's armoring option"],
    confirm: () => ["compare the versions of client and KDC"],
    fix: () => ["update the KDC, or switch the option off at the client"],
  },
  {
    id: "as-never-valid",
    codes: [11],
    title: "The ticket asked for would never be valid",
    specs: ["RFC 4120 section 3.1.3"],
    causes: () => ["the clocks differ", "the lifetime asked for contradicts the policy"],
    confirm: (w) => [`w32tm /stripchart /computer:${w.kdc} /samples:5 /dataonly`],
    fix: () => ["w32tm /resync /rediscover", "correct the lifetime (ticket_lifetime, policy)"],
  },
  {
    id: "as-svc-unavailable",
    codes: [29],
    title: "The KDC is not ready",
    specs: ["RFC 4120 section 7.5.9"],
    causes: () => [
      "the domain controller starts or shuts down",
      "a read-only domain controller cannot reach a writable one",
    ],
    confirm: (w) => [`nltest /dsgetdc:${w.domain} /force /kdc`],
    fix: () => ["use another domain controller, restore this one"],
  },
];
