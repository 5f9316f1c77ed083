import type { LinkFacts, Seal, Sealed } from "../model/link-facts.ts";
import { linkTypeNames } from "../model/link-types.ts";
import type { Finding } from "../model/report.ts";

const nothing = { step: null, frames: [], filter: "", causes: [], confirm: [] } as const;

/** What the capture's links and tunnels hid, or brought along. `frames`: of the whole capture. */
export function linkFindings(links: LinkFacts, frames: number): Finding[] {
  return [
    ...[...links.undecoded].map(([linkType, count]) => unread(linkType, count)),
    ...[...links.sealed].map(([seal, sealed]) => hidden(seal, sealed, frames)),
    ...(links.tunnels.size > 0 ? [tunnelled(links.tunnels)] : []),
    ...(links.twins.count > 0 ? [capturedTwice(links.twins)] : []),
  ];
}

function capturedTwice({ count, frames }: Sealed): Finding {
  return {
    ...nothing,
    rule: "cap-duplicates",
    severity: "info",
    title: "Packets were captured twice",
    detail: `${count} ${count === 1 ? "packet" : "packets"} of logins and look-ups ${count === 1 ? "was" : "were"} there a second time within a millisecond, and ${count === 1 ? "was" : "were"} left out: they are not repetitions of a sender.`,
    frames: [...frames],
    filter: frames.map((frame) => `frame.number == ${frame}`).join(" || "),
    causes: [
      "a mirror port that mirrors both directions of a link, or two ports of one path",
      "a Windows trace that shows a packet at every layer of the system",
      "a network that delivers packets twice",
    ],
    fix: ["editcap -d FILE without-duplicates.pcapng", "mirror one direction, or one port"],
  };
}

function unread(linkType: number, count: number): Finding {
  const name = linkTypeNames[linkType];
  return {
    ...nothing,
    rule: "cap-link-type",
    severity: "warning",
    title: "A link type that kflow does not read",
    detail: `${framesOf(count)} of link type ${linkType}${name === undefined ? "" : ` (LINKTYPE_${name})`} ${count === 1 ? "was" : "were"} not looked into.`,
    fix: ["capture on an Ethernet or IP interface"],
  };
}

/** How a seal is told: what it is, its display filter, who must be asked, and where to capture instead. */
const words: { readonly [seal in Seal]: Pick<Finding, "title" | "filter" | "confirm" | "fix"> } = {
  ESP: {
    title: "Packets are encrypted by IPsec (ESP)",
    filter: "esp",
    confirm: ["Get-NetIPsecQuickModeSA  # on a Windows host: between whom, and with which ciphers"],
    fix: [
      "capture where the tunnel ends: on the virtual adapter of the VPN client, or behind the gateway",
      "New-NetIPsecQuickModeCryptoProposal -Encapsulation ESP -ESPHash SHA256 -Encryption None  # for the rule between the hosts, while testing: kflow reads ESP without encryption",
    ],
  },
  MACsec: {
    title: "Frames are encrypted by MACsec",
    filter: "macsec",
    confirm: ["show macsec summary  # on the switch"],
    fix: ["capture on the host itself, or at a mirror port: the switch decrypts what it mirrors"],
  },
  "802.11": {
    title: "Wireless frames are encrypted",
    filter: "wlan.fc.protected == 1 && wlan.fc.type == 2",
    confirm: [],
    fix: [
      "capture on the client without monitor mode, or on the wire behind the access point",
      "airdecap-ng -e <network> -p <passphrase> <capture>  # where the capture holds the handshake",
    ],
  },
  PPP: {
    title: "PPP packets are compressed or encrypted",
    filter: "ppp.protocol in {0x2d, 0x2f, 0x53, 0x55, 0xfb, 0xfd}",
    confirm: [],
    fix: [
      "capture where the tunnel ends: on the virtual adapter of the VPN client, or behind the gateway",
      "for the time of the test, connect without encryption and compression",
    ],
  },
};

/** Where most of a capture is hidden, that is what its reader must know first. */
function hidden(seal: Seal, { count, frames }: Sealed, all: number): Finding {
  const { title, filter, confirm, fix } = words[seal];
  return {
    ...nothing,
    rule: "cap-encrypted-link",
    severity: count * 2 > all ? "warning" : "info",
    title,
    detail: `${framesOf(count)} with sealed content: messages in them are not in this report, and what seems to be missing may have been sent.`,
    frames,
    filter,
    confirm,
    fix,
  };
}

function tunnelled(tunnels: LinkFacts["tunnels"]): Finding {
  const list = [...tunnels].map(([tunnel, count]) => `${tunnel}: ${count}`).join(", ");
  return {
    ...nothing,
    rule: "cap-tunnel",
    severity: "info",
    title: "Packets were taken out of tunnels",
    detail: `Packets by tunnel: ${list}. Addresses in this report are those inside.`,
    fix: [],
  };
}

function framesOf(count: number): string {
  return count === 1 ? "1 frame" : `${count} frames`;
}
