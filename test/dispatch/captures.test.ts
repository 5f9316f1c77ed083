import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openCapture } from "../../src/capture/capture.ts";
import { openDispatch } from "../../src/dispatch/dispatch.ts";
import { newFrameView } from "../../src/model/frame.ts";
import type { Observation } from "../../src/model/observation.ts";
import { openNet } from "../../src/net/net.ts";

/** Captures of others with tshark's reading beside them; only where they are at hand. */
const folder = new URL("../../../shared/captures/public/", import.meta.url);
const SUFFIX = ".truth.tsv";
const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(SUFFIX)) : [];
const judged = new Set(["dns", "cldap", "kerberos", "ldap", "http", "spnego", "ntlmssp", "smb2"]);
/** Carriers of tokens that are read; DCE-RPC as far as it is on TCP itself. */
const carriers = new Set(["", "http", "smb2", "ldap", "dcerpc"]);
/** DCE-RPC in the pipes of SMB is no connection of its own. */
const PIPES = "445";
/** Of SMB and LDAP, tshark's readings list these alone. */
const listed: Readonly<Record<string, string>> = { smb2: "SESSION_SETUP", ldap: "bind" };
const kinds: Readonly<Record<string, string>> = {
  bindRequest: "bind-request",
  bindResponse: "bind-response",
  searchRequest: "search",
  searchResEntry: "entry",
  searchResDone: "done",
};

function tsharkReading(name: string): readonly string[] {
  const rows = readFileSync(new URL(name, folder), "utf8").split("\n").slice(1);
  return rows
    .map((row) => row.split("\t"))
    .filter(([, , , , , sport, dport, , protocol = "", via = ""]) => {
      const isPiped = via === "dcerpc" && (sport === PIPES || dport === PIPES);
      return judged.has(protocol) && carriers.has(via) && !isPiped;
    })
    .map(([frame, , , , , , , , protocol, , kind = ""]) => `${frame} ${protocol} ${kinds[kind] ?? kind}`);
}

function ourReading(name: string): readonly string[] {
  const observations: Observation[] = [];
  const dispatch = openDispatch(
    (observation) => observations.push(observation),
    () => {},
    { fingerprint: () => "", seed: () => 1 },
  );
  const nothing = () => {};
  const untold = { cutOpening: nothing, failed: nothing, failedOfStranger: () => true };
  const ignored = { ...untold, unreachable: nothing, silentNeighbour: nothing, lostDatagram: nothing };
  const net = openNet({ ...dispatch, ...ignored }, 1);
  const capture = openCapture(() => {});
  const view = newFrameView();
  capture.feed(readFileSync(new URL(name.slice(0, -SUFFIX.length), folder)));
  capture.end();
  while (capture.next(view)) net.frame(view);
  net.end();
  return observations
    .flatMap(({ frame, message, inside }) =>
      [message, ...inside].map(({ protocol, kind }) => ({ frame, protocol, kind })),
    )
    .filter(({ protocol, kind }) => judged.has(protocol) && kind.startsWith(listed[protocol] ?? ""))
    .map(({ frame, protocol, kind }) => `${frame} ${protocol} ${kind}`);
}

describe.skipIf(names.length === 0)("every message that tshark reads, and no other", () => {
  test.each(names)("%s", (name) => {
    expect([...ourReading(name)].sort()).toEqual([...tsharkReading(name)].sort());
  });
});
