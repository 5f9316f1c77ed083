import type { KrbError } from "../../../dissectors/kerberos/message.ts";
import type { SignOn } from "../../correlate/signons.ts";
import type { Story } from "../../correlate/story.ts";

export interface RefusedSignOn {
  readonly signOn: SignOn;
  readonly error: KrbError;
}

/** The refused sign-on that explains the story: the story itself, or what kept a web login from asking for a ticket. */
export function refusedSignOn(story: Story): RefusedSignOn | null {
  const error = errorOfSignOn(story);
  return error && story.signOn ? { signOn: story.signOn, error } : null;
}

export function errorOfSignOn({ why, divergedAt, quests, signOn }: Story): KrbError | null {
  const isOwn = why?.what === "as-refused";
  const isCause = divergedAt === 5 && quests.length === 0;
  if (!isOwn && !isCause) return null;
  return signOn?.error && !signOn.issued ? signOn.error.message : null;
}
