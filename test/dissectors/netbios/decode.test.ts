import { describe, expect, test } from "vitest";
import type { Dissector } from "../../../dissectors/dissector.ts";
import { nbdgm, nbns } from "../../../dissectors/netbios/index.ts";
import type { NbdgmMessage, NbnsMessage } from "../../../dissectors/netbios/message.ts";
import { Malformed } from "../../../src/bytes/malformed.ts";
import type { Bytes } from "../../net/packets.ts";
import { mailslot, nbnsAnswer, nbnsQuery } from "./message.ts";

const read = <M extends NbnsMessage | NbdgmMessage>(dissector: Dissector<M>, bytes: Bytes) =>
  dissector.decode(Uint8Array.from(bytes), () => "").map(({ message }) => message);

const CONTROLLERS = 0x1c;
const common = { protocol: "nbns", id: 7, opcode: 0, type: "NB" } as const;

describe("the name service", () => {
  test("a query for the controllers of a domain", () => {
    expect(read(nbns, nbnsQuery(7, "CONTOSO", CONTROLLERS))).toEqual([
      { ...common, kind: "query", broadcast: true, rcode: 0, name: { text: "CONTOSO", suffix: 28 }, addresses: [] },
    ]);
  });
  test("its answers", () => {
    const [found] = read(nbns, nbnsAnswer(7, "CONTOSO", CONTROLLERS, [192, 168, 2, 1], [192, 168, 2, 2]));
    expect(found).toMatchObject({ kind: "response", rcode: 0, addresses: ["192.168.2.1", "192.168.2.2"] });
    expect(read(nbns, nbnsAnswer(7, "CONTOSO", CONTROLLERS))).toMatchObject([{ rcode: 3, addresses: [] }]);
  });
  test("a name with a scope, and one of zeros", () => {
    const scoped = nbnsQuery(7, "A", 0x20).flatMap((byte, at) => (at === 45 ? [3, 97, 98, 99, 0] : [byte]));
    expect(read(nbns, scoped)).toMatchObject([{ name: { text: "A", suffix: 0x20 }, type: "NB" }]);
    expect(read(nbns, nbnsQuery(7, "*\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 0))).toMatchObject([{ name: { text: "*" } }]);
  });
  test("an answer that announces more addresses than it holds", () => {
    const bytes = nbnsAnswer(7, "CONTOSO", CONTROLLERS, [192, 168, 2, 1], [192, 168, 2, 2]);
    expect(read(nbns, bytes.slice(0, -3))).toMatchObject([{ addresses: ["192.168.2.1"] }]);
  });
  test.each([
    ["no header", nbnsQuery(7, "A", 0).slice(0, 11)],
    ["half a name", nbnsQuery(7, "A", 0).slice(0, 30)],
    ["no type", nbnsQuery(7, "A", 0).slice(0, 47)],
    ["a scope without an end", [...nbnsQuery(7, "A", 0).slice(0, 45), 60, 97]],
    ["a name of another length", nbnsQuery(7, "A", 0).map((byte, at) => (at === 12 ? 31 : byte))],
    ["another letter", nbnsQuery(7, "A", 0).map((byte, at) => (at === 20 ? 0x51 : byte))],
  ])("refuses %s", (_, bytes) => expect(() => read(nbns, bytes)).toThrow(Malformed));
});

const NETLOGON = "\\MAILSLOT\\NET\\NETLOGON";
const request = { from: "CLIENT1", to: "CONTOSO", suffix: CONTROLLERS, name: NETLOGON, data: [18, 0, 0, 0] };

describe("the datagram service", () => {
  test("a mailslot message to the controllers of a domain", () => {
    expect(read(nbdgm, mailslot(request))).toEqual([
      {
        protocol: "nbdgm",
        kind: "datagram",
        source: { text: "CLIENT1", suffix: 0 },
        destination: { text: "CONTOSO", suffix: 28 },
        mailslot: NETLOGON,
        opcode: 18,
      },
    ]);
  });
  test("mailslots of other services have no operation", () => {
    const browse = mailslot({ ...request, name: "\\MAILSLOT\\BROWSE" });
    expect(read(nbdgm, browse)).toMatchObject([{ mailslot: "\\MAILSLOT\\BROWSE", opcode: null }]);
  });
  test("what is no mailslot message, or ends early, is a datagram all the same", () => {
    const bytes = mailslot(request);
    expect(
      read(
        nbdgm,
        bytes.map((byte, at) => (at === 82 ? 0 : byte)),
      ),
    ).toMatchObject([{ mailslot: null }]);
    expect(read(nbdgm, bytes.slice(0, 100))).toMatchObject([{ mailslot: null, opcode: null }]);
    expect(read(nbdgm, bytes.slice(0, -3))).toMatchObject([{ mailslot: NETLOGON, opcode: null }]);
  });
  test("queries and errors of the service hold no message", () => {
    expect(read(nbdgm, [0x14, ...mailslot(request).slice(1)])).toEqual([]);
    expect(() => read(nbdgm, [])).toThrow(Malformed);
    expect(() => read(nbdgm, mailslot(request).slice(0, 60))).toThrow(Malformed);
  });
});

test("one line for each", () => {
  const [query] = read(nbns, nbnsQuery(7, "CONTOSO", CONTROLLERS));
  const [answer] = read(nbns, nbnsAnswer(7, "CONTOSO", CONTROLLERS, [192, 168, 2, 1]));
  const [message] = read(nbdgm, mailslot(request));
  expect(query && nbns.describe(query)).toBe("NbtNs: Name query, CONTOSO<1c> NB");
  expect(answer && nbns.describe(answer)).toBe("NbtNs: Name query response, CONTOSO<1c> NB, 192.168.2.1");
  expect(message && nbdgm.describe(message)).toBe(
    "NbtDs: CLIENT1<00> to CONTOSO<1c>, \\MAILSLOT\\NET\\NETLOGON, LOGON_SAM_LOGON_REQUEST",
  );
});
