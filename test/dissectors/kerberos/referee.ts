import { createHash } from "node:crypto";
import { type Node, tree } from "../../../dissectors/asn1/tree.ts";

/** Reads Kerberos messages a second way, from asn1js's tree, with the specification's words as keys. */
export class View {
  readonly bytes: Uint8Array;
  readonly node: Node;

  constructor(bytes: Uint8Array, node: Node) {
    this.bytes = bytes;
    this.node = node;
  }

  /** The content of the explicit field `[tag]` of this SEQUENCE. */
  at(tag: number): View | null {
    const holder = this.node.children.find((child) => child.tagClass === "context" && child.number === tag);
    const inner = holder?.children[0];
    return inner === undefined ? null : new View(this.bytes, inner);
  }

  get contents(): Uint8Array {
    const start = this.node.offset + this.node.headerLength;
    return this.bytes.subarray(start, start + this.node.length);
  }

  get list(): View[] {
    return this.node.children.map((child) => new View(this.bytes, child));
  }

  get int(): number {
    let value = 0n;
    for (const octet of this.contents) value = value * 256n + BigInt(octet);
    return Number(BigInt.asIntN(8 * this.contents.length, value));
  }

  get text(): string {
    return new TextDecoder().decode(this.contents);
  }

  get bits(): number {
    return Number.parseInt(Buffer.from(this.contents.subarray(1, 5)).toString("hex"), 16);
  }

  get name(): string {
    return (this.at(1)?.list ?? []).map((part) => part.text).join("/");
  }

  /** The DER inside this OCTET STRING. */
  get inside(): View {
    return view(this.contents);
  }
}

function view(bytes: Uint8Array): View {
  return new View(bytes, tree(bytes));
}

export function fingerprint(cipher: Uint8Array): string {
  return createHash("sha256").update(cipher).digest("hex").slice(0, 16);
}

function sealed(data: View | null) {
  const cipher = data?.at(2)?.contents ?? new Uint8Array(0);
  const kvno = data?.at(1)?.int;
  return {
    etype: data?.at(0)?.int,
    kvno: kvno === undefined ? null : kvno >>> 0,
    length: cipher.length,
  };
}

function ticket(application: View | null) {
  const body = application?.list[0] ?? null;
  return {
    realm: body?.at(1)?.text,
    sname: body?.at(2)?.name,
    ...sealed(body?.at(3) ?? null),
    fingerprint: fingerprint(body?.at(3)?.at(2)?.contents ?? new Uint8Array(0)),
  };
}

const padata = (list: View | null) => (list?.list ?? []).map((item) => item.at(1)?.int);

function request(body: View, kind: "AS-REQ" | "TGS-REQ") {
  const inner = body.at(4);
  const value = (type: number) =>
    body
      .at(3)
      ?.list.find((item) => item.at(1)?.int === type)
      ?.at(2)?.inside;
  const armor = value(136)?.node.children[0];
  const armorSequence = armor === undefined ? null : new View(value(136)?.bytes ?? new Uint8Array(0), armor);
  const apReq = kind === "TGS-REQ" ? value(1) : armorSequence?.at(0)?.at(1)?.inside;
  const forUser = value(129);
  const x509 = value(130)?.at(0);
  return {
    kind,
    kdcOptions: inner?.at(0)?.bits,
    cname: inner?.at(1)?.name ?? null,
    realm: inner?.at(2)?.text,
    sname: inner?.at(3)?.name ?? null,
    nonce: (inner?.at(7)?.int ?? 0) >>> 0,
    etypes: inner?.at(8)?.list.map((etype) => etype.int),
    padata: padata(body.at(3)),
    ticket: apReq === undefined ? null : ticket(apReq.list[0]?.at(3) ?? null),
    additionalTickets: (inner?.at(11)?.list ?? []).map(ticket),
    forUser: forUser
      ? `${forUser.at(0)?.name}@${forUser.at(1)?.text}`
      : x509?.at(1)
        ? `${x509.at(1)?.name}@${x509.at(2)?.text}`
        : null,
    pacOptions: value(167)?.at(0)?.bits ?? null,
  };
}

function reply(body: View, kind: "AS-REP" | "TGS-REP") {
  return {
    kind,
    padata: padata(body.at(2)),
    crealm: body.at(3)?.text,
    cname: body.at(4)?.name,
    ticket: ticket(body.at(5)),
    encPart: sealed(body.at(6)),
  };
}

/** Everything but what is read from e-data. */
function failure(body: View) {
  return {
    kind: "KRB-ERROR",
    ctime: body.at(2)?.text ?? null,
    cusec: body.at(3)?.int ?? null,
    stime: body.at(4)?.text ?? null,
    susec: body.at(5)?.int ?? null,
    errorCode: body.at(6)?.int,
    crealm: body.at(7)?.text ?? null,
    cname: body.at(8)?.name ?? null,
    realm: body.at(9)?.text ?? null,
    sname: body.at(10)?.name ?? null,
    etext: body.at(11)?.text ?? null,
  };
}

export function referee(bytes: Uint8Array): object {
  const message = view(bytes);
  const body = new View(bytes, message.node.children[0] ?? message.node);
  switch (message.node.number) {
    case 10:
      return request(body, "AS-REQ");
    case 12:
      return request(body, "TGS-REQ");
    case 11:
      return reply(body, "AS-REP");
    case 13:
      return reply(body, "TGS-REP");
    case 14:
      return {
        kind: "AP-REQ",
        apOptions: body.at(2)?.bits,
        ticket: ticket(body.at(3)),
        authenticator: sealed(body.at(4)),
      };
    case 15:
      return { kind: "AP-REP", encPart: sealed(body.at(2)) };
    case 21:
      return { kind: "KRB-PRIV", encPart: sealed(body.at(3)) };
    default:
      return failure(body);
  }
}
