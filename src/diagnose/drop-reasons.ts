/** Reasons that keep good packets from arriving; others (a stray segment, a closed port) are everyday. */
const BLOCKING = /inspection|prohibit|filter|security|ipsec|spoof|mtu|no route|address resolution|unauthorized|guard/i;
const FIREWALL = /inspection|prohibit|filter|security/i;

/** Whether packets dropped for this reason, in Windows' words, would have been of use. */
export function isBlocking(reason: string): boolean {
  return BLOCKING.test(reason);
}

/** How to find out on the captured host what dropped packets for these reasons. */
export function dropChecks(reasons: readonly string[]): string[] {
  const counters = "pktmon counters --drop-reason    (on that host)";
  return reasons.some((reason) => FIREWALL.test(reason)) ? [counters, firewallCheck] : [counters];
}

const firewallCheck =
  'auditpol /set /subcategory:"Filtering Platform Packet Drop" /failure:enable    (then event 5152 of the Security log names the filter)';
