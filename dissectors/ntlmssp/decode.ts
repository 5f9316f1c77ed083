import { standsAt } from "../../src/bytes/find.ts";
import { Malformed } from "../../src/bytes/malformed.ts";
import { Reader } from "../reader.ts";
import { type AvPairs, avPairs } from "./av-pairs.ts";
import type { NtlmAuthenticate, NtlmChallenge, NtlmMessage, NtlmNegotiate } from "./message.ts";

const SIGNATURE = Uint8Array.of(0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0x00);
const MESSAGE_TYPE = 8;

/** NegotiateFlags (MS-NLMP 2.2.2.5). */
const UNICODE = 0x0000_0001;
const DOMAIN_SUPPLIED = 0x0000_1000;
const WORKSTATION_SUPPLIED = 0x0000_2000;
const VERSION = 0x0200_0000;

export function opensNtlm(bytes: Uint8Array): boolean {
  return standsAt(bytes, 0, SIGNATURE);
}

/**
 * NEGOTIATE, CHALLENGE or AUTHENTICATE (MS-NLMP 2.2.1); challenges, responses and keys are stepped over. Fields that
 * old clients leave off at the end of the fixed part count as absent.
 */
export function ntlmMessage(bytes: Uint8Array): NtlmMessage {
  if (!opensNtlm(bytes)) throw new Malformed("no NTLMSSP signature", 0);
  const reader = new Reader(bytes);
  const type = reader.u32(MESSAGE_TYPE, "MessageType");
  if (type === 1) return negotiate(reader);
  if (type === 2) return challenge(reader);
  if (type === 3) return authenticate(reader);
  throw new Malformed(`MessageType ${type}`, MESSAGE_TYPE);
}

/** Flags 12, domain 16, workstation 24 (both never Unicode), version 32 (MS-NLMP 2.2.1.1). */
function negotiate(reader: Reader): NtlmNegotiate {
  const flags = reader.u32(12, "NegotiateFlags");
  const domain = (flags & DOMAIN_SUPPLIED) !== 0 ? reader.text(16, false, "DomainName") : "";
  const workstation = (flags & WORKSTATION_SUPPLIED) !== 0 ? reader.text(24, false, "Workstation") : "";
  return {
    protocol: "ntlmssp",
    kind: "NEGOTIATE",
    domain: domain || null,
    workstation: workstation || null,
    version: version(reader, 32, flags),
  };
}

/** Target name 12, flags 20, challenge 24, target info 40, version 48 (MS-NLMP 2.2.1.2). */
function challenge(reader: Reader): NtlmChallenge {
  const flags = reader.u32(20, "NegotiateFlags");
  const targetName = reader.text(12, (flags & UNICODE) !== 0, "TargetName");
  const info: AvPairs | null = reader.length >= 48 ? avPairs(reader.part(40, "TargetInfo")) : null;
  return {
    protocol: "ntlmssp",
    kind: "CHALLENGE",
    targetName: targetName || null,
    dnsComputer: info?.dnsComputer ?? null,
    dnsDomain: info?.dnsDomain ?? null,
    timestamp: info?.timestamp ?? null,
    version: version(reader, 48, flags),
  };
}

/** NT response 20, domain 28, user 36, workstation 44, flags 60, version 64 (MS-NLMP 2.2.1.3). */
function authenticate(reader: Reader): NtlmAuthenticate {
  const flags = reader.length >= 64 ? reader.u32(60, "NegotiateFlags") : 0;
  const wide = (flags & UNICODE) !== 0;
  return {
    protocol: "ntlmssp",
    kind: "AUTHENTICATE",
    domain: reader.text(28, wide, "DomainName"),
    user: reader.text(36, wide, "UserName"),
    workstation: reader.text(44, wide, "Workstation"),
    targetSpn: wantedSpn(reader.part(20, "NtChallengeResponse")),
    version: version(reader, 64, flags),
  };
}

const PROOF = 16;
const AV_PAIRS_IN_RESPONSE = 44;

/** MsvAvTargetName of an NTLMv2 response: proof, two version octets of 1, …, AV pairs (MS-NLMP 2.2.2.7, 2.2.2.8). */
function wantedSpn(response: Uint8Array): string | null {
  if (response.length <= AV_PAIRS_IN_RESPONSE || response[PROOF] !== 1 || response[PROOF + 1] !== 1) return null;
  return avPairs(response.subarray(AV_PAIRS_IN_RESPONSE)).targetName || null;
}

/** Major, minor, build (MS-NLMP 2.2.2.10), where the flags promise it. */
function version(reader: Reader, at: number, flags: number): string | null {
  if ((flags & VERSION) === 0) return null;
  return `${reader.u8(at, "Version")}.${reader.u8(at + 1, "Version")}.${reader.u16(at + 2, "Version")}`;
}
