import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { FROM_CLIENT, FROM_SERVER } from "../../src/model/connection.ts";
import { join } from "../dissectors/asn1/build.ts";
import * as smb1 from "../dissectors/smb/messages.ts";
import {
  compound,
  framed,
  MORE,
  negotiateRequest,
  negotiateResponse,
  other,
  READ,
  sessionSetupRequest,
  sessionSetupResponse,
  smb2,
  treeConnectRequest,
  treeConnectResponse,
} from "../dissectors/smb2/messages.ts";
import { tokens } from "../dissectors/spnego/tokens.ts";
import { Stage } from "./stage.ts";

const kinds = (stage: Stage) => stage.messages.map(({ kind }) => kind);
const setup = framed(sessionSetupRequest({ token: tokens.initKrb5 }));
const tree = framed(treeConnectRequest("\\\\files\\share"));
const reading = framed(other(READ, 200_000, { isResponse: true }));

describe("a login", () => {
  test.each([1, 3, 5, 64, 68, 100, 1460, 100_000])("in pieces of %d bytes", (pieceBytes) => {
    const stage = new Stage();
    const talk = stage.open("smb", 445);
    talk.client(join(framed(negotiateRequest()), setup, tree), pieceBytes);
    talk.server(
      join(
        framed(negotiateResponse({ token: tokens.hints })),
        framed(sessionSetupResponse({ token: tokens.respKrb5 })),
        framed(treeConnectResponse()),
      ),
      pieceBytes,
    );
    expect(kinds(stage)).toEqual([
      "NEGOTIATE request",
      "SESSION_SETUP request",
      "TREE_CONNECT request",
      "NEGOTIATE response",
      "SESSION_SETUP response",
      "TREE_CONNECT response",
    ]);
    expect(stage.observations[1]?.inside.map(({ kind }) => kind)).toEqual(["NegTokenInit", "AP-REQ"]);
    expect(stage.observations[1]?.endOffset).toBe(framed(negotiateRequest()).length + setup.length);
    expect(stage.problems).toEqual([]);
  });

  test("the frames that carried a message", () => {
    const stage = new Stage();
    stage.open("smb", 445).client(setup.subarray(0, 4)).client(setup.subarray(4), 1000);
    expect(stage.observations).toMatchObject([{ frame: 3, frames: [1, 2, 3], framesOmitted: 0 }]);
  });

  test("of SMB1 that turns into SMB2, over a NetBIOS session", () => {
    const stage = new Stage();
    const called = framed(new Uint8Array(68), 0x81);
    const talk = stage
      .open("smb", 139)
      .client(called)
      .server(framed(new Uint8Array(0), 0x82));
    talk.client(framed(smb1.negotiateRequest())).server(framed(negotiateResponse({ dialect: 0x02ff })));
    talk.client(framed(new Uint8Array(0), 0x85)).client(framed(negotiateRequest()));
    expect(stage.messages.map(({ protocol, kind }) => `${protocol} ${kind}`)).toEqual([
      "smb NEGOTIATE request",
      "smb2 NEGOTIATE response",
      "smb2 NEGOTIATE request",
    ]);
    expect(stage.problems).toEqual([]);
  });

  test("of SMB1 alone", () => {
    const stage = new Stage();
    const talk = stage.open("smb", 445);
    talk.client(framed(smb1.negotiateRequest(["NT LM 0.12"]))).server(framed(smb1.negotiateResponse({ token: null })));
    talk.client(framed(smb1.plainSetupRequest("John", "CONTOSO", "\\\\FILES\\share")));
    talk.server(framed(smb1.sessionSetupResponse({ status: 0xc000_006d })));
    expect(kinds(stage)).toEqual([
      "NEGOTIATE request",
      "NEGOTIATE response",
      "SESSION_SETUP request",
      "TREE_CONNECT request",
      "SESSION_SETUP response",
    ]);
  });
});

describe("what belongs to no login is passed over", () => {
  test.each([7, 1460, 1_000_000])("contents of files, in pieces of %d bytes", (pieceBytes) => {
    const stage = new Stage();
    stage.open("smb", 445).server(join(reading, framed(treeConnectResponse()), reading), pieceBytes);
    expect(kinds(stage)).toEqual(["TREE_CONNECT response"]);
  });

  test("the other members of a compound", () => {
    const stage = new Stage();
    stage.open("smb", 445).client(compound(other(READ, 49), treeConnectRequest("\\\\a\\b"), other(6, 24)), 50);
    expect(stage.messages).toMatchObject([{ kind: "TREE_CONNECT request", path: "\\\\a\\b" }]);
  });

  test("what is encrypted or compressed", () => {
    const stage = new Stage();
    const sealed = framed(join(Uint8Array.of(0xfd, 0x53, 0x4d, 0x42), new Uint8Array(300)));
    const pressed = framed(join(Uint8Array.of(0xfc, 0x53, 0x4d, 0x42), new Uint8Array(30)));
    stage.open("smb", 445).client(join(tree, sealed, pressed, tree));
    expect(kinds(stage)).toEqual(["TREE_CONNECT request", "TREE_CONNECT request"]);
    expect(stage.problems).toEqual([]);
  });

  test("but a connection that begins encrypted is told once", () => {
    const stage = new Stage();
    const sealed = framed(join(Uint8Array.of(0xfd, 0x53, 0x4d, 0x42), new Uint8Array(300)));
    stage.open("smb", 445).client(join(sealed, sealed), 70).server(sealed);
    expect(stage.messages).toEqual([{ protocol: "smb2", kind: "encrypted", sessionId: "0000000000000000" }]);
  });

  test("a message of a login above the limit smbMessageBytes", () => {
    const stage = new Stage();
    const huge = framed(smb2(1, {}, new Uint8Array(limits.smbMessageBytes)));
    stage.open("smb", 445).client(join(huge, tree), 1460);
    expect(kinds(stage)).toEqual(["TREE_CONNECT request"]);
  });

  test("but the end of a session is told", () => {
    const stage = new Stage();
    stage.open("smb", 445).server(framed(other(READ, 0, { isResponse: true, status: 0xc000_035c })));
    expect(stage.messages).toMatchObject([{ kind: "ERROR response", command: "READ", ntStatus: 0xc000_035c }]);
  });
});

describe("where bytes are missing", () => {
  test("from contents that nobody reads, nothing is lost", () => {
    const stage = new Stage();
    const talk = stage.open("smb", 445).server(reading.subarray(0, 1000)).gap(FROM_SERVER, 100_000);
    talk.server(reading.subarray(101_000)).server(framed(sessionSetupResponse({ status: MORE })));
    expect(kinds(stage)).toEqual(["SESSION_SETUP response"]);
  });

  test("from a token, the message is told as cut, and the next one is read", () => {
    const stage = new Stage();
    const talk = stage
      .open("smb", 445)
      .client(setup.subarray(0, 300))
      .gap(FROM_CLIENT, setup.length - 300);
    talk.client(tree);
    expect(stage.messages).toMatchObject([
      { kind: "SESSION_SETUP request", tokenLength: tokens.initKrb5.length, cut: true },
      { kind: "TREE_CONNECT request" },
    ]);
    expect(stage.observations[0]?.inside).toEqual([]);
  });

  test("from a token and beyond it, the next packet at the start of a segment is found", () => {
    const stage = new Stage();
    const talk = stage.open("smb", 445).client(setup.subarray(0, 300)).gap(FROM_CLIENT, setup.length);
    talk.client(setup.subarray(500)).client(tree);
    expect(kinds(stage)).toEqual(["TREE_CONNECT request"]);
    expect(stage.problems).toEqual([]);
  });

  test("from a header, the packet is passed over", () => {
    const stage = new Stage();
    const talk = stage.open("smb", 445).client(setup.subarray(0, 40)).gap(FROM_CLIENT, 100);
    talk.client(setup.subarray(140)).client(tree);
    expect(kinds(stage)).toEqual(["TREE_CONNECT request"]);
  });
});

describe("what is no SMB", () => {
  test("is given up, with a problem on its own port only", () => {
    for (const [port, problems] of [
      [445, 1],
      [9999, 0],
    ] as const) {
      const stage = new Stage();
      const talk = stage.open("smb", port).client(framed(new Uint8Array(100)));
      expect(talk.goesOn).toBe(false);
      expect(stage.problems).toHaveLength(problems);
    }
  });

  test("in the middle of a connection is passed over until SMB begins again", () => {
    const stage = new Stage();
    stage.open("smb", 445).client(tree).client("nonsense of any kind").client("more of it").client(tree);
    expect(kinds(stage)).toEqual(["TREE_CONNECT request", "TREE_CONNECT request"]);
    expect(stage.problems).toHaveLength(1);
  });

  test("a compound that leads out of its packet", () => {
    const stage = new Stage();
    stage.open("smb", 445).client(framed(other(READ, 24, { next: 4096 })));
    expect(stage.problems).toMatchObject([{ text: expect.stringContaining("NextCommand 4096") }]);
  });

  test("a malformed message is a problem and the next one is read", () => {
    const stage = new Stage();
    const damaged = setup.slice();
    damaged.set([0xff, 0xff], 4 + 76);
    stage.open("smb", 445).client(join(damaged, tree));
    expect(kinds(stage)).toEqual(["TREE_CONNECT request"]);
    expect(stage.problems).toMatchObject([{ text: expect.stringMatching(/^smb2: security buffer/), frame: 1 }]);
  });
});

test("whatever is damaged, cut up or lost, nothing is thrown and nothing is told twice", () => {
  const sound = join(
    framed(negotiateRequest()),
    setup,
    compound(other(READ, 49), treeConnectRequest("\\\\a\\b"), other(6, 24)),
    reading.subarray(0, 4000),
    framed(smb1.sessionSetupRequest(tokens.initNtlm)),
    tree,
  );
  const change = fc.record({ at: fc.nat({ max: sound.length - 1 }), byte: fc.nat({ max: 255 }) });
  const gap = fc.record({ at: fc.nat({ max: sound.length }), length: fc.integer({ min: 1, max: 5000 }) });
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 6 }),
      fc.integer({ min: 1, max: 2000 }),
      gap,
      (changes, pieceBytes, hole) => {
        const bytes = sound.slice();
        for (const { at, byte } of changes) bytes[at] = byte;
        const stage = new Stage();
        const talk = stage.open("smb", 445).client(bytes.subarray(0, hole.at), pieceBytes);
        if (talk.goesOn) talk.gap(FROM_CLIENT, hole.length).client(bytes.subarray(hole.at + hole.length), pieceBytes);
        talk.finish();
        expect(stage.observations.length).toBeLessThanOrEqual(8);
      },
    ),
    { numRuns: 400 },
  );
});
