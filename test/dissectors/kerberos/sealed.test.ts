import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { kerberosMessage } from "../../../dissectors/kerberos/decode.ts";
import { der, field, flags, int, name, octets, seq, str } from "../asn1/build.ts";
import { fingerprint } from "./referee.ts";

const cipherOf = (number: number) => Uint8Array.from({ length: 64 }, (_, at) => number >> (8 * (at & 3)));
const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex").slice(0, 16);

interface Parts {
  readonly cipher?: Uint8Array;
  readonly realm?: string;
  readonly host?: string;
  readonly etype?: number;
  readonly kvno?: number;
}

function presented({ cipher = cipherOf(0), realm = "A.B", host = "web.a.b", etype = 18, kvno = 2 }: Parts = {}) {
  const sealed = (bytes: Uint8Array) => seq(field(0, int(etype)), field(1, int(kvno)), field(2, octets(bytes)));
  const names = [field(1, str(realm)), field(2, name(2, "HTTP", host))];
  const ticket = der(0x61, seq(field(0, int(5)), ...names, field(3, sealed(cipher))));
  const head = [field(0, int(5)), field(1, int(14)), field(2, flags(0))];
  const bytes = der(0x6e, seq(...head, field(3, ticket), field(4, sealed(cipherOf(9)))));
  const message = kerberosMessage(bytes, fingerprint);
  if (message.kind !== "AP-REQ") throw new Error(message.kind);
  return message;
}

describe("the fingerprint of a ticket", () => {
  test("is the same wherever the ticket is seen", () => {
    expect(presented().ticket).toEqual(presented().ticket);
    expect(presented().ticket.fingerprint).toBe(digest(cipherOf(0)));
  });

  test("is another where one bit of the cipher is another", () => {
    const first = presented().ticket;
    for (let at = 0; at < 64; at += 9) {
      const cipher = cipherOf(0);
      cipher[at] = 0x80;
      const other = presented({ cipher }).ticket;
      expect(other).toEqual({ ...first, fingerprint: digest(cipher) });
      expect(other.fingerprint).not.toBe(first.fingerprint);
    }
  });
});

test("the same cipher under other names, of another type or key is another ticket", () => {
  expect(presented({ realm: "A.C" }).ticket).toMatchObject({ realm: "A.C", sname: "HTTP/web.a.b" });
  expect(presented({ host: "w2.a.b" }).ticket).toMatchObject({ realm: "A.B", sname: "HTTP/w2.a.b" });
  expect(presented({ etype: 17 }).ticket).toMatchObject({ etype: 17, kvno: 2, length: 64 });
  expect(presented({ kvno: 3 }).ticket).toMatchObject({ etype: 18, kvno: 3, length: 64 });
});
