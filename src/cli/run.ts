import { parseArgv } from "./argv.ts";
import { complain } from "./complain.ts";
import { type ExitCode, exitCodes } from "./exit.ts";
import { type Options, optionsOf, wantsJson } from "./options.ts";
import { type Output, standardOutput } from "./output.ts";
import { columns } from "./terminal.ts";
import { unreadDocument } from "./unread.ts";

/** What a shell's script calls with the words of a line, the one to complete last. */
const COMPLETE = "--complete";

/** One run of `kflow`, from its words to its exit code. */
export async function run(argv: readonly string[]): Promise<ExitCode> {
  const output = standardOutput();
  const code = await answer(argv, output);
  output.flush();
  return code;
}

async function answer(argv: readonly string[], output: Output): Promise<ExitCode> {
  if (argv[0] === COMPLETE) {
    const { candidatesFor } = await import("./complete.ts");
    for (const candidate of await candidatesFor(argv.slice(1))) output.write(`${candidate}\n`);
    return exitCodes.ok;
  }
  const parsed = await parseArgv(argv, columns());
  if ("help" in parsed) {
    output.write(`${parsed.help}\n`);
    return exitCodes.ok;
  }
  const options = "complaint" in parsed ? parsed.complaint : optionsOf(parsed.typed);
  if (typeof options !== "string") return await carryOut(options, output);
  complain(options);
  if (wantsJson(argv)) output.write(await unreadDocument([], options));
  return exitCodes.usage;
}

async function carryOut(options: Options, output: Output): Promise<ExitCode> {
  const { command } = options;
  if (command.name === "messages") {
    const { list } = await import("./list.ts");
    return await list(options, command.format, output);
  }
  if (command.name === "info") {
    const { info } = await import("./info.ts");
    return await info(options, command.format, output);
  }
  if (command.name === "compare") {
    const { compareCaptures } = await import("./compare.ts");
    return await compareCaptures(options, command.format, output);
  }
  if (command.name === "decode") {
    const { decode } = await import("./decode.ts");
    return await decode(options, command, output);
  }
  if (command.name === "explain") {
    const { explainCodes } = await import("./explain.ts");
    return explainCodes(options, command, output);
  }
  if (command.name === "completion") {
    const { scriptFor } = await import("./completion.ts");
    output.write(scriptFor(command.shell));
    return exitCodes.ok;
  }
  const { report } = await import("./report.ts");
  return await report(options, command.format, output);
}
