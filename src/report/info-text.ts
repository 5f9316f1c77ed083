import type { CaptureFacts, InterfaceFacts } from "../model/capture-facts.ts";
import type { HostFacts, Inventory } from "../model/inventory.ts";
import { linkTypeNames } from "../model/link-types.ts";
import type { CaptureSummary } from "../model/report.ts";
import { clean } from "./clean.ts";
import type { Look } from "./look.ts";
import { drawTable } from "./table.ts";
import { problemLines } from "./text.ts";
import { frameText } from "./words.ts";
import { indented, wrap } from "./wrap.ts";

/** The inventory for people: each capture, then the hosts and what they do. */
export function inventoryText(inventory: Inventory, look: Look): string {
  const lines = [
    ...inventory.captures.flatMap((capture, at) => [...(at > 0 ? [""] : []), ...captureLines(capture, look)]),
    ...section("Hosts", hostLines(inventory, look), look),
    ...section("Messages", messageLines(inventory, look), look),
    ...section(
      "Problems",
      inventory.problems.flatMap((problem) => problemLines(problem, inventory.captures, look)),
      look,
    ),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function section(title: string, body: readonly string[], look: Look): string[] {
  return body.length === 0 ? [] : ["", look.paint("bold", title), ...body];
}

function captureLines(capture: CaptureSummary, look: Look): string[] {
  const facts: readonly (readonly [string, string | null])[] = [
    [
      "format",
      [capture.format ?? "not recognised", ...(capture.compression === null ? [] : [capture.compression])].join(", "),
    ],
    ["frames", framesOf(capture)],
    ["bytes", `${capture.bytes}`],
    ["links", capture.linkTypes.map(linkName).join(", ") || null],
    ["time", timeOf(capture)],
    [
      "clock",
      capture.clockAhead === undefined ? null : `${capture.clockAhead} s ahead of the first capture's; taken off`,
    ],
    ...aboutFacts(capture.about ?? {}),
  ];
  return [
    look.paint("bold", clean(capture.name)),
    ...facts.flatMap(([name, text]) =>
      text === null ? [] : indented(clean(text), look.width, 14, `  ${name.padEnd(12)}`),
    ),
  ];
}

function framesOf({ frames, backwardFrames, cutFrames, repeatedFrames }: CaptureSummary): string {
  const parts = [
    `${frames}`,
    ...(cutFrames > 0 ? [`${cutFrames} of them cut short`] : []),
    ...(backwardFrames === undefined ? [] : [`${backwardFrames} of them older than the one before`]),
    ...(repeatedFrames === undefined ? [] : [`${repeatedFrames} of packets that another point shows`]),
  ];
  return parts.join(", ");
}

function linkName(linkType: number): string {
  return linkTypeNames[linkType] ?? `link type ${linkType}`;
}

function timeOf({ firstTime, lastTime }: CaptureSummary): string | null {
  if (firstTime === null || lastTime === null) return null;
  const seconds = (Date.parse(lastTime) - Date.parse(firstTime)) / 1000;
  const length = Number.isFinite(seconds) ? ` (${seconds} s)` : "";
  return `${moment(firstTime)} to ${moment(lastTime)} UTC${length}`;
}

/** `2026-11-20 09:30:17.123456` */
function moment(iso: string): string {
  return iso.slice(0, 26).replace("T", " ");
}

function aboutFacts(about: CaptureFacts): (readonly [string, string | null])[] {
  const { discarded = [], interfaces = [], names = [], secrets = [] } = about;
  return [
    [
      "written by",
      [about.application, about.os, about.hardware].filter((text) => text !== undefined).join(", ") || null,
    ],
    ["computer", about.computer ?? null],
    ...interfaces.map((one): readonly [string, string] => ["interface", interfaceText(one)]),
    ["filter", about.captureFilter ?? null],
    ["lost", about.lost === undefined ? null : `${about.lost} packets, by the capturing system's own count`],
    ["lost", about.lostBuffers === undefined ? null : `${about.lostBuffers} buffers of events`],
    ...discarded.map(({ reason, count }): readonly [string, string] => ["discarded", `${count} packets: ${reason}`]),
    ...secrets.map(({ kind, count }): readonly [string, string] => ["secrets", `${count} of ${kind} (not shown)`]),
    ["names", names.length === 0 ? null : names.map(({ address, name }) => `${address} ${name}`).join(", ")],
    ["points", about.points === undefined ? null : about.points.join(", ")],
    ["zone", about.zoneAssumed ? "not in the file: times are shown as if they were UTC" : null],
    ["beginning", about.overwritten ? "written over: the trace ran in a circle" : null],
    ["end", about.unfinished ? "not closed as it should be: the last seconds may be missing" : null],
    ...(about.comments ?? []).map((comment): readonly [string, string] => ["comment", comment]),
  ];
}

function interfaceText(one: InterfaceFacts): string {
  const { name, description, linkType, snapLength, filter, addresses, dnsServers, received, dropped } = one;
  const parts = [
    name ?? description ?? "unnamed",
    ...(name !== undefined && description !== undefined ? [description] : []),
    ...(linkType === undefined ? [] : [linkName(linkType)]),
    ...(addresses?.length ? [addresses.join(", ")] : []),
    ...(dnsServers?.length ? [`DNS servers ${dnsServers.join(", ")}`] : []),
    ...(snapLength ? [`at most ${snapLength} bytes of a frame`] : []),
    ...(filter === undefined ? [] : [`filter ${filter}`]),
    ...(received === undefined ? [] : [`${received} received`]),
    ...(dropped === undefined ? [] : [`${dropped} dropped`]),
  ];
  return parts.join(", ");
}

const NARROWEST_COLUMN = 20;
const GAP = 2;

function hostLines({ hosts, hostsOmitted }: Inventory, look: Look): string[] {
  if (hosts.length === 0) return ["  no host sent a message that kflow reads"];
  const addresses = hosts.map(({ address }) => clean(address));
  const names = hosts.map((host) => clean(host.names.join(", ")));
  const room = look.width - widest(addresses) - 2 * GAP;
  const half = Math.max(NARROWEST_COLUMN, Math.min(room >> 1, widest(names)));
  const rest = Math.max(NARROWEST_COLUMN, room - half);
  const rows = hosts.map((host, at) => [
    addresses[at] ?? "",
    wrap(names[at] ?? "", half).join("\n"),
    wrap(rolesOf(host), rest).join("\n"),
  ]);
  const more = hostsOmitted > 0 ? [`and ${hostsOmitted} more hosts`] : [];
  return [...drawTable(["address", "names", "roles (messages), first frame"], rows), ...more];
}

function widest(cells: readonly string[]): number {
  return cells.reduce((most, { length }) => Math.max(most, length), 0);
}

/** `client (12), KDC (4), frame 3` */
function rolesOf({ roles, frame }: HostFacts): string {
  const parts = roles.map(({ role, sent, received }) => `${role} (${sent + received})`);
  return [...parts, `frame ${frameText(frame)}`].join(", ");
}

function messageLines({ messages }: Inventory, look: Look): string[] {
  const counts = Object.entries(messages).map(([protocol, count]) => `${protocol} ${count}`);
  return counts.length === 0 ? [] : indented(counts.join(", "), look.width, 2, "  ");
}
