import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { rules } from "../src/diagnose/rules/index.ts";
import { tsharkIsThere } from "./dissectors/kerberos/tshark.ts";
import { has, pathOf, scenarios, textOf } from "./scenarios.ts";
import { Scene } from "./scene/scene.ts";

/** Samples that no server made: each is told in its scene.ts, and its capture is what the scene gives. */
const composed = scenarios.filter((scenario) => has(scenario, "scene.ts"));
/** `npm run samples:compose` writes the captures anew. */
const isWriting = process.env["KFLOW_COMPOSE"] === "1";

async function sceneOf(scenario: string): Promise<Uint8Array> {
  const module: unknown = await import(pathOf(scenario, "scene.ts").href);
  const told = typeof module === "object" && module !== null && "default" in module ? module.default : null;
  if (!(told instanceof Scene)) throw new Error(`samples/${scenario}/scene.ts exports no scene`);
  return told.pcap;
}

/** Frames that tshark 4.0 takes for malformed: it counts the SSPI token of MS-TDS 2.2.7.22 in characters, not in bytes. */
const misread = new Map([["sql-sspi", [14]]]);

describe("a composed sample", () => {
  it.each(composed)("%s is what its scene gives", async (scenario) => {
    const bytes = await sceneOf(scenario);
    if (isWriting) writeFileSync(pathOf(scenario, "capture.pcap"), bytes);
    expect(Buffer.compare(readFileSync(pathOf(scenario, "capture.pcap")), bytes)).toBe(0);
  });

  it.each(composed)("%s says so", (scenario) => {
    expect(textOf(scenario, "README.md")).toMatch(/^\*Origin:\* Composed/m);
  });

  it.skipIf(!tsharkIsThere()).each(composed)("%s is sound to tshark, checksums too", (scenario) => {
    const checks = ["ip.check_checksum", "tcp.check_checksum"].flatMap((name) => ["-o", `${name}:TRUE`]);
    const faults = "_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0 || tcp.analysis.lost_segment";
    const capture = fileURLToPath(pathOf(scenario, "capture.pcap"));
    const spared = (misread.get(scenario) ?? []).map((frame) => ` && frame.number != ${frame}`).join("");
    const filter = `(${faults})${spared}`;
    const { stdout } = spawnSync("tshark", ["-n", "-r", capture, ...checks, "-Y", filter], { encoding: "utf8" });
    expect(stdout).toBe("");
  });
});

describe("every root cause", () => {
  const sampled = new Set(
    scenarios
      .filter((scenario) => has(scenario, "expected.json"))
      .flatMap((scenario) =>
        [...textOf(scenario, "expected.json").matchAll(/"rule": "([^"]+)"/g)].map(([, rule]) => rule),
      ),
  );
  const roots = [...new Set(rules.filter(({ severity }) => severity === "error").map(({ id }) => id))];

  it.each(roots)("has a sample: %s", (root) => expect([...sampled]).toContain(root));
});
