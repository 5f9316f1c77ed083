import type { Rule } from "../rule.ts";
import { captureRules } from "./capture.ts";
import { challengeRules } from "./challenge.ts";
import { connectingRules } from "./connecting.ts";
import { dcLocatorRules } from "./dc-locator.ts";
import { delegationRules } from "./delegation.ts";
import { directoryNotes, directoryOffers } from "./directory.ts";
import { doubleHopNotes, doubleHopRules } from "./double-hop.ts";
import { kdcRules } from "./kdc.ts";
import { namedServiceNotes } from "./named-services.ts";
import { nameRules } from "./names.ts";
import { noteRules } from "./notes.ts";
import { ntlmRules } from "./ntlm.ts";
import { proxyNotes } from "./proxy.ts";
import { recoveredRules } from "./recovered.ts";
import { s4uNotes } from "./s4u-notes.ts";
import { signOnRules } from "./signon.ts";
import { fileServerNotes, fileServerRules } from "./smb.ts";
import { ticketRules } from "./ticket.ts";
import { tokenRules } from "./token.ts";
import { unsentRules } from "./unsent.ts";

/** All rules. Of those that name a root cause the first that hits is taken: special ones stand before general ones. */
export const rules: readonly Rule[] = [
  ...nameRules,
  ...connectingRules,
  ...dcLocatorRules,
  ...delegationRules,
  ...doubleHopRules,
  ...fileServerRules,
  ...directoryOffers,
  ...challengeRules,
  ...signOnRules,
  ...kdcRules,
  ...ticketRules,
  ...tokenRules,
  ...unsentRules,
  ...captureRules,
  ...directoryNotes,
  ...proxyNotes,
  ...namedServiceNotes,
  ...fileServerNotes,
  ...ntlmRules,
  ...recoveredRules,
  ...s4uNotes,
  ...doubleHopNotes,
  ...noteRules,
];
