import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { FROM_CLIENT, FROM_SERVER } from "../../src/model/connection.ts";
import { join } from "../dissectors/asn1/build.ts";
import { dnsBytes, RESPONSE } from "../dissectors/dns/message.ts";
import { message } from "../dissectors/kerberos/messages.ts";
import { Stage } from "./stage.ts";

const behind = (prefix: 2 | 4, bytes: Uint8Array) => {
  const length = [0, 0, bytes.length >> 8, bytes.length & 255].slice(4 - prefix);
  return join(Uint8Array.from(length), bytes);
};
const tgsReq = behind(4, message("tgsReq"));
const tgsRep = behind(4, message("tgsRep"));
const error = behind(4, message("preauthRequired"));
const query = (name: string) => behind(2, dnsBytes({ questions: [{ name, type: 1 }] }));
const kinds = (stage: Stage) => stage.messages.map(({ kind }) => kind);

describe("Kerberos over TCP", () => {
  test.each([1, 2, 3, 5, 100, 1460, 100_000])("several messages in pieces of %d bytes", (pieceBytes) => {
    const stage = new Stage();
    const talk = stage.open("kerberos", 88).client(join(tgsReq, tgsReq), pieceBytes);
    talk.server(join(error, tgsRep), pieceBytes);
    expect(kinds(stage)).toEqual(["TGS-REQ", "TGS-REQ", "KRB-ERROR", "TGS-REP"]);
    expect(stage.observations.map(({ endOffset }) => endOffset)).toEqual([
      tgsReq.length,
      tgsReq.length * 2,
      error.length,
      error.length + tgsRep.length,
    ]);
    expect(stage.problems).toEqual([]);
  });

  test("the frames that carried a message", () => {
    const stage = new Stage();
    stage.open("kerberos", 88).client(tgsReq, 1000);
    expect(stage.observations).toMatchObject([{ frame: 2, frames: [1, 2], framesOmitted: 0, direction: FROM_CLIENT }]);
  });

  test("after a gap the next message at the start of a segment is found", () => {
    const stage = new Stage();
    const talk = stage.open("kerberos", 88).server(tgsRep.subarray(0, 300)).gap(FROM_SERVER, 100);
    talk.server(tgsRep.subarray(400)).server(error);
    expect(kinds(stage)).toEqual(["KRB-ERROR"]);
    expect(stage.problems).toEqual([]);
  });

  test("a malformed message is a problem and the next one is read", () => {
    const stage = new Stage();
    const damaged = Uint8Array.from(error);
    damaged[12] = 0x7f;
    stage.open("kerberos", 88).server(join(damaged, error));
    expect(kinds(stage)).toEqual(["KRB-ERROR"]);
    expect(stage.problems).toMatchObject([{ text: expect.stringMatching(/^kerberos: /), frame: 1 }]);
  });

  test("what is none is given up, with a problem on its own port only", () => {
    for (const [port, problems] of [
      [88, 1],
      [10_088, 0],
    ] as const) {
      const stage = new Stage();
      const talk = stage.open("kerberos", port).client("hello, world");
      expect(talk.goesOn).toBe(false);
      expect(stage.problems).toHaveLength(problems);
    }
  });

  test("limit kerberosBytes", () => {
    const stage = new Stage();
    const talk = stage.open("kerberos", 88).client(Uint8Array.of(0, 1, 0, 0, 0x6a));
    expect(talk.goesOn).toBe(true);
    const other = stage.open("kerberos", 88).client(Uint8Array.of(0, 1, 0, 1, 0x6a));
    expect(limits.kerberosBytes).toBe(0x10000);
    expect(other.goesOn).toBe(false);
    expect(stage.problems).toHaveLength(1);
  });
});

describe("DNS over TCP", () => {
  test.each([1, 2, 7, 100_000])("in pieces of %d bytes", (pieceBytes) => {
    const stage = new Stage();
    const answer = behind(2, dnsBytes({ flags: RESPONSE, questions: [{ name: "a", type: 1 }] }));
    const talk = stage.open("dns", 53).client(join(query("a"), query("b")), pieceBytes);
    talk.server(answer, pieceBytes);
    expect(kinds(stage)).toEqual(["query", "query", "response"]);
  });

  test("a length that cannot be is a problem", () => {
    const stage = new Stage();
    stage
      .open("dns", 53)
      .client(query("a"))
      .client(Uint8Array.of(0, 3, 1, 2, 3));
    expect(stage.problems).toMatchObject([{ text: "dns: length 3 of a message at offset 0" }]);
  });

  test("limit dnsMessageBytes: the longest message there can be", () => {
    const stage = new Stage();
    const data = new Array<number>(65_000).fill(0);
    const answers = [{ name: "a", type: 10, data }];
    const rest = limits.dnsMessageBytes - dnsBytes({ flags: RESPONSE, answers }).length - 13;
    const whole = dnsBytes({
      flags: RESPONSE,
      answers: [...answers, { name: "b", type: 10, data: data.slice(0, rest) }],
    });
    expect(whole).toHaveLength(limits.dnsMessageBytes);
    stage.open("dns", 53).server(behind(2, whole), 1460);
    expect(kinds(stage)).toEqual(["response"]);
  });
});

test("kpasswd: the frame and what is in it", () => {
  const apReq = message("apReq");
  const length = 6 + apReq.length;
  const head = Uint8Array.of(length >> 8, length & 255, 0xff, 0x80, apReq.length >> 8, apReq.length & 255);
  const stage = new Stage();
  stage.open("kpasswd", 464).client(behind(4, join(head, apReq)), 200);
  expect(kinds(stage)).toEqual(["request", "AP-REQ"]);
});

test("damage of any kind ends in messages or problems, never in an exception", () => {
  const bytes = join(tgsReq, error, tgsRep);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 10 }),
      fc.integer({ min: 1, max: 700 }),
      (changes, pieceBytes) => {
        const damaged = Uint8Array.from(bytes);
        for (const [at, value] of changes) damaged[at] = value;
        const stage = new Stage();
        stage.open("kerberos", 88).client(damaged, pieceBytes).finish();
        expect(stage.observations.length).toBeLessThan(10);
      },
    ),
  );
});
