import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { limits } from "../src/bytes/limits.ts";
import { nodePlatform } from "../src/cli/platform.ts";
import { takeStock } from "../src/index.ts";
import type { Inventory } from "../src/model/inventory.ts";
import { inventoryText as asJson } from "../src/report/info-json.ts";
import { inventoryText as asText } from "../src/report/info-text.ts";
import { unpainted } from "../src/report/paint.ts";
import { pcap } from "./capture/build.ts";
import { be16, ethernet, ipv4, text, udp } from "./net/packets.ts";
import { pathOf } from "./scenarios.ts";

function stockOf(...captures: readonly Uint8Array[]): Inventory {
  const stock = takeStock({
    captures: captures.map((_, at) => ({ name: `${at}.pcap`, compression: null, size: null })),
    platform: nodePlatform,
  });
  for (const [at, bytes] of captures.entries()) {
    stock.feed(bytes, at);
    stock.finish(at);
  }
  stock.end();
  return stock.inventory();
}
const bytesOf = (...path: readonly string[]) => new Uint8Array(readFileSync(pathOf(...path)));
const rolesOf = ({ hosts }: Inventory) =>
  Object.fromEntries(hosts.map(({ address, roles }) => [address, roles.map(({ role }) => role)]));

/** A DNS answer to `client`: this name has this address. */
function answer(client: string, name: string, address: string) {
  const label = [name.length, ...text(name), 0];
  const question = [...label, ...be16(1), ...be16(1)];
  const record = [...label, ...be16(1), ...be16(1), 0, 0, 0, 9, ...be16(4), ...address.split(".").map(Number)];
  const message = [...be16(7), 0x81, 0x80, ...be16(1), ...be16(1), 0, 0, 0, 0, ...question, ...record];
  const packet = ethernet(0x0800, ipv4({ src: "10.0.0.53", dst: client }, udp(53, 4000, message)));
  return { seconds: 1, fraction: 0, data: Uint8Array.from(packet) };
}

describe("an inventory", () => {
  test("knows the roles that hosts play, and their names", () => {
    const inventory = stockOf(bytesOf("success", "capture.pcap"));
    expect(rolesOf(inventory)).toEqual({
      "192.168.2.101": ["client"],
      "192.168.2.1": ["DNS server", "KDC"],
      "192.168.2.104": ["web server"],
    });
    expect(inventory.hosts.find(({ address }) => address === "192.168.2.104")?.names).toEqual([
      "iisserver.contoso.com",
    ]);
    expect(Object.keys(inventory.messages).sort()).toEqual(["dns", "http", "kerberos"]);
  });
  test("of several captures counts each message once, and names frames by capture", () => {
    const points = ["capture.pcap", "web.pcap", "dc.pcap"].map((name) => bytesOf("three-points", name));
    const [client] = points;
    const together = stockOf(...points);
    expect(together.messages).toEqual(stockOf(client ?? new Uint8Array(0)).messages);
    expect(together.hosts.map(({ frame }) => typeof frame)).toEqual(["object", "object", "object"]);
  });
  test("is written for people and for programs", () => {
    const inventory = stockOf(bytesOf("success", "capture.pcap"));
    expect(JSON.parse(asJson(inventory))).toEqual(inventory);
    const shown = asText(inventory, { width: 80, paint: unpainted, quiet: false });
    expect(shown).toMatch(/^192\.168\.2\.1 +DNS server \(\d+\), KDC \(\d+\), frame \d+$/m);
    expect(Math.max(...shown.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
  });
  test("lets no packet write on the terminal", () => {
    const hostile = stockOf(
      pcap([answer("10.0.0.1", "\u001b[2J\u0007", "10.0.0.9"), answer("10.0.0.9", "x", "10.0.0.1")]),
    );
    const shown = asText(hostile, { width: 80, paint: unpainted, quiet: false });
    expect([...shown].filter((one) => one < " " && one !== "\n")).toEqual([]);
  });
  test("lists so many hosts, and counts the rest", () => {
    const clients = Array.from({ length: limits.inventoryHosts + 9 }, (_, at) => `10.1.${at >> 8}.${at & 255}`);
    const inventory = stockOf(pcap(clients.map((client) => answer(client, "www", "10.0.0.9"))));
    expect(inventory.hosts).toHaveLength(limits.inventoryHosts);
    expect(inventory.hostsOmitted).toBe(10);
  });
  test("lists so many names of one host", () => {
    const names = Array.from({ length: limits.namesPerHost + 5 }, (_, at) => `name${at}`);
    const inventory = stockOf(pcap(names.map((name) => answer("10.0.0.1", name, "10.0.0.1"))));
    expect(inventory.hosts.find(({ address }) => address === "10.0.0.1")?.names).toHaveLength(limits.namesPerHost);
  });
});
