// node test/bench/kerberos.js: how many Kerberos messages a second are read, beside asn1js. A part of `npm run bench`.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundled } from "./bundled.js";

const thousands = (rate) => (rate / 1_000).toFixed(rate < 100_000 ? 1 : 0);

/** The table, and the rates it was made of. */
export async function kerberosTable(folder) {
  const { kerberosRates } = await bundled("kerberos.ts", folder);
  const rates = kerberosRates();
  const rows = rates.map(({ name, count, kflow, unhashed, asn1js }) => {
    const each = [kflow, unhashed, asn1js].map(thousands).join(" | ");
    return `| ${name} | ${count} | ${each} | ${(kflow / asn1js).toFixed(0)} | ${(unhashed / asn1js).toFixed(0)} |`;
  });
  const lines = [
    "### Kerberos messages, thousands a second of processor time",
    "",
    "| | messages | kflow | without SHA-256 of tickets | asn1js | kflow ÷ asn1js | without SHA-256 ÷ asn1js |",
    "|---|---|---|---|---|---|---|",
    ...rows,
    "",
  ];
  return { rates, lines };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const folder = mkdtempSync(join(tmpdir(), "kflow-bench-"));
  try {
    process.stdout.write(`${(await kerberosTable(folder)).lines.join("\n")}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
