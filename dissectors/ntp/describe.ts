import { modeNames } from "./codes.ts";
import type { NtpMessage } from "./message.ts";

export function describeNtp({ version, mode, stratum, transmitted }: NtpMessage): string {
  const time = transmitted === null ? "" : `, Transmit: ${transmitted}`;
  return `NTP: Version ${version}, ${modeNames[mode] ?? mode}, Stratum: ${stratum}${time}`;
}
