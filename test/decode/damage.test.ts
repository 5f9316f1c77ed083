import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { type DecodedToken, decodePaste, decodingJson, decodingText } from "../../src/decode/index.ts";
import { unpainted } from "../../src/report/paint.ts";
import { der, field, int, octets, seq, str } from "../dissectors/asn1/build.ts";
import { bytesOf, messages } from "../dissectors/kerberos/messages.ts";
import { ntlm } from "../dissectors/ntlmssp/messages.ts";
import { krb5 } from "../scene/tokens.ts";
import { all, decoded, fingerprint } from "./trees.ts";

const look = { width: 80, paint: unpainted, quiet: false };
const spnego = Uint8Array.from(Buffer.from(krb5("HTTP/iisserver.contoso.com").slice(10), "base64"));
const tokens: readonly (readonly [string, Uint8Array])[] = [["spnego", spnego], ...Object.entries(ntlm), ...messages];

/** Both outputs of a token's tree. */
function shown(token: DecodedToken): string {
  const decoding = { tokens: [token], problems: [] };
  return decodingText(decoding, look) + decodingJson(decoding);
}

const PROOF = 16;

/** Elements whose bytes must not be seen: where the undamaged tree says so. */
function secretsOf(bytes: Uint8Array): Uint8Array[] {
  return (
    all(decoded(bytes).elements)
      .filter(({ name }) => /^(cipher|checksum|ServerChallenge|NTProof|EncryptedRandom|MIC)/.test(name))
      // Behind the proof stands the time, which the AV pairs tell as well (MS-NLMP 2.2.2.7): it is no secret.
      .map(({ name, offset, length }) => bytes.subarray(offset, offset + (name.startsWith("NTProof") ? PROOF : length)))
      .map((secret) => secret.subarray(secret.length > 16 ? secret.length - Math.min(secret.length - 8, 90) : 0))
      .filter((secret) => secret.length >= 8)
  );
}

/** Every way in which eight bytes of a secret could be written down. */
function leaks(output: string, secrets: readonly Uint8Array[]): string[] {
  const text = output.toLowerCase();
  return secrets.flatMap((secret) => {
    const found: string[] = [];
    for (let at = 0; at + 8 <= secret.length; at += 4) {
      const piece = Buffer.from(secret.subarray(at, at + 8));
      const forms = [piece.toString("hex"), [...piece].join(","), piece.toString("latin1").toLowerCase()];
      found.push(
        ...forms.filter((form) => text.includes(form)),
        ...base64Forms(piece).filter((form) => output.includes(form)),
      );
      const wide = piece.toString("utf16le");
      if (output.includes(wide)) found.push(wide);
    }
    return found;
  });
}

/** The letters that a piece surely gives, wherever it begins in a group of three. */
function base64Forms(piece: Buffer): string[] {
  return [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), piece])
      .toString("base64")
      .slice(shift === 0 ? 0 : shift + 1, 9),
  );
}

const LONGEST = 200_000;

function check(bytes: Uint8Array, secrets: readonly Uint8Array[]): void {
  const token = decoded(bytes);
  const output = shown(token);
  expect(output.length).toBeLessThan(LONGEST);
  expect(token.problems.length).toBeLessThanOrEqual(limits.decodedFaults + 1);
  expect(leaks(output, secrets)).toEqual([]);
}

describe.each(tokens)("%s", (_, bytes) => {
  const secrets = secretsOf(bytes);

  test("is whole, and keeps its secrets", () => {
    expect(decoded(bytes).problems).toEqual([]);
    check(bytes, secrets);
  });

  test("may be cut anywhere: the output says so", () => {
    const step = Math.max(1, Math.floor(bytes.length / 60));
    for (let length = 0; length < bytes.length; length += step) {
      const cut = bytes.slice(0, length);
      expect(decoded(cut).problems.length, `cut at ${length}`).toBeGreaterThan(0);
      check(cut, secrets);
    }
  });

  test("may have any byte changed", () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const flipped = bytes.slice();
        flipped[at] = (flipped[at] ?? 0) ^ change;
        check(flipped, secrets);
      }),
      { numRuns: 80 },
    );
  });
});

test("random bytes are survived, whatever they begin with", () => {
  const start = fc.constantFrom(0x60, 0xa0, 0xa1, 0x6a, 0x6b, 0x6c, 0x6e, 0x7e, 0x30, 0x61, 0, 1, 0x4e);
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 120 }), (first, rest) => {
      expect(shown(decoded(Uint8Array.of(first, ...rest))).length).toBeLessThan(LONGEST);
    }),
  );
});

test("random text is survived", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      const decoding = decodePaste(text, fingerprint);
      expect(decodingText(decoding, look).replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
      expect(() => JSON.parse(decodingJson(decoding))).not.toThrow();
    }),
  );
});

describe("limits", () => {
  const realm = (text: string) => der(0x61, seq(field(0, int(5)), field(1, str(text))));

  test("decodedElements bounds the tree", () => {
    // Each of the padata is an encoding of its own, so that derElements does not stop it.
    const etypes = seq(...Array.from({ length: 200 }, () => int(18)));
    const entry = seq(field(1, int(161)), field(2, octets(etypes)));
    const list = seq(...Array.from({ length: 20 }, () => entry));
    const token = decoded(list);
    expect(all(token.elements).length).toBeLessThanOrEqual(limits.decodedElements);
    expect(token.problems).toContainEqual(
      expect.objectContaining({ text: expect.stringContaining("the rest is not shown") }),
    );
  });

  test("decodedFaults bounds what is told", () => {
    const wrong = seq(...Array.from({ length: 60 }, () => seq(field(1, str("x")))));
    expect(decoded(wrong).problems.length).toBe(limits.decodedFaults);
  });

  test("tokenDepth bounds tokens in tokens", () => {
    let token: Uint8Array = spnego;
    for (let depth = 0; depth <= limits.tokenDepth; depth++) token = field(1, seq(field(2, octets(token))));
    expect(
      decoded(token)
        .problems.map(({ text }) => text)
        .join(),
    ).toContain("nested too deep");
  });

  test("control characters in a name are neither obeyed nor passed on", () => {
    const { problems, elements } = decoded(realm("CONTOSO\u001b[2J.COM"));
    expect(problems).not.toEqual([]);
    expect(all(elements).find(({ name }) => name === "realm")?.value).not.toContain("2J");
  });
});

test("an NTLM name that points into a response is not shown", () => {
  const forged = bytesOf(Buffer.from(ntlm.authenticate).toString("hex"));
  const view = new DataView(forged.buffer, forged.byteOffset);
  view.setUint16(36, 16, true);
  view.setUint32(40, view.getUint32(24, true), true);
  const token = decoded(forged);
  expect(token.problems).toEqual([
    expect.objectContaining({ text: "UserName overlaps NtChallengeResponse", offset: 36 }),
  ]);
});
