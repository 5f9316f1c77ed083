import { events } from "./tables/events.ts";
import { MIT_BASE } from "./tables/mit.ts";
import type { Origin, Topic, TopicId } from "./topic.ts";
import { origins } from "./topic.ts";

/** One meaning of what was asked. */
export interface Found {
  readonly topic: Topic;
  /** What to know about the way it was written. */
  readonly remark: string;
  /** Told with the one before it, not instead of it: the code that stands in an event. */
  readonly isPart?: boolean;
}

type Topics = ReadonlyMap<TopicId, Topic>;

const HEX_REMARK = "If the number is hexadecimal, as event logs print it.";
const FACILITY_WIN32 = 0x8007_0000;

/** Numbers as people write them: `7`, `0x18`, `18h`, `C000006D`, `52e`, `-1765328377`; null where it is none. */
export function readNumber(text: string): { readonly value: number; readonly isHex: boolean } | null {
  if (/^[-+]?\d{1,10}$/.test(text) && !/^[89]\d{7}$/.test(text)) return { value: Number(text), isHex: false };
  const hex = /^0x([0-9a-f]{1,8})$/i.exec(text) ?? /^([0-9a-f]{1,8})h$/i.exec(text) ?? /^([0-9a-f]{8})$/i.exec(text);
  const digits = hex?.[1] ?? (/^(?=.*[a-f])\d[0-9a-f]{1,3}$/i.test(text) ? text : null);
  return digits === null ? null : { value: Number.parseInt(digits, 16), isHex: true };
}

/** Everything that a number may mean, Kerberos first; `wanted`: only of these origins. */
export function meaningsOf(topics: Topics, text: string, wanted: readonly Origin[] = origins): Found[] {
  const number = readNumber(text);
  if (!number) return [];
  const { value, isHex } = number;
  if (value < 0 || value >= 0x8000_0000) return largeNumber(topics, value >>> 0, wanted);
  const found = wanted.flatMap((origin) => {
    if (isHex && !inHex.includes(origin)) return [];
    const topic = topics.get(`${origin}/${value}`);
    return topic ? [{ topic, remark: "" }] : [];
  });
  return isHex ? found : [...found, ...asHex(topics, text, value, wanted)];
}

/** Where numbers are written in hex: failure codes and encryption types of event logs, `data` of LDAP. */
const inHex: readonly Origin[] = ["kerberos", "win32", "netlogon", "etype"];

function asHex(topics: Topics, text: string, value: number, wanted: readonly Origin[]): Found[] {
  const hex = Number.parseInt(text, 16);
  const topic = hex === value || !wanted.includes("kerberos") ? undefined : topics.get(`kerberos/${hex}`);
  return topic && /^\d{2}$/.test(text) ? [{ topic, remark: HEX_REMARK }] : [];
}

/** Numbers of 32 bits with the highest set: NTSTATUS, SSPI, Win32 in an HRESULT, MIT's library. */
function largeNumber(topics: Topics, unsigned: number, wanted: readonly Origin[]): Found[] {
  const remark = "";
  const protocol = (unsigned | 0) - MIT_BASE;
  const ofProtocol = protocol >= 0 && protocol < 128 ? topics.get(`kerberos/${protocol}`) : undefined;
  if (ofProtocol) {
    return [{ topic: ofProtocol, remark: `MIT's library adds ${MIT_BASE} to the protocol's number ${protocol}.` }];
  }
  if ((unsigned & 0xffff_0000) >>> 0 === FACILITY_WIN32) {
    const topic = topics.get(`win32/${unsigned & 0xffff}`);
    return topic ? [{ topic, remark: `An HRESULT that wraps the Win32 error ${unsigned & 0xffff}.` }] : [];
  }
  const found = [...topics.values()].filter(
    ({ number, origin }) => number !== null && number >>> 0 === unsigned && wanted.includes(origin),
  );
  return found.map((topic) => ({ topic, remark }));
}

/** `event 4771 0x18`: the event, and the code that stands in it. */
export function eventMeanings(topics: Topics, id: string, code: string | undefined): Found[] {
  const event = events.find(({ number }) => number === Number(id));
  const topic = topics.get(`event/${Number(id)}`);
  if (!event || !topic) return [];
  const wanted: readonly Origin[] = event.code === "ntstatus" ? ["ntstatus"] : ["kerberos"];
  const inEvent = code === undefined || event.code === null ? [] : meaningsOf(topics, code, wanted);
  if (inEvent.length === 0) return [{ topic, remark: "" }];
  // The code says more than the event alone can.
  return [{ topic: { ...topic, see: [] }, remark: "" }, ...inEvent.map((found) => ({ ...found, isPart: true }))];
}
