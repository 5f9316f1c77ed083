import { nt } from "../../../dissectors/erref/codes.ts";
import type { AsReq } from "../../../dissectors/kerberos/message.ts";
import { asRequest, type SignOn } from "../../correlate/signons.ts";
import type { Words } from "../words.ts";
import { accountFix, policyFix } from "./account-fixes.ts";
import type { Refusal } from "./refusal-rule.ts";
import { etypeList } from "./refusals.ts";
import type { RefusedSignOn } from "./refused-signon.ts";

/** KDC_ERR_NAME_EXP */
const NAME_EXPIRED = 1;
const FAST = 136;

const byStatus = (
  status: number | null,
  known: readonly (readonly [number, string])[],
  otherwise: readonly string[],
) => {
  const hit = known.find(([value]) => value === status);
  return hit ? [hit[1]] : otherwise;
};

const showUser = (w: Words, properties: string) => `Get-ADUser ${w.user} -Properties ${properties}`;

function lastRequest(signOn: SignOn): AsReq | null {
  const last = signOn.exchanges.at(-1);
  return last ? asRequest(last) : null;
}

/** KRB-ERRORs about the account, its keys and what policy says of it. RFC 4120 section 7.5.9. */
export const accountRefusals: readonly Refusal<RefusedSignOn>[] = [
  {
    id: "as-preauth-failed",
    // MIT KDCs were seen to answer a timestamp that they cannot decrypt with 31 in place of 24.
    codes: [24, 31],
    title: "Wrong password, or wrong key",
    specs: ["RFC 4120 section 3.1.3"],
    causes: ({ error }) => [
      ...(error.ntStatus === nt.PASSWORD_EXPIRED ? ["the password has expired, and a wrong one was typed"] : []),
      "the password is wrong",
      "an old password is saved somewhere (Credential Manager, service, scheduled task)",
      "a keytab no longer fits the account: key version, salt or password changed",
    ],
    confirm: (w) => [
      `kinit ${w.principal}`,
      "klist -ke    (keytab)",
      "domain controller, Security log: event 4771, failure code 0x18",
    ],
    fix: (w) => [
      "rundll32.exe keymgr.dll,KRShowKeyMgr    (remove saved credentials)",
      `Set-ADAccountPassword ${w.user} -Reset`,
      "make the keytab again (ktpass, ktutil)",
    ],
  },
  {
    id: "as-c-unknown",
    codes: [6],
    title: "The user is not known to this KDC",
    specs: ["RFC 4120 section 3.1.3"],
    causes: () => [
      "no such account: misspelt, or deleted",
      "wrong realm or domain, or a UPN suffix that is not routed there",
      "a service principal name was used as a user name",
    ],
    confirm: (w) => [`Get-ADUser ${w.user}`, `nltest /dsgetdc:${w.domain}`],
    fix: () => ["correct the user name or its suffix", "route the suffix over the trust: netdom trust … /namesuffixes"],
  },
  {
    id: "as-s-unknown",
    codes: [7],
    title: "The KDC does not know the service of the sign-on",
    specs: ["RFC 4120 section 3.1.3"],
    causes: ({ signOn }) => [
      `${signOn.sname ?? "the service"} is no principal of ${signOn.realm ?? "this realm"}: misspelt, or of another realm`,
      "the client asks for a service ticket directly, and its SPN is not registered",
    ],
    confirm: (w) => [`setspn -Q ${w.spn}`, `nltest /dsgetdc:${w.domain}`],
    fix: (w) => [`setspn -S ${w.spn} <service account>`, "correct the realm or the service name"],
  },
  {
    id: "as-client-revoked",
    codes: [1, 18, 21],
    title: "The account is disabled, locked or expired",
    specs: ["MS-KILE section 3.3.5.6.3"],
    causes: ({ error }) =>
      byStatus(
        error.ntStatus,
        [
          [nt.ACCOUNT_DISABLED, "the account is disabled (the KDC says so: STATUS_ACCOUNT_DISABLED)"],
          [nt.ACCOUNT_EXPIRED, "the account has expired (STATUS_ACCOUNT_EXPIRED)"],
          [nt.ACCOUNT_LOCKED_OUT, "the account is locked out (STATUS_ACCOUNT_LOCKED_OUT)"],
          [nt.INVALID_LOGON_HOURS, "the account may not log on at this hour (STATUS_INVALID_LOGON_HOURS)"],
        ],
        error.errorCode === NAME_EXPIRED
          ? ["the account has expired"]
          : [
              "the account is locked out",
              "the account is disabled",
              "the account has expired",
              "logon hours forbid it",
            ],
      ),
    confirm: (w) => [showUser(w, "Enabled,LockedOut,AccountExpirationDate,LogonHours")],
    fix: (w, refused) => accountFix(w, refused?.error ?? null),
  },
  {
    id: "as-key-expired",
    codes: [23],
    title: "The password has expired",
    specs: ["MS-KILE section 3.3.5.6.3"],
    causes: ({ error }) =>
      byStatus(
        error.ntStatus,
        [
          [nt.PASSWORD_MUST_CHANGE, "the password must be changed at the next logon (STATUS_PASSWORD_MUST_CHANGE)"],
          [nt.PASSWORD_EXPIRED, "the password is older than the policy allows (STATUS_PASSWORD_EXPIRED)"],
        ],
        ["the password has expired", "the password must be changed at the next logon"],
      ),
    confirm: (w) => [showUser(w, "PasswordExpired,PasswordLastSet")],
    fix: (w) => [`kpasswd ${w.principal}`, `Test-NetConnection ${w.kdc} -Port 464    (the change needs it)`],
  },
  {
    id: "as-policy",
    codes: [12],
    title: "A policy forbids this sign-on",
    specs: ["MS-KILE section 3.3.5.6.3"],
    causes: ({ error, signOn }) => [
      ...byStatus(
        error.ntStatus,
        [
          [nt.INVALID_WORKSTATION, "the user may not sign on from this workstation (STATUS_INVALID_WORKSTATION)"],
          [nt.SMARTCARD_LOGON_REQUIRED, "the account needs a smart card (STATUS_SMARTCARD_LOGON_REQUIRED)"],
          [nt.AUTHENTICATION_FIREWALL_FAILED, "selective authentication or an authentication policy refuses"],
          [nt.ACCOUNT_RESTRICTION, "an account restriction refuses (STATUS_ACCOUNT_RESTRICTION)"],
        ],
        [
          "workstation or logon-type restriction",
          "smart-card-only account used with a password",
          "authentication policy or silo",
          "selective authentication over a trust",
        ],
      ),
      ...(signOn.exchanges.some((x) => asRequest(x)?.padata.includes(FAST))
        ? []
        : ["the policy demands Kerberos armoring (FAST), which this client did not use"]),
    ],
    confirm: (w) => [showUser(w, "LogonWorkstations,SmartcardLogonRequired,AuthenticationPolicy")],
    fix: (w, refused) => policyFix(w, refused?.error.ntStatus ?? null),
  },
  {
    id: "as-etype",
    codes: [14],
    title: "No encryption type in common with the account",
    specs: ["RFC 4120 section 3.1.3"],
    causes: ({ error, signOn }) => {
      const offered = lastRequest(signOn)?.etypes ?? [];
      const keys = error.etypes.length > 0 ? `; the account has keys for ${etypeList(error.etypes)}` : "";
      return [
        `the client offers ${etypeList(offered) || "no type for which the account has a key"}${keys}`,
        "the account's password is older than AES support: only RC4 keys exist",
        "the client offers only RC4 or DES, and the KDC no longer accepts them",
      ];
    },
    confirm: (w) => [
      showUser(w, "msDS-SupportedEncryptionTypes,PasswordLastSet"),
      "domain controller, System log: events 14, 16, 26, 27",
    ],
    fix: (w) => [
      `Set-ADAccountPassword ${w.user} -Reset    (makes AES keys)`,
      `Set-ADUser ${w.user} -KerberosEncryptionType AES128,AES256`,
    ],
  },
];
