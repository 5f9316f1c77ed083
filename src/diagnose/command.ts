/** First words of the commands that confirm and repair; any other line is a sentence to a person. */
const COMMAND =
  /^(nslookup|ipconfig|setspn|klist|cmdkey|kinit|kvno|kpasswd|w32tm|nltest|curl|ping|certutil|netsh|pktmon|portqry|dumpcap|reg|appcmd|chronyc|repadmin|sc\.exe|net|netdom|netstat|whoami|rundll32\.exe|ktpass|k5start|kflow|ldapsearch|openssl|[A-Z][a-z]+-[A-Z][A-Za-z]+)(?= |$)/;

/** The last one counts: a name in the command may look like a remark too. */
const REMARK = /^(.*)\s{4}\((.+)\)$/;

/** A line that can be pasted into PowerShell or sh: what is no command, and remarks, stand behind `#`. */
export function asCommand(line: string): string {
  const [, text = line, remark] = REMARK.exec(line) ?? [];
  if (!COMMAND.test(text)) return `# ${remark === undefined ? text : `${text} (${remark})`}`;
  return remark === undefined ? text : `${text}  # ${remark}`;
}
