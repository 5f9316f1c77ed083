import type { AsReq, TgsReq } from "../../../dissectors/kerberos/message.ts";
import { limits } from "../../bytes/limits.ts";
import type { Observation } from "../../model/observation.ts";
import type { KdcExchange } from "../evidence.ts";

/** RC4 (RFC 4757, RFC 8429), and DES (RFC 6649): what domains switch off. */
export const RC4: readonly number[] = [23, 24, -128, -133, -135];
const DES: readonly number[] = [1, 2, 3];

export function isWeak(etype: number): boolean {
  return RC4.includes(etype) || DES.includes(etype);
}

/** Nothing else is offered: without these types, the request is refused. */
function offersOnlyWeak({ etypes }: AsReq | TgsReq): boolean {
  return etypes.length > 0 && etypes.every(isWeak);
}

/** RFC 3962 and RFC 8009. */
const AES: readonly number[] = [17, 18, 19, 20];

export function offersAes(request: KdcExchange["request"]): boolean {
  return request?.message.etypes.some((etype) => AES.includes(etype)) ?? false;
}

/** A client that offers nothing better. */
export interface WeakClient {
  readonly address: string;
  readonly etypes: readonly number[];
  /** The first such request, and what it asked for. */
  readonly frame: number;
  readonly sname: string | null;
}

/** An account whose own key is of such a type: the reply to its sign-on is encrypted with it. */
export interface WeakAccount {
  readonly name: string;
  readonly etype: number;
  readonly frame: number;
  /** The sign-on offered AES: the account has no such key, or may not use it. */
  readonly despiteAes: boolean;
}

/** Who still depends on RC4 or DES; at most `limits.weakHosts` clients and `limits.weakAccounts` accounts. */
export class WeakEtypes {
  /** Of each kind there were more than are kept. */
  hasMore = false;
  private readonly byAddress = new Map<string, WeakClient>();
  private readonly byName = new Map<string, WeakAccount>();

  get clients(): readonly WeakClient[] {
    return [...this.byAddress.values()];
  }

  get accounts(): readonly WeakAccount[] {
    return [...this.byName.values()];
  }

  asked({ message, src, frame }: Observation<AsReq | TgsReq>): void {
    if (!offersOnlyWeak(message) || this.byAddress.has(src)) return;
    if (this.byAddress.size >= limits.weakHosts) this.hasMore = true;
    else this.byAddress.set(src, { address: src, etypes: message.etypes, frame, sname: message.sname });
  }

  replied({ reply, request }: KdcExchange): void {
    if (reply?.message.kind !== "AS-REP" || !isWeak(reply.message.encPart.etype)) return;
    const { cname, crealm, encPart } = reply.message;
    const name = `${cname}@${crealm}`;
    if (this.byName.has(name)) return;
    const despiteAes = offersAes(request);
    if (this.byName.size >= limits.weakAccounts) this.hasMore = true;
    else this.byName.set(name, { name, etype: encPart.etype, frame: reply.frame, despiteAes });
  }
}
