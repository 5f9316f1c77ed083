import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FROM_CLIENT, FROM_SERVER } from "../../src/model/connection.ts";
import type { DatagramView } from "../../src/model/packet.ts";
import { dnsBytes, RESPONSE } from "../dissectors/dns/message.ts";
import { message } from "../dissectors/kerberos/messages.ts";
import { done, entry, narrow } from "../dissectors/ldap/message.ts";
import { Stage } from "./stage.ts";

function view(bytes: Uint8Array, sport: number, dport: number, missing = 0): DatagramView {
  const padded = Buffer.concat([Buffer.from("<<"), bytes, Buffer.from(">>")]);
  return {
    bytes: padded,
    start: 2,
    end: padded.length - 2,
    missing,
    src: "192.168.2.101",
    dst: "192.168.2.1",
    sport,
    dport,
    frame: 5,
    frames: null,
    seconds: 1_795_000_000,
    nanos: 7,
  };
}

function send(stage: Stage, each: DatagramView): boolean {
  const wanted = stage.dispatch.wantsDatagram(each.sport, each.dport, each.bytes, each.start, each.end);
  if (wanted) stage.dispatch.datagram(each);
  return wanted;
}

const question = { name: "iisserver.contoso.com", type: 1 };
const query = dnsBytes({ questions: [question] });

describe("by port", () => {
  test.each([
    ["DNS", query, 50_000, 53, "dns", FROM_CLIENT],
    ["its answer", dnsBytes({ flags: RESPONSE, questions: [question] }), 53, 50_000, "dns", FROM_SERVER],
    ["Kerberos", message("asReqBare"), 50_000, 88, "kerberos", FROM_CLIENT],
    ["its answer", message("skew"), 88, 50_000, "kerberos", FROM_SERVER],
    ["LDAP", Uint8Array.from(done(narrow, 1, 0)), 389, 50_000, "cldap", FROM_SERVER],
    ["a bare error to kpasswd", message("skew"), 464, 50_000, "kerberos", FROM_SERVER],
    ["Kerberos on another port, by its look", message("asReqBare"), 50_000, 10_088, "kerberos", FROM_CLIENT],
  ])("%s", (_, bytes, sport, dport, protocol, direction) => {
    const stage = new Stage();
    expect(send(stage, view(bytes, sport, dport))).toBe(true);
    expect(stage.observations).toMatchObject([
      {
        frame: 5,
        frames: [5],
        framesOmitted: 0,
        time: { seconds: 1_795_000_000, nanos: 7 },
        src: "192.168.2.101",
        dst: "192.168.2.1",
        sport,
        dport,
        transport: "udp",
        connection: null,
        direction,
        message: { protocol },
        inside: [],
      },
    ]);
  });

  test("several messages of one datagram, and the fragments that carried it", () => {
    const stage = new Stage();
    const bytes = Uint8Array.from([...entry(narrow, 1, "a", [1]), ...done(narrow, 1, 0)]);
    send(stage, { ...view(bytes, 389, 50_000), frames: [3, 5] });
    expect(stage.observations).toMatchObject([
      { frames: [3, 5], message: { kind: "entry" } },
      { frames: [3, 5], message: { kind: "done" } },
    ]);
  });
});

describe("what nobody wants", () => {
  test.each([
    ["mDNS", query, 5353, 5353],
    ["LLMNR", query, 50_000, 5355],
    ["text", Buffer.from("hello, world"), 50_000, 9999],
    ["nothing at all", new Uint8Array(0), 50_000, 53],
  ])("%s", (_, bytes, sport, dport) => {
    expect(send(new Stage(), view(bytes, sport, dport))).toBe(false);
  });
});

test("a malformed datagram on a claimed port is a problem with its frame", () => {
  const stage = new Stage();
  send(stage, view(dnsBytes({ questions: [{ name: [0xc0, 12], type: 1 }] }), 50_000, 53));
  expect(stage.problems).toEqual([{ text: "dns: name pointer loop at offset 12", frame: 5 }]);
});

test("what the capture cut is read as far as it goes; where that is nothing, the problem says why", () => {
  const stage = new Stage();
  const answers = [{ name: "a", type: 1, data: [1, 2, 3, 4] }];
  const bytes = dnsBytes({ flags: RESPONSE, questions: [question], answers });
  send(stage, view(bytes.subarray(0, bytes.length - 2), 53, 50_000, 2));
  expect(stage.messages).toMatchObject([{ kind: "response", cut: true, answers: [] }]);
  send(stage, view(bytes.subarray(0, 20), 53, 50_000, 40));
  expect(stage.problems).toMatchObject([
    { text: expect.stringContaining("40 bytes of the datagram were not captured") },
  ]);
});

test("random datagrams never throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(53, 88, 389, 464, 9999), (bytes, port) => {
      const stage = new Stage();
      send(stage, view(bytes, 50_000, port));
      expect(stage.observations.length + stage.problems.length).toBeLessThan(100);
    }),
    { numRuns: 1000 },
  );
});
