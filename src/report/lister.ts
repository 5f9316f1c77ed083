import type { Message } from "../../dissectors/registry.ts";
import type { Observation } from "../model/observation.ts";
import type { FramePlace, FrameRef } from "../model/report.ts";

export type PlaceOf = (number: number) => FramePlace;

/** The frame's number in the only capture, or its place among several. */
export function refTo(frame: number, placeOf: PlaceOf | null): FrameRef {
  return placeOf === null ? frame : placeOf(frame);
}

/** A message's one-line description; handed in, because a reporter decodes nothing. */
export type Describe = (message: Message) => string;

/** Turns each observation, and the token messages inside it, into lines. */
export interface Lister {
  begin(): string;
  /** `placeOf` finds a frame among several captures; null with one. */
  observation(observation: Observation, placeOf?: PlaceOf | null): string;
}

/** The messages of an observation, the carrier first, each with the protocol that carried it. */
export function messagesOf(observation: Observation): { readonly message: Message; readonly via: string | null }[] {
  const { message, inside } = observation;
  const carrier = message.protocol === "cldap" ? "ldap" : message.protocol;
  return [{ message, via: null }, ...inside.map((token) => ({ message: token, via: carrier }))];
}
