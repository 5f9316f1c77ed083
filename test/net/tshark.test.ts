import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { asKflow, asTshark } from "./tshark.ts";

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
