import { reporters } from "../report/index.ts";
import { unreadReport } from "../report/unread.ts";
import { version } from "../version.ts";

/** The JSON document of a run that read nothing: programs find the reason in `problems`. */
export async function unreadDocument(files: readonly string[], why: string): Promise<string> {
  const { createReporter } = await reporters.json();
  return unreadReport(createReporter(), version, files, why);
}
