import {
  LDAP_HEADER_BYTES,
  ldap,
  ldapFrameLength,
  ldapOperation,
  operations,
  START_TLS,
} from "../../../dissectors/ldap/index.ts";
import type { LdapMessage } from "../../../dissectors/ldap/message.ts";
import { limits } from "../../bytes/limits.ts";
import { Malformed } from "../../bytes/malformed.ts";
import type { Connection, Direction } from "../../model/connection.ts";
import type { Outlet } from "../outlet.ts";
import { ClientHelloStream } from "./client-hello.ts";
import type { Waiting } from "./gather.ts";
import { type Prefixed, PrefixedStream } from "./prefixed.ts";
import type { Piece, Stream } from "./stream.ts";

/** LDAP: in clear until a security layer begins, which is TLS after StartTLS or what a SASL mechanism brought. */
export class LdapStream implements Stream {
  private readonly session = new Session();
  private readonly clear: PrefixedStream;
  private readonly openTls: () => Stream;
  private tls: Stream | null = null;

  constructor(outlet: Outlet, waiting: Waiting, connection: Connection) {
    this.clear = new PrefixedStream(outlet, waiting, connection, framing(this.session));
    this.openTls = () => new ClientHelloStream(outlet, waiting, connection);
  }

  data(piece: Piece, direction: Direction): boolean {
    if (this.tls !== null) return this.tls.data(piece, direction);
    const goesOn = this.clear.data(piece, direction);
    if (this.session.layer !== "tls") return goesOn && this.session.layer === "none";
    this.clear.finish();
    this.tls = this.openTls();
    return true;
  }

  gap(direction: Direction, length: number): boolean {
    return (this.tls ?? this.clear).gap(direction, length);
  }

  finish(): void {
    (this.tls ?? this.clear).finish();
  }
}

/** What the messages of a connection say about those that follow. */
class Session {
  /** `sealed`: length in four bytes, then a token of the mechanism (RFC 4422 3.7); nothing readable comes again. */
  layer: "none" | "tls" | "sealed" = "none";
  /** Somebody offered credentials that may bring a layer. */
  private mayBeSealed = false;
  private wantsTls = false;
  /** Somebody logged on: searches are no part of it any more. */
  private isBound = false;
  private searches = 0;
  private asksRoot = false;

  /** Whether what is no LDAP is a layer whose beginning was announced, or lost. */
  isLayer(first: number): boolean {
    return (first === 0 && this.mayBeSealed) || (first === TLS_HANDSHAKE && this.wantsTls);
  }

  isWanted(operation: number): boolean {
    switch (operation) {
      case operations.bindRequest:
      case operations.bindResponse:
      case operations.unbindRequest:
      case operations.extendedRequest:
      case operations.extendedResponse:
        return true;
      case operations.searchRequest:
      case operations.searchResultDone:
        return !this.isBound && this.searches < limits.ldapSearches;
      case operations.searchResultEntry:
        return !this.isBound && this.asksRoot;
      default:
        return false;
    }
  }

  note(message: LdapMessage): void {
    switch (message.kind) {
      case "bind-request":
        this.mayBeSealed ||= message.mechanism !== "simple";
        this.isBound ||= message.mechanism === "simple" && !message.anonymous;
        break;
      case "bind-response":
        this.isBound ||= message.resultCode === SUCCESS && this.mayBeSealed;
        break;
      case "search-request":
        this.searches += 1;
        this.asksRoot = message.base === "";
        break;
      case "search-done":
        this.asksRoot = false;
        break;
      case "extended-request":
        this.wantsTls ||= message.name === START_TLS;
        break;
      case "extended-response":
        if (this.wantsTls && message.resultCode === SUCCESS) this.layer = "tls";
        break;
    }
  }
}

const TLS_HANDSHAKE = 0x16;
const SUCCESS = 0;

function framing(session: Session): Prefixed {
  const isWanted = (bytes: Uint8Array, start: number, end: number) =>
    session.isWanted(ldapOperation(bytes, start, end));
  return {
    decoder: {
      protocol: ldap.protocol,
      decode(bytes, fingerprint) {
        const decoded = ldap.decode(bytes, fingerprint);
        for (const { message } of decoded) session.note(message);
        return decoded;
      },
    },
    prefix: 0,
    ports: ldap.ports.tcp ?? [],
    reach: () => LDAP_HEADER_BYTES,
    isWanted: (bytes, start, end) => session.layer === "none" && isWanted(bytes, start, end),
    frameLength(bytes, start, end) {
      if (session.layer === "sealed" || session.isLayer(bytes[start] ?? 0)) {
        session.layer = "sealed";
        return end - start;
      }
      const length = ldapFrameLength(bytes, start, end);
      if (length !== null && length > limits.ldapBytes && isWanted(bytes, start, end)) {
        throw new Malformed(`LDAPMessage of ${length} bytes`, start);
      }
      return length;
    },
    looksRight: (bytes, start, end) => ldap.looksRight?.(bytes, start, end) === true,
  };
}
