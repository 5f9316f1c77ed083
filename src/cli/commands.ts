/** The commands: what their help says, and which options belong to them. */

export interface CommandWords {
  readonly usage: string;
  /** In the order of the help. */
  readonly flags: readonly Flag[];
  readonly epilogue: string;
  /** What a flag does here, where that is not what it does elsewhere. */
  readonly says?: { readonly [flag in Flag]?: string };
}

export type Flag =
  | "format"
  | "host"
  | "since"
  | "until"
  | "filter"
  | "timeout"
  | "max-memory"
  | "color"
  | "width"
  | "frame"
  | "list"
  | "quiet";

const narrowing = ["since", "until", "filter"] as const;
const looks = ["color", "width"] as const;
const bounds = ["timeout", "max-memory"] as const;

export const commands = {
  analyze: {
    usage: `kflow [options] FILE...             say where a login left the documented path, and why
kflow info [options] FILE...        say what a capture holds: times, losses, hosts and roles
kflow messages [options] FILE...    list every message, like Network Monitor
kflow compare [options] GOOD BAD    hold a login that works beside one that does not
kflow decode [options] TOKEN        show a Negotiate, NTLM or Kerberos token as a tree
kflow explain [options] CODE...     say what an error code or name means, and what to do
kflow completion [SHELL]            print what makes a shell complete all this

FILE is a capture, or - for standard input: pcap, pcapng, Network Monitor (.cap),
Windows event trace (.etl of netsh or pktmon) or snoop, also as gzip, zstd, lz4, xz
or bzip2, or in a zip, tar or cab archive. What it is shows in its bytes, not its name.
Several are read as one in order of time: a ring buffer, or client, server and domain
controller of the same minutes.

Experimental, for want of real files to hold it against, in event traces: packets in
several pieces (Windows 7 and 8), traces that netsh truncated or that ran in a circle,
mobile broadband, Hyper-V switches, RAS, WFP, and other clocks than the usual.`,
    flags: ["format", "host", ...narrowing, ...bounds, ...looks, "quiet"],
    epilogue: `Examples:
  kflow broken-login.pcapng
  kflow --host iisserver.contoso.com --format json trace.pcap > report.json
  kflow client.pcapng server.pcapng
  kflow messages --format ndjson trace.pcap | grep '"protocol":"kerberos"'
  tcpdump -i eth0 -U -w - | kflow --timeout 60 -

Exit codes:
  0    the login went through
  1    a login diverged from the documented path
  2    wrong usage, or the input cannot be read
  3    the capture does not show enough to judge, or no login at all
  130  interrupted; what was read is reported`,
  },
  info: {
    usage: `kflow info [options] FILE...    say what a capture holds, before anything is judged`,
    flags: ["format", ...narrowing, ...bounds, ...looks],
    epilogue: `Examples:
  kflow info trace.etl
  kflow info --format json client.pcapng server.pcapng | jq .hosts

Exit codes:
  0    the capture was read
  2    wrong usage, or the input cannot be read
  130  interrupted; what was read is told`,
  },
  messages: {
    usage: `kflow messages [options] FILE...    list every message, like Network Monitor`,
    flags: ["format", ...narrowing, ...bounds],
    epilogue: `Examples:
  kflow messages login.pcapng
  kflow messages --filter 'port 88' login.pcapng
  kflow messages --format ndjson login.pcapng | jq 'select(.errorCode)'

Exit codes:
  0    the capture was read
  2    wrong usage, or the input cannot be read
  130  interrupted; what was read is listed`,
  },
  compare: {
    usage: `kflow compare [options] GOOD BAD    hold two captures side by side, step by step
kflow compare [options] FILE        the same with two sequences of one capture

Compared are the two sequences that fit best: of the same service, one that
diverged and one that did not. --host chooses the service.`,
    flags: ["format", "host", ...narrowing, ...bounds, ...looks],
    epilogue: `Examples:
  kflow compare works.pcapng fails.pcapng
  kflow compare --host intranet.contoso.com monday.pcapng tuesday.pcapng
  kflow compare --format json works.pcapng fails.pcapng | jq .explains

Exit codes:
  0    both ended alike
  1    they ended differently
  2    wrong usage, or an input cannot be read
  3    there are no two sequences to compare
  130  interrupted; what was read is compared`,
  },
  decode: {
    usage: `kflow decode [options] TOKEN            show a pasted token as a tree
kflow decode [options] - < FILE         the same, from standard input
kflow decode [options] --frame N FILE   the messages that frame N of a capture completes

TOKEN is a Negotiate, NTLM or Kerberos token, or a Kerberos message: base64,
base64url, hex, a hex dump with offsets, or a whole header line. Line breaks and
blanks do no harm. What is encrypted, and what could be used to log in, is
counted and never shown.`,
    flags: ["frame", "format", ...looks, "quiet", ...bounds],
    says: { quiet: "what each token is, and problems only" },
    epilogue: `Examples:
  kflow decode 'Authorization: Negotiate YIIHGwYGKwYBBQUC...'
  kflow decode 60:82:07:1b:06:06:2b:06:01:05:05:02
  xclip -o | kflow decode
  curl -v -u : --negotiate http://iisserver 2>&1 | kflow decode
  kflow decode --frame 34 --format json login.pcapng

Exit codes:
  0    decoded from the first byte to the last
  2    wrong usage, or nothing could be decoded
  3    decoded in part: the output says where it breaks
  130  interrupted`,
  },
  explain: {
    usage: `kflow explain [options] CODE...    say what a code or name means, where it comes, what to do
kflow explain --list               list everything that is known

CODE is a number, a name or a text in any spelling: 7, 0x7, KDC_ERR_..., KRB5KDC_...,
-1765328377, 0xC000018B, 2148074252, STATUS_..., SEC_E_..., 1355, event 4771 0x18,
'data 52e', 'Clock skew too great', or a rule of a kflow report. Of a number that
means several things all are told; a word in front of it chooses: 'ldap 49'.`,
    flags: ["list", "format", ...looks],
    epilogue: `Examples:
  kflow explain KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN
  kflow explain 0xC000018B 1355
  kflow explain event 4771 0x18
  kflow explain 'Clock skew too great while getting initial credentials'
  kflow explain --format json tgs-etype | jq '.answers[].meanings[].cases'

Exit codes:
  0    all is known
  2    wrong usage, or something is not known`,
  },
  completion: {
    usage: `kflow completion [SHELL]    print what makes SHELL complete commands, options and codes

SHELL is bash, zsh, fish or powershell; where not given, the one in $SHELL.`,
    flags: [],
    epilogue: `Examples:
  kflow completion bash >> ~/.bashrc
  kflow completion zsh >> ~/.zshrc
  kflow completion fish > ~/.config/fish/completions/kflow.fish
  kflow completion powershell >> $PROFILE

Exit codes:
  0    printed
  2    wrong usage`,
  },
} as const satisfies { readonly [name: string]: CommandWords };

export type CommandName = keyof typeof commands;

/** Whether a first word is a command; `analyze` has no word of its own. */
export function isCommand(word: string): word is Exclude<CommandName, "analyze"> {
  return word !== "analyze" && Object.hasOwn(commands, word);
}
