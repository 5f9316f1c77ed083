import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { concat, enhancedPacket, interfaceBlock, section } from "../capture/build.ts";
import { type LinkRow, linkRows } from "./link-rows.ts";
import { differences, seenByKflow, seenByTshark } from "./packets-seen.ts";
import { asKflow, asTshark } from "./tshark.ts";
import { tunnelRows } from "./tunnel-rows.ts";

const lab = new URL("../../../shared/captures/lab/", import.meta.url);
const hasTshark = spawnSync("tshark", ["--version"]).status === 0;

/** A few of many: success, datagrams in fragments, TCP resets, large tokens. */
const names = ["success", "cross-realm-referral", "account-disabled", "clock-skew-client", "dc-locator-cldap-blocked"];

describe.skipIf(!existsSync(lab) || !hasTshark)("as tshark reads it", () => {
  test.each(names)("%s", (name) => {
    const path = fileURLToPath(new URL(`${name}.pcap`, lab));
    expect(asKflow(path)).toEqual(asTshark(path));
  });
});

/** Where tshark finds no packet in a frame of ours, or only the one outside, and why. */
const unread: { readonly [row: string]: string } = {
  "three tags": "it knows neither 0x9200 nor 0x9300",
  "tags of the fourth kind": "it knows neither 0x9200 nor 0x9300",
  "length 0, LLC": "it takes 0 for an EtherType, and what cards write for frames beyond 1500 bytes for unknown",
  "pseudo-wire without, to a station whose address looks like IP": "it goes by the first four bits alone",
  "pseudo-wire without": "it guesses Ethernet where the first four bits are 0, elsewhere it must be told",
  "pseudo-wire without, to a station whose address begins as a channel does": "it goes by the first four bits alone",
  "PPP_PPPD, in": "it does not know the link type; tcpdump agrees with us",
  "PPP_PPPD, out": "it does not know the link type; tcpdump agrees with us",
  SLIP: "it knows the link type and has no dissector; tcpdump agrees with us",
  "SLIP without its header": "it knows the link type and has no dissector",
  "MPLS alone": "it does not know the link type",
  "NULL, IPv6 as 10": "it does not know Linux's number",
  "NULL, IPv6 as 23": "it does not know Windows's number",
  "NFLOG of a big-endian host": "it goes by the byte order of the file",
  "802.11, decrypted": "it must be told (wlan.ignore_wep), and agrees then",
  "802.11, decrypted, cipher header left": "it must be told (wlan.ignore_wep), and agrees then",
  "802.11, aggregate, decrypted": "it must be told (wlan.ignore_wep), and agrees then",
  "GRE with a tag": "it takes no tags in GRE",
  "ERSPAN type III of IP": "it leaves them unread",
  "VXLAN as Linux first had it": "the port is another's by now; it must be told",
  "VXLAN-GPE, Ethernet unsaid": "it wants the next protocol to be said",
};

const links = new URL("../../../shared/captures/formats/links/", import.meta.url);

describe.skipIf(!hasTshark)("every link and tunnel, as tshark reads it", () => {
  const folder = mkdtempSync(join(tmpdir(), "kflow-links-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("frames made by hand: the same packets, but for what it does not know", () => {
    const rows = [...linkRows, ...tunnelRows];
    const path = join(folder, "rows.pcapng");
    writeFileSync(path, captureOf(rows));
    const found = differences(seenByKflow(path), seenByTshark(path));
    const names = found.map((difference) => rows[Number.parseInt(difference, 10) - 1]?.[0] ?? "");
    expect(names.filter((name) => !(name in unread))).toEqual([]);
    expect(found.filter((difference) => !/, tshark (-|.* 192\.0\.2\.2 (8472|4790))$/.test(difference))).toEqual([]);
  });

  test.skipIf(!existsSync(links))("captures of others: the same packets, all of them", () => {
    const files = readdirSync(links).map((name) => fileURLToPath(new URL(name, links)));
    const path = join(folder, "all.pcapng");
    execFileSync("mergecap", ["-a", "-w", path, ...files]);
    const ours = seenByKflow(path);
    expect(differences(ours, seenByTshark(path))).toEqual([]);
    expect(ours.size).toBeGreaterThan(2400);
  });
});

/** A pcapng file with an interface for each link type. */
function captureOf(rows: readonly LinkRow[]): Uint8Array {
  const types = [...new Set(rows.map(([, linkType]) => linkType))];
  const packets = rows.map(([, linkType, bytes], index) => {
    return enhancedPacket({ time: BigInt(index), data: Uint8Array.from(bytes), iface: types.indexOf(linkType) });
  });
  return concat([section(), ...types.map((linkType) => interfaceBlock({ linkType })), ...packets]);
}
