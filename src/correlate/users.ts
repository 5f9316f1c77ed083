import type { TgsRep } from "../../dissectors/kerberos/message.ts";
import type { Client } from "../model/report.ts";
import { lastPresented } from "./attempts.ts";
import type { Evidence } from "./evidence.ts";
import type { Leg } from "./legs.ts";
import { attemptsOf } from "./legs.ts";
import { clientNamed } from "./parties.ts";
import type { Quest } from "./quests.ts";
import type { SignOn } from "./signons.ts";

/** Who the client is, as far as packets name a user: by the ticket issued, the NTLM message, or the sign-on. */
export function identify(
  evidence: Evidence,
  quests: readonly Quest[],
  legs: readonly Leg[],
  signOn: SignOn | null,
): Client {
  const named = fromTickets(evidence, quests, legs) ?? fromErrors(quests) ?? fromNtlm(legs) ?? fromSignOn(signOn);
  return clientNamed(evidence.client, named?.user, named?.realm);
}

interface Named {
  readonly user: string;
  readonly realm: string | null;
}

function fromTickets(evidence: Evidence, quests: readonly Quest[], legs: readonly Leg[]): Named | null {
  const issued = quests.findLast((quest) => quest.issued)?.issued?.message;
  if (issued) return shown(issued);
  const presented = lastPresented(attemptsOf(legs))?.fingerprint;
  if (!presented) return null;
  for (const x of evidence.kdc) {
    const reply = x.reply?.message;
    if (reply?.kind === "TGS-REP" && reply.ticket.fingerprint === presented) return shown(reply);
  }
  return null;
}

/** Behind FAST a KDC may put WELLKNOWN/ANONYMOUS in place of the client's name, RFC 6113 section 5.4.3. */
function shown({ cname, crealm }: TgsRep): Named | null {
  return /^WELLKNOWN\//i.test(cname) ? null : { user: cname, realm: crealm };
}

function fromErrors(quests: readonly Quest[]): Named | null {
  const error = quests.findLast((quest) => quest.error?.message.cname)?.error?.message;
  return error?.cname ? { user: error.cname, realm: error.crealm } : null;
}

function fromNtlm(legs: readonly Leg[]): Named | null {
  for (const attempt of attemptsOf(legs)) {
    if (attempt.user) return { user: attempt.user.name, realm: attempt.user.domain };
  }
  return null;
}

function fromSignOn(signOn: SignOn | null): Named | null {
  const issued = signOn?.issued?.message;
  if (issued) return { user: issued.cname, realm: issued.crealm };
  return signOn?.cname ? { user: signOn.cname, realm: signOn.realm } : null;
}
