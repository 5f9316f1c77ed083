import { existsSync } from "node:fs";
import { limits } from "../bytes/limits.ts";
import { type Decoding, decodePaste, decodingJson, decodingText, tokensOfFrame } from "../decode/index.ts";
import { isTerminal } from "./builtin.ts";
import { complain } from "./complain.ts";
import { problemOf } from "./endings.ts";
import { type ExitCode, exitCodes } from "./exit.ts";
import type { Command, Options } from "./options.ts";
import type { Output } from "./output.ts";
import { nodePlatform } from "./platform.ts";
import { type Fed, readInputs } from "./reading.ts";
import { lookOf } from "./terminal.ts";

type DecodeCommand = Extract<Command, { readonly name: "decode" }>;

const NO_INPUT = "nothing to decode: paste a token behind kflow decode, or pipe it in; see kflow decode --help";

/** `kflow decode`: shows what was pasted, or the tokens of a frame, as a tree. */
export async function decode(options: Options, command: DecodeCommand, output: Output): Promise<ExitCode> {
  if (command.text !== null) return tell(decodePaste(command.text, nodePlatform.fingerprint), options, command, output);
  if (command.frame === null && isTerminal(0)) {
    complain(NO_INPUT);
    return exitCodes.usage;
  }
  const { frame } = command;
  const read = await readInputs(options, output, ([capture]) =>
    frame === null ? pasted() : captured(frame, capture?.size ?? null),
  );
  if (typeof read === "string") {
    complain(read);
    return exitCodes.unreadable;
  }
  const { fed: source, ending } = read;
  const early = problemOf(ending, options);
  if (early !== null) complain(early.text);
  const code = tell(source.end(early !== null), options, command, output);
  return ending === "interrupted" ? exitCodes.interrupted : code;
}

/** Something that is fed with an input and then knows the tokens. */
interface Source extends Fed {
  end(early: boolean): Decoding;
}

function captured(frame: number, size: number | null): Source {
  const tokens = tokensOfFrame(frame, nodePlatform, size);
  return { ...tokens, problem: ({ text }) => complain(text) };
}

/** Gathers a pasted text, and no more of it than may be decoded. */
function pasted(): Source {
  const decoder = new TextDecoder();
  let text = "";
  let isOver = false;
  const isFull = () => text.length > limits.pastedCharacters;
  return {
    wants: () => (isOver || isFull() ? null : { capture: 0, want: "more" }),
    feed(chunk) {
      text += decoder.decode(chunk, { stream: true });
    },
    finish() {
      isOver = true;
    },
    problem: ({ text: complaint }) => complain(complaint),
    end: () => decodePaste(text + decoder.decode(), nodePlatform.fingerprint),
  };
}

/** Writes the trees; where there is none, a person is told why on standard error and a program in the document. */
function tell(decoding: Decoding, options: Options, { format, text }: DecodeCommand, output: Output): ExitCode {
  const { tokens, problems } = decoding;
  if (format === "json") output.write(decodingJson(decoding));
  else if (tokens.length > 0) output.write(decodingText(decoding, lookOf(options)));
  if (isNothing(decoding)) {
    if (tokens.length === 0) for (const problem of problems) complain(problem.text + hintFor(text));
    return exitCodes.unreadable;
  }
  const isWhole = problems.length === 0 && tokens.every((token) => token.problems.length === 0);
  return isWhole ? exitCodes.ok : exitCodes.incomplete;
}

/** The name of a file is no token. */
function hintFor(text: string | null): string {
  if (text === null || !existsSync(text)) return "";
  return "; this is the name of a file, of which kflow decode --frame N FILE shows a frame";
}

/** Whether no token could be told from noise. */
function isNothing({ tokens }: Decoding): boolean {
  return tokens.every(({ elements }) => elements.every(({ name }) => name === "unknown"));
}
