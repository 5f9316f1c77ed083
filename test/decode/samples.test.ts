import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { KerberosMessage, Ticket } from "../../dissectors/kerberos/message.ts";
import type { Message } from "../../dissectors/registry.ts";
import { listMessages } from "../../src/analyze.ts";
import { nodePlatform } from "../../src/cli/platform.ts";
import type { Element } from "../../src/decode/index.ts";
import type { Observation } from "../../src/model/observation.ts";
import { all, decodedFrame, inside, sealedWords, value } from "./trees.ts";

/** Two readers of the same bytes, the dissector's cursor and the tree, must say the same. */

const folder = new URL("../../samples/", import.meta.url);
const captures = readdirSync(folder).flatMap((name) =>
  ["capture.pcap", "capture.pcapng", "capture.pcap.gz"]
    .map((file) => new URL(`${name}/${file}`, folder))
    .filter((url) => existsSync(url))
    .map((url) => [name, url] as const),
);

function observed(bytes: Uint8Array): Observation[] {
  const list: Observation[] = [];
  const listing = listMessages({
    platform: nodePlatform,
    observation: (one) => list.push(one),
    problem: () => {},
  });
  listing.feed(bytes);
  listing.end();
  return list;
}

function bytesOf(url: URL): Uint8Array {
  const bytes = readFileSync(url);
  return new Uint8Array(url.pathname.endsWith(".gz") ? gunzipSync(bytes) : bytes);
}

const seen = new Set<string>();

describe.each(captures)("%s", (_, url) => {
  const bytes = bytesOf(url);
  test("the tree says what the dissectors say", () => {
    const list = observed(bytes);
    for (const frame of new Set(list.map((one) => one.frame))) {
      const observations = list.filter((one) => one.frame === frame);
      const messages = observations.flatMap(({ message, inside: tokens }) => [message, ...tokens]).filter(isToken);
      const { tokens } = decodedFrame(bytes, frame);
      const elements = tokens.flatMap((token) => all(token.elements));
      for (const message of messages) compare(message, elements.filter(isNamed(message)));
    }
  });
});

test("every kind was seen", () => {
  const kinds = ["AS-REQ", "AS-REP", "TGS-REQ", "TGS-REP", "AP-REQ", "AP-REP", "KRB-ERROR"];
  const tokens = ["NegTokenInit", "NegTokenResp", "NEGOTIATE", "CHALLENGE", "AUTHENTICATE"];
  expect([...seen].sort()).toEqual(expect.arrayContaining([...kinds, ...tokens].sort()));
});

function isToken({ protocol }: Message): boolean {
  return protocol === "kerberos" || protocol === "spnego" || protocol === "ntlmssp";
}

function isNamed({ kind }: Message): (element: Element) => boolean {
  const names = [kind, `${kind}2`, `${kind}_MESSAGE`];
  return ({ name, length }) => names.includes(name) && length > 5;
}

/** Of several messages of one kind in a frame, one must fit. */
function compare(message: Message, candidates: readonly Element[]): void {
  seen.add(message.kind);
  expect(candidates.length, message.kind).toBeGreaterThan(0);
  const views = candidates.map((candidate) => viewOf(message, candidate));
  expect(views).toContainEqual(fieldsOf(message));
}

function viewOf(message: Message, element: Element): object {
  if (message.protocol === "kerberos") return kerberosView(message, element);
  if (message.protocol === "spnego") {
    const mechTypes = inside(element, "mechTypes")?.children?.map((mech) => mech.note ?? mech.value);
    if (message.kind === "NegTokenInit") return { mechTypes, hasToken: inside(element, "mechToken") !== undefined };
    return {
      negState: inside(element, "negState")?.note ?? null,
      supportedMech: inside(element, "supportedMech")?.note ?? null,
      hasToken: inside(element, "responseToken") !== undefined,
    };
  }
  const spn = all([element]).find(({ name }) => name === "MsvAvTargetName")?.value;
  return {
    domain: value(element, "DomainName") ?? "",
    user: value(element, "UserName") ?? "",
    workstation: value(element, "Workstation") ?? "",
    target: value(element, "TargetName") ?? "",
    spn: spn ?? "",
    version: value(element, "Version"),
  };
}

function fieldsOf(message: Message): object {
  if (message.protocol === "kerberos") return kerberosFields(message);
  if (message.protocol === "spnego") {
    const { hasToken } = message;
    if (message.kind === "NegTokenInit") return { mechTypes: message.mechTypes, hasToken };
    return { negState: message.negState, supportedMech: message.supportedMech, hasToken };
  }
  if (message.protocol !== "ntlmssp") return {};
  const { version } = message;
  const empty = { domain: "", user: "", workstation: "", target: "", spn: "" };
  if (message.kind === "CHALLENGE") return { ...empty, target: message.targetName ?? "", version };
  if (message.kind === "NEGOTIATE") {
    return { ...empty, domain: message.domain ?? "", workstation: message.workstation ?? "", version };
  }
  const { domain, user, workstation, targetSpn } = message;
  return { ...empty, domain, user, workstation, spn: targetSpn ?? "", version };
}

const ticketFields = ({ realm, sname, etype, kvno, length, fingerprint: print }: Ticket) => ({
  realm,
  sname,
  etype,
  kvno,
  length,
  print,
});
const ticketView = (from: Element | undefined) => ({
  realm: value(from, "realm"),
  sname: value(from, "sname"),
  ...sealedWords(from, "enc-part"),
});
const sealedSize = ({ etype, kvno, length }: { etype: unknown; kvno: unknown; length: unknown }) => ({
  etype,
  kvno,
  length,
});

function kerberosFields(message: KerberosMessage): object {
  switch (message.kind) {
    case "AS-REQ":
    case "TGS-REQ": {
      const { realm, cname, sname, kdcOptions, nonce, etypes, padata, additionalTickets } = message;
      const tickets = additionalTickets.map(ticketFields);
      const ticket = message.kind === "TGS-REQ" && message.ticket !== null ? ticketFields(message.ticket) : null;
      return { realm, cname, sname, kdcOptions, nonce, etypes, padata, tickets, ticket };
    }
    case "AS-REP":
    case "TGS-REP": {
      const { crealm, cname, padata } = message;
      return { crealm, cname, padata, ticket: ticketFields(message.ticket), encPart: sealedSize(message.encPart) };
    }
    case "AP-REQ":
      return { apOptions: message.apOptions, ticket: ticketFields(message.ticket) };
    case "AP-REP":
    case "KRB-PRIV":
      return sealedSize(message.encPart);
    case "KRB-ERROR": {
      const { errorCode, ctime, cusec, stime, susec, crealm, cname, realm, sname, etext, padata, etypes } = message;
      const { ntStatus } = message;
      return { errorCode, ctime, cusec, stime, susec, crealm, cname, realm, sname, etext, padata, etypes, ntStatus };
    }
    default:
      return {};
  }
}

/** The padata type that an entry of a list states. */
function padataType({ note = "" }: Element): number {
  return Number(/^(?:pa)?data-type (-?\d+)/.exec(note)?.[1]);
}

function kerberosView({ kind }: KerberosMessage, element: Element): object {
  const list = (inside(element, "padata")?.children ?? []).map(padataType);
  const body = inside(element, "req-body");
  switch (kind) {
    case "AS-REQ":
    case "TGS-REQ": {
      const tgs = inside(element, "padata", "PA-TGS-REQ", "AP-REQ", "ticket");
      return {
        realm: value(body, "realm"),
        cname: value(body, "cname"),
        sname: value(body, "sname"),
        kdcOptions: Number(value(body, "kdc-options")),
        nonce: value(body, "nonce"),
        etypes: inside(body, "etype")?.children?.map((etype) => etype.value),
        padata: list,
        tickets: (inside(body, "additional-tickets")?.children ?? []).map(ticketView),
        ticket: tgs === undefined ? null : ticketView(tgs),
      };
    }
    case "AS-REP":
    case "TGS-REP":
      return {
        crealm: value(element, "crealm"),
        cname: value(element, "cname"),
        padata: list,
        ticket: ticketView(inside(element, "ticket")),
        encPart: sealedSize(sealedWords(element, "enc-part")),
      };
    case "AP-REQ":
      return { apOptions: Number(value(element, "ap-options")), ticket: ticketView(inside(element, "ticket")) };
    case "AP-REP":
    case "KRB-PRIV":
      return sealedSize(sealedWords(element, "enc-part"));
    case "KRB-ERROR":
      return errorView(element);
    default:
      return {};
  }
}

function errorView(element: Element): object {
  const data = inside(element, "e-data")?.children?.[0];
  const entries = data?.name === "KERB-ERROR-DATA" ? [] : (data?.children ?? []);
  const info =
    entries.find(({ name }) => name === "PA-ETYPE-INFO2") ?? entries.find(({ name }) => name === "PA-ETYPE-INFO");
  const status = all(data === undefined ? [] : [data]).find((one) => /^0x[0-9a-f]{8}$/.test(String(one.value)));
  const simple = ["ctime", "cusec", "stime", "susec", "crealm", "cname", "realm", "sname"] as const;
  return {
    ...Object.fromEntries(simple.map((name) => [name, value(element, name)])),
    errorCode: value(element, "error-code"),
    etext: value(element, "e-text"),
    padata: entries.map(padataType),
    etypes: (info?.children ?? []).map((entry) => value(entry, "etype")),
    ntStatus: status === undefined ? null : Number(status.value),
  };
}
