import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type * as Decode from "../dissectors/kerberos/decode.ts";
import { expectSameAsPcapParser } from "./capture/same-packets.ts";
import { fingerprint, referee } from "./dissectors/kerberos/referee.ts";
import { tsharkIsThere } from "./dissectors/kerberos/tshark.ts";
import { asKflow } from "./referee/kflow.ts";
import { differences } from "./referee/row.ts";
import { asTshark } from "./referee/tshark.ts";
import { captureOf, pathOf, scenarios } from "./scenarios.ts";

/** Whole samples, read by others too: tshark, and asn1js beside the cursor. */

/** The bytes of every Kerberos message that kflow decodes, wherever it was found. */
const decoded = vi.hoisted((): Uint8Array[] => []);

vi.mock("../dissectors/kerberos/decode.ts", async (original) => {
  const real = await original<typeof Decode>();
  const kerberosMessage: typeof real.kerberosMessage = (bytes, print, start, end) => {
    decoded.push(bytes.slice(start, end));
    return real.kerberosMessage(bytes, print, start, end);
  };
  return { ...real, kerberosMessage };
});

const { kerberosMessage } = await vi.importActual<typeof Decode>("../dissectors/kerberos/decode.ts");
const fileOf = (scenario: string) => fileURLToPath(pathOf("..", captureOf(scenario).name));

describe("asn1js reads every Kerberos message as the cursor does", () => {
  let compared = 0;
  it.each(scenarios)("%s", (scenario) => {
    decoded.length = 0;
    asKflow(captureOf(scenario).bytes);
    compared += decoded.length;
    for (const bytes of [...decoded]) expect(kerberosMessage(bytes, fingerprint)).toMatchObject(referee(bytes));
  });
  it("and there were messages to read", () => expect(compared).toBeGreaterThan(scenarios.length));
});

const CLASSIC = 0xa1b2c3d4;
const isClassic = ({ bytes }: { readonly bytes: Uint8Array }) =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) === CLASSIC;

describe("pcap-parser reads the same packets of every classic capture", () => {
  it.each(scenarios.filter((scenario) => isClassic(captureOf(scenario))))("%s", (scenario) =>
    expectSameAsPcapParser(captureOf(scenario).bytes));
});

interface Exception {
  readonly scenario: string;
  readonly mode: keyof Compared;
  /** Who is right, and by which words of whom. */
  readonly why: string;
  readonly differ: readonly string[];
}

function inBothModes(exception: Omit<Exception, "mode">): readonly Exception[] {
  return [
    { ...exception, mode: "plain" },
    { ...exception, mode: "reordered" },
  ];
}

/** Where the two differ. Left is kflow, right is tshark. */
const exceptions: readonly Exception[] = [
  {
    scenario: "lossy-network",
    mode: "plain",
    why: "kflow is right: RFC 9293 section 3.10.7.4 has segments processed in the order of their sequence numbers. Without its option tshark gives up on a message whose segments came in another order; with it, it agrees.",
    differ: [
      "frame 27 messageType: 13 | ",
      "frame 27 realm: CONTOSO.COM, CONTOSO.COM | ",
      "frame 27 sname: HTTP, iisserver.contoso.com | ",
      "frame 27 cname: John | ",
    ],
  },
  {
    scenario: "challenge-lost-from-capture",
    mode: "reordered",
    why: "kflow is right: the client acknowledged the lost segment (RFC 9293 section 3.4), so it will never come again. With its option tshark waits for it to the end of the capture; without, it agrees.",
    differ: [
      "frame 30 messageType: 15 | ",
      "frame 30 status: 200 | ",
      "frame 30 negState: accept-completed | ",
      "frame 30 mechanism: KRB5 | ",
    ],
  },
  ...inBothModes({
    scenario: "every-frame-twice",
    why: "kflow leaves out the second of two packets with one IP identification (RFC 791 section 3.1); tshark shows what stands in the file.",
    differ: [12, 14, 16, 18].flatMap((frame) => [
      `frame ${frame} dnsId:  | ${frame % 4 === 0 ? 7396 : 54488}`,
      `frame ${frame} dnsName:  | iisserver.contoso.com`,
      ...(frame > 14 ? [`frame ${frame} rcode:  | 0`] : []),
    ]),
  }),
  ...inBothModes({
    scenario: "sql-sspi",
    why: "kflow is right: MS-TDS section 2.2.7.22 gives the length of an SSPI token in bytes. tshark takes it for characters, doubles it, and finds the packet malformed.",
    differ: ["frame 14 negState: accept-incomplete | ", "frame 14 mechanism: NTLMSSP | ", "frame 14 ntlm: 2 | "],
  }),
  ...inBothModes({
    scenario: "winrm",
    why: "kflow is right: Windows answers under the scheme Kerberos with the same tokens as under Negotiate. tshark reads those of requests, not those of responses.",
    differ: ["frame 10 messageType: 15 | ", "frame 10 negState: accept-completed | ", "frame 10 mechanism: KRB5 | "],
  }),
];

function excepted(scenario: string, mode: keyof Compared): readonly string[] {
  return exceptions.find((one) => one.scenario === scenario && one.mode === mode)?.differ ?? [];
}

interface Compared {
  readonly plain: readonly string[];
  readonly reordered: readonly string[];
}

describe.skipIf(!tsharkIsThere())("tshark reads the same messages", () => {
  const compared = new Map<string, Compared>();

  async function compare(scenario: string): Promise<void> {
    const file = fileOf(scenario);
    const ours = asKflow(captureOf(scenario).bytes);
    const plain = await asTshark(file, false);
    const reordered = plain.isTroubled ? await asTshark(file, true) : plain;
    compared.set(scenario, { plain: differences(ours, plain), reordered: differences(ours, reordered) });
  }

  beforeAll(async () => {
    const waiting = [...scenarios];
    const worker = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await compare(next);
    };
    await Promise.all([worker(), worker(), worker()]);
  }, 300_000);

  it.each(scenarios)("%s", (scenario) => {
    expect(compared.get(scenario)?.plain).toEqual(excepted(scenario, "plain"));
  });
  it.each(scenarios)("%s, with segments put in order", (scenario) => {
    expect(compared.get(scenario)?.reordered).toEqual(excepted(scenario, "reordered"));
  });
});
