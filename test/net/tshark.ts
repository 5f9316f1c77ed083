import { execFileSync } from "node:child_process";
import { openNet } from "../../src/net/net.ts";
import { eachFrame } from "./pcap-file.ts";
import { Recorder } from "./recorder.ts";

/** One line for each UDP datagram, one for each TCP stream with payload: what both sides of the comparison must say. */
export function asKflow(path: string): string[] {
  const recorder = new Recorder();
  const net = openNet(recorder, 7, (problem) => recorder.problems.push(problem));
  eachFrame(path, (view) => net.frame(view));
  net.end();
  const udp = recorder.datagrams.map((one) => {
    const size = one.text.length + one.missing;
    return `udp ${one.frames.at(-1)} ${one.src} ${one.sport} ${one.dst} ${one.dport} ${size}`;
  });
  const tcp = recorder.connections.map(({ client, server, seen, lost }) => {
    const ends = [`${client.address} ${client.port} ${seen[0]}`, `${server.address} ${server.port} ${seen[1]}`];
    return `tcp ${ends.sort().join(" ")} ${lost[0] + lost[1] > 0 ? "lost" : ""}`;
  });
  return [...udp, ...tcp.sort()];
}

const fields = ["frame.number", "ip.src", "ipv6.src", "ip.dst", "ipv6.dst", "udp.srcport", "udp.dstport", "udp.length"];
const tcpFields = ["tcp.stream", "tcp.srcport", "tcp.dstport", "tcp.seq", "tcp.len", "tcp.flags.syn"];

export function asTshark(path: string): string[] {
  const wanted = [...fields, ...tcpFields].flatMap((field) => ["-e", field]);
  const options = ["-o", "ip.defragment:TRUE", "-E", "occurrence=l", "-T", "fields"];
  const table = execFileSync(
    "tshark",
    ["-n", "-r", path, "-Y", "(udp || tcp) && !icmp && !icmpv6", ...options, ...wanted],
    {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 2 ** 30,
    },
  );
  const udp: string[] = [];
  const streams = new Map<string, Map<string, number>>();
  for (const line of table.split("\n").filter((one) => one !== "")) {
    const [frame, src4, src6, dst4, dst6, sport, dport, length, stream, from, to, seq, size, syn] = line.split("\t");
    const [src, dst] = [src4 || src6, dst4 || dst6];
    if (sport !== "") udp.push(`udp ${frame} ${src} ${sport} ${dst} ${dport} ${Number(length) - 8}`);
    else {
      const ends = streams.get(stream ?? "") ?? new Map<string, number>();
      const first = syn === "1" || syn === "True" ? 0 : Number(seq) - 1;
      const [sender, receiver] = [`${src} ${from}`, `${dst} ${to}`];
      if (!ends.has(receiver)) ends.set(receiver, 0);
      const reached = Number(size) > 0 ? first + Number(size) : 0;
      ends.set(sender, Math.max(ends.get(sender) ?? 0, reached));
      streams.set(stream ?? "", ends);
    }
  }
  const withBytes = [...streams.values()].filter((ends) => [...ends.values()].some((size) => size > 0));
  const tcp = withBytes.map(
    (ends) =>
      `tcp ${[...ends]
        .map(([end, size]) => `${end} ${size}`)
        .sort()
        .join(" ")} `,
  );
  return [...udp, ...tcp.sort()];
}
