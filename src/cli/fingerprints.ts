import { limits } from "../bytes/limits.ts";

/** The digest of some bytes as a text of which each character is one octet. */
export type Digest = (bytes: Uint8Array) => string;

const OCTETS = 8;
const DIGITS = "0123456789abcdef";
/** The digits of the fingerprint that is being written. */
const digits = new Array<number>(2 * OCTETS).fill(0);

/**
 * The fingerprints of ciphers. A ticket is seen when it is issued and again when it is presented, mostly within a
 * moment: comparing it with what was seen then takes a fifth of the microsecond that SHA-256 takes for 1 000 bytes.
 */
export class Fingerprints {
  private readonly digest: Digest;
  /** Ciphers seen lately, at the places that their first octets name; nobody outside ever sees these copies. */
  private readonly copies = new Uint8Array(limits.sharedTickets * limits.sharedTicketBytes);
  /** Length and last octet of each. */
  private readonly signs = new Int32Array(limits.sharedTickets).fill(-1);
  private readonly prints = new Array<string>(limits.sharedTickets).fill("");

  constructor(digest: Digest) {
    this.digest = digest;
  }

  of(cipher: Uint8Array): string {
    const { length } = cipher;
    if (length > limits.sharedTicketBytes) return this.print(cipher);
    // What is encrypted looks random from its first octet on; whoever forges it otherwise gains a place less.
    const place = (cipher[0] ?? 0) % limits.sharedTickets;
    const sign = (length << 8) | (cipher[length - 1] ?? 0);
    if (this.signs[place] === sign && this.holds(place, cipher)) return this.prints[place] ?? "";
    const print = this.print(cipher);
    this.copies.set(cipher, place * limits.sharedTicketBytes);
    this.signs[place] = sign;
    this.prints[place] = print;
    return print;
  }

  private holds(place: number, cipher: Uint8Array): boolean {
    const start = place * limits.sharedTicketBytes;
    return Buffer.compare(this.copies.subarray(start, start + cipher.length), cipher) === 0;
  }

  /** In hexadecimal, and by itself in memory: no slice of the whole digest. */
  private print(cipher: Uint8Array): string {
    const octets = this.digest(cipher);
    for (let at = 0; at < OCTETS; at++) {
      const octet = octets.charCodeAt(at);
      digits[2 * at] = DIGITS.charCodeAt(octet >> 4);
      digits[2 * at + 1] = DIGITS.charCodeAt(octet & 15);
    }
    return String.fromCharCode(...digits);
  }
}
