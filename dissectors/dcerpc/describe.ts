import { plain } from "../plain.ts";
import { authLevels, authTypes, contextResults, faultStatuses, rejectReasons } from "./codes.ts";
import type { DcerpcMessage, RpcAuth, RpcInterface } from "./message.ts";

const titles = {
  bind: "Bind",
  bind_ack: "Bind Ack",
  bind_nak: "Bind Nak",
  alter_context: "Alter Context",
  alter_context_resp: "Alter Context Response",
  auth3: "Auth3",
  fault: "Fault",
} as const satisfies Record<DcerpcMessage["kind"], string>;

export function describeDcerpc(message: DcerpcMessage): string {
  return plain(`MSRPC: ${titles[message.kind]}, Call: ${message.callId}${words(message)}`);
}

function words(message: DcerpcMessage): string {
  switch (message.kind) {
    case "bind":
    case "alter_context":
      return `${names(message.interfaces)}${secured(message.auth)}`;
    case "bind_ack":
    case "alter_context_resp":
      return `${results(message.results)}${secured(message.auth)}`;
    case "bind_nak":
      return `, Reject Reason: ${rejectReasons[message.rejectReason] ?? message.rejectReason}`;
    case "auth3":
      return secured(message.auth);
    case "fault": {
      const name = faultStatuses[message.status];
      const number = `0x${message.status.toString(16).padStart(8, "0")}`;
      return `, Status: ${name === undefined ? number : `${name} (${number})`}`;
    }
    default:
      return message satisfies never;
  }
}

/** The first few: a client may offer one interface under several versions. */
function names(interfaces: readonly RpcInterface[]): string {
  if (interfaces.length === 0) return "";
  const shown = interfaces.slice(0, 3).map(({ uuid, name, version }) => `${name ?? `UUID{${uuid}}`} V${version}`);
  return `, ${shown.join(" ")}${interfaces.length > 3 ? " …" : ""}`;
}

/** negotiate_ack is about features of the connection (MS-RPCE 3.3.1.5.3), not about an interface. */
function results(codes: readonly number[]): string {
  const kinds = new Set(codes.filter((code) => code !== 3).map((code) => contextResults[code] ?? String(code)));
  return kinds.size === 0 ? "" : `, ${[...kinds].join(" ")}`;
}

function secured(auth: RpcAuth | null): string {
  if (auth === null) return "";
  return `, ${authTypes[auth.type] ?? `auth type ${auth.type}`} ${authLevels[auth.level] ?? `level ${auth.level}`}`;
}
