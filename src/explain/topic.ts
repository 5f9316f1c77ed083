/** Where a name or number comes from, in the order in which the meanings of an ambiguous number are told. */
export const origins = [
  "kerberos",
  "event",
  "win32",
  "ntstatus",
  "sspi",
  "mit",
  "ldap",
  "netlogon",
  "dns",
  "http",
  "etype",
  "rule",
  "term",
] as const;
export type Origin = (typeof origins)[number];

/** `kerberos/7`, `ntstatus/ACCOUNT_DISABLED`, `rule/tgs-s-unknown`. */
export type TopicId = `${Origin}/${string}`;

/** What is said of a code or name: one or two sentences, and what explains it further. */
export interface Words {
  readonly meaning: string;
  /** The event on the wire behind it, likeliest first. */
  readonly see: readonly TopicId[];
}

/** One thing that can be explained. */
export interface Topic extends Words {
  readonly id: TopicId;
  readonly origin: Origin;
  /** As its specification, or its author, spells it. */
  readonly name: string;
  /** null for things without a number. */
  readonly number: number | null;
  /** Other spellings that circulate, and other ways to write the number. */
  readonly spellings: readonly string[];
}

export const originNames = {
  kerberos: "KRB-ERROR",
  event: "Windows event",
  win32: "Win32 error",
  ntstatus: "NTSTATUS",
  sspi: "SSPI status",
  mit: "error of MIT's Kerberos library",
  ldap: "LDAP result code",
  netlogon: "operation of a domain controller's answer",
  dns: "DNS response code",
  http: "HTTP status",
  etype: "encryption type",
  rule: "kflow rule",
  term: "term",
} as const satisfies Record<Origin, string>;
