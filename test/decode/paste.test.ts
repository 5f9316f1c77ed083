import { describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { decodePaste } from "../../src/decode/index.ts";
import { ntlm } from "../dissectors/ntlmssp/messages.ts";
import { krb5 } from "../scene/tokens.ts";
import { fingerprint } from "./trees.ts";

const read = (text: string) => decodePaste(text, fingerprint);
const bytes = Buffer.from(krb5("HTTP/iisserver.contoso.com").slice("Negotiate ".length), "base64");
const base64 = bytes.toString("base64");
const hex = bytes.toString("hex");
const wanted = read(base64).tokens[0]?.elements;

const pairs = hex.match(/../g) ?? [];
const wrapped = (width: number, lineEnd: string) => base64.match(new RegExp(`.{1,${width}}`, "g"))?.join(lineEnd) ?? "";
const letters = (row: Buffer) => row.toString("latin1").replace(/[^ -~]/g, ".");

function dump(line: (offset: number, row: Buffer) => string): string {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) rows.push(line(at, bytes.subarray(at, at + 16)));
  return rows.join("\n");
}
const spaced = (row: Buffer, gap = " ") => [...row].map((octet) => octet.toString(16).padStart(2, "0")).join(gap);
const grouped = (row: Buffer) => row.toString("hex").replace(/(....)(?=.)/g, "$1 ");
const offset = (at: number, digits: number) => at.toString(16).padStart(digits, "0");

describe("the same tree comes out of", () => {
  test.each([
    ["base64", base64],
    ["base64 without padding", base64.replaceAll("=", "")],
    ["base64url", bytes.toString("base64url")],
    ["base64 in lines", wrapped(76, "\n")],
    ["base64 in lines of Windows", wrapped(64, "\r\n")],
    ["base64 in a shell's quotes", `'${base64}'`],
    ["base64 in continued lines", wrapped(64, "\\\n  ")],
    ["the value of a header", `Negotiate ${base64}`],
    ["a scheme in small letters", `negotiate ${base64}`],
    ["a header", `Authorization: Negotiate ${base64}\r\n`],
    ["a header of a proxy", `Proxy-Authorization: Negotiate ${base64}`],
    ["a challenge", `WWW-Authenticate: Negotiate ${base64}`],
    ["a folded header", `Authorization: Negotiate\r\n ${wrapped(70, "\r\n ")}\r\n`],
    ["a request", `GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Negotiate ${base64}\r\nAccept: */*\r\n\r\n`],
    ["what curl -v shows", `> GET / HTTP/1.1\n> Authorization: Negotiate ${base64}\n> User-Agent: curl\n>\n`],
    ["hex", hex],
    ["hex in capitals", hex.toUpperCase()],
    ["hex with 0x", `0x${hex}`],
    ["hex with blanks", pairs.join(" ")],
    ["hex with colons", pairs.join(":")],
    ["hex of a C array", `{ ${pairs.map((pair) => `0x${pair}`).join(", ")} };`],
    ["hex of a string", `"${pairs.map((pair) => `\\x${pair}`).join("")}"`],
    [
      "hex in lines",
      pairs
        .join(" ")
        .match(/.{1,48}/g)
        ?.join("\n") ?? "",
    ],
    ["xxd", dump((at, row) => `${offset(at, 8)}: ${grouped(row).padEnd(39)}  ${letters(row)}`)],
    [
      "hexdump -C",
      `${dump((at, row) => `${offset(at, 8)}  ${spaced(row.subarray(0, 8))}  ${spaced(row.subarray(8))}  |${letters(row)}|`)}\n${offset(bytes.length, 8)}\n`,
    ],
    ["Wireshark", dump((at, row) => `${offset(at, 4)}   ${spaced(row).padEnd(47)}   ${letters(row)}`)],
    ["Wireshark without letters", dump((at, row) => `${offset(at, 4)}   ${spaced(row)}`)],
    ["tcpdump -x", dump((at, row) => `\t0x${offset(at, 4)}:  ${grouped(row)}`)],
    [
      "tcpdump -X from the middle",
      dump((at, row) => `\t0x${offset(at + 0x40, 4)}:  ${grouped(row).padEnd(39)}  ${letters(row)}`),
    ],
  ])("%s", (_, text) => {
    const { tokens, problems } = read(text);
    expect({ problems, own: tokens.map((token) => token.problems) }).toEqual({ problems: [], own: [[]] });
    expect(tokens[0]?.elements).toEqual(wanted);
  });
});

describe("several tokens", () => {
  test("are told apart by their schemes", () => {
    const challenge = Buffer.from(ntlm.challenge).toString("base64");
    const { tokens, problems } = read(
      `HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate ${base64}\r\nWWW-Authenticate: NTLM ${challenge}, Basic realm="x"\r\n`,
    );
    expect(problems).toEqual([]);
    expect(tokens.map(({ title }) => title)).toEqual(["WWW-Authenticate: Negotiate", "WWW-Authenticate: NTLM"]);
    expect(tokens[1]?.elements[0]?.name).toBe("CHALLENGE_MESSAGE");
    expect(tokens.flatMap((token) => token.problems)).toEqual([]);
  });

  test("at most decodedTokens", () => {
    expect(read(`Negotiate ${base64}\n`.repeat(limits.decodedTokens + 5)).tokens).toHaveLength(limits.decodedTokens);
  });
});

describe("wrong characters", () => {
  test("are named with their place, and what follows keeps its own", () => {
    const { tokens } = read(`${base64.slice(0, 10)}*${base64.slice(11)}`);
    expect(tokens[0]?.problems).toContainEqual({
      text: 'the character "*" is no base64',
      character: 11,
      line: 1,
      column: 11,
    });
    expect(tokens[0]?.elements[0]?.length).toBe(bytes.length);
  });

  test("in hex too, and a digit too many", () => {
    expect(read(`${hex.slice(0, 40)}x${hex.slice(41)}`).tokens[0]?.problems[0]).toMatchObject({ character: 41 });
    expect(read(`${hex}6`).tokens[0]?.problems).toEqual([expect.objectContaining({ character: hex.length + 1 })]);
  });

  test("behind the padding", () => {
    expect(read("TlRMTVNTUAABAAAAB4IIogAAAAAAAAAAAAAAAAAAAAA=x").tokens[0]?.problems[0]?.character).toBe(45);
  });
});

describe("nothing is decoded of", () => {
  test.each([
    ["nothing", " \n", /nothing to decode/],
    ["a letter", "Dear Sir or Madam, this is no token at all!", /but a token begins with another byte .* found 0x0d/],
    ["words", "(§§) $% & ?!", /neither base64 nor hex/],
    ["a scheme alone", "WWW-Authenticate: Negotiate\r\n", /Negotiate stands alone/],
    ["a password", "Authorization: Basic bm9ib2R5Om5vdGhpbmc=", /secrets/],
    ["a bearer token", "Authorization: Bearer abcdefgh", /secrets/],
    ["too much", "A".repeat(limits.pastedCharacters + 1), /characters/],
  ])("%s", (_, text, why) => {
    const { tokens, problems } = read(text);
    expect(tokens).toEqual([]);
    expect(problems.map((problem) => problem.text).join()).toMatch(why);
  });
});
