import { existsSync, readdirSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { kerberosMessage } from "../../../dissectors/kerberos/decode.ts";
import { looksLikeKerberos } from "../../../dissectors/kerberos/framing.ts";
import { Malformed } from "../../../src/bytes/malformed.ts";
import { fingerprint, referee } from "./referee.ts";
import { type Reading, tsharkIsThere, tsharkReadings } from "./tshark.ts";

const folder = fileURLToPath(new URL("../../../../shared/captures/", import.meta.url));
const usual = ["success.pcap", "delegation-s4u-allowed.pcap", "account-disabled.pcap", "success-fast-armor.pcap"];
const long = process.env["KFLOW_LONG"] === "1";

/** A few captures of the lab, or with KFLOW_LONG=1 all there are. */
function captures(): string[] {
  return ["lab", "public"].flatMap((part) =>
    readdirSync(`${folder}${part}`)
      .filter((name) => /\.(pcap|pcapng|cap)$/.test(name) && (long || usual.includes(name)))
      .map((name) => `${folder}${part}/${name}`),
  );
}

/** tshark names the realm of the ticket or of the client's side by other keys; only what it names is compared. */
function expected(reading: Reading): object {
  const { errorCode, realm, crealm, cname, sname, etypes, padata } = reading;
  const all = { errorCode, realm, crealm, cname, sname, etypes };
  const named = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
  return padata.length > 0 ? { ...named, padata } : named;
}

const missing = !existsSync(folder) || !tsharkIsThere();
describe.skipIf(missing)("captures", () => {
  test.each(missing ? [] : captures().map((path) => [basename(path), path] as const))("%s", (name, path) => {
    for (const reading of tsharkReadings(path)) {
      const { bytes, frame } = reading;
      if (!looksLikeKerberos(bytes, 0, bytes.length)) {
        expect(() => kerberosMessage(bytes, fingerprint), `${name} ${frame}`).toThrow(Malformed);
        continue;
      }
      const message = kerberosMessage(bytes, fingerprint);
      expect(message, `frame ${frame} and asn1js`).toMatchObject(referee(bytes));
      expect(message, `frame ${frame} and tshark`).toMatchObject(expected(reading));
    }
  });
});
