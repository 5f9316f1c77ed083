import { describe, expect, test } from "vitest";
import { dns } from "../../../dissectors/dns/index.ts";
import type { DnsMessage } from "../../../dissectors/dns/message.ts";
import { limits } from "../../../src/bytes/limits.ts";
import { dnsBytes, type Entry, RESPONSE } from "./message.ts";

const TO_QUESTION = [0xc0, 12] as const;

function decode(bytes: Uint8Array): DnsMessage {
  const [decoded] = dns.decode(bytes, () => "");
  if (decoded === undefined) throw new Error("no message");
  return decoded.message;
}

function asked(name: string, type = 1): DnsMessage {
  return decode(dnsBytes({ questions: [{ name, type }] }));
}

function answered(name: string, ...answers: readonly Entry[]): DnsMessage {
  return decode(dnsBytes({ flags: RESPONSE, questions: [{ name, type: 1 }], answers }));
}

function address(number: number): Entry {
  return { name: TO_QUESTION, type: 1, data: [10, (number >> 16) & 255, (number >> 8) & 255, number & 255] };
}

/** A name whose question has so many bytes. */
function nameOf(questionBytes: number): string {
  const label = "x".repeat(59);
  const rest = questionBytes - 4 - 1 - 60;
  return `${label}.${rest > 64 ? `${label}.${"y".repeat(rest - 61)}` : "y".repeat(rest - 1)}`;
}

describe("equal parts of messages are shared", () => {
  test("a question, by whoever asks or answers it", () => {
    const first = asked("intranet.contoso.com");
    expect(asked("intranet.contoso.com").questions).toBe(first.questions);
    expect(answered("intranet.contoso.com").questions).toBe(first.questions);
  });

  test("not with another name, spelling or type", () => {
    const first = asked("intranet.contoso.com");
    for (const other of [asked("intranet.contoso.net"), asked("Intranet.contoso.com")]) {
      expect(other.questions).not.toEqual(first.questions);
    }
    expect(asked("intranet.contoso.com", 28).questions).toEqual([{ name: "intranet.contoso.com", type: "AAAA" }]);
  });

  test("an answer of one record, whether its owner is spelled or pointed to", () => {
    const first = answered("web.contoso.com", address(7));
    expect(answered("web.contoso.com", address(7)).answers).toBe(first.answers);
    expect(answered("web.contoso.com", { ...address(7), name: "web.contoso.com" }).answers).toBe(first.answers);
  });

  test("not with another owner, type or data", () => {
    answered("web.contoso.com", address(7));
    expect(answered("wob.contoso.com", address(7)).answers).toEqual([
      { name: "wob.contoso.com", type: "A", data: "10.0.0.7" },
    ]);
    expect(answered("web.contoso.com", address(8)).answers).toMatchObject([{ data: "10.0.0.8" }]);
    expect(answered("web.contoso.com", { ...address(7), type: 65_280 }).answers).toMatchObject([
      { type: "TYPE65280", data: "" },
    ]);
  });

  test("what several records say stays in their order", () => {
    const data = (...numbers: readonly number[]) =>
      answered("web.contoso.com", ...numbers.map(address)).answers.map((record) => record.data);
    expect(data(1, 2)).toEqual(["10.0.0.1", "10.0.0.2"]);
    expect(data(2, 1, 2)).toEqual(["10.0.0.2", "10.0.0.1", "10.0.0.2"]);
    expect(data(1)).toEqual(["10.0.0.1"]);
  });

  test("the name that a record points to is that of its own message", () => {
    expect(answered("one.contoso.com", address(7)).answers).toMatchObject([{ name: "one.contoso.com" }]);
    expect(answered("two.contoso.com", address(7)).answers).toMatchObject([{ name: "two.contoso.com" }]);
    const questions = ["one", "two"].map((name) => ({ name, type: 1 }));
    const message = decode(dnsBytes({ flags: RESPONSE, questions, answers: [address(7)] }));
    expect(message.answers).toMatchObject([{ name: "one" }]);
    const none = decode(dnsBytes({ flags: RESPONSE, answers: [{ ...address(7), name: "a.b" }, address(8)] }));
    expect(none.answers).toMatchObject([{ name: "a.b" }, { name: "a.b", data: "10.0.0.8" }]);
  });
});

describe("what is remembered has an end", () => {
  test("limit sharedQuestions: more of them are as right as before", () => {
    for (let round = 0; round < 2; round++) {
      for (let n = 0; n < limits.sharedQuestions * 2; n++) {
        expect(asked(`host${n}.contoso.com`).questions).toEqual([{ name: `host${n}.contoso.com`, type: "A" }]);
      }
    }
  });

  test("limit sharedQuestionBytes: longer ones are not shared", () => {
    const longest = nameOf(limits.sharedQuestionBytes);
    expect(asked(longest).questions).toBe(asked(longest).questions);
    const longer = nameOf(limits.sharedQuestionBytes + 1);
    expect(asked(longer).questions).toEqual([{ name: longer, type: "A" }]);
    expect(asked(longer).questions).not.toBe(asked(longer).questions);
  });

  test("limit sharedRecords: more of them are as right as before", () => {
    for (let round = 0; round < 2; round++) {
      for (let n = 0; n < limits.sharedRecords * 2; n++) {
        const data = `10.0.${n >> 8}.${n & 255}`;
        expect(answered("web.contoso.com", address(n)).answers).toEqual([{ name: "web.contoso.com", type: "A", data }]);
      }
    }
  });
});
