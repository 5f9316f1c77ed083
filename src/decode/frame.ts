import type { Decoded } from "../../dissectors/dissector.ts";
import { describe, type Message } from "../../dissectors/registry.ts";
import type { Malformed } from "../bytes/malformed.ts";
import { CaptureSet, type Need } from "../capture/capture-set.ts";
import { readDatagram, wantsDatagram } from "../dispatch/datagrams.ts";
import { Waiting } from "../dispatch/framing/gather.ts";
import { HttpStreams } from "../dispatch/framing/http-streams.ts";
import type { Piece } from "../dispatch/framing/stream.ts";
import { OpenStreams } from "../dispatch/open-streams.ts";
import { type Decoder, Outlet } from "../dispatch/outlet.ts";
import { recognise } from "../dispatch/recognise.ts";
import type { Place } from "../dispatch/sighting.ts";
import { openStream } from "../dispatch/streams.ts";
import { openNet } from "../net/net.ts";
import type { NetSink } from "../net/sink.ts";
import type { Platform } from "../platform.ts";
import { type DecodedToken, type Decoding, decodeBytes } from "./index.ts";

/** Reads a capture for the tokens of one frame: fed with pieces of any size. */
export interface FrameTokens {
  wants(): Need | null;
  feed(chunk: Uint8Array): void;
  finish(): void;
  readonly stopped: boolean;
  /** Nothing could be read at all. */
  readonly unreadable: boolean;
  end(early?: boolean): Decoding;
}

/**
 * The Kerberos messages that the frame `wanted` completes, and the tokens in its HTTP and SMB messages. `size`: of a file whose
 * ranges can be fed, as `openCapture` takes it.
 */
export function tokensOfFrame(wanted: number, platform: Platform, size: number | null = null): FrameTokens {
  const finds = new Finds(wanted, platform);
  const complaints: string[] = [];
  const set = new CaptureSet([{ size }], ({ text }) => complaints.push(text));
  const net = openNet(sinkFor(finds), platform.seed(), () => {});
  const drain = () => {
    for (let view = set.next(); view !== null; view = set.next()) net.frame(view);
  };
  return {
    wants: () => set.wants(),
    feed(chunk) {
      set.feed(chunk, 0);
      drain();
    },
    finish() {
      set.finish(0);
      drain();
    },
    get stopped() {
      return set.isOver;
    },
    get unreadable() {
      return set.readers.every(({ format }) => format === null);
    },
    end(early = false) {
      if (!early) {
        set.finishAll();
        drain();
      }
      net.end();
      const { format = null, frames = 0 } = set.readers[0]?.summary() ?? {};
      return format === null
        ? { tokens: [], problems: complaints.slice(0, 1).map((text) => ({ text })) }
        : finds.decoding(frames);
    },
  };
}

/** Sees the bytes of every message on its way, and decodes those of one frame. */
class Finds extends Outlet {
  private readonly wanted: number;
  private readonly platform: Platform;
  private readonly found: DecodedToken[] = [];
  /** Messages of the frame without a token that could be decoded. */
  private readonly others = new Set<string>();
  /** Of messages that the frame holds only a part of: the frames that complete them. */
  private readonly later = new Map<number, string>();
  /** Of the message handed to its decoder last. */
  private last: Uint8Array | null = null;

  constructor(wanted: number, platform: Platform) {
    super(
      () => {},
      () => {},
      (cipher) => platform.fingerprint(cipher),
    );
    this.wanted = wanted;
    this.platform = platform;
  }

  override decode(decoder: Decoder, bytes: Uint8Array, cut = false): readonly Decoded<Message>[] | Malformed {
    this.last = bytes;
    return super.decode(decoder, bytes, cut);
  }

  override emit({ message, inside = [] }: Decoded<Message>, place: Place): void {
    if (place.frame !== this.wanted) {
      if (place.several?.frames.includes(this.wanted)) this.later.set(place.frame, describe(message));
      return;
    }
    const whole = message.protocol === "kerberos" || message.protocol === "kpasswd" ? this.last : null;
    // The messages inside a kpasswd frame are told one by one, and are in its tree already.
    if (whole !== null) this.add(whole, `frame ${place.frame}`);
    this.last = null;
    for (const token of inside) this.add(token, `frame ${place.frame}, ${describe(message)}`);
    if (whole === null && inside.length === 0 && message.protocol !== "kerberos") this.others.add(describe(message));
  }

  /** A message that its dissector would not have is decoded as far as it goes. */
  override problem(protocol: string, _what: string, frame: number): void {
    if (frame !== this.wanted || this.last === null) return;
    if (protocol === "kerberos" || protocol === "kpasswd") this.add(this.last, `frame ${frame}`);
    this.last = null;
  }

  decoding(frames: number): Decoding {
    const problems = [...this.later].map(([frame, words]) => ({
      text: `frame ${this.wanted} holds a part of a message that frame ${frame} completes (${words}): kflow decode --frame ${frame}`,
    }));
    if (this.found.length > 0 || problems.length > 0) return { tokens: this.found, problems };
    return { tokens: [], problems: [{ text: this.nothing(frames) }] };
  }

  private nothing(frames: number): string {
    if (this.wanted > frames) return `there is no frame ${this.wanted}: the capture has ${frames}`;
    const [other] = this.others;
    if (other !== undefined) return `frame ${this.wanted} holds no token of Kerberos, SPNEGO or NTLM, but: ${other}`;
    return `frame ${this.wanted} completes no message that kflow knows; kflow messages lists the frames that do`;
  }

  private add(bytes: Uint8Array, title: string): void {
    const fingerprint = (cipher: Uint8Array) => this.platform.fingerprint(cipher);
    this.found.push(decodeBytes(bytes.slice(), fingerprint, title));
  }
}

function sinkFor(outlet: Outlet): NetSink {
  const waiting = new Waiting(() => {});
  const https = new HttpStreams(outlet, waiting);
  const streams = new OpenStreams(https);
  const ignore = () => {};
  return {
    wantsDatagram,
    recognise,
    cutOpening: ignore,
    datagram: (view) => readDatagram(outlet, view),
    opened(connection, protocol) {
      streams.set(connection, openStream(outlet, waiting, https, connection, protocol));
    },
    data(connection, direction, bytes, start, end, offset, frame, now) {
      const piece: Piece = { bytes, start, end, offset, frame, now };
      const goesOn = streams.get(connection)?.data(piece, direction) ?? false;
      if (!goesOn) streams.finish(connection);
      return goesOn;
    },
    gap: (connection, direction, length) => streams.get(connection)?.gap(direction, length),
    finished: (connection) => streams.finish(connection),
    failed: ignore,
    failedOfStranger: () => true,
    unreachable: ignore,
    silentNeighbour: ignore,
    lostDatagram: ignore,
  };
}
