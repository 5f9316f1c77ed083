import { expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { Gather, Waiting } from "../../src/dispatch/framing/gather.ts";
import { clientHello } from "../dissectors/tls/hello.ts";
import { Stage } from "./stage.ts";

test("limit waitingBytes: the message that waits longest is given up, once with a problem, and its stream goes on", () => {
  const stage = new Stage();
  const start = `GET / HTTP/1.1\r\nX: ${"x".repeat(60_000)}`;
  const count = Math.ceil(limits.waitingBytes / 60_000) + 10;
  const talks = Array.from({ length: count }, () => stage.open("http", 80).client(start));
  expect(stage.problems).toMatchObject([{ text: expect.stringContaining("unfinished messages") }]);
  talks.at(-1)?.client("\r\n\r\n");
  expect(stage.messages).toMatchObject([{ method: "GET" }]);
  talks[0]?.client("\r\n\r\n").client("POST / HTTP/1.1\r\n\r\n");
  expect(stage.messages).toMatchObject([{ method: "GET" }, { method: "POST" }]);
});

test("what ended gives its bytes back", () => {
  const stage = new Stage();
  for (let index = 0; index < limits.waitingBytes / 30_000; index += 1) {
    const talk = stage.open("http", 80).client(`GET / HTTP/1.1\r\nX: ${"x".repeat(60_000)}`);
    if (index % 2 === 0) talk.finish();
    else talk.client("\r\n\r\n");
  }
  expect(stage.problems).toEqual([]);
});

test("a message costs what arrived, not what its length promises", () => {
  let problems = 0;
  const waiting = new Waiting(() => {
    problems += 1;
  });
  const piece = Uint8Array.of(0, 0, 0xff, 0xff, 0x6a);
  for (let index = 0; index < limits.streams; index += 1) new Gather(waiting).keep(piece, 0, piece.length);
  expect(problems).toBe(0);
});

test("limit clientHelloBytes: told with what is there", () => {
  const stage = new Stage();
  const hello = Array.from(clientHello("host", ["h2"]));
  const promising = Uint8Array.from([...hello.slice(0, 3), 0x3f, 0xff, 1, 0, 0xff, 0xff, ...hello.slice(9)]);
  const talk = stage.open("tls", 443).client(promising);
  talk.client("x".repeat(limits.clientHelloBytes - promising.length - 1));
  expect(stage.messages).toEqual([]);
  talk.client("xx");
  expect(stage.messages).toMatchObject([{ serverName: "host" }]);
  expect(talk.goesOn).toBe(false);
});

test("a ClientHello cut by a gap or by the end is told with what is there", () => {
  const hello = clientHello("host", ["h2"]);
  for (const end of ["gap", "finish"] as const) {
    const stage = new Stage();
    const talk = stage.open("tls", 443).client(hello.subarray(0, hello.length - 3));
    if (end === "gap") talk.gap(0, 3);
    else talk.finish();
    expect(stage.messages).toMatchObject([{ serverName: "host" }]);
  }
});

test("limit spareBytes: buffers beyond it are not kept, and a used one shows nothing of what it held", () => {
  const waiting = new Waiting(() => {});
  const gathers = Array.from({ length: limits.spareBytes / 65_536 + 2 }, () => new Gather(waiting));
  const old = new Uint8Array(65_536).fill(1);
  for (const gather of gathers) gather.keep(old, 0, old.length);
  for (const gather of gathers) gather.clear();
  for (const gather of gathers) {
    gather.keep(Uint8Array.of(7), 0, 1);
    gather.keep(old, 0, 40_000);
    expect([gather.length, gather.view()[0], gather.view().length]).toEqual([40_001, 7, 40_001]);
  }
});
