import { etypeName } from "../../dissectors/kerberos/codes.ts";
import { limits } from "../bytes/limits.ts";
import { isTicketGranting } from "../correlate/names.ts";
import { inOrder } from "../correlate/order.ts";
import type { ServiceKey, ServiceKeys } from "../correlate/tickets/keys.ts";
import { isWeak, type WeakAccount, type WeakClient, type WeakEtypes } from "../correlate/tickets/weak-etypes.ts";
import type { Finding } from "../model/report.ts";
import { asCommand } from "./command.ts";
import { shellWord } from "./words.ts";

type Weak = Pick<WeakEtypes, "clients" | "accounts" | "hasMore">;
const NAMED = 8;

/** Who in the capture still depends on RC4 or DES, and what breaks when these are switched off. */
export function rc4Findings(services: readonly ServiceKeys[], weak: Weak): Finding[] {
  const served = services.flatMap((service) => {
    const keys = service.keys.filter(({ etype }) => isWeak(etype));
    return keys.length === 0 ? [] : [{ ...service, keys }];
  });
  return [
    ...(served.length > 0 ? [rc4Services(served)] : []),
    ...(weak.clients.length > 0 ? [rc4Clients(weak)] : []),
    ...(weak.accounts.length > 0 ? [rc4Accounts(weak)] : []),
  ];
}

function rc4Services(services: readonly ServiceKeys[]): Finding {
  const isLimited = services.some(({ keys }) => keys.some(({ despiteAes }) => despiteAes));
  const [first] = services;
  return {
    rule: "rc4-services",
    severity: isLimited ? "warning" : "info",
    step: null,
    title: "Tickets of these services are encrypted with RC4 or DES",
    detail: `${listed(services.map(serviceWords))}. Where these types are switched off, requests for them are refused with KDC_ERR_ETYPE_NOSUPP (14), unless the account has AES keys, which packets do not show.`,
    ...evidence(services.flatMap(({ keys }) => keys.map(frameOf))),
    causes: [
      "the service's account is limited to RC4, or has no AES keys: its password is older than AES in the domain",
      "the account says nothing of its types, and the domain controllers are of before the change that made AES their default",
      ...(isLimited ? [] : ["the clients asked for nothing else"]),
      ...(services.some(({ sname }) => isTicketGranting(sname))
        ? ["krbtgt, or the trust: its password was not changed since the domain learnt AES"]
        : []),
    ],
    confirm: [
      `setspn -Q ${shellWord(first?.sname ?? "")}`,
      "Get-ADObject -LDAPFilter '(servicePrincipalName=*)' -Properties msDS-SupportedEncryptionTypes,pwdLastSet",
      "domain controller, System log: Kdcsvc events 201–209",
    ].map(asCommand),
    fix: [
      "Set-ADUser <service account> -KerberosEncryptionType AES128,AES256    (Set-ADComputer for a computer)",
      "Set-ADAccountPassword <service account> -Reset    (makes AES keys; then a new keytab)",
    ].map(asCommand),
  };
}

function serviceWords({ sname, realm, keys }: ServiceKeys): string {
  const etypes = [...new Set(keys.map(({ etype }) => etypeName(etype)))].join(", ");
  return `${sname} of ${realm} (${etypes}${keys.some(({ despiteAes }) => despiteAes) ? ", although AES was offered" : ""})`;
}

function frameOf({ firstIssued, presented }: ServiceKey): number | null {
  return firstIssued ?? presented;
}

function rc4Clients({ clients, hasMore }: Weak): Finding {
  return {
    rule: "rc4-clients",
    severity: "warning",
    step: null,
    title: "Clients that offer nothing but RC4 or DES",
    detail: `${listed(clients.map(clientWords))}${more(hasMore)}. Where these types are switched off, every such request is refused with KDC_ERR_ETYPE_NOSUPP (14).`,
    ...evidence(clients.map(({ frame }) => frame)),
    causes: [
      "the client's configuration: default_tgs_enctypes and permitted_enctypes in krb5.conf, SupportedEncryptionTypes of Windows",
      "an old system or runtime, or a keytab with an RC4 key alone",
      "a tool that asks for RC4 on purpose, because such tickets are quick to crack (Kerberoasting): does anybody know the request?",
    ],
    confirm: [
      "klist -e    (on the client)",
      "reg query HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\Kerberos\\Parameters /v SupportedEncryptionTypes",
      "domain controller, Security log: events 4768 and 4769, ticket encryption type 0x17",
    ].map(asCommand),
    fix: [
      "permitted_enctypes = aes256-cts-hmac-sha1-96 aes128-cts-hmac-sha1-96    (krb5.conf)",
      "make a new keytab with AES keys, update the system or runtime",
    ].map(asCommand),
  };
}

function clientWords({ address, etypes, sname }: WeakClient): string {
  return `${address} (${etypes.map(etypeName).join(", ")}${sname === null ? "" : `, for ${sname}`})`;
}

function rc4Accounts({ accounts, hasMore }: Weak): Finding {
  return {
    rule: "rc4-accounts",
    severity: accounts.some(({ despiteAes }) => despiteAes) ? "warning" : "info",
    step: null,
    title: "Accounts that sign on with an RC4 or DES key",
    detail: `${listed(accounts.map(accountWords))}${more(hasMore)}. Where these types are switched off, an account without AES keys cannot sign on.`,
    ...evidence(accounts.map(({ frame }) => frame)),
    causes: [
      "the account's password is older than AES in the domain: it has no AES keys",
      "the client offers nothing else, or has a keytab without AES keys",
    ],
    confirm: [
      `Get-ADUser ${shellWord(accounts[0]?.name.split("@")[0] ?? "")} -Properties msDS-SupportedEncryptionTypes,PasswordLastSet`,
    ],
    fix: [
      "change the password (that makes AES keys), renew the keytab",
      "Set-ADUser <account> -KerberosEncryptionType AES128,AES256",
    ].map(asCommand),
  };
}

function accountWords({ name, etype, despiteAes }: WeakAccount): string {
  return `${name} (${etypeName(etype)}${despiteAes ? ", although AES was offered" : ""})`;
}

function listed(all: readonly string[]): string {
  const rest = all.length - NAMED;
  return rest > 0 ? `${all.slice(0, NAMED).join("; ")}; and ${rest} more` : all.join("; ");
}

function more(hasMore: boolean): string {
  return hasMore ? "; there were more than are remembered" : "";
}

function evidence(found: readonly (number | null)[]): Pick<Finding, "frames" | "filter"> {
  const frames = inOrder(found.filter((frame) => frame !== null)).slice(0, limits.framesPerStep);
  return { frames, filter: frames.map((frame) => `frame.number == ${frame}`).join(" || ") };
}
