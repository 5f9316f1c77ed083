import { A, B, type Bytes, type Captured, ethernet, ipv4, tcp, text } from "./packets.ts";

export const CLIENT_ISN = 0xffff_fff0;
export const SERVER_ISN = 5000;

export interface Ends {
  readonly clientPort?: number;
  readonly serverPort?: number;
  readonly clientIsn?: number;
  readonly serverIsn?: number;
  readonly client?: string;
  readonly server?: string;
}

export interface When {
  readonly seconds?: number;
  readonly nanos?: number;
  readonly ttl?: number;
  /** Captured bytes of the payload. */
  readonly snap?: number;
}

/** Both ends of one TCP connection; offsets count from the byte behind the SYN, as in a `Connection`. */
export class Conversation {
  readonly #ends: Required<Ends>;

  constructor(ends: Ends = {}) {
    const defaults = { clientPort: 40000, serverPort: 80, clientIsn: CLIENT_ISN, serverIsn: SERVER_ISN };
    this.#ends = { client: A, server: B, ...defaults, ...ends };
  }

  /** A segment of the client: `at` is the offset of its data, `ack` that of the server's next byte. */
  client(flags: string, at: number, ack: number, data: string | Bytes = "", when: When = {}): Captured {
    const { clientPort: sport, serverPort: dport, clientIsn, serverIsn, client: src, server: dst } = this.#ends;
    const seq = (clientIsn + 1 + at) >>> 0;
    return segment({ src, dst }, { sport, dport, seq, ack: (serverIsn + 1 + ack) >>> 0, flags }, data, when);
  }

  server(flags: string, at: number, ack: number, data: string | Bytes = "", when: When = {}): Captured {
    const { clientPort: dport, serverPort: sport, clientIsn, serverIsn, client: dst, server: src } = this.#ends;
    const seq = (serverIsn + 1 + at) >>> 0;
    return segment({ src, dst }, { sport, dport, seq, ack: (clientIsn + 1 + ack) >>> 0, flags }, data, when);
  }

  handshake(when: When = {}): readonly Captured[] {
    return [
      this.client("S", -1, -1 - this.#ends.serverIsn, "", when),
      this.server("SA", -1, 0, "", when),
      this.client("A", 0, 0, "", when),
    ];
  }
}

function segment(
  ip: { src: string; dst: string },
  header: Parameters<typeof tcp>[0],
  data: string | Bytes,
  when: When,
): Captured {
  const payload = typeof data === "string" ? text(data) : data;
  const whole = ethernet(0x0800, ipv4({ ...ip, protocol: 6, ttl: when.ttl ?? 64 }, tcp(header, payload)));
  const cut = when.snap === undefined ? 0 : payload.length - when.snap;
  return {
    bytes: whole.slice(0, whole.length - cut),
    wireLength: whole.length,
    ...(when.seconds === undefined ? {} : { seconds: when.seconds }),
    ...(when.nanos === undefined ? {} : { nanos: when.nanos }),
  };
}
