import { etypeName } from "../../../dissectors/kerberos/codes.ts";
import type { Attempt } from "../../correlate/attempts.ts";
import type { Story } from "../../correlate/story.ts";
import type { Words } from "../words.ts";

/** The attempt whose refusal by the service explains the story. */
export function refusedAttempt(story: Story): Attempt | null {
  return story.why?.what === "ap-refused" ? story.why.attempt : null;
}

/** For whom and how the ticket presented is encrypted, as a sentence. */
export function ticketWords(attempt: Attempt): string {
  const ticket = attempt.apReq?.ticket;
  if (!ticket) return "";
  const kvno = ticket.kvno === null ? "" : `, kvno ${ticket.kvno}`;
  return ` The ticket is for ${ticket.sname} (${etypeName(ticket.etype)}${kvno}).`;
}

export const NEW_KEYTAB = "make a new keytab and restart the service";
export const keyConfirm = (w: Words) => [`setspn -Q ${w.spn}`, "klist -ke    (keytab of the service)", `kvno ${w.spn}`];
export const keyFix = (w: Words) => [
  `setspn -D ${w.spn} <wrong account>`,
  `setspn -S ${w.spn} <account that runs the service>`,
  ...w.service.keyFix,
  NEW_KEYTAB,
];

/** Where one encryption type is taken and the other is not. */
export const typeCauses: readonly string[] = [
  "the keytab has no key of this type: it was made with ktpass or ktutil for another one",
  "the service's configuration or runtime does not allow the type: permitted_enctypes, the security policy of Java, a hardened Windows",
  "the account's types were changed (msDS-SupportedEncryptionTypes), and the keytab was not renewed",
];
export const typeConfirm = (w: Words) => ["klist -ke    (keytab of the service)", `kvno ${w.spn}`];
export const typeFix = (w: Words): readonly string[] => [
  `ktpass -princ ${w.servicePrincipal} -mapuser <service account> -ptype KRB5_NT_PRINCIPAL -crypto All -pass * -out service.keytab    (a keytab with keys of every type; then restart the service)`,
  "Set-ADUser <service account> -KerberosEncryptionType AES128,AES256",
  "klist purge    (on the client, once the account's types are changed)",
];
