import { expect, test } from "vitest";
import { FROM_CLIENT } from "../../src/model/connection.ts";
import { dnsBytes } from "../dissectors/dns/message.ts";
import { Stage } from "./stage.ts";

test("an observation is printed with what it tells only when asked", () => {
  const stage = new Stage();
  const bytes = dnsBytes({ questions: [{ name: "iisserver.contoso.com", type: 1 }] });
  stage.dispatch.datagram({
    bytes,
    start: 0,
    end: bytes.length,
    missing: 0,
    frame: 5,
    frames: null,
    src: "192.168.2.101",
    dst: "192.168.2.1",
    sport: 50_000,
    dport: 53,
    seconds: 1_795_000_000,
    nanos: 7,
  });
  expect(JSON.parse(JSON.stringify(stage.observations))).toEqual([
    {
      frame: 5,
      frames: [5],
      firstFrame: 5,
      frameCount: 1,
      framesOmitted: 0,
      time: { seconds: 1_795_000_000, nanos: 7 },
      src: "192.168.2.101",
      dst: "192.168.2.1",
      sport: 50_000,
      dport: 53,
      transport: "udp",
      connection: null,
      direction: FROM_CLIENT,
      endOffset: 0,
      inside: [],
      message: expect.objectContaining({ protocol: "dns", kind: "query" }),
    },
  ]);
});
