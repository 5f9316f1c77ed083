// Counts the packets of a capture with pcap-parser, for comparison with kflow.
import { parse } from "pcap-parser";

let packets = 0;
const parser = parse(process.argv[2]);
parser.on("packet", () => {
  packets++;
});
parser.on("end", () => process.stdout.write(`${packets}\n`));
