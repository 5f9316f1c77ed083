import type { Message } from "../../dissectors/registry.ts";
import type { Observation } from "../model/observation.ts";

/** A message's one-line description; handed in, because a reporter decodes nothing. */
export type Describe = (message: Message) => string;

/** Turns each observation, and the token messages inside it, into lines. */
export interface Lister {
  begin(): string;
  observation(observation: Observation): string;
}

/** The messages of an observation, the carrier first, each with the protocol that carried it. */
export function messagesOf(observation: Observation): { readonly message: Message; readonly via: string | null }[] {
  const { message, inside, via } = observation;
  const carrier = via ?? (message.protocol === "cldap" ? "ldap" : message.protocol);
  return [{ message, via }, ...inside.map((token) => ({ message: token, via: carrier }))];
}
