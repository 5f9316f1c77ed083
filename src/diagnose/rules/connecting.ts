import type { Attempt } from "../../correlate/attempts.ts";
import type { Story } from "../../correlate/story.ts";
import { FROM_CLIENT } from "../../model/connection.ts";
import { framesOfAttempt, framesOfFailures, framesOfLookups } from "../evidence-frames.ts";
import type { Rule } from "../rule.ts";
import type { Words } from "../words.ts";

const isUnconnected = (story: Story) => story.why?.what === "not-connected";
const RFC9293 = "RFC 9293 section 3.10.7";

const reach = (w: Words) => [`Test-NetConnection ${w.host} -Port ${w.port}`, w.tryOut];

const refused: Rule = {
  id: "tcp-rst",
  severity: "error",
  ends: ["not-connected"],
  title: "The service's port is closed",
  specs: [RFC9293],
  check(story) {
    const failures = isUnconnected(story) ? story.failures.filter((f) => f.how === "refused") : [];
    const first = failures[0];
    if (!first) return null;
    const { address, port } = first.server;
    return {
      detail: `${address} answered the SYN to port ${port} with RST: the host is up, nothing listens there (or a firewall rejects).`,
      frames: [...framesOfLookups(story.lookups), ...framesOfFailures(failures)],
    };
  },
  advise: (w) => ({
    causes: [
      `the ${w.service.program} is stopped, or not bound to this address and port`,
      `the name resolves to the wrong address (${w.address} is not the server, or no longer)`,
      "a firewall rejects the connection",
      `the port in the ${w.service.locator} is wrong`,
    ],
    confirm: [...reach(w), `Resolve-DnsName ${w.host}`, "netstat -ano    (on the server)"],
    fix: [w.service.start, "correct the DNS record, then: ipconfig /flushdns"],
  }),
};

/** ICMP codes with which a filter says no, RFC 1812 section 5.2.7.1. */
const PROHIBITED: readonly number[] = [9, 10, 13];

const prohibited: Rule = {
  id: "tcp-icmp-prohibited",
  severity: "error",
  ends: ["not-connected"],
  title: "A firewall forbids the connection to the service",
  specs: ["RFC 1812 section 5.2.7.1"],
  check(story) {
    const errors = isUnconnected(story) ? story.unreachable.filter((u) => PROHIBITED.includes(u.code)) : [];
    const first = errors[0];
    if (!first) return null;
    return {
      detail: `${first.from} answered the connection to ${first.dst.address} port ${first.dst.port} with ICMP “administratively prohibited” (code ${first.code}).`,
      frames: [...framesOfFailures(story.failures), ...errors.map((u) => u.frame)],
    };
  },
  advise: (w) => ({
    causes: [
      "a firewall rule on the way, or on the server itself, rejects the port",
      `the port in the ${w.service.locator} is wrong`,
    ],
    confirm: reach(w),
    fix: [`allow TCP ${w.port} from ${w.client} to ${w.address}`],
  }),
};

const hostDown: Rule = {
  id: "tcp-host-down",
  severity: "error",
  ends: ["not-connected"],
  title: "Nobody answers for the service's address",
  specs: ["RFC 826", "RFC 792"],
  check(story) {
    if (!isUnconnected(story)) return null;
    const silence = story.silences[0];
    if (silence) {
      return {
        detail: `${silence.asker} asked the local network for ${silence.target} ${silence.frames.length} times and got no answer: no host there.`,
        frames: [...framesOfLookups(story.lookups), ...story.silences.flatMap((s) => s.frames)],
      };
    }
    const error = story.unreachable[0];
    if (!error) return null;
    return {
      detail: `${error.from} reports ${error.dst.address} as unreachable (ICMP code ${error.code}).`,
      frames: [...framesOfFailures(story.failures), ...story.unreachable.map((u) => u.frame)],
    };
  },
  advise: (w) => ({
    causes: [
      "the host is off, or its network interface is down",
      `the DNS record for ${w.host} is stale or wrong`,
      "wrong VLAN, route or firewall rule on the way",
    ],
    confirm: [`ping ${w.address}`, `Get-NetNeighbor -IPAddress ${w.address}`, `Resolve-DnsName ${w.host}`],
    fix: ["start the host, or correct its DNS record and run: ipconfig /flushdns"],
  }),
};

const timeout: Rule = {
  id: "tcp-syn-timeout",
  severity: "error",
  ends: ["not-connected"],
  title: "The service does not answer the connection",
  specs: [RFC9293],
  check(story) {
    const failures = isUnconnected(story) ? story.failures.filter((f) => f.how === "unanswered") : [];
    const first = failures[0];
    if (!first) return null;
    const count = failures.reduce((sum, f) => sum + f.frames.length, 0);
    return {
      detail: `${count} SYN to ${first.server.address} port ${first.server.port}, no answer of any kind.`,
      frames: framesOfFailures(failures),
    };
  },
  advise: (w) => ({
    causes: [
      "a firewall drops the connection",
      "the host is down",
      `the name resolves to the wrong address (${w.address})`,
    ],
    confirm: [...reach(w), `Resolve-DnsName ${w.host}`],
    fix: [`allow TCP ${w.port} from ${w.client} to ${w.address}`, "or correct the DNS record"],
  }),
};

function undelivered(story: Story): Attempt | null {
  return story.why?.what === "undelivered" ? story.why.attempt : null;
}

/** Below this a segment passes every path: the minimum MTU of IPv6 less headers. */
const SMALL_SEGMENT = 1_200;

const blackhole: Rule = {
  id: "tcp-blackhole",
  severity: "error",
  ends: ["undelivered"],
  title: "Large packets disappear on the way to the service",
  specs: ["RFC 2923 section 2.1"],
  check(story) {
    const attempt = undelivered(story);
    const c = attempt?.exchange.connection;
    if (!attempt || !c) return null;
    const largest = c.largestSegment[FROM_CLIENT];
    if (largest <= SMALL_SEGMENT || c.largestAcked[FROM_CLIENT] >= largest || c.acked[FROM_CLIENT] === 0) return null;
    return {
      detail: `Segments of ${largest} bytes were sent again and again and never acknowledged, smaller ones were (up to ${c.largestAcked[FROM_CLIENT]} bytes).`,
      frames: framesOfAttempt(attempt),
    };
  },
  advise: (w) => ({
    causes: [
      "the path has a smaller MTU (VPN, tunnel), and ICMP “fragmentation needed” is filtered",
      "a device on the way drops large segments",
    ],
    confirm: [
      `ping -f -l 1472 ${w.address}    (Windows; lower until it passes)`,
      `ping -M do -s 1472 ${w.address}    (Linux)`,
    ],
    fix: ["let ICMP type 3 code 4 (IPv6: type 2) pass", "lower the MTU, or clamp the MSS, on the tunnel"],
  }),
};

const lostRequest: Rule = {
  id: "tcp-not-delivered",
  severity: "error",
  ends: ["undelivered"],
  title: "The request never arrived at the service",
  specs: [RFC9293],
  check(story) {
    const attempt = undelivered(story);
    if (!attempt) return null;
    return {
      detail: "The connection was opened, but the bytes of the request were never acknowledged.",
      frames: framesOfAttempt(attempt),
    };
  },
  advise: (w) => ({
    causes: ["a stateful device on the way lost the connection", "the server went away after the handshake"],
    confirm: [`capture on ${w.address} at the same time: do the segments arrive?`],
    fix: ["repair the path between client and server"],
  }),
};

/** Step 3, and requests that never arrived. */
export const connectingRules: readonly Rule[] = [refused, prohibited, hostDown, timeout, blackhole, lostRequest];
