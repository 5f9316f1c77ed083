import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { listMessages } from "../src/index.ts";
import type { Observation } from "../src/model/observation.ts";
import type { Sequence } from "../src/model/report.ts";
import { messagesOf } from "../src/report/lister.ts";
import { fieldsOf } from "../src/report/message-fields.ts";
import { line, platform, type Report, report } from "./scene/verdict.ts";

/** The judgement of `tools/verdicts.py` and `tools/messages.py`, made through the library's door. */

const lab = new URL("../../shared/captures/lab/", import.meta.url);
const table = new URL("expected.tsv", lab);
/** Kinds that kflow tells today. */
const kinds = new Set(["http", "ticket", "sign-on", "*"]);

interface Row {
  readonly name: string;
  readonly host: string;
  readonly kind: string;
  readonly verdict: string;
  readonly divergedAt: string;
  readonly outcome: string;
  readonly rules: string;
  readonly code: string;
}

function rows(): Row[] {
  if (!existsSync(table)) return [];
  const lines = readFileSync(table, "utf8").trimEnd().split("\n").slice(1);
  return lines.map((text) => {
    const [name = "", host = "", kind = "", verdict = "", divergedAt = "", outcome = "", rules = "", code = ""] =
      text.split("\t");
    return { name, host, kind, verdict, divergedAt, outcome, rules, code };
  });
}

/** Null where the report says what the row wants, else what it says instead. */
function complaint(row: Row, told: Report): string | null {
  const seen = told.sequences.map(line).join("; ") || "no sequences";
  const candidates = told.sequences.filter(({ kind }) => row.kind === "*" || kind === row.kind);
  const why = row.verdict === "diverged" ? divergedWrongly(row, candidates, told) : heldWrongly(row, candidates);
  return why === null ? null : `${why}; got ${seen}`;
}

function divergedWrongly(row: Row, candidates: readonly Sequence[], told: Report): string | null {
  const hits = candidates.filter(({ divergedAt }) => String(divergedAt) === row.divergedAt);
  if (hits.length === 0) return `want diverged@${row.divergedAt}`;
  if (told.verdict !== "diverged") return `the whole is ${told.verdict}`;
  if (row.outcome !== "*" && !hits.some(({ outcome }) => outcome === row.outcome)) return `want outcome ${row.outcome}`;
  const roots = hits.map(({ findings }) => findings.find(({ severity }) => severity === "error")?.rule ?? "");
  if (isNamed(row.rules) && !roots.some((root) => row.rules.split("|").includes(root))) return `want root ${row.rules}`;
  const codes = hits.flatMap(({ findings }) => findings.map(({ code }) => String(code?.number)));
  if (isNamed(row.code) && !codes.includes(row.code)) return `want code ${row.code}`;
  return null;
}

function heldWrongly(row: Row, candidates: readonly Sequence[]): string | null {
  if (candidates.some(({ verdict }) => verdict === "diverged")) return `want ${row.verdict}`;
  if (!candidates.some(({ verdict }) => verdict === row.verdict)) return `want ${row.verdict}`;
  if (row.outcome !== "*" && !candidates.some(({ outcome }) => outcome === row.outcome)) return `want ${row.outcome}`;
  const found = candidates.flatMap(({ findings }) => findings.map(({ rule }) => rule));
  if (isNamed(row.rules) && !row.rules.split("|").some((rule) => found.includes(rule))) return `want ${row.rules}`;
  return null;
}

const isNamed = (cell: string) => cell !== "*" && cell !== "-";

describe.skipIf(rows().length === 0)("the lab's captures", () => {
  const judged = rows().filter(({ kind }) => kinds.has(kind));

  test.each(judged.map((row) => [row.name, row] as const))("%s", (name, row) => {
    const capture = readFileSync(new URL(`${name}.pcap`, lab));
    expect(complaint(row, report(capture, ...(row.host === "-" ? [] : [row.host])))).toBeNull();
    expect(complaint(row, report(capture))).toBeNull();
  });
});

const open = new URL("../../shared/captures/public/", import.meta.url);
const SUFFIX = ".truth.tsv";
const truths = existsSync(open) ? readdirSync(open).filter((name) => name.endsWith(SUFFIX)) : [];
const protocols = new Set(["dns", "cldap", "kerberos", "http", "spnego", "ntlmssp"]);
const carriers = new Set(["", "http"]);
const cldapKinds: Readonly<Record<string, string>> = {
  searchRequest: "search",
  searchResEntry: "entry",
  searchResDone: "done",
};

/** A message in a few words: frame, protocol, kind, and the field that tells it from its neighbours. */
function theirs(truth: string): string[] {
  return readFileSync(new URL(truth, open), "utf8")
    .split("\n")
    .slice(1)
    .flatMap((text) => {
      const [frame = "", , , , , , , , protocol = "", via = "", kind = "", details] = text.split("\t");
      if (details === undefined || !protocols.has(protocol) || !carriers.has(via)) return [];
      if (kind === "(unparsed)" || kind === "GSS-token") return [];
      return [[frame, protocol, cldapKinds[kind] ?? kind, theirMark(protocol, kind, details)].join(" ")];
    });
}

function theirMark(protocol: string, kind: string, details: string): string {
  const detail = new Map(
    [...details.matchAll(/([A-Za-z_.]+)=([^;]*)/g)].map(([, key = "", value = ""]) => [key, value.trim()]),
  );
  switch (protocol) {
    case "kerberos":
      return detail.get("error_code") || detail.get("sname") || detail.get("ticket_sname") || "";
    case "http":
      return (kind === "response" ? detail.get("status") : details.split(" ")[0]) ?? "";
    case "dns":
      return (detail.get("id") ?? "").toLowerCase();
    case "cldap":
      return detail.get("id") ?? "";
    default:
      return "";
  }
}

function ours(truth: string): string[] {
  const observations: Observation[] = [];
  const listing = listMessages({ platform, observation: (one) => observations.push(one), problem: () => {} });
  listing.feed(readFileSync(new URL(truth.slice(0, -SUFFIX.length), open)));
  listing.end();
  return observations.flatMap((observation) =>
    messagesOf(observation)
      .filter(({ message, via }) => protocols.has(message.protocol) && carriers.has(via ?? ""))
      .map(({ message }) => [observation.frame, message.protocol, message.kind, ourMark(message)].join(" ")),
  );
}

function ourMark(message: Observation["message"]): string {
  const fields = fieldsOf(message);
  switch (message.protocol) {
    case "kerberos": {
      if (message.kind === "KRB-ERROR") return String(message.errorCode);
      if (message.kind === "AS-REQ" || message.kind === "TGS-REQ") return message.sname ?? "";
      return "ticket" in message ? (message.ticket?.sname ?? "") : "";
    }
    case "http":
      return String(message.kind === "response" ? message.status : message.method);
    case "dns":
      return `0x${message.id.toString(16).padStart(4, "0")}`;
    case "cldap":
      return String(fields["messageId"] ?? "");
    default:
      return "";
  }
}

/** What is in `a` and not in `b`, each as often as it is missing there. */
function without(a: readonly string[], b: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const one of b) left.set(one, (left.get(one) ?? 0) + 1);
  return a.filter((one) => {
    const count = left.get(one) ?? 0;
    left.set(one, count - 1);
    return count <= 0;
  });
}

describe.skipIf(truths.length === 0)("messages of public captures", () => {
  test("at most one in two hundred is read otherwise than by tshark", () => {
    const both = truths.map((truth) => ({ truth, want: theirs(truth), have: ours(truth) }));
    const total = both.reduce((sum, { want }) => sum + want.length, 0);
    const differing = both.flatMap(({ truth, want, have }) => [
      ...without(want, have).map((one) => `${truth} lacks ${one}`),
      ...without(have, want).map((one) => `${truth} adds ${one}`),
    ]);
    expect(total).toBeGreaterThan(0);
    expect(differing.length / total, differing.slice(0, 20).join("\n")).toBeLessThanOrEqual(0.005);
  });
});
