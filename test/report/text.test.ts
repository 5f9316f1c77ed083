import { describe, expect, it } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import type { Look } from "../../src/report/look.ts";
import { painted, unpainted } from "../../src/report/paint.ts";
import { createReporter } from "../../src/report/text.ts";
import { columnsOf } from "../../src/report/wrap.ts";
import { divergedAt, finding, head, many, type Report, render, reports, sequence, step, tail } from "./fixtures.ts";

const plain = (width: number): Look => ({ width, paint: unpainted, quiet: false });
const text = (report: Report, look = plain(120)) => render(createReporter(look), report);
const names = Object.entries(reports);
const ESCAPE = "\u001b";

describe("the verdict", () => {
  it.each([
    ["diverged", /^DIVERGED at step 6 \(TGS-REP\): KDC_ERR_S_PRINCIPAL_UNKNOWN for HTTP\/iisserver\.contoso\.com\n/],
    ["ok", /^OK: Kerberos login to HTTP\/iisserver\.contoso\.com\n/],
    ["incomplete", /^INCOMPLETE: steps 3, 4, 7 and 8 for iisserver\.contoso\.com are encrypted\n/],
    ["none", /^NOTHING TO JUDGE: the capture shows no login/],
    ["cut", /^NOTHING TO JUDGE: no login can be read, but frames are cut short/],
    ["unreadable", /^NOTHING TO JUDGE: the input could not be read\n/],
    ["several", /^DIVERGED: 1 of 3 sequences left the documented path\n/],
  ] as const)("stands in the first line: %s", (name, first) => {
    expect(text(reports[name])).toMatch(first);
  });

  it("of a part of a capture does not speak of the whole", () => {
    expect(text(reports.none, { ...plain(120), isNarrowed: true })).toMatch(/^NOTHING TO JUDGE: what --host, .* leave/);
    expect(text(reports.ok, { ...plain(120), isNarrowed: true })).toBe(text(reports.ok));
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])("names step %i", (number) => {
    const report = { sequences: [divergedAt(number)], tail: tail("diverged") };
    expect(text(report)).toContain(`DIVERGED at step ${number} (`);
  });

  it("names the user of a sign-on, who has no service", () => {
    const steps = [step("sign-on", 1), step("sign-on", 2, "diverged")];
    const signOn = divergedAt(2, { kind: "sign-on", service: { spn: "krbtgt/CONTOSO.COM" }, steps });
    const shown = text({ sequences: [signOn], tail: tail("diverged") });
    expect(shown).toMatch(/^DIVERGED at step 2 \(AS-REP\): KDC_ERR_S_PRINCIPAL_UNKNOWN for john@CONTOSO\.COM\n/);
  });

  it("says so where the step that diverged was never seen", () => {
    const steps = [step("sign-on", 1), step("sign-on", 2, "diverged", { frames: [], summary: "" })];
    const silent = { sequences: [divergedAt(2, { kind: "sign-on", steps })], tail: tail("diverged") };
    expect(text(silent, plain(80))).toMatch(/^× 2 .*DIVERGED: no AS-REP$/m);
    expect(text(silent, plain(120))).toMatch(/^× 2 {3}diverged .*no AS-REP$/m);
  });

  it("uses the title of a root cause without a code, and names the service once", () => {
    const { code, ...uncoded } = finding({ title: "no answer came" });
    const root = { sequences: [divergedAt(2, { findings: [uncoded] })], tail: tail("diverged") };
    expect(text(root)).toMatch(
      /^DIVERGED at step 2 \(DNS response\): no answer came for HTTP\/iisserver\.contoso\.com\n/,
    );
    const named = {
      sequences: [divergedAt(2, { findings: [{ ...uncoded, title: "iisserver.contoso.com does not exist" }] })],
      tail: tail("diverged"),
    };
    expect(text(named)).toMatch(/^DIVERGED at step 2 \(DNS response\): iisserver\.contoso\.com does not exist\n/);
    expect(code).toBeDefined();
  });
});

describe("every report at every width", () => {
  const widths = [40, 60, 80, 120, 160];
  it.each(
    names.flatMap(([name, report]) => widths.map((width) => [name, width, report] as const)),
  )("%s at %i columns", (_name, width, report) => {
    const lines = text(report, plain(width)).split("\n");
    // Commands and filters are never broken: they are meant to be copied.
    const copied = (line: string) => /^ {4}\S|^ {2}(confirm|fix|filter) /.test(line);
    const wide = lines.filter((line) => columnsOf(line) > width && !copied(line));
    expect(wide).toEqual([]);
    expect(lines.filter((line) => /\s$/.test(line))).toEqual([]);
  });

  it.each(names)("%s without colour holds no escape sequence", (_name, report) => {
    expect(text(report)).not.toContain(ESCAPE);
  });

  it.each(names)("%s with colour says the same", (_name, report) => {
    const coloured = text(report, { ...plain(80), paint: painted });
    const bare = coloured.replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, "g"), "");
    expect(bare.replaceAll(/ +$/gm, "")).toBe(text(report, plain(80)));
  });
});

describe("what packets say", () => {
  it("reaches no terminal uncleaned", () => {
    for (const width of [40, 80, 120]) {
      const shown = text(reports.hostile, plain(width));
      expect(shown).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
      expect(shown).not.toMatch(/^OK/m);
      expect(shown).toContain("\\u{1b}[2J");
    }
  });
});

describe("the body", () => {
  it("keeps commands and the filter on lines of their own, unbroken", () => {
    const lines = text(reports.diverged, plain(60)).split("\n");
    expect(lines).toContain("    setspn -S HTTP/iisserver.contoso.com CONTOSO\\iissvc");
    expect(lines).toContain("    frame.number in {3034, 3036}");
  });

  it("spells states out on a wide terminal and marks them on a narrow one", () => {
    expect(text(reports.diverged, plain(120))).toMatch(/^× 6 {3}diverged {5}3036 /m);
    expect(text(reports.diverged, plain(80))).toMatch(/^× 6 {3}3036 .*DIVERGED: KerberosV5/m);
    expect(text(reports.diverged, plain(80))).toMatch(/^· 7 .*request with AP-REQ \(not reached\)$/m);
  });

  it("shows findings about the capture and problems with their place", () => {
    expect(text(reports.none)).toContain("  - the file ends inside a frame (frame 3052, byte 1234567)\n");
    expect(text(reports.ok)).toMatch(/About the capture\nNote: The clock of 192\.168\.2\.104/);
  });

  it("says only the verdicts when told to be quiet", () => {
    expect(text(reports.diverged, { ...plain(120), quiet: true }).split("\n")).toHaveLength(2);
    expect(text(reports.several, { ...plain(120), quiet: true }).split("\n")).toHaveLength(7);
  });
});

describe("more sequences than are held back", () => {
  it("writes nothing until the limit is passed, then everything as it comes, and the verdict last", () => {
    const reporter = createReporter(plain(100));
    const report = many(limits.heldSequences + 2);
    const parts = report.sequences.map(reporter.sequence);
    expect(reporter.begin(head) + parts.slice(0, limits.heldSequences).join("")).toBe("");
    expect(parts[limits.heldSequences]).toContain(`More than ${limits.heldSequences} sequences`);
    expect(parts[limits.heldSequences]).toContain(`f${limits.heldSequences + 1})`);
    expect(parts.at(-1)?.trimStart()).toMatch(/^─+\nOK: Kerberos login/);
    const all = parts.join("") + reporter.end(report.tail);
    expect(all.trimEnd().split("\n").at(-1)).toBe(`OK: all ${limits.heldSequences + 2} sequences reached their end`);
    expect(all.match(/^outcome/gm)).toHaveLength(limits.heldSequences + 2);
  });

  it("puts the verdict first up to the limit", () => {
    const all = text(many(limits.heldSequences));
    expect(all).toMatch(new RegExp(`^OK: all ${limits.heldSequences} sequences`));
  });
});

describe("a sequence about which little is known", () => {
  it("is still a readable sentence", () => {
    const bare = sequence({ verdict: "incomplete", client: { address: "10.0.0.1" }, service: {}, outcome: "unknown" });
    const shown = text({ sequences: [bare], tail: tail("incomplete") });
    expect(shown).toMatch(
      /^INCOMPLETE: the capture does not show how the login to an unknown service ended\n\nclient {3}10\.0\.0\.1\n/,
    );
  });
});

describe("what the event logs should show", () => {
  const entry = (id: number) => ({
    ...{ host: "dc\u001b[31m", log: "Security", id, at: "2026-11-20T09:30:17.123456789Z", frame: 7 },
    fields: { TargetUserName: "John", Status: "0x7", TicketOptions: "0x40810000", IpPort: 50_000 },
  });
  const shown = (verdict: "ok" | "diverged", width: number, events: unknown = [entry(4769)]) => {
    const one = verdict === "diverged" ? divergedAt(6, { facts: { events } }) : sequence({ facts: { events } });
    return text({ sequences: [one], tail: tail(verdict) }, plain(width));
  };

  it("stands behind what was found, an entry in a line, without what finds nothing", () => {
    const block = shown("diverged", 100).split("What the event logs should show (of Windows)\n")[1] ?? "";
    expect(block).toMatch(
      /^ {2}- dc.*: Security 4769 at 09:30:17\.123: TargetUserName John, Status 0x7, IpPort 50000\n/,
    );
    expect(block).not.toContain(ESCAPE);
  });
  it("is short", () => {
    const block = shown(
      "diverged",
      100,
      Array.from({ length: 12 }, (_, id) => entry(id)),
    );
    expect(block.match(/: Security /g)).toHaveLength(8);
    expect(block).toContain("and 4 more, in the JSON report");
  });
  it("is left out of what went well, and where there is no room for it", () => {
    expect(shown("ok", 100)).not.toContain("event logs");
    expect(shown("diverged", 59)).not.toContain("event logs");
    expect(shown("diverged", 60)).toContain("event logs");
    expect(shown("diverged", 100, [])).not.toContain("event logs");
  });
});
