import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Message } from "../../dissectors/registry.ts";
import { limits } from "../../src/bytes/limits.ts";
import { FROM_CLIENT, FROM_SERVER } from "../../src/model/connection.ts";
import { clientHello } from "../dissectors/tls/hello.ts";
import { Stage } from "./stage.ts";

const lines = (...text: readonly string[]) => `${text.join("\r\n")}\r\n\r\n`;
const get = (path: string, ...fields: readonly string[]) => lines(`GET ${path} HTTP/1.1`, "Host: a", ...fields);
const ok = (length: number, ...fields: readonly string[]) =>
  lines("HTTP/1.1 200 OK", `Content-Length: ${length}`, ...fields) + "x".repeat(length);
const NTLM = Buffer.from(`NTLMSSP\0\x01\0\0\0${"\0".repeat(32)}`).toString("base64");

/** `GET /a`, `200`, … in the order told. */
function told(stage: Stage): readonly string[] {
  return stage.messages.map(brief);
}

function brief(message: Message): string {
  if (message.protocol === "tls") return `tls ${message.serverName}`;
  if (message.protocol !== "http") return message.protocol;
  return message.kind === "request" ? `${message.method} ${message.target}` : String(message.status);
}

describe("one exchange", () => {
  test("where and when it was", () => {
    const stage = new Stage();
    const talk = stage.open("http", 80).client(get("/a")).server(ok(10), 30);
    const [request, response] = stage.observations;
    expect(request).toMatchObject({
      frame: 1,
      frames: [1],
      firstFrame: 1,
      frameCount: 1,
      framesOmitted: 0,
      src: "192.168.2.101",
      dst: "192.168.2.104",
      sport: 50_000,
      dport: 80,
      transport: "tcp",
      direction: FROM_CLIENT,
      endOffset: get("/a").length,
      time: { seconds: stage.seconds, nanos: 1 },
    });
    expect(request?.connection).toBe(talk.connection);
    expect(response).toMatchObject({
      frame: 3,
      frames: [2, 3],
      firstFrame: 2,
      frameCount: 2,
      sport: 80,
      dport: 50_000,
      direction: FROM_SERVER,
      endOffset: ok(10).length - 10,
    });
  });

  test("a token gives its messages inside", () => {
    const stage = new Stage();
    stage.open("http", 80).client(get("/", `Authorization: NTLM ${NTLM}`));
    expect(stage.observations[0]?.inside).toMatchObject([{ protocol: "ntlmssp", kind: "NEGOTIATE" }]);
  });

  test("a damaged token costs itself and is a problem", () => {
    const stage = new Stage();
    stage.open("http", 80).client(get("/", "Authorization: Negotiate YAMCAQA="));
    expect(told(stage)).toEqual(["GET /"]);
    expect(stage.problems).toMatchObject([{ text: expect.stringContaining("http token"), frame: 1 }]);
  });
});

const conversation = [
  [FROM_CLIENT, `${get("/1")}${lines("POST /2 HTTP/1.1", "Content-Length: 7")}GET / H`],
  [FROM_CLIENT, lines("HEAD /3 HTTP/1.1")],
  [FROM_SERVER, `${ok(30)}${lines("HTTP/1.1 100 Continue")}`],
  [FROM_SERVER, lines("HTTP/1.1 404 Not Found", "Transfer-Encoding: chunked")],
  [FROM_SERVER, '5;name="v"\r\nhello\r\n00a\r\n0123456789\r\n0\r\nTrailer: x\r\nOther: y\r\n\r\n'],
  [FROM_SERVER, lines("HTTP/1.1 200 OK", "Content-Length: 99")],
  [FROM_CLIENT, get("/4")],
  [FROM_SERVER, lines("HTTP/1.1 304 Not Modified", "Content-Length: 99")],
  [FROM_CLIENT, `${lines("PUT /5 HTTP/1.1", "Transfer-Encoding: chunked")}1\r\nx\r\n0\r\n\r\n${get("/6")}`],
  [
    FROM_SERVER,
    `${lines("HTTP/1.1 204 No Content")}${lines("HTTP/1.0 200 OK", "Connection: close")}HTTP/1.1 not\r\n\r\n`,
  ],
] as const;
const requests = ["GET /1", "POST /2", "HEAD /3", "GET /4", "PUT /5", "GET /6"];
const responses = ["200", "100", "404", "200", "304", "204", "200"];

function play(pieceBytes: readonly number[]): Stage {
  const stage = new Stage();
  const talk = stage.open("http", 80);
  conversation.forEach(([direction, text], index) => {
    const most = pieceBytes[index % pieceBytes.length];
    if (direction === FROM_CLIENT) talk.client(text, most);
    else talk.server(text, most);
  });
  talk.finish();
  return stage;
}

describe("pipelines, bodies and their ends under every segmentation", () => {
  test.each([1, 2, 3, 5, 7, 11, 16, 23, 64, 1460])("pieces of %d bytes", (pieceBytes) => {
    const stage = play([pieceBytes]);
    expect(
      stage.observations.filter(({ direction }) => direction === FROM_CLIENT).map((o) => brief(o.message)),
    ).toEqual(requests);
    expect(
      stage.observations.filter(({ direction }) => direction === FROM_SERVER).map((o) => brief(o.message)),
    ).toEqual(responses);
    expect(stage.problems).toEqual([]);
  });

  test("any pieces", () => {
    const whole = play([100_000]);
    const shape = (stage: Stage) => stage.observations.map(({ message, endOffset }) => ({ message, endOffset }));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 10 }), (pieceBytes) => {
        expect(shape(play(pieceBytes))).toEqual(shape(whole));
      }),
    );
  });
});

describe("when a message is told", () => {
  test("a request with a body: when the body is complete", () => {
    const stage = new Stage();
    const talk = stage.open("http", 80).client(lines("POST / HTTP/1.1", "Content-Length: 20"));
    expect(told(stage)).toEqual([]);
    talk.client("x".repeat(20), 10);
    expect(stage.observations).toMatchObject([{ frame: 3, frames: [1, 2, 3] }]);
  });

  test("a request with a body: at the latest when it is answered, and the rest of the body still passes", () => {
    const stage = new Stage();
    const talk = stage.open("http", 80).client(lines("POST / HTTP/1.1", "Content-Length: 20")).server(ok(0));
    expect(told(stage)).toEqual(["POST /", "200"]);
    talk.client("x".repeat(20)).client(get("/b"));
    expect(told(stage)).toEqual(["POST /", "200", "GET /b"]);
    expect(stage.observations[2]?.frames).toEqual([4]);
  });

  test("a body until the close: with the server's FIN", () => {
    const stage = new Stage();
    const talk = stage.open("http", 80).client(get("/")).server(lines("HTTP/1.0 200 OK")).server("body");
    talk.connection.closed = { by: "server", how: "fin", frame: 9, time: { seconds: 1_795_000_001, nanos: 5 } };
    expect(told(stage)).toEqual(["GET /"]);
    talk.finish();
    expect(stage.observations[1]).toMatchObject({ frame: 9, frames: [2, 3, 9], time: { nanos: 5 } });
  });

  test("limits httpHeldSeconds and httpHeldBytes", () => {
    const slow = new Stage();
    const download = slow.open("http", 80).server(lines("HTTP/1.1 200 OK", "Content-Length: 999999999"));
    slow.seconds += limits.httpHeldSeconds;
    download.server("x");
    expect(told(slow)).toEqual([]);
    slow.seconds += 1;
    download.server("x");
    expect(told(slow)).toEqual(["200"]);

    const large = new Stage();
    const other = large.open("http", 80).server(lines("HTTP/1.1 200 OK", "Content-Length: 999999999"));
    other.server("x".repeat(limits.httpHeldBytes));
    expect(told(large)).toEqual([]);
    other.server("x");
    expect(told(large)).toEqual(["200"]);
  });

  test("limit framesPerMessage: the first and the last half are listed", () => {
    const stage = new Stage();
    stage.open("http", 80).server(ok(200), 1);
    const [response] = stage.observations;
    const all = ok(200).length;
    const half = limits.framesPerMessage / 2;
    expect(response?.frames).toHaveLength(limits.framesPerMessage);
    expect(response?.framesOmitted).toBe(all - limits.framesPerMessage);
    expect(response?.frames.slice(half - 1, half + 1)).toEqual([half, all - half + 1]);
    expect(response?.frame).toBe(all);
  });
});

describe("expected 100-continue", () => {
  const post = lines("POST / HTTP/1.1", "Content-Length: 4", "Expect: 100-continue");

  test("with the body", () => {
    const stage = new Stage();
    const talk = stage.open("http", 80).client(post).server(lines("HTTP/1.1 100 Continue"));
    talk.client("body").server(ok(1)).client(get("/b"));
    expect(told(stage)).toEqual(["100", "POST /", "200", "GET /b"]);
  });

  test("refused, without the body", () => {
    const stage = new Stage();
    const talk = stage.open("http", 80).client(post).server(lines("HTTP/1.1 401 No", "Content-Length: 0"));
    talk.client(get("/b"));
    expect(told(stage)).toEqual(["POST /", "401", "GET /b"]);
  });
});

describe("tunnels and upgrades", () => {
  const connect = lines("CONNECT host:443 HTTP/1.1");
  const established = lines("HTTP/1.1 200 Connection established");

  test.each([1, 6, 50, 1460])("TLS behind CONNECT in pieces of %d bytes", (pieceBytes) => {
    const stage = new Stage();
    const talk = stage.open("http", 8080).client(connect).server(established);
    talk.client(clientHello("host", ["h2"]), pieceBytes);
    expect(told(stage)).toEqual(["CONNECT host:443", "200", "tls host"]);
    expect(talk.goesOn).toBe(false);
  });

  test("HTTP behind CONNECT", () => {
    const stage = new Stage();
    stage.open("http", 8080).client(connect).server(established).client(get("/in")).server(ok(2));
    expect(told(stage)).toEqual(["CONNECT host:443", "200", "GET /in", "200"]);
  });

  test("something else behind CONNECT", () => {
    const stage = new Stage();
    const talk = stage.open("http", 8080).client(connect).server(established).server("220 mail\r\n");
    expect(talk.goesOn).toBe(false);
    expect(stage.problems).toEqual([]);
  });

  test("a refused CONNECT is an exchange like others", () => {
    const stage = new Stage();
    stage.open("http", 8080).client(connect).server(lines("HTTP/1.1 407 No", "Content-Length: 2")).server("xx");
    expect(told(stage)).toEqual(["CONNECT host:443", "407"]);
  });

  test("101 ends it", () => {
    const stage = new Stage();
    const talk = stage.open("http", 80).client(get("/")).server(lines("HTTP/1.1 101 Switching Protocols"));
    expect(told(stage)).toEqual(["GET /", "101"]);
    expect(talk.goesOn).toBe(false);
  });
});

describe("one side and gaps", () => {
  test("responses without requests", () => {
    const stage = new Stage();
    stage.open("http", 80).server(ok(3)).server(ok(0));
    expect(told(stage)).toEqual(["200", "200"]);
  });

  test.each([
    ["a counted body", lines("HTTP/1.1 200 OK", "Content-Length: 20"), "x".repeat(5), "x".repeat(10)],
    ["a chunk", lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked"), "10\r\nx", `${"x".repeat(10)}\r\n0\r\n\r\n`],
  ])("inside %s is counted", (_, head, before, after) => {
    const stage = new Stage();
    const talk = stage.open("http", 80).server(head + before);
    talk.gap(FROM_SERVER, 5);
    talk.server(after + ok(1));
    expect(told(stage)).toEqual(["200", "200"]);
  });

  test("at the very end of a body completes it", () => {
    const stage = new Stage();
    stage
      .open("http", 80)
      .server(`${lines("HTTP/1.1 200 OK", "Content-Length: 5")}x`)
      .gap(FROM_SERVER, 4);
    expect(told(stage)).toEqual(["200"]);
  });

  test.each([
    ["over the end of a body", `${lines("HTTP/1.1 200 OK", "Content-Length: 5")}x`],
    ["inside a header block", "HTTP/1.1 200 OK\r\nContent-"],
    ["between messages", ok(1)],
    ["over a chunk size", `${lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")}1\r\nx`],
  ])("%s: the next segment that starts with a message is read", (_, before) => {
    const stage = new Stage();
    const talk = stage.open("http", 80).server(before);
    talk
      .gap(FROM_SERVER, 100)
      .server("rest of something\r\n\r\n")
      .server(lines("HTTP/1.1 404 No", "Content-Length: 0"));
    expect(told(stage).at(-1)).toBe("404");
    expect(stage.problems).toEqual([]);
  });

  test("a header block whose end is lost is told as cut, with its whole lines", () => {
    const stage = new Stage();
    const talk = stage
      .open("http", 80)
      .client("GET /a HTTP/1.1\r\nHost: a\r\nAuthorization: Negot")
      .gap(FROM_CLIENT, 9);
    expect(stage.messages).toMatchObject([{ method: "GET", host: "a", authorization: null, cut: true }]);
    talk.client("POST /b HTTP/1").gap(FROM_CLIENT, 9).client(get("/c"));
    expect(told(stage)).toEqual(["GET /a", "GET /c"]);
  });

  test("a lost response does not give its successor the wrong method", () => {
    const stage = new Stage();
    const talk = stage.open("http", 80).client(get("/1")).gap(FROM_SERVER, 100).client(lines("HEAD /2 HTTP/1.1"));
    talk.server(lines("HTTP/1.1 200 OK", "Content-Length: 50")).client(get("/3")).server(ok(1));
    expect(told(stage)).toEqual(["GET /1", "HEAD /2", "200", "GET /3", "200"]);
  });
});

describe("what is not HTTP", () => {
  test.each([
    ["on another port: given up in silence", 9999, 0],
    ["on its own port: given up with a problem", 80, 1],
  ])("%s", (_, port, problems) => {
    const stage = new Stage();
    const talk = stage.open("http", port).client("\u0001\u0002\u0003");
    expect(talk.goesOn).toBe(false);
    expect(stage.problems).toHaveLength(problems);
  });

  test.each([
    ["a second message that is none", `${get("/")}garbage here`],
    ["a response from the client", get("/") + ok(0)],
    ["a damaged chunk size", `${lines("PUT / HTTP/1.1", "Transfer-Encoding: chunked")}zz\r\n`],
    ["lengths that contradict one another", lines("PUT / HTTP/1.1", "Content-Length: 1", "Content-Length: 2")],
  ])("%s is a problem, and the next message is found", (_, text) => {
    const stage = new Stage();
    stage.open("http", 9999).client(text).client("nothing").client(get("/later"));
    expect(stage.problems).toHaveLength(1);
    expect(told(stage).at(-1)).toBe("GET /later");
  });

  test("limit httpHeaderBytes", () => {
    const block = (bytes: number) => {
      const empty = get("/", "X: ").length;
      return get("/", `X: ${"x".repeat(bytes - empty)}`);
    };
    for (const pieceBytes of [1460, 100_000]) {
      const stage = new Stage();
      const talk = stage.open("http", 80).client(block(limits.httpHeaderBytes), pieceBytes);
      expect(told(stage)).toEqual(["GET /"]);
      talk.client(block(limits.httpHeaderBytes + 1), pieceBytes);
      expect(talk.goesOn).toBe(false);
      expect(stage.problems).toMatchObject([{ text: expect.stringContaining("header block of more than") }]);
    }
  });

  test("limit httpChunkLineBytes", () => {
    const chunked = (extension: number) => {
      const stage = new Stage();
      const head = lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
      stage.open("http", 80).server(`${head}1;${"e".repeat(extension)}\nx\r\n0\r\n\r\n`);
      return stage.problems.length;
    };
    expect(chunked(limits.httpChunkLineBytes - 3)).toBe(0);
    expect(chunked(limits.httpChunkLineBytes - 2)).toBe(1);
  });

  test("limit httpChallenges", () => {
    const stage = new Stage();
    const talk = stage.open("http", 80);
    const challenged = (challenges: number) =>
      `HTTP/1.1 401 No\r\n${"WWW-Authenticate: X\r\n".repeat(challenges)}Content-Length: 0\r\n\r\n`;
    talk.client(get("/"));
    talk.server(challenged(limits.httpChallenges - 1));
    expect(stage.problems).toEqual([]);
    talk.client(get("/"));
    talk.server(challenged(limits.httpChallenges + 9));
    expect(stage.problems).toMatchObject([{ text: expect.stringContaining("challenges or more") }]);
    expect(stage.observations).toHaveLength(4);
  });

  test("limit pipelinedRequests", () => {
    const stage = new Stage();
    const talk = stage.open("http", 80);
    for (let index = 0; index < limits.pipelinedRequests; index += 1) talk.client(get("/"));
    expect(stage.problems).toEqual([]);
    talk.client(get("/"));
    expect(stage.problems).toMatchObject([{ text: expect.stringContaining("requests without a response") }]);
    expect(talk.goesOn).toBe(true);
  });
});

describe("connections that take turns", () => {
  const rubbish = "rubbish\r\n\r\n";
  /** What client and server of each say in turn; nothing of one is left out where the other says it. */
  const lives: readonly (readonly (string | Uint8Array)[])[] = [
    [get("/a"), ok(3), get("/b"), ok(30), rubbish, rubbish, get("/c"), rubbish],
    [rubbish],
    [get("/d"), ok(0), get("/e") + get("/f"), ok(1) + ok(2), "", rubbish, get("/g"), ok(5)],
    [lines("CONNECT a:443 HTTP/1.1"), lines("HTTP/1.1 200 OK"), clientHello("b", []), "x"],
    [get("/h"), ok(700), get("/i"), lines("HTTP/1.1 401 No", "Content-Length: 0"), get("/j")],
  ];
  const oneByOne = lives.flatMap((words, who) => words.map(() => who));

  function play(turns: readonly number[], pieceBytes: number) {
    const stage = new Stage();
    const talks = lives.map((words) => ({ talk: stage.open("http", 80), left: [...words.entries()], complaints: 0 }));
    for (const who of turns) {
      const one = talks[who];
      const [at, words] = one?.left.shift() ?? [0, ""];
      if (one === undefined) continue;
      const before = stage.problems.length;
      if (at % 2 === 0) one.talk.client(words, pieceBytes);
      else one.talk.server(words, pieceBytes);
      one.complaints += stage.problems.length - before;
    }
    return talks.map(({ talk, complaints }) => {
      talk.finish();
      const mine = stage.observations.filter(({ connection }) => connection === talk.connection);
      return { said: mine.map(({ message }) => brief(message)), complaints, goesOn: talk.goesOn };
    });
  }

  test("are told as one after the other", () => {
    const turns = fc.shuffledSubarray(oneByOne, { minLength: oneByOne.length });
    expect(play(oneByOne, 1000).map(({ complaints }) => complaints)).toEqual([1, 1, 1, 0, 0]);
    fc.assert(
      fc.property(turns, fc.constantFrom(7, 40, 1000), (mixed, pieceBytes) => {
        expect(play(mixed, pieceBytes)).toEqual(play(oneByOne, pieceBytes));
      }),
      { numRuns: 100, seed: 3 },
    );
  });
});

test("damage of any kind ends in messages or problems, never in an exception", () => {
  const text = Buffer.from(conversation.map(([, part]) => part).join(""));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(text.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 20 }),
      fc.integer({ min: 1, max: 100 }),
      fc.nat(200),
      (changes, pieceBytes, lost) => {
        const bytes = Buffer.from(text);
        for (const [at, value] of changes) bytes[at] = value;
        const stage = new Stage();
        const talk = stage.open("http", 80).client(bytes, pieceBytes).gap(FROM_SERVER, lost).server(bytes, pieceBytes);
        talk.finish();
        expect(stage.observations.length).toBeLessThan(100);
      },
    ),
  );
});
