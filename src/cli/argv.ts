import { nearest } from "./nearest.ts";

/** A command line as it was typed: words and flags, nothing checked but their names. */
export interface Typed {
  readonly command: "analyze" | "messages" | "decode";
  /** Captures; of `decode` without `--frame` the words of what was pasted. */
  readonly files: readonly string[];
  readonly frame: string | undefined;
  readonly host: readonly string[];
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly filter: string | undefined;
  readonly quiet: boolean;
  readonly format: string | undefined;
  readonly timeout: string | undefined;
  readonly maxMemory: string | undefined;
  readonly color: string | undefined;
  readonly width: string | undefined;
}

export type Parsed = { readonly typed: Typed } | { readonly help: string } | { readonly complaint: string };

const one = { type: "string", requiresArg: true } as const;

const flags = {
  format: { ...one, describe: "text or json (messages: text or ndjson); text where not given" },
  host: { type: "string", array: true, nargs: 1, describe: "only logins to this host or address; may be repeated" },
  since: { ...one, describe: "only frames from this time on: 2026-11-20T09:41:38Z, 09:41:38, +90s" },
  until: { ...one, describe: "only frames before this time" },
  filter: { ...one, describe: "only packets that fit: 'host 10.0.0.5 and not port 445'" },
  timeout: { ...one, describe: "stop reading after so many seconds and report what was read" },
  "max-memory": { ...one, describe: "stop reading beyond so many MiB and report what was read" },
  color: { ...one, describe: "auto, always or never; auto where not given" },
  width: { ...one, describe: "columns of the text report, instead of the terminal's" },
  frame: { ...one, describe: "decode: the messages of this frame of FILE" },
  quiet: { type: "boolean", alias: "q", describe: "verdicts and problems only" },
  version: { type: "boolean", describe: "print the version" },
  help: { type: "boolean", alias: "h", describe: "print this help" },
} as const;

/** Reads the words behind `kflow`; the only door to yargs, which is loaded here and not before. */
export async function parseArgv(argv: readonly string[], columns: number): Promise<Parsed> {
  const { default: yargs } = await import("yargs");
  const unknown = unknownFlag(argv);
  if (unknown !== null) return { complaint: unknown };
  const isDecode = argv[0] === "decode";
  const parser = yargs([...argv])
    .scriptName("kflow")
    .locale("en")
    .version(false)
    .help(false)
    .parserConfiguration({ "boolean-negation": false, "parse-positional-numbers": false })
    .usage(isDecode ? decodeUsage : usage)
    .options(flags)
    .hide(isDecode ? "host" : "frame")
    .group(isDecode ? decodeFlags : reportFlags, "Options:")
    .group(["version", "help"], "Other:")
    .epilogue(isDecode ? decodeEpilogue : epilogue)
    .wrap(Math.min(columns, 100))
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Error(message);
    });
  try {
    const args = await parser.parseAsync();
    if (args.help === true) return { help: (await parser.getHelp()).replace(TYPES, "") };
    return { typed: typedOf(args) };
  } catch (error) {
    return { complaint: error instanceof Error ? `${error.message}; see kflow --help` : String(error) };
  }
}

/** A flag given twice arrives as a list. */
type Value = string | readonly string[] | undefined;

interface Args {
  readonly _: readonly (string | number)[];
  readonly format?: Value;
  readonly host?: readonly string[] | undefined;
  readonly since?: Value;
  readonly until?: Value;
  readonly filter?: Value;
  readonly timeout?: Value;
  readonly "max-memory"?: Value;
  readonly color?: Value;
  readonly width?: Value;
  readonly frame?: Value;
  readonly quiet?: boolean | undefined;
}

function typedOf(args: Args): Typed {
  const words = args._.map(String);
  const command = words[0] === "messages" || words[0] === "decode" ? words[0] : "analyze";
  return {
    command,
    files: command === "analyze" ? words : words.slice(1),
    frame: last(args.frame),
    host: args.host ?? [],
    since: last(args.since),
    until: last(args.until),
    filter: last(args.filter),
    quiet: args.quiet ?? false,
    format: last(args.format),
    timeout: last(args.timeout),
    maxMemory: last(args["max-memory"]),
    color: last(args.color),
    width: last(args.width),
  };
}

/** The last one counts. */
function last(value: Value): string | undefined {
  return typeof value === "string" ? value : value?.at(-1);
}

/** A sentence about the first flag that does not exist, with the one that may have been meant. */
function unknownFlag(argv: readonly string[]): string | null {
  const end = argv.indexOf("--");
  const words = end === -1 ? argv : argv.slice(0, end);
  const known = [...Object.keys(flags).map((name) => `--${name}`), "-q", "-h", "-"];
  const wrong = words
    .map((word) => word.replace(/=.*$/s, ""))
    .find((word) => /^-\D/.test(word) && !known.includes(word));
  if (wrong === undefined) return null;
  const meant = nearest(wrong, known);
  return `unknown option ${wrong}${meant === null ? "" : `; did you mean ${meant}?`} (kflow --help lists all)`;
}

/** What yargs says of each option's type: nothing a reader needs. */
const TYPES = / +\[(string|array|boolean)\]$/gm;

const reportFlags = ["format", "host", "since", "until", "filter", "timeout", "max-memory", "color", "width", "quiet"];
const decodeFlags = ["frame", "format", "color", "width", "quiet", "timeout", "max-memory"];

const usage = `kflow [options] FILE...             say where a login left the documented path, and why
kflow messages [options] FILE...    list every message, like Network Monitor
kflow decode [options] TOKEN        show a Negotiate, NTLM or Kerberos token as a tree

FILE is a capture (pcap or pcapng, also gzipped), or - for standard input. Several
are read as one in order of time: a ring buffer, or client, server and domain
controller of the same minutes.`;

const epilogue = `Examples:
  kflow broken-login.pcapng
  kflow --host iisserver.contoso.com --format json trace.pcap > report.json
  kflow messages --format ndjson trace.pcap | grep '"protocol":"kerberos"'
  tcpdump -i eth0 -U -w - | kflow --timeout 60 -

Exit codes:
  0    the login went through
  1    a login diverged from the documented path
  2    wrong usage, or the input cannot be read
  3    the capture does not show enough to judge, or no login at all
  130  interrupted; what was read is reported`;

const decodeUsage = `kflow decode [options] TOKEN            show a pasted token as a tree
kflow decode [options] - < FILE         the same, from standard input
kflow decode [options] --frame N FILE   the messages that frame N of a capture completes

TOKEN is a Negotiate, NTLM or Kerberos token, or a Kerberos message: base64,
base64url, hex, a hex dump with offsets, or a whole header line. Line breaks and
blanks do no harm. What is encrypted, and what could be used to log in, is
counted and never shown.`;

const decodeEpilogue = `Examples:
  kflow decode 'Authorization: Negotiate YIIHGwYGKwYBBQUC...'
  kflow decode 60:82:07:1b:06:06:2b:06:01:05:05:02
  xclip -o | kflow decode
  curl -v -u : --negotiate http://iisserver 2>&1 | kflow decode
  kflow decode --frame 34 --format json login.pcapng

Exit codes:
  0    decoded from the first byte to the last
  2    wrong usage, or nothing could be decoded
  3    decoded in part: the output says where it breaks
  130  interrupted`;
