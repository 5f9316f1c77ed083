import { spawnSync } from "node:child_process";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * Keeps what V8 makes of the parts, beside them: `src/cli/start.ts` hands it back at every start. Functions are compiled
 * when they are first called, so the program is run on what people run it on, and each run adds what it called.
 */
export const codeCache = {
  name: "code-cache",
  writeBundle({ dir }) {
    const recorder = pathToFileURL(path("record.js")).href;
    // Flags of V8 in the environment would be those of the cache.
    const env = { ...process.env, NODE_OPTIONS: "" };
    for (const args of runs) {
      const command = ["--import", recorder, `${dir}/kflow.cjs`, ...args];
      const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: "utf8", env });
      if (!VERDICTS.includes(status) || stdout === "") this.error(`kflow ${args.join(" ")}: ${stderr}`);
    }
  },
};

/** Exit codes with which it says what it read. Node's own code for a bug is 1 too, but then nothing was written. */
const VERDICTS = [0, 1, 3];

const logins = ["success", "sign-on-and-login", "smb-login", "ldap-sasl-gssapi", "dc-locator", "kdc-udp-fragments"];
const failures = ["dns-nxdomain", "tgs-skew", "ap-modified", "neg-ntlm-no-tgs"];

const runs = [
  ["--format", "json", sample("two-users-fresh-tickets")],
  ["--format", "json", ...[...logins, ...failures].map(sample)],
  ["--format", "text", "--width", "100", sample("spn-missing")],
  ["messages", sample("success")],
  ["info", sample("success")],
  ["explain", "7"],
  ["decode", "60:82"],
  ["--help"],
];

function sample(name) {
  return path(`../../samples/${name}/capture.pcap`);
}

function path(beside) {
  return fileURLToPath(new URL(beside, import.meta.url));
}
