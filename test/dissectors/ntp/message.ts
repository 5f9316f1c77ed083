/** An NTP message (RFC 5905 section 7.3); all that is not given is zero. */
export function ntpBytes(fields: {
  readonly mode: number;
  readonly version?: number;
  readonly leap?: number;
  readonly stratum?: number;
  /** Of the transmit timestamp: since 1900, or since 2036 where small. */
  readonly seconds?: number;
  readonly fraction?: number;
}): Uint8Array {
  const { mode, version = 4, leap = 0, stratum = 0, seconds = 0, fraction = 0 } = fields;
  const bytes = new Uint8Array(48);
  const view = new DataView(bytes.buffer);
  bytes[0] = (leap << 6) | (version << 3) | mode;
  bytes[1] = stratum;
  view.setUint32(40, seconds);
  view.setUint32(44, fraction);
  return bytes;
}
