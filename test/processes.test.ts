import { expect, test } from "vitest";
import { limits } from "../src/bytes/limits.ts";
import { Processes } from "../src/processes.ts";
import { sequence } from "./report/fixtures.ts";

const shown = { ...sequence(), steps: sequence().steps.map((one) => ({ ...one, frame: one.step })) };

test("the program that spoke to the service stands beside the client, and more than are remembered are forgotten", () => {
  const processes = new Processes();
  const own = shown.steps.filter(({ from }) => from === shown.client.address);
  for (const { step, frame } of own)
    if (typeof frame === "number") processes.note(frame, step === 3 ? "edge.exe (8)" : "lsass.exe (4)");
  const beside = processes.beside(shown);
  expect(beside.client.process).toBe("edge.exe (8)");
  expect(beside.steps.find(({ step }) => step === 5)?.process).toBe("lsass.exe (4)");
  for (let frame = 1; frame <= limits.processFrames; frame++) processes.note(1_000_000 + frame, "x");
  expect(processes.beside(shown).client.process).toBeUndefined();
});
