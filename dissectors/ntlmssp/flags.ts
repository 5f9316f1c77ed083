/** NegotiateFlags by bit, 0 the least significant (MS-NLMP 2.2.2.5); bits without a name are reserved. */
const names: Readonly<Record<number, string>> = Object.freeze({
  0: "UNICODE",
  1: "OEM",
  2: "REQUEST_TARGET",
  4: "SIGN",
  5: "SEAL",
  6: "DATAGRAM",
  7: "LM_KEY",
  9: "NTLM",
  11: "ANONYMOUS",
  12: "OEM_DOMAIN_SUPPLIED",
  13: "OEM_WORKSTATION_SUPPLIED",
  15: "ALWAYS_SIGN",
  16: "TARGET_TYPE_DOMAIN",
  17: "TARGET_TYPE_SERVER",
  19: "EXTENDED_SESSIONSECURITY",
  20: "IDENTIFY",
  22: "REQUEST_NON_NT_SESSION_KEY",
  23: "TARGET_INFO",
  25: "VERSION",
  29: "128",
  30: "KEY_EXCH",
  31: "56",
});

/** The names of the bits that are set, without the `NTLMSSP_NEGOTIATE_` that most share. */
export function ntlmFlagNames(flags: number): readonly string[] {
  const set: string[] = [];
  for (let bit = 0; bit < 32; bit++) if ((flags >>> bit) & 1) set.push(names[bit] ?? `bit ${bit}`);
  return set;
}
