import { takeStock } from "../index.ts";
import { type InfoFormat, informers } from "../report/index.ts";
import { complain } from "./complain.ts";
import { problemOf } from "./endings.ts";
import { type ExitCode, exitCodes } from "./exit.ts";
import { namesIn } from "./files.ts";
import type { Options } from "./options.ts";
import type { Output } from "./output.ts";
import { nodePlatform } from "./platform.ts";
import { readInputs } from "./reading.ts";
import { lookOf } from "./terminal.ts";

/** `kflow info FILE…`: reads the captures and writes what they hold. */
export async function info(options: Options, format: InfoFormat, output: Output): Promise<ExitCode> {
  const { inventoryText } = await informers[format]();
  const { window, filter } = options;
  const read = await readInputs(options, output, (captures) =>
    takeStock({ captures, window, filter, platform: nodePlatform }),
  );
  if (typeof read === "string") {
    complain(read);
    return exitCodes.unreadable;
  }
  const { fed: stock, ending } = read;
  const early = problemOf(ending, options);
  if (early !== null) stock.problem(early);
  stock.end(early !== null);
  const inventory = stock.inventory();
  if (stock.unreadable) complain(`${namesIn(options)}: ${inventory.problems[0]?.text ?? "nothing could be read"}`);
  if (!stock.unreadable || format === "json") output.write(inventoryText(inventory, lookOf(options)));
  if (ending === "interrupted") return exitCodes.interrupted;
  return stock.unreadable ? exitCodes.unreadable : exitCodes.ok;
}
