import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ntlm } from "../dissectors/ntlmssp/messages.ts";
import { krb5 } from "../scene/tokens.ts";
import { buildProgram, type Program } from "./program.ts";

let program: Program;
beforeAll(() => {
  program = buildProgram();
}, 60_000);
afterAll(() => program.remove());

const token = krb5("HTTP/iisserver.contoso.com");
const challenge = `NTLM ${Buffer.from(ntlm.challenge).toString("base64")}`;
const text = (words: string) => new TextEncoder().encode(words);

describe("a pasted token", () => {
  it("as one argument", async () => {
    const { code, out, err } = await program.run(["decode", `Authorization: ${token}`]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^Authorization: Negotiate: NegTokenInit > AP-REQ, \d+ bytes from base64\n/);
    expect(out).toMatch(/^ +\d+ +5 +pvno \[0\] {2}5$/m);
    expect(out).toContain("HTTP/iisserver.contoso.com (NT-SRV-INST)");
  });

  it("as several, where it was not quoted", async () => {
    const { code, out } = await program.run(["decode", ...challenge.split(" ")]);
    expect(code).toBe(0);
    expect(out).toContain("MsvAvDnsComputerName  dca.contoso.com");
    expect(out).toContain("ServerChallenge  8 bytes (not shown)");
  });

  it.each([[["decode", "-"]], [["decode"]]])("from standard input: %j", async (args) => {
    const { code, out } = await program.run(args, text(`${token}\n`));
    expect(code).toBe(0);
    expect(out).toContain("AP-REQ [APPLICATION 14]");
  });

  it("as JSON", async () => {
    const { code, out } = await program.run(["decode", "--format", "json", token]);
    const { schema, tokens, problems } = JSON.parse(out);
    expect({ code, schema, problems }).toEqual({ code: 0, schema: "kflow/decode/1", problems: [] });
    expect(tokens[0]).toMatchObject({ title: "Negotiate", encoding: "base64", problems: [] });
    expect(tokens[0].elements[0]).toMatchObject({ name: "InitialContextToken", tag: "[APPLICATION 0]", offset: 0 });
  });

  it("in columns of --width, coloured on demand only", async () => {
    const plain = await program.run(["decode", "--width", "60", token]);
    expect(Math.max(...plain.out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(plain.out).not.toContain("\u001b");
    const coloured = await program.run(["decode", "--color", "always", token]);
    expect(coloured.out).toContain("\u001b[1m");
  });
});

describe("the exit code", () => {
  it("is 3 for what is decoded in part, and the place is named", async () => {
    const { code, out, err } = await program.run(["decode", token.slice(0, 90)]);
    expect({ code, err }).toEqual({ code: 3, err: "" });
    expect(out).toMatch(/^! offset \d+, character 91: the token ends here, inside /m);
  });

  it.each([
    [["decode", "Good morning!"], /no token|neither base64|another byte/],
    [["decode", "Negotiate"], /stands alone/],
    [["decode", "--frame", "0", "x.pcap"], /--frame takes the number of a frame/],
    [["decode", "--frame", "3"], /no capture file given/],
    [["decode", "--frame", "3", "nowhere.pcap"], /there is no such file/],
    [["decode", "--format", "ndjson", "x"], /decode --format takes text or json/],
    [["decode", "--host", "x", "x"], /--host works with kflow and kflow compare only/],
    [["--frame", "3", "x.pcap"], /--frame works with kflow decode only/],
    [["decode"], /nothing to decode/],
  ])("is 2 for %j, with a sentence", async (args, sentence) => {
    const { code, out, err } = await program.run(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(sentence);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
  });

  it("and JSON says why nothing was decoded", async () => {
    const { code, out } = await program.run(["decode", "--format", "json", "Good morning!"]);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ tokens: [], problems: [{ character: 1 }] });
  });
});

it("--help has examples", async () => {
  const { code, out } = await program.run(["decode", "--help"]);
  expect(code).toBe(0);
  expect(out).toContain("kflow decode [options] --frame N FILE");
  expect(out).toContain("Examples:");
});

const capture = fileURLToPath(new URL("../../samples/success/capture.pcap", import.meta.url));

describe.skipIf(!existsSync(capture))("--frame", () => {
  const frame = (number: number, ...more: string[]) =>
    program.run(["decode", "--frame", String(number), capture, ...more]);

  it("shows the messages that a frame completes", async () => {
    const { code, out } = await frame(29);
    expect(code).toBe(0);
    expect(out).toMatch(/^frame 29, HTTP: Request, GET \//);
    expect(out).toContain("AP-REQ [APPLICATION 14]");
  });

  it("reads a capture from standard input", async () => {
    const { code, out } = await program.run(["decode", "--frame", "18", "-"], readFileSync(capture));
    expect(code).toBe(0);
    expect(out).toContain("TGS-REQ [APPLICATION 12]");
  });

  it("says what completes a part", async () => {
    const { code, out, err } = await frame(28);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/frame 28 .*frame 29 completes/);
  });

  it("says what else a frame holds, or that there is none", async () => {
    expect((await frame(1)).err).toMatch(/holds no token .* DNS: /);
    expect((await frame(5)).err).toMatch(/completes no message/);
    expect((await frame(1_000)).err).toMatch(/there is no frame 1000: the capture has \d+/);
  });
});
