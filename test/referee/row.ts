/** What a frame says, field by field, each field's values sorted: the words in which two readings are compared. */
const keys = [
  "dnsId",
  "dnsName",
  "rcode",
  "messageType",
  "errorCode",
  "realm",
  "sname",
  "cname",
  "etype",
  "method",
  "status",
  "negState",
  "mechanism",
  "ntlm",
  "ntlmUser",
  "ldapId",
  "ldapResult",
  "saslMechanism",
  "smbCommand",
  "smbStatus",
  "smbPath",
] as const;

export type Key = (typeof keys)[number];
export type Row = Readonly<Record<Key, readonly string[]>>;

export interface Reading {
  /** By the number of the frame that completes the message. */
  readonly rows: ReadonlyMap<number, Row>;
}

/** `null` where the frame says nothing. */
export function rowOf(values: (key: Key) => readonly string[]): Row | null {
  const sorted = (key: Key) => [...values(key)].sort();
  const row: Row = {
    dnsId: sorted("dnsId"),
    dnsName: sorted("dnsName"),
    rcode: sorted("rcode"),
    messageType: sorted("messageType"),
    errorCode: sorted("errorCode"),
    realm: sorted("realm"),
    sname: sorted("sname"),
    cname: sorted("cname"),
    etype: sorted("etype"),
    method: sorted("method"),
    status: sorted("status"),
    negState: sorted("negState"),
    mechanism: sorted("mechanism"),
    ntlm: sorted("ntlm"),
    ntlmUser: sorted("ntlmUser"),
    ldapId: sorted("ldapId"),
    ldapResult: sorted("ldapResult"),
    saslMechanism: sorted("saslMechanism"),
    smbCommand: sorted("smbCommand"),
    smbStatus: sorted("smbStatus"),
    smbPath: sorted("smbPath"),
  };
  return keys.every((key) => row[key].length === 0) ? null : row;
}

/** `frame 12 realm: A | B` for every field in which two readings differ, ours first. */
export function differences(ours: Reading, theirs: Reading): string[] {
  const frames = [...new Set([...ours.rows.keys(), ...theirs.rows.keys()])].sort((a, b) => a - b);
  return frames.flatMap((frame) => {
    const [a, b] = [ours.rows.get(frame), theirs.rows.get(frame)];
    return keys.flatMap((key) => {
      const [left, right] = [a?.[key] ?? [], b?.[key] ?? []].map((list) => list.join(", "));
      return left === right ? [] : [`frame ${frame} ${key}: ${left} | ${right}`];
    });
  });
}
