import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FROM_SERVER } from "../../src/model/connection.ts";
import * as rpc from "../dissectors/dcerpc/message.ts";
import { message } from "../dissectors/kerberos/messages.ts";
import * as tds from "../dissectors/tds/message.ts";
import { Stage } from "./stage.ts";

type Bytes = readonly number[];
const bytes = (...parts: readonly Bytes[]) => Uint8Array.from(parts.flat());
const kinds = (stage: Stage) => stage.messages.map(({ kind }) => kind);
const insides = (stage: Stage) => stage.observations.map(({ inside }) => inside.map(({ kind }) => kind).join());
const apReq = [...message("apReq")];
const NETLOGON = "12345678-1234-abcd-ef00-01234567cffb";

describe("DCE-RPC", () => {
  const call = rpc.pdu(0, new Array<number>(3000).fill(1));
  const bind = rpc.bind(11, [[NETLOGON, 1]], { auth: { type: 16, token: apReq } });
  const ack = rpc.bindAck(12, [0, 3]);

  test.each([1, 3, 9, 10, 15, 100, 100_000])("binds among calls, in pieces of %d bytes", (pieceBytes) => {
    const stage = new Stage();
    const talk = stage.open("dcerpc", 49_668).client(bytes(bind), pieceBytes).server(bytes(ack), pieceBytes);
    talk.client(bytes(call, call, bind), pieceBytes).server(bytes(rpc.fault(5), rpc.bindNak(8)), pieceBytes);
    expect(kinds(stage)).toEqual(["bind", "bind_ack", "bind", "fault", "bind_nak"]);
    expect(insides(stage)).toEqual(["AP-REQ", "", "AP-REQ", "", ""]);
    expect(stage.problems).toEqual([]);
  });

  test("bytes lost in a call cost nothing", () => {
    const stage = new Stage();
    const talk = stage.open("dcerpc", 135).server(bytes(call).subarray(0, 500)).gap(FROM_SERVER, 2000);
    talk.server(bytes(call).subarray(2500)).server(bytes(ack));
    expect(kinds(stage)).toEqual(["bind_ack"]);
  });
});

describe("TDS", () => {
  test.each([1, 7, 8, 9, 1460, 100_000])("a log-on with Kerberos in pieces of %d bytes", (pieceBytes) => {
    const stage = new Stage();
    const talk = stage.open("tds", 1433).client(bytes(tds.prelogin(2)), pieceBytes);
    talk.server(bytes(tds.prelogin(2, 4)), pieceBytes);
    talk.client(bytes(tds.login({ token: apReq }, 512)), pieceBytes);
    talk.server(bytes(tds.response(tds.info(), tds.loginAck())), pieceBytes);
    expect(kinds(stage)).toEqual(["prelogin-request", "prelogin-response", "login", "response"]);
    expect(insides(stage)).toEqual(["", "", "AP-REQ", ""]);
    expect(talk.goesOn).toBe(false);
    expect(stage.problems).toEqual([]);
  });

  test("where the log-on alone is encrypted, its answer is read", () => {
    const stage = new Stage();
    const record = [0x17, 3, 3, 1, 0, ...new Array<number>(256).fill(9)];
    const handshake = tds.packets(18, [0x16, 3, 1, 0, 4, 1, 2, 3, 4]);
    const talk = stage
      .open("tds", 1433)
      .client(bytes(tds.prelogin(0)))
      .server(bytes(tds.prelogin(0, 4)));
    talk.client(bytes(handshake)).server(bytes(handshake)).client(bytes(record), 100);
    talk.server(bytes(tds.response(tds.error(18456, "Login failed for user 'CONTOSO\\john'."))));
    expect(kinds(stage)).toEqual(["prelogin-request", "prelogin-response", "response"]);
    expect(talk.goesOn).toBe(false);
  });

  test("where all of it is encrypted, nothing is", () => {
    const stage = new Stage();
    const record = [0x17, 3, 3, 0, 4, 9, 9, 9, 9];
    const talk = stage
      .open("tds", 1433)
      .client(bytes(tds.prelogin(1)))
      .server(bytes(tds.prelogin(1, 4)));
    for (let count = 0; count < 20; count += 1) talk.client(bytes(record)).server(bytes(record, record), 3);
    expect(kinds(stage)).toEqual(["prelogin-request", "prelogin-response"]);
    expect(stage.problems).toEqual([]);
  });
});

test("damage of any kind ends in messages or problems, never in an exception", () => {
  const auth = { type: 16, token: apReq };
  const rpcBytes = bytes(
    rpc.bind(11, [[NETLOGON, 1]], { auth }),
    rpc.pdu(0, [1, 2, 3]),
    rpc.bindAck(12, [0]),
    rpc.fault(5),
  );
  const tdsBytes = bytes(tds.prelogin(2), tds.login({ token: apReq }, 512), tds.packets(17, [1, 2, 3]));
  for (const [protocol, port, sound] of [
    ["dcerpc", 135, rpcBytes],
    ["tds", 1433, tdsBytes],
  ] as const) {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(sound.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 10 }),
        fc.integer({ min: 1, max: 700 }),
        (changes, pieceBytes) => {
          const damaged = Uint8Array.from(sound);
          for (const [at, value] of changes) damaged[at] = value;
          const stage = new Stage();
          stage.open(protocol, port).client(damaged, pieceBytes).finish();
          expect(stage.observations.length).toBeLessThan(20);
        },
      ),
    );
  }
});
