import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { limits } from "../../src/bytes/limits.ts";
import { openCapture } from "../../src/capture/capture.ts";
import { newFrameView } from "../../src/model/frame.ts";
import { openNet } from "../../src/net/net.ts";
import { u16 } from "../../src/net/words.ts";
import { Recorder } from "./recorder.ts";

/** By frame number, the innermost packets: `udp 10.0.0.1 1111 10.0.0.2 53`. */
export type Seen = ReadonlyMap<number, readonly string[]>;

const transports: { readonly [protocol: number]: string } = { 6: "tcp", 17: "udp" };

/** What kflow finds: the filter of packets is asked about each of them. */
export function seenByKflow(path: string): Seen {
  const seen = new Map<number, string[]>();
  const view = newFrameView();
  const capture = openCapture(() => {});
  const net = openNet(
    new Recorder(),
    1,
    () => {},
    limits,
    (packet, protocol, addresses) => {
      const transport = transports[protocol];
      if (transport === undefined) return true;
      const { bytes, at } = packet;
      const ends = `${addresses.source(packet)} ${u16(bytes, at)} ${addresses.destination(packet)} ${u16(bytes, at + 2)}`;
      const found = seen.get(packet.frame) ?? [];
      seen.set(packet.frame, [...found, `${transport} ${ends}`]);
      return true;
    },
  );
  const drain = () => {
    while (capture.next(view)) net.frame(view);
  };
  drain();
  capture.feed(Uint8Array.from(readFileSync(path)));
  drain();
  capture.end();
  drain();
  return seen;
}

const endings = ["frame.number", "frame.protocols", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst"] as const;
const ports = ["udp.srcport", "udp.dstport", "tcp.srcport", "tcp.dstport"] as const;

/** What tshark finds: of every frame the last packet, those quoted in ICMP aside. */
export function seenByTshark(path: string, options: readonly string[] = []): Seen {
  const wanted = [...endings, ...ports].flatMap((field) => ["-e", field]);
  const shape = ["-T", "fields", "-E", "occurrence=l"];
  const table = execFileSync("tshark", ["-n", "-r", path, ...options, ...shape, ...wanted], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 2 ** 28,
  });
  const seen = new Map<number, readonly string[]>();
  for (const line of table.split("\n")) {
    const [frame, protocols = "", src4, dst4, src6, dst6, usport, udport, tsport, tdport] = line.split("\t");
    const chain = protocols.split(":");
    const innermost = chain.findLastIndex((name) => name === "ip" || name === "ipv6" || name === "arp");
    const transport = chain.slice(innermost).find((name) => name === "tcp" || name === "udp");
    if (transport === undefined || chain.includes("icmp") || chain.includes("icmpv6")) continue;
    const isFour = chain[innermost] === "ip";
    const [sport, dport] = transport === "udp" ? [usport, udport] : [tsport, tdport];
    seen.set(Number(frame), [`${transport} ${isFour ? src4 : src6} ${sport} ${isFour ? dst4 : dst6} ${dport}`]);
  }
  return seen;
}

/** The frames about which the two differ; of several packets in a frame the last is compared. */
export function differences(ours: Seen, theirs: Seen): string[] {
  const frames = [...new Set([...ours.keys(), ...theirs.keys()])].sort((one, two) => one - two);
  return frames.flatMap((frame) => {
    const [here, there] = [ours.get(frame)?.at(-1), theirs.get(frame)?.at(-1)];
    return here === there ? [] : [`${frame}: kflow ${here ?? "-"}, tshark ${there ?? "-"}`];
  });
}
