import { dnsBytes, nameBytes, QUERY, RESPONSE } from "../dissectors/dns/message.ts";
import { mailslot, nbnsAnswer, nbnsQuery } from "../dissectors/netbios/message.ts";
import { clientHello } from "../dissectors/tls/hello.ts";
import { address4, type Bytes, be16, text } from "../net/packets.ts";
import type { AsWish, ErrorWish, RequestWish, TicketWish } from "./kerberos.ts";
import { asReq, framed, krbError, REALM, reply, tgsReq, ticket } from "./kerberos.ts";
import type { DcWish, PingWish } from "./locator.ts";
import { dcBytes, dcValue, noDcBytes, pingBytes, samLogonRequest } from "./locator.ts";
import type { Sent, Shot, Side } from "./wire.ts";
import { arpQuestion, datagram, onEthernet, Talk, toPcap, unreachable } from "./wire.ts";

export const CLIENT = "192.168.2.101";
export const DC = "192.168.2.1";
export const WEB = "192.168.2.104";
export const HOST = "iisserver.contoso.com";
export const SPN = `HTTP/${HOST}`;

const START = 1_795_000_000;
/** Between two frames, unless the scene waits. */
const TICK_NANOS = 1_000_000;

const types = { A: 1, CNAME: 5, PTR: 12, AAAA: 28, SRV: 33 } as const;
type RecordType = keyof typeof types;

export interface GetWish {
  /** The server's TCP acknowledges the request; true unless told otherwise. */
  readonly acked?: boolean;
  /** Goes out on the present connection although its server closed it. */
  readonly onClosed?: boolean;
  readonly agent?: string;
  /** The token is for the proxy. */
  readonly proxy?: boolean;
  /** Further header lines. */
  readonly headers?: readonly string[];
}

export interface KdcWish {
  /** `tcp` opens a connection for each request. */
  readonly over?: "udp" | "tcp";
  readonly acked?: boolean;
  /** IP fragments of so many bytes (UDP). */
  readonly fragments?: number;
}

export interface IssueWish extends TicketWish {
  /** For another name than the one asked for. */
  readonly sname?: string;
  /** The client in whose name it is issued. */
  readonly cname?: string;
}

interface Question {
  readonly name: string;
  readonly type: RecordType;
  readonly id: number;
  readonly port: number;
  readonly server: string;
}

interface Ping {
  readonly id: number;
  readonly port: number;
  readonly dc: string;
}

/** What one client is in the middle of. */
interface Actor {
  readonly address: string;
  readonly sockets: Map<string, Talk>;
  socket: string;
  kdcTalk: Talk | null;
  /** Open, and not yet used. */
  kdcNext: Talk | null;
  kdcPort: number;
  kdc: string;
  question: Question | null;
  datagram: { readonly address: string; readonly port: number; readonly own: number } | null;
  ping: Ping | null;
  call: { readonly id: number; readonly domain: string } | null;
  sname: string;
  realm: string;
  kind: "AS-REP" | "TGS-REP";
}

/**
 * Who says what, and when: every call adds the frames of one thing that happens.
 *
 * A client asks one DNS server and one KDC and talks to one web server, until the scene changes them. A request opens
 * the connection it needs. Nothing in it is random.
 */
export class Scene {
  private shots: Shot[] = [];
  private readonly actors = new Map<string, Actor>();
  private actor: Actor;
  private seconds = START;
  private nanos = 0;
  private tick = TICK_NANOS;
  private nextPort = 50_000;
  private nextId = 0x1000;
  private nextNonce = 1_000;
  private nextPing = 0;
  private web = { address: WEB, port: 80 };
  private hostName = HOST;
  private kdcAddress = DC;
  private dnsServer = DC;
  private userName = "John";
  private last: Sent | null = null;
  private burst: readonly Sent[] = [];
  private isHidden = false;
  private only: string | null = null;
  private copies = 1;
  private cutAt = 65_535;
  private extra: string[] = [];
  private content = "";

  constructor() {
    this.actor = this.actorAt(CLIENT);
  }

  // Who

  /** From here on another client acts; each keeps its own connections. */
  client(address: string, user = this.userName): this {
    this.actor = this.actorAt(address);
    this.userName = user;
    return this;
  }

  server(address: string, port = 80): this {
    this.web = { address, port };
    return this.socket(`${address} ${port}`);
  }

  /** The Host header of the requests that follow. */
  host(name: string): this {
    this.hostName = name;
    return this;
  }

  kdc(address: string): this {
    this.kdcAddress = address;
    return this;
  }

  dnsAt(address: string): this {
    this.dnsServer = address;
    return this;
  }

  /** The client's port of the next connection. */
  port(number: number): this {
    this.nextPort = number;
    return this;
  }

  /** Another connection of the same client to the same server; earlier ones stay open. */
  socket(name: string): this {
    this.actor.socket = name;
    return this;
  }

  // When, and what the capture holds of it

  wait(seconds: number): this {
    const whole = Math.floor(seconds);
    this.nanos += Math.round((seconds - whole) * 1e9);
    this.seconds += whole + Math.floor(this.nanos / 1e9);
    this.nanos %= 1e9;
    return this;
  }

  /** The next frame is of this time (UTC, to the microsecond). */
  at(time: string): this {
    const [, whole = "", micros = ""] = /^(.{19})\.?(\d*)/.exec(time) ?? [];
    this.seconds = Date.parse(`${whole}Z`) / 1000;
    this.nanos = Number(micros.padEnd(9, "0")) - this.tick;
    if (this.nanos >= 0) return this;
    this.seconds -= 1;
    this.nanos += 1e9;
    return this;
  }

  /** Seconds between two frames. */
  pace(seconds: number): this {
    this.tick = Math.round(seconds * 1e9);
    return this;
  }

  /** Something that the capture does not hold. */
  unseen(act: (scene: this) => void): this {
    this.isHidden = true;
    act(this);
    this.isHidden = false;
    return this;
  }

  /** Forgets what was captured so far: the capture starts here. */
  startsHere(): this {
    this.shots = [];
    return this;
  }

  /** Frames of this sender only. */
  seesOnly(address: string): this {
    this.only = address;
    return this;
  }

  /** Every frame is in the capture so many times. */
  seesEach(times: number): this {
    this.copies = times;
    return this;
  }

  /** Frames are cut to so many bytes. */
  snap(bytes: number): this {
    this.cutAt = bytes;
    return this;
  }

  // DNS

  /** A look-up and its answer: addresses, or `CNAME target`. No answers: the name has none of this type. */
  dns(name: string, ...answers: readonly string[]): this {
    return this.dnsQuery(name).dnsAnswer(...answers);
  }

  dnsQuery(name: string, type: RecordType = "A", id = this.nextId++): this {
    const question = { name, type, id, port: this.nextPort++, server: this.dnsServer };
    this.actor.question = question;
    return this.askDns(question);
  }

  /** The same query once more. */
  dnsRepeat(): this {
    const { question } = this.actor;
    return question ? this.askDns(question) : this;
  }

  dnsAnswer(...answers: readonly string[]): this {
    return this.answerDns(RESPONSE, answers);
  }

  dnsError(rcode: number): this {
    return this.answerDns(RESPONSE | rcode, []);
  }

  /** TC: the rest is to be had over TCP. */
  dnsTruncated(): this {
    return this.answerDns(RESPONSE | 0x0200, []);
  }

  private askDns({ name, type, id, port, server }: Question): this {
    const query = dnsBytes({ id, flags: QUERY, questions: [{ name, type: types[type] }] });
    return this.send(datagram(this.actor.address, port, server, 53, [...query]));
  }

  private answerDns(flags: number, answers: readonly string[]): this {
    const { question } = this.actor;
    if (!question) return this;
    let owner = question.name;
    const entries = answers.map((answer) => {
      const entry = record(owner, question.type, answer);
      if (entry.type === types.CNAME) owner = answer.split(" ")[1] ?? owner;
      return entry;
    });
    const asked = [{ name: question.name, type: types[question.type] }];
    const bytes = dnsBytes({ id: question.id, flags, questions: asked, answers: entries });
    return this.send(datagram(question.server, 53, this.actor.address, question.port, [...bytes]));
  }

  // TCP and the web

  /** A SYN to the web server, without what may answer it. */
  syn(port = this.web.port): this {
    const talk = this.newTalk(this.web.address, port);
    this.actor.sockets.set(this.actor.socket, talk);
    return this.send(talk.syn());
  }

  /** The same SYN once more. */
  synRepeat(): this {
    return this.send(this.talk.syn());
  }

  /** The server answers the SYN with RST. */
  refused(): this {
    return this.send(this.talk.refused());
  }

  /** The connection to the web server, before anything is said on it. */
  open(): this {
    this.connected();
    return this;
  }

  /** A request; with `authorization` as made by `tokens.ts`. */
  get(target: string, authorization?: string, wish: GetWish = {}): this {
    const credentials = `${wish.proxy === true ? "Proxy-Authorization" : "Authorization"}: ${authorization}`;
    const lines = [
      `GET ${target} HTTP/1.1`,
      `Host: ${this.hostName}`,
      `User-Agent: ${wish.agent ?? "test/1"}`,
      ...(authorization === undefined ? [] : [credentials]),
      ...(wish.headers ?? []),
    ];
    const talk = wish.onClosed === true ? this.talk : this.connected();
    return this.send(talk.says("client", text(`${lines.join("\r\n")}\r\n\r\n`), wish.acked ?? true));
  }

  /** A header line of the next response. */
  header(line: string): this {
    this.extra.push(line);
    return this;
  }

  /** What the next response holds. */
  body(text: string): this {
    this.content = text;
    return this;
  }

  /** A response; `challenges` are the values of its WWW-Authenticate (407: Proxy-Authenticate) lines. */
  reply(status: number, ...challenges: readonly string[]): this {
    const name = status === 407 ? "Proxy-Authenticate" : "WWW-Authenticate";
    const lines = [
      `HTTP/1.1 ${status} ${reasons[status] ?? "Reason"}`,
      ...challenges.map((value) => `${name}: ${value}`),
      ...this.extra,
      `Content-Length: ${this.content.length}`,
    ];
    const message = `${lines.join("\r\n")}\r\n\r\n${this.content}`;
    this.extra = [];
    this.content = "";
    return this.send(this.talk.says("server", text(message)));
  }

  close(by: Side = "client"): this {
    return this.send(this.talk.closes(by));
  }

  reset(by: Side = "server"): this {
    return this.send(this.talk.resets(by));
  }

  /** Bytes of another protocol on the connection to the server. */
  says(side: Side, bytes: Bytes, acked = true): this {
    const talk = side === "client" ? this.connected() : this.talk;
    return this.send(talk.says(side, bytes, acked));
  }

  /** A ClientHello for this name. */
  tls(serverName: string | null, port = 443): this {
    this.server(this.web.address, port);
    return this.send(this.connected().says("client", [...clientHello(serverName, ["http/1.1"])]));
  }

  // Kerberos

  asReq(wish: AsWish & KdcWish = {}): this {
    const sname = wish.sname ?? `krbtgt/${wish.realm ?? REALM}`;
    const nonce = wish.nonce ?? this.nextNonce++;
    this.expect("AS-REP", sname, wish.realm ?? REALM);
    return this.ask(asReq({ cname: this.userName, ...wish, nonce }), wish);
  }

  tgsReq(sname: string, wish: RequestWish & KdcWish = {}): this {
    const nonce = wish.nonce ?? this.nextNonce++;
    this.expect("TGS-REP", sname, wish.realm ?? REALM);
    return this.ask(tgsReq(sname, { ...wish, nonce }), wish);
  }

  /** The ticket that was asked for last; `cname`: in the name of somebody else than the client's user. */
  issued(wish: IssueWish = {}): this {
    const { sname, realm, kind } = this.actor;
    const granted = ticket(wish.sname ?? sname, { realm, ...wish });
    return this.answer(reply(kind, granted, wish.cname ?? this.userName));
  }

  /** TGS-REQ and TGS-REP. */
  tgs(sname: string, wish: RequestWish & KdcWish & IssueWish = {}): this {
    return this.tgsReq(sname, wish).issued(wish);
  }

  /** A ticket for the KDC of another realm in place of the one asked for. */
  referral(realm: string): this {
    return this.issued({ sname: `krbtgt/${realm}` });
  }

  krbError(code: number, wish: ErrorWish = {}): this {
    const { sname, realm } = this.actor;
    const stime = new Date(this.seconds * 1000).toISOString().replace(/[-:T]|\.\d+/g, "");
    return this.answer(krbError(code, { sname, realm, stime, ...wish }));
  }

  /** The connection on which the next request over TCP goes out. */
  kdcOpen(): this {
    const talk = this.newTalk(this.kdcAddress, 88);
    this.actor.kdcNext = talk;
    return this.send(talk.syn()).send(talk.opened());
  }

  /** A SYN to the KDC that nobody answers. */
  kdcSyn(port = 88): this {
    this.actor.kdcTalk = this.newTalk(this.kdcAddress, port);
    return this.send(this.actor.kdcTalk.syn());
  }

  kdcRefused(): this {
    return this.kdcSyn().send(this.actor.kdcTalk?.refused() ?? []);
  }

  private expect(kind: Actor["kind"], sname: string, realm: string): void {
    this.actor.kind = kind;
    this.actor.sname = sname;
    this.actor.realm = realm;
  }

  private ask(message: Uint8Array, wish: KdcWish): this {
    const { actor } = this;
    actor.kdc = this.kdcAddress;
    actor.kdcTalk = null;
    if (wish.over === "tcp") {
      const talk = actor.kdcNext ?? this.kdcOpen().actor.kdcNext;
      actor.kdcNext = null;
      actor.kdcTalk = talk;
      return this.send(talk?.says("client", [...framed(message)], wish.acked ?? true) ?? []);
    }
    actor.kdcPort = this.nextPort++;
    return this.send(datagram(actor.address, actor.kdcPort, actor.kdc, 88, [...message], wish.fragments));
  }

  private answer(message: Uint8Array): this {
    const { address, kdc, kdcPort, kdcTalk } = this.actor;
    if (kdcTalk) return this.send(kdcTalk.says("server", [...framed(message)])).send(kdcTalk.closes("client"));
    return this.send(datagram(kdc, 88, address, kdcPort, [...message]));
  }

  // Domain controllers

  /** An SRV look-up and its answer: hosts. */
  srv(name: string, ...targets: readonly string[]): this {
    return this.dnsQuery(name, "SRV").dnsAnswer(...targets);
  }

  /** An LDAP-UDP ping. */
  dcPing(dc = DC, wish: PingWish = {}): this {
    const ping = { id: 1 + (this.nextPing++ % 127), port: this.nextPort++, dc };
    this.actor.ping = ping;
    return this.send(datagram(this.actor.address, ping.port, dc, 389, pingBytes(ping.id, wish)));
  }

  /** A datagram of another protocol, and the answer to it. */
  datagram(address: string, port: number, data: Bytes): this {
    this.actor.datagram = { address, port, own: this.nextPort++ };
    return this.send(datagram(this.actor.address, this.actor.datagram.own, address, port, data));
  }

  datagramBack(data: Bytes): this {
    const { address, datagram: asked } = this.actor;
    return asked ? this.send(datagram(asked.address, asked.port, address, asked.own, data)) : this;
  }

  dcAnswer(wish: DcWish = {}): this {
    return this.answerPing((id) => dcBytes(id, wish));
  }

  /** The end of the answer alone. */
  dcDone(resultCode = 0): this {
    return this.answerPing((id) => noDcBytes(id, resultCode));
  }

  /** A NetBIOS name query for the controllers of a domain, to everybody. */
  netbios(domain: string): this {
    const id = this.nextId++;
    this.actor.call = { id, domain };
    return this.send(datagram(this.actor.address, 137, "192.168.2.255", 137, nbnsQuery(id, domain, 0x1c)));
  }

  /** No address: there is no such name. */
  netbiosAnswer(...addresses: readonly string[]): this {
    const { call, address } = this.actor;
    if (!call) return this;
    const bytes = nbnsAnswer(call.id, call.domain, 0x1c, ...addresses.map(address4));
    return this.send(datagram(addresses[0] ?? DC, 137, address, 137, bytes));
  }

  /** The same question by mailslot, or with `opcode` the answer to it. */
  mailslot(domain: string, opcode = 18): this {
    const isQuestion = opcode === 18;
    const [from, to] = isQuestion ? ["CLIENT1", domain] : ["DCA", "CLIENT1"];
    const [src, dst] = isQuestion ? [this.actor.address, "192.168.2.255"] : [DC, this.actor.address];
    const name = isQuestion ? "\\MAILSLOT\\NET\\NETLOGON" : "\\MAILSLOT\\NET\\GETDC042";
    const data = isQuestion ? samLogonRequest(from) : dcValue({ opcode, dc: "dca.contoso.com" });
    const bytes = mailslot({ from, to, suffix: isQuestion ? 0x1c : 0, name, data });
    return this.send(datagram(src, 138, dst, 138, bytes));
  }

  private answerPing(bytes: (id: number) => Bytes): this {
    const { ping, address } = this.actor;
    return ping ? this.send(datagram(ping.dc, 389, address, ping.port, bytes(ping.id))) : this;
  }

  // Below the messages

  /** The last packet once more: a retransmission. Or another of those that went out together with it. */
  again(which = -1): this {
    const packet = this.burst.at(which);
    return packet ? this.send([packet]) : this;
  }

  /** ICMP unreachable about the last packet. */
  icmp(code: number, from = this.web.address): this {
    const about = this.last;
    if (about) this.send([unreachable(code, from, about)]);
    this.last = about;
    return this;
  }

  /** An ARP request that nobody answers. */
  arp(target: string): this {
    this.shoot(arpQuestion(this.actor.address, target), this.actor.address);
    return this;
  }

  // What comes out

  get frames(): readonly Shot[] {
    return this.shots;
  }

  get pcap(): Uint8Array {
    return toPcap(this.shots, this.cutAt);
  }

  private get talk(): Talk {
    const talk = this.actor.sockets.get(this.actor.socket);
    if (!talk) throw new Error("no connection to speak on");
    return talk;
  }

  private connected(): Talk {
    const open = this.actor.sockets.get(this.actor.socket);
    if (open && !open.isOver) return open;
    const talk = this.newTalk(this.web.address, this.web.port);
    this.actor.sockets.set(this.actor.socket, talk);
    this.send(talk.syn()).send(talk.opened());
    return talk;
  }

  private newTalk(server: string, serverPort: number): Talk {
    return new Talk({ client: this.actor.address, clientPort: this.nextPort++, server, serverPort });
  }

  private actorAt(address: string): Actor {
    const known = this.actors.get(address);
    if (known) return known;
    const actor: Actor = {
      address,
      sockets: new Map(),
      socket: "",
      kdcTalk: null,
      kdcNext: null,
      kdcPort: 0,
      kdc: DC,
      question: null,
      datagram: null,
      ping: null,
      call: null,
      sname: "",
      realm: REALM,
      kind: "TGS-REP",
    };
    this.actors.set(address, actor);
    return actor;
  }

  private send(packets: readonly Sent[]): this {
    if (packets.length > 0) this.burst = packets;
    for (const packet of packets) {
      this.last = packet;
      this.shoot(onEthernet(packet), packet.from);
    }
    return this;
  }

  private shoot(bytes: Bytes, from: string): void {
    this.wait(this.tick / 1e9);
    if (this.isHidden || (this.only !== null && this.only !== from)) return;
    const shot = { bytes, from, seconds: this.seconds, nanos: this.nanos };
    for (let copy = 0; copy < this.copies; copy += 1) this.shots.push(shot);
  }
}

const reasons: Readonly<Record<number, string>> = {
  200: "OK",
  400: "Bad Request",
  301: "Moved Permanently",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  431: "Request Header Fields Too Large",
  407: "Proxy Authentication Required",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
};

function record(owner: string, type: RecordType, answer: string): { name: string; type: number; data: Bytes } {
  const [word = "", rest] = answer.split(" ");
  if (word === "CNAME") return { name: owner, type: types.CNAME, data: nameBytes(rest ?? "") };
  if (type === "SRV") {
    const port = be16(owner.startsWith("_ldap") ? 389 : 88);
    return { name: owner, type: types.SRV, data: [0, 0, 0, 100, ...port, ...nameBytes(word)] };
  }
  if (type === "PTR") return { name: owner, type: types.PTR, data: nameBytes(word) };
  return { name: owner, type: types[type], data: address4(word) };
}

export function scene(): Scene {
  return new Scene();
}

/** Several scenes at the same time: their frames interleave by time. */
export function together(...scenes: readonly Pick<Scene, "frames">[]): Uint8Array {
  const shots = scenes.flatMap((one) => [...one.frames]);
  return toPcap(shots.sort((a, b) => a.seconds - b.seconds || a.nanos - b.nanos));
}
