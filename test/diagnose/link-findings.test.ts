import { describe, expect, test } from "vitest";
import { linkFindings } from "../../src/diagnose/link-findings.ts";
import { type LinkFacts, type Seal, seals, tunnels } from "../../src/model/link-facts.ts";

const facts = (more: Partial<LinkFacts>): LinkFacts => ({
  undecoded: new Map(),
  sealed: new Map(),
  tunnels: new Map(),
  twins: { count: 0, frames: [] },
  ...more,
});
const sealed = (seal: Seal, count: number) => facts({ sealed: new Map([[seal, { count, frames: [3, 4] }]]) });

describe("what links and tunnels held", () => {
  test("nothing, of a capture that was read", () => {
    expect(linkFindings(facts({}), 10)).toEqual([]);
  });

  test("link types that are not read, by name", () => {
    const undecoded = new Map([
      [249, 3],
      [4711, 1],
    ]);
    expect(linkFindings(facts({ undecoded }), 10)).toMatchObject([
      {
        rule: "cap-link-type",
        severity: "warning",
        detail: expect.stringContaining("3 frames of link type 249 (LINKTYPE_USBPCAP)"),
      },
      { rule: "cap-link-type", severity: "warning", detail: expect.stringContaining("1 frame of link type 4711 was") },
    ]);
  });

  test.each(seals)("%s: what to do is said, the first frames are cited", (seal) => {
    const [finding] = linkFindings(sealed(seal, 5), 100);
    expect(finding).toMatchObject({ rule: "cap-encrypted-link", severity: "info", frames: [3, 4] });
    expect(finding?.filter).not.toBe("");
    expect(finding?.fix.length).toBeGreaterThan(0);
  });

  test("a warning where most of the capture is hidden", () => {
    expect(linkFindings(sealed("ESP", 51), 100)).toMatchObject([{ severity: "warning" }]);
    expect(linkFindings(sealed("ESP", 50), 100)).toMatchObject([{ severity: "info" }]);
  });

  test("the tunnels out of which packets came, in one finding", () => {
    const found = linkFindings(facts({ tunnels: new Map(tunnels.map((tunnel, count) => [tunnel, count + 1])) }), 100);
    expect(found).toMatchObject([{ rule: "cap-tunnel", severity: "info" }]);
    for (const tunnel of tunnels) expect(found[0]?.detail).toContain(`${tunnel}: `);
  });
});
