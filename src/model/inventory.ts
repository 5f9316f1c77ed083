import type { CaptureSummary, FrameRef, ReportProblem } from "./report.ts";

export const INVENTORY_SCHEMA = "kflow/info/1";

/** What captures hold, before anything is judged. */
export interface Inventory {
  readonly schema: typeof INVENTORY_SCHEMA;
  readonly tool: { readonly name: "kflow"; readonly version: string };
  readonly captures: readonly CaptureSummary[];
  /** Hosts that sent or received a message, in the order of their first one. */
  readonly hosts: readonly HostFacts[];
  /** Hosts beyond `limits.inventoryHosts`. */
  readonly hostsOmitted: number;
  /** Messages of each protocol, tokens inside others aside. */
  readonly messages: { readonly [protocol: string]: number };
  readonly problems: readonly ReportProblem[];
}

export interface HostFacts {
  readonly address: string;
  /** As DNS answers, requests and ClientHellos call it. */
  readonly names: readonly string[];
  readonly roles: readonly HostRole[];
  readonly frame: FrameRef;
}

export interface HostRole {
  readonly role: Role;
  /** Messages that it sent in this role. */
  readonly sent: number;
  readonly received: number;
}

/** The roles that hosts play, each with the protocols by which it is known. */
export const roles = {
  client: [],
  "DNS server": ["dns"],
  KDC: ["kerberos"],
  "kpasswd server": ["kpasswd"],
  "domain controller (LDAP-UDP)": ["cldap"],
  "LDAP server": ["ldap"],
  "web server": ["http"],
  "TLS server": ["tls"],
  "file server": ["smb2", "smb"],
  "RPC server": ["dcerpc"],
  "SQL Server": ["tds"],
  "time server": ["ntp"],
} as const satisfies { readonly [role: string]: readonly string[] };

export type Role = keyof typeof roles;
