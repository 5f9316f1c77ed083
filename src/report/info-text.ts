import type { HostFacts, Inventory } from "../model/inventory.ts";
import type { CaptureSummary } from "../model/report.ts";
import { aboutLines, linkName, type NamedLine } from "./about-text.ts";
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
  const facts: readonly NamedLine[] = [
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
    ...aboutLines(capture),
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
    ...(repeatedFrames === undefined ? [] : [`${repeatedFrames} of packets that other frames show`]),
  ];
  return parts.join(", ");
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
