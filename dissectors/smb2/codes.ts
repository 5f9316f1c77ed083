/** Commands by number, MS-SMB2 section 2.2.1.2. */
export const commandNames: readonly string[] = [
  "NEGOTIATE",
  "SESSION_SETUP",
  "LOGOFF",
  "TREE_CONNECT",
  "TREE_DISCONNECT",
  "CREATE",
  "CLOSE",
  "FLUSH",
  "READ",
  "WRITE",
  "LOCK",
  "IOCTL",
  "CANCEL",
  "ECHO",
  "QUERY_DIRECTORY",
  "CHANGE_NOTIFY",
  "QUERY_INFO",
  "SET_INFO",
  "OPLOCK_BREAK",
];

/** DialectRevision in the words of the specification, MS-SMB2 section 2.2.4. */
const dialects: ReadonlyMap<number, string> = new Map([
  [0x0202, "2.0.2"],
  [0x0210, "2.1"],
  [0x02ff, "2.???"],
  [0x0300, "3.0"],
  [0x0302, "3.0.2"],
  [0x0311, "3.1.1"],
]);

/** `3.1.1`, or the number in hexadecimal. */
export function dialectName(revision: number): string {
  return dialects.get(revision) ?? `0x${revision.toString(16).padStart(4, "0")}`;
}
