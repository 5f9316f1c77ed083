import { fromBER } from "asn1js";
import { kerberos } from "../../dissectors/kerberos/index.ts";
import { nodePlatform } from "../../src/cli/platform.ts";
import { messages as labMessages } from "../dissectors/kerberos/messages.ts";
import { apRep, apReq, asReq, krbError, reply, tgsReq } from "./messages.ts";
import { whoOf } from "./traffic.ts";

/** Kerberos messages a second of processor time, beside the trees that asn1js makes of the same bytes. */
export interface Rates {
  readonly name: string;
  readonly count: number;
  /** As dispatch has them read. */
  readonly kflow: number;
  /** The same, but for SHA-256 of the tickets. */
  readonly unhashed: number;
  readonly asn1js: number;
}

const NO_BYTES = new Uint8Array(0);

type Read = (bytes: Uint8Array) => unknown;
type Kind = readonly [name: string, messages: readonly Uint8Array[]];

const LOGINS = 100;
const ROUNDS = 5;
/** Microseconds that a reader has for each kind in each round, and messages between two looks at the clock. */
const SLICE = 50_000;
const BATCH = 500;
const asn1Options = { parseEmbedded: false, copyInput: false, maxDepth: 32, maxNodes: 512, maxContentLength: 65_536 };

/** For each two bytes 16 digits: what tells the made-up tickets apart at no cost. */
const prints = Array.from({ length: 0x1_0000 }, (_, number) => number.toString(16).padStart(4, "0").repeat(4));
const printOf = (cipher: Uint8Array) => prints[((cipher[0] ?? 0) << 8) | (cipher[1] ?? 0)] ?? "";

const readers: readonly [kflow: Read, unhashed: Read, asn1js: Read] = [
  (bytes) => kerberos.decode(bytes, nodePlatform.fingerprint),
  (bytes) => kerberos.decode(bytes, printOf),
  (bytes) => fromBER(bytes, asn1Options),
];

/** The messages of many made-up logins by their kind, all of them mixed, and the real ones of a lab, many times. */
function kinds(): Kind[] {
  const everybody = Array.from({ length: LOGINS }, (_, number) => whoOf(number));
  const each: Kind[] = [
    ["AS-REQ", everybody.map((who, at) => asReq(who, at % 2 === 1))],
    ["AS-REP", everybody.map((who) => reply(11, who))],
    ["TGS-REQ", everybody.map(tgsReq)],
    ["TGS-REP", everybody.map((who) => reply(13, who))],
    ["AP-REQ", everybody.map((who) => apReq(who, "http", "HTTP", who.web))],
    ["AP-REP", everybody.map((who) => apRep(who.user))],
    ["KRB-ERROR", everybody.map((who) => krbError(who, 25))],
  ];
  const mixed = everybody.flatMap((_, at) => each.flatMap(([, messages]) => messages[at] ?? []));
  const labs = everybody.flatMap((_, lab) => labMessages.map(([, bytes]) => ofLab(lab, bytes)));
  return [...each, ["these, mixed", mixed], ["of labs, mixed", labs]];
}

/** The same message with tickets of its own: none of them is known again from another round. */
function ofLab(lab: number, bytes: Uint8Array): Uint8Array {
  const message = bytes.slice();
  kerberos.decode(message, (cipher) => {
    cipher[1] = (cipher[1] ?? 0) ^ lab;
    return "";
  });
  return message;
}

/** Medians of some rounds, in each of which the readers take their turns on every kind; the first is to warm up. */
export function kerberosRates(): Rates[] {
  const all = kinds();
  const rounds = Array.from({ length: ROUNDS + 1 }, () =>
    all.map(([, messages]) => readers.map((read) => rate(read, messages))),
  );
  const measured = rounds.slice(1);
  return all.map(([name, messages], kind) => {
    const [kflow = 0, unhashed = 0, asn1js = 0] = readers.map((_, reader) =>
      median(measured.map((round) => round[kind]?.[reader] ?? 0)),
    );
    return { name, count: messages.length, kflow, unhashed, asn1js };
  });
}

function rate(read: Read, messages: readonly Uint8Array[]): number {
  const begun = process.cpuUsage();
  let count = 0;
  for (;;) {
    for (let left = BATCH; left > 0; left--) read(messages[count++ % messages.length] ?? NO_BYTES);
    const { user, system } = process.cpuUsage(begun);
    if (user + system > SLICE) return (count / (user + system)) * 1e6;
  }
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
