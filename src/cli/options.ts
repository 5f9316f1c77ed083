import { type Moment, momentOf, TimeWindow } from "../capture/time-window.ts";
import { type PacketFilter, packetFilter } from "../net/packet-filter.ts";
import {
  type CompareFormat,
  comparers,
  type Format,
  type InfoFormat,
  informers,
  type ListFormat,
  listers,
  reporters,
} from "../report/index.ts";
import type { Typed } from "./argv.ts";
import { spoken } from "./flags.ts";

/** A command line as it is meant. */
export interface Options {
  readonly command: Command;
  /** Paths and patterns of the captures, or `-`. */
  readonly files: readonly string[];
  /** `--since` and `--until`; null: all. */
  readonly window: TimeWindow | null;
  /** `--filter`; null: all. */
  readonly filter: PacketFilter | null;
  readonly hosts: readonly string[];
  /** Milliseconds; null: no limit. */
  readonly timeout: number | null;
  /** Bytes of resident memory; null: no limit. */
  readonly maxMemory: number | null;
  readonly color: ColorChoice;
  /** Columns; null: as wide as the terminal. */
  readonly width: number | null;
  readonly quiet: boolean;
}
export type Command =
  | { readonly name: "analyze"; readonly format: Format }
  | { readonly name: "info"; readonly format: InfoFormat }
  | { readonly name: "compare"; readonly format: CompareFormat }
  | { readonly name: "messages"; readonly format: ListFormat }
  /** `text`: what was pasted as arguments; null: it comes through standard input, or from a frame of a capture. */
  | {
      readonly name: "decode";
      readonly format: DecodeFormat;
      readonly text: string | null;
      readonly frame: number | null;
    }
  /** `words`: the questions as typed; null: list everything. */
  | { readonly name: "explain"; readonly format: ExplainFormat; readonly words: readonly string[] | null }
  | { readonly name: "completion"; readonly shell: Shell };

const decodeFormats = ["text", "json"] as const;
export type DecodeFormat = (typeof decodeFormats)[number];

const explainFormats = ["text", "json"] as const;
export type ExplainFormat = (typeof explainFormats)[number];

export const shells = ["bash", "zsh", "fish", "powershell"] as const;
export type Shell = (typeof shells)[number];

export const colorChoices = ["auto", "always", "never"] as const;
export type ColorChoice = (typeof colorChoices)[number];

const NARROWEST = 20;
const WIDEST = 1_000;

/** What was typed, checked: the options, or one sentence of complaint. */
export function optionsOf(typed: Typed): Options | string {
  const files = filesOf(typed);
  if (typeof files === "string") return files;
  const command = commandOf(typed);
  if (typeof command === "string") return command;
  const timeout = positive(typed.timeout, "--timeout", "seconds", 1_000);
  if (typeof timeout === "string") return timeout;
  const maxMemory = positive(typed.maxMemory, "--max-memory", "MiB", 1_048_576);
  if (typeof maxMemory === "string") return maxMemory;
  const width = widthOf(typed.width);
  if (typeof width === "string") return width;
  const window = windowOf(typed);
  if (typeof window === "string") return window;
  const filter = typed.filter === undefined ? null : packetFilter(typed.filter);
  if (typeof filter === "string") return `--filter: ${filter}`;
  const color = colorChoices.find((choice) => choice === (typed.color ?? "auto"));
  if (color === undefined) return `--color takes ${list(colorChoices)}, not ${quoted(typed.color)}`;
  if (typed.host.some((host) => host.trim() === "")) return "--host needs a name or an address";
  const hosts = typed.host.map((host) => host.trim());
  return { command, files, window, filter, hosts, timeout, maxMemory, color, width, quiet: typed.quiet };
}

function filesOf({ command, files, frame }: Typed): readonly string[] | string {
  if (command === "decode" && frame === undefined) return ["-"];
  if (command === "explain" || command === "completion") return [];
  if (files.length === 0) return `no capture file given (- is standard input); try ${spoken(command)} --help`;
  if (files.includes("")) return "the name of the capture file is empty";
  if (command === "compare" && files.length > 2) return `kflow compare takes two captures; ${files.length} were given`;
  if (command === "decode" && files.length > 1) return `--frame takes one capture; ${files.length} were given`;
  return files;
}

function windowOf({ since, until }: Typed): TimeWindow | null | string {
  const from = momentFor(since, "--since");
  if (typeof from === "string") return from;
  const to = momentFor(until, "--until");
  if (typeof to === "string") return to;
  return from === null && to === null ? null : new TimeWindow(from, to);
}

function momentFor(text: string | undefined, option: string): Moment | null | string {
  if (text === undefined) return null;
  return (
    momentOf(text.trim()) ??
    `${option} takes 2026-11-20T09:41:38Z, 09:41:38 or +90s (after the first frame), not ${quoted(text)}`
  );
}

function commandOf(typed: Typed): Command | string {
  const { command, format = "text" } = typed;
  if (command === "decode") return decodeOf(typed);
  if (command === "explain") return explainOf(typed);
  if (command === "completion") return completionOf(typed);
  if (command === "compare") {
    const found = compareFormatNames.find((name) => name === format);
    return found === undefined
      ? wrongFormat("kflow compare ", compareFormatNames, format)
      : { name: "compare", format: found };
  }
  if (command === "messages") {
    const found = listFormatNames.find((name) => name === format);
    return found === undefined
      ? wrongFormat("kflow messages ", listFormatNames, format)
      : { name: "messages", format: found };
  }
  if (command === "info") {
    const found = infoFormatNames.find((name) => name === format);
    return found === undefined ? wrongFormat("kflow info ", infoFormatNames, format) : { name: "info", format: found };
  }
  const found = formatNames.find((name) => name === format);
  return found === undefined ? wrongFormat("", formatNames, format) : { name: "analyze", format: found };
}

function wrongFormat(command: string, names: readonly string[], format: string): string {
  return `${command}--format takes ${list(names)}, not ${quoted(format)}`;
}

function decodeOf({ files, format = "text", frame }: Typed): Command | string {
  const found = decodeFormats.find((name) => name === format);
  if (found === undefined) return `kflow decode --format takes ${list(decodeFormats)}, not ${quoted(format)}`;
  const number = frame === undefined ? null : frameNumber(frame);
  if (typeof number === "string") return number;
  const isPiped = files.length === 0 || (files.length === 1 && files[0] === "-");
  const text = number !== null || isPiped ? null : files.join(" ");
  return { name: "decode", format: found, text, frame: number };
}

function explainOf({ files, format = "text", list: isList }: Typed): Command | string {
  const found = explainFormats.find((name) => name === format);
  if (found === undefined) return wrongFormat("kflow explain ", explainFormats, format);
  const words = files.filter((word) => word.trim() !== "");
  if (isList) return { name: "explain", format: found, words: null };
  if (words.length === 0) return "nothing to explain; try kflow explain 7, or kflow explain --list";
  return { name: "explain", format: found, words };
}

function completionOf({ files }: Typed): Command | string {
  const wanted = files[0]?.toLowerCase() ?? null;
  if (wanted === null) return { name: "completion", shell: shellFrom(process.env["SHELL"] ?? "") };
  const shell = shells.find((name) => name === (wanted === "pwsh" ? "powershell" : wanted));
  if (shell === undefined || files.length > 1) return `kflow completion takes ${list(shells)}, not ${quoted(wanted)}`;
  return { name: "completion", shell };
}

/** The shell of this path; PowerShell sets none. */
function shellFrom(path: string): Shell {
  const name = path.split(/[/\\]/).at(-1) ?? "";
  return shells.find((shell) => shell === name) ?? (process.platform === "win32" ? "powershell" : "bash");
}

function frameNumber(text: string): number | string {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  return number > 0 ? number : `--frame takes the number of a frame, counted from 1, not ${quoted(text)}`;
}

const formatNames = namesOf(reporters);
const listFormatNames = namesOf(listers);
const compareFormatNames = namesOf(comparers);
const infoFormatNames = namesOf(informers);

/** What `--format` takes, command by command. */
export const formatsOf: Readonly<Record<Command["name"], readonly string[]>> = {
  analyze: formatNames,
  info: infoFormatNames,
  compare: compareFormatNames,
  messages: listFormatNames,
  decode: decodeFormats,
  explain: explainFormats,
  completion: [],
};

/** The same in words. */
export function formatWords(command: Command["name"]): string {
  const names = formatsOf[command];
  return names.length === 0 ? "" : list(names);
}

function namesOf<Name extends string>(table: { readonly [name in Name]: unknown }): readonly Name[] {
  const isName = (name: string): name is Name => Object.hasOwn(table, name);
  return Object.keys(table).filter(isName);
}

function positive(text: string | undefined, option: string, unit: string, factor: number): number | null | string {
  if (text === undefined) return null;
  const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  return number > 0 ? number * factor : `${option} takes a number of ${unit} greater than 0, not ${quoted(text)}`;
}

function widthOf(text: string | undefined): number | null | string {
  if (text === undefined) return null;
  const width = /^\d+$/.test(text) ? Number(text) : 0;
  if (width >= NARROWEST && width <= WIDEST) return width;
  return `--width takes a number of columns from ${NARROWEST} to ${WIDEST}, not ${quoted(text)}`;
}

function quoted(text: string | undefined): string {
  return JSON.stringify(text ?? "");
}

function list(words: readonly string[]): string {
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** Whether stdout is promised a JSON document, judged from the bare words: also a wrong command line must keep that. */
export function wantsJson(argv: readonly string[]): boolean {
  if (["messages", "decode", "explain", "completion"].includes(argv[0] ?? "")) return false;
  return argv.some((word, at) => word === "--format=json" || (word === "--format" && argv[at + 1] === "json"));
}
