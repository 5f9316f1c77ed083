import { limits } from "../bytes/limits.ts";
import { NONE } from "../correlate/order.ts";

/** First words of the commands that confirm and repair; any other line is a sentence to a person. */
const COMMAND =
  /^(nslookup|ipconfig|setspn|klist|cmdkey|kinit|kvno|kpasswd|w32tm|nltest|curl\.exe|ping|certutil|netsh|pktmon|portqry|dumpcap|reg|C:\\Windows\\System32\\inetsrv\\appcmd\.exe|chronyc|repadmin|sc\.exe|net|netdom|netstat|whoami|rundll32\.exe|ktpass|k5start|kflow|ldapsearch|openssl|[A-Z][a-z]+-[A-Z][A-Za-z]+)(?= |$)/;

/** The last one counts: a name in the command may look like a remark too. */
const REMARK = /^(.*)\s{4}\((.+)\)$/;

/** The lines of an advice, each as it can be pasted. */
export function asCommands(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? NONE : lines.map(asCommand);
}

/** Most lines of advice hold no name of a capture, and come again with every finding of their rule. */
const known = new Map<string, string>();

/** A line that can be pasted into PowerShell or sh: what is no command, and remarks, stand behind `#`. */
export function asCommand(line: string): string {
  const before = known.get(line);
  if (before !== undefined) return before;
  if (known.size >= limits.rememberedCommands) known.clear();
  const command = toCommand(line);
  if (line.length <= limits.rememberedCommandCharacters) known.set(line, command);
  return command;
}

function toCommand(line: string): string {
  const [, text = line, remark] = REMARK.exec(line) ?? [];
  if (!COMMAND.test(text)) return `# ${remark === undefined ? text : `${text} (${remark})`}`;
  return remark === undefined ? text : `${text}  # ${remark}`;
}
