import { analyze } from "../../src/index.ts";
import { createReporter } from "../../src/report/json.ts";
import { stringOf } from "../../src/report/page.ts";
import { platformOf } from "./run.ts";

export interface Told {
  readonly verdict: string;
  readonly [key: string]: unknown;
}

/** What is reported on a capture, the capture itself aside. `isRanged`: its format is read by ranges. */
export function told(bytes: Uint8Array, isRanged: boolean): Told {
  let text = "";
  const captures = [{ name: "capture", compression: null, size: isRanged ? bytes.length : null }];
  const write = (piece: Parameters<typeof stringOf>[0]) => {
    text += stringOf(piece);
  };
  const analysis = analyze(createReporter(), write, { captures, hosts: [], platform: platformOf({}) });
  if (isRanged) {
    for (let need = analysis.wants(); need !== null && need.want !== "more"; need = analysis.wants()) {
      analysis.feed(bytes.subarray(need.want.from, need.want.from + need.want.length));
    }
  } else analysis.feed(bytes);
  analysis.end();
  const { captures: _, problems, findings, ...report } = JSON.parse(text);
  return { ...report, findings: findings.map(({ rule }: { rule: string }) => rule), problems: problems.length };
}
