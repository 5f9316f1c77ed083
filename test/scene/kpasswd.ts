import { der, field, int, join, octets, seq } from "../dissectors/asn1/build.ts";
import type { Bytes } from "../net/packets.ts";
import { apRep, apReq, framed, krbError, noise, ticket } from "./kerberos.ts";
import { DC, type Scene } from "./scene.ts";

const CHANGEPW = "kadmin/changepw";
const SET_PASSWORD = 0xff80;

const sealed = seq(field(0, int(18)), field(2, octets(noise("new password", 60))));
const priv = der(0x75, seq(field(0, int(5)), field(1, int(21)), field(3, sealed)));

/** RFC 3244 section 2: length, version, length of the first part, then both parts. */
function frame(version: number, first: Uint8Array, second: Uint8Array): Uint8Array {
  const length = 6 + first.length + second.length;
  const head = [length >> 8, length & 255, version >> 8, version & 255, first.length >> 8, first.length & 255];
  return join(Uint8Array.from(head), first, second);
}

export const changeRequest = (): Bytes => [...frame(SET_PASSWORD, apReq(ticket(CHANGEPW)), priv)];
export const changeReply = (): Bytes => [...frame(1, apRep(), priv)];
export const changeError = (): Bytes => [...frame(1, new Uint8Array(0), krbError(60, { sname: CHANGEPW }))];
const onTcp = (bytes: Bytes): Bytes => [...framed(Uint8Array.from(bytes))];

/** The ticket for a change of password. */
export const mayChange = (s: Scene): Scene => s.asReq({ sname: CHANGEPW, proof: true }).issued();
export const changesOverUdp = (s: Scene, dc = DC): Scene => s.datagram(dc, 464, changeRequest());
export const changesOverTcp = (s: Scene): Scene => s.server(DC, 464).says("client", onTcp(changeRequest()));
export const changedOverTcp = (s: Scene): Scene => s.says("server", onTcp(changeReply()));
