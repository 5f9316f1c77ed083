import type { Refusal } from "./refusal-rule.ts";
import type { RefusedSignOn } from "./refused-signon.ts";

/** KRB-ERRORs about smart cards and other certificates. RFC 4120 section 7.5.9, RFC 4556. */
export const certificateRefusals: readonly Refusal<RefusedSignOn>[] = [
  {
    id: "as-padata-nosupp",
    codes: [16],
    title: "The KDC does not support this kind of pre-authentication",
    specs: ["RFC 4120 section 7.5.9"],
    causes: () => [
      "smart card logon, and the domain controller has no valid KDC certificate",
      "a pre-authentication type that the KDC does not know",
    ],
    confirm: () => ["certutil -dcinfo verify", "domain controller, Security log: event 4771 or 4768, code 0x10"],
    fix: () => ["enrol a Kerberos Authentication certificate on the domain controllers"],
  },
  {
    id: "as-pkinit-trust",
    codes: [62, 63, 64, 70, 71, 72, 73, 74],
    title: "A certificate of the smart card logon is not accepted",
    specs: ["RFC 4556 section 3.2.2"],
    causes: () => [
      "the chain is not trusted, or the CA is missing in NTAuth",
      "the certificate is revoked, or its revocation list cannot be fetched",
      "the signature is bad",
    ],
    confirm: () => ["certutil -verify -urlfetch <certificate.cer>", "certutil -viewstore -enterprise NTAuth"],
    fix: () => [
      "certutil -dspublish -f <ca.cer> NTAuthCA",
      "make the CRL or OCSP responder reachable, renew the certificate",
    ],
  },
  {
    id: "as-pkinit-map",
    codes: [66, 75],
    title: "The certificate is not mapped to the account",
    specs: ["RFC 4556 section 3.2.2"],
    causes: () => [
      "the certificate lacks a strong mapping to the account",
      "the name in the certificate is not the account's",
    ],
    confirm: () => ["domain controller, System log: KDC events 39, 40, 41"],
    fix: () => ["issue the certificate again with the SID extension, or set a strong altSecurityIdentities mapping"],
  },
  {
    id: "as-pkinit-eku",
    codes: [77, 78, 79, 80, 81],
    title: "The certificate's purpose or algorithm is not accepted",
    specs: ["RFC 4556 section 3.2.2"],
    causes: () => ["the key purpose (EKU) is wrong", "a digest or algorithm is too weak"],
    confirm: () => ["certutil -dump <certificate.cer>"],
    fix: () => ["issue the certificate again from a suitable template"],
  },
];
