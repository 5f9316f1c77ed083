import { splitSpn } from "../correlate/names.ts";
import type { Story } from "../correlate/story.ts";
import { setSection } from "./iis.ts";

/** How a kind of service is spoken of where its name stands in a sentence or a command. */
export interface ServiceWords {
  /** Service class of its SPNs. */
  readonly spnClass: string;
  readonly protocol: string;
  /** The program, and the machine that it runs on. */
  readonly program: string;
  readonly server: string;
  /** What holds the server's name where the user typed it. */
  readonly locator: string;
  /** Starts it again on the server. */
  readonly start: string;
  /** Why it cannot decrypt a ticket, likeliest first. */
  readonly wrongKey: readonly string[];
  /** What else may repair the key of its account, beside SPN and keytab. */
  readonly keyFix: readonly string[];
  /** Commands that try it, and that log on to it; `host` and `url` are words for a shell. */
  tryOut(host: string, url: string): string;
  logOn(host: string, url: string): string;
}

const OTHER_ACCOUNT = "the SPN is registered on another account than the one that runs the service";
const OLD_KEY = "the service's password changed and the service (or its keytab) still has the old key";
const TWICE = "the SPN is registered twice";
const OTHER_NODE = "DNS or a load balancer leads to another node than the one the ticket is for";

const web: ServiceWords = {
  spnClass: "HTTP",
  protocol: "HTTP",
  program: "web service",
  server: "web server",
  locator: "URL",
  start: "start the site or its binding on the server",
  wrongKey: [
    OTHER_ACCOUNT,
    "IIS decrypts with the computer account (kernel-mode authentication), and the SPN is on the pool's account",
    OLD_KEY,
    TWICE,
    OTHER_NODE,
  ],
  keyFix: [setSection("windowsAuthentication", "/useAppPoolCredentials:true")],
  tryOut: (_, url) => `curl.exe -v ${url}`,
  logOn: (_, url) => `curl.exe -v --negotiate -u : ${url}`,
};

const files: ServiceWords = {
  spnClass: "cifs",
  protocol: "SMB",
  program: "file service",
  server: "file server",
  locator: "path",
  start: "Start-Service LanmanServer    (on the server)",
  wrongKey: [
    "the name leads to another computer than the one it is registered for: alias, stale DNS record, load balancer",
    "two computers have the same name, in this domain or in one that it trusts",
    OLD_KEY,
    "the SPN is registered on another account than the computer's (setspn), or twice",
  ],
  keyFix: ["Test-ComputerSecureChannel -Repair    (on the server: its password is out of step with the domain)"],
  tryOut: (host) => `net view \\\\${host}`,
  logOn: (host) => `net use \\\\${host}\\IPC$`,
};

const directory: ServiceWords = {
  spnClass: "ldap",
  protocol: "LDAP",
  program: "directory service",
  server: "directory server",
  locator: "client's configuration",
  start: "Start-Service NTDS    (on the domain controller)",
  wrongKey: [OTHER_ACCOUNT, OLD_KEY, TWICE, OTHER_NODE],
  keyFix: [],
  tryOut: (host) => `ldapsearch -x -H ldap://${host} -s base`,
  logOn: (host) => `ldapsearch -Y GSSAPI -H ldap://${host} -s base`,
};

/** A web server, or a proxy that authenticates. */
export function isWeb({ kind }: Story): boolean {
  return kind === "http" || kind === "http-proxy";
}

/** The words of a story's service; a ticket alone is known by its SPN. */
export function serviceWords({ kind, service }: Story): ServiceWords {
  if (kind === "smb") return files;
  if (kind === "ldap") return directory;
  if (kind !== "ticket" || service.spn === undefined) return web;
  return { ...web, spnClass: splitSpn(service.spn).service };
}
