import { nameBytes } from "../dissectors/dns/message.ts";
import { done, element, entry, equality, search, wide } from "../dissectors/ldap/message.ts";
import { type Bytes, be32 } from "../net/packets.ts";

/** What a client asks of a domain controller over UDP 389. */
export interface PingWish {
  readonly domain?: string;
  readonly host?: string;
  readonly user?: string;
}

/** What the controller says of itself. */
export interface DcWish {
  readonly opcode?: number;
  readonly flags?: number;
  readonly domain?: string;
  readonly dc?: string;
  readonly user?: string;
  readonly dcSite?: string;
  readonly clientSite?: string;
}

const DOMAIN = "contoso.com";
/** MS-ADTS 6.3.1.2: GC, LDAP, DS, KDC, time server, closest, writable, full secrets, web services, functional levels. */
export const DC_FLAGS = 0x1f1fc;
export const KDC_FLAG = 0x20;
export const CLOSEST_FLAG = 0x80;

/** NtVer as Windows sends it: V1, V5, V5EX, V5EX_WITH_IP, closest site, no NT4 emulation. */
const NT_VER: Bytes = [0x16, 0, 0, 1];

export function pingBytes(id: number, { domain = DOMAIN, host, user }: PingWish): Bytes {
  const filter = element(
    wide,
    0xa0,
    equality(wide, "DnsDomain", domain),
    ...(host === undefined ? [] : [equality(wide, "Host", host)]),
    ...(user === undefined ? [] : [equality(wide, "User", user)]),
    equality(wide, "NtVer", NT_VER),
  );
  return search(wide, id, filter, ["Netlogon"]);
}

export function dcBytes(id: number, wish: DcWish): Bytes {
  return [...entry(wide, id, "Netlogon", dcValue(wish)), ...done(wide, id, 0)];
}

/** What a domain controller says of itself, over LDAP-UDP and by mailslot alike. */
export function dcValue(wish: DcWish): Bytes {
  return (wish.opcode ?? 23) < 23 ? olderAnswer(wish) : answer(wish);
}

const wideText = (value: string): Bytes => [...Buffer.from(`${value}\0`, "utf16le")];

/** NETLOGON_SAM_LOGON_REQUEST, MS-ADTS 6.3.1.1: who asks, for which machine account, and where the answer goes. */
export function samLogonRequest(computer: string): Bytes {
  const mailslot = [...Buffer.from("\\MAILSLOT\\NET\\GETDC042\0", "latin1")];
  const accounts = [0x80, 0, 0, 0];
  const noSid = [0, 0, 0, 0];
  const version = [0x0b, 0, 0, 0x20];
  const asked = [...wideText(computer), ...wideText(`${computer}$`), ...mailslot];
  return [18, 0, 0, 0, ...asked, ...accounts, ...noSid, ...version, 255, 255, 255, 255];
}

/** NETLOGON_SAM_LOGON_RESPONSE_NT40, MS-ADTS 6.3.1.7. */
function olderAnswer({ opcode = 19, dc = "dca", user = "" }: DcWish): Bytes {
  const server = (dc.split(".")[0] ?? "").toUpperCase();
  return [
    opcode,
    0,
    ...wideText(`\\\\${server}`),
    ...wideText(user),
    ...wideText("CONTOSO"),
    1,
    0,
    0,
    0,
    255,
    255,
    255,
    255,
  ];
}

/** NETLOGON_SAM_LOGON_RESPONSE_EX, MS-ADTS 6.3.1.9. */
function answer(wish: DcWish): Bytes {
  const { domain = DOMAIN, opcode = 23, flags = DC_FLAGS, dc = `dca.${domain}` } = wish;
  const { user = "", dcSite = "Headquarters", clientSite = dcSite } = wish;
  const names = [domain, domain, dc, "CONTOSO", (dc.split(".")[0] ?? "").toUpperCase(), user, dcSite, clientSite];
  return [
    ...[opcode & 255, opcode >> 8, 0, 0],
    ...[...be32(flags)].reverse(),
    ...new Array<number>(16).fill(7),
    ...names.flatMap((name) => nameBytes(name === "" ? "." : name)),
    ...[5, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
  ];
}

/** The end of a search without an entry. */
export function noDcBytes(id: number, resultCode: number): Bytes {
  return done(wide, id, resultCode);
}
