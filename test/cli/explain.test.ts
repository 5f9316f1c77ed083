import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { candidatesFor } from "../../src/cli/complete.ts";
import { scriptFor } from "../../src/cli/completion.ts";
import { shells } from "../../src/cli/options.ts";
import { buildProgram, type Program } from "./program.ts";

let program: Program;
beforeAll(() => {
  program = buildProgram();
}, 60_000);
afterAll(() => program.remove());

describe("kflow explain", () => {
  it("answers several questions in one run", async () => {
    const { code, out, err } = await program.run([
      "explain",
      "KRB5KDC_ERR_SKEWED",
      "event",
      "4771",
      "0x18",
      "-1765328230",
    ]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^KRB_AP_ERR_SKEW: KRB-ERROR 37 \(0x25\)\n/);
    expect(out).toContain("Security 4771: Windows event");
    expect(out).toContain("KDC_ERR_PREAUTH_FAILED: KRB-ERROR 24 (0x18)");
    expect(out).toContain("KRB5_REALM_UNKNOWN");
    expect(out).not.toContain("\u001b");
  });

  it("says so where nothing is known, and what may have been meant", async () => {
    const { code, out, err } = await program.run(["explain", "KDC_ERR_PREAUTH_FALED", "7"]);
    expect(code).toBe(2);
    expect(out).toMatch(/^KDC_ERR_S_PRINCIPAL_UNKNOWN/);
    expect(err).toContain('nothing is known of "KDC_ERR_PREAUTH_FALED"; did you mean KDC_ERR_PREAUTH_FAILED');
  });

  it("as JSON", async () => {
    const { code, out } = await program.run(["explain", "--format", "json", "7", "banana"]);
    const { schema, answers } = JSON.parse(out);
    expect({ code, schema }).toEqual({ code: 2, schema: "kflow/explain/1" });
    expect(answers.map((one: { meanings: { id: string }[] }) => one.meanings[0]?.id)).toEqual([
      "kerberos/7",
      undefined,
    ]);
  });

  it("lists what is known", async () => {
    const { code, out } = await program.run(["explain", "--list"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^ +7 +KDC_ERR_S_PRINCIPAL_UNKNOWN$/m);
    expect(out).toMatch(/^ +0xC0000234 +STATUS_ACCOUNT_LOCKED_OUT$/m);
  });

  it.each([
    [["explain"], /nothing to explain; try/],
    [["explain", "--format", "yaml", "7"], /kflow explain --format takes text or json/],
    [["explain", "--host", "web", "7"], /--host works with kflow and kflow compare only/],
    [["--list", "a.pcap"], /--list works with kflow explain only/],
    [["completion", "tcsh"], /kflow completion takes bash, zsh, fish or powershell, not "tcsh"/],
  ])("refuses %j", async (args, complaint) => {
    const { code, out, err } = await program.run(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(complaint);
  });
});

describe("candidates for a shell", () => {
  it.each<[string[], string[]]>([
    [[""], ["info", "messages", "compare", "decode", "explain", "completion"]],
    [["ex"], ["explain"]],
    [["login.pc"], []],
    [["messages", "login"], []],
    [["--form"], ["--format"]],
    [
      ["--format", ""],
      ["text", "json"],
    ],
    [["messages", "--format", "n"], ["ndjson"]],
    [
      ["--color", "a"],
      ["auto", "always"],
    ],
    [["decode", "--fr"], ["--frame"]],
    [
      ["explain", "kdc_err_s_"],
      ["KDC_ERR_S_OLD_MAST_KVNO", "KDC_ERR_S_PRINCIPAL_UNKNOWN"],
    ],
    [
      ["explain", "7", "tgs-spn-"],
      ["tgs-spn-ip", "tgs-spn-name-differs", "tgs-spn-port", "tgs-spn-short"],
    ],
    [["explain", "--l"], ["--list"]],
    [["completion", '""'], [...shells]],
  ])("%j", async (words, candidates) => {
    const found = await candidatesFor(words);
    if (words[0] === "" || words[1] === "") expect(found).toEqual(expect.arrayContaining(candidates));
    else expect([...found].sort()).toEqual([...candidates].sort());
  });
});

const inBash = (line: string, words: readonly string[]) => {
  const folder = join(program.folder, "bin");
  mkdirSync(folder, { recursive: true });
  const kflow = join(folder, "kflow");
  writeFileSync(kflow, `#!/bin/sh\nexec "${process.execPath}" "${join(program.folder, "dist", "kflow.cjs")}" "$@"\n`);
  chmodSync(kflow, 0o755);
  const script = `PATH="${folder}:$PATH"
${scriptFor("bash")}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; COMP_LINE='${line}'
_kflow; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", script], { encoding: "utf8" }).trim().split("\n");
};

describe("the scripts", () => {
  it.each(shells)("%s", async (shell) => {
    const { code, out } = await program.run(["completion", shell]);
    expect({ code, out }).toEqual({ code: 0, out: scriptFor(shell) });
    expect(out).toContain("kflow --complete");
  });

  it("work in bash", () => {
    expect(inBash("kflow explain KDC_ERR_S_P", ["kflow", "explain", "KDC_ERR_S_P"])).toEqual([
      "KDC_ERR_S_PRINCIPAL_UNKNOWN",
    ]);
    expect(inBash("kflow ", ["kflow", ""])).toContain("explain");
  });
});
