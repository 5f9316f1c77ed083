import { ntStatusName } from "../erref/codes.ts";
import { plain } from "../plain.ts";
import type { SmbMessage } from "./message.ts";

export function describeSmb(message: SmbMessage): string {
  return plain(`SMB: ${words(message)}`);
}

function words(message: SmbMessage): string {
  switch (message.kind) {
    case "NEGOTIATE request":
      return `Negotiate, Dialects: ${message.dialects.join(", ")}`;
    case "NEGOTIATE response":
      return `Negotiate Response, ${ntStatusName(message.ntStatus)}, Dialect ${message.dialectIndex ?? "none"}`;
    case "SESSION_SETUP request": {
      const { user, domain, tokenLength } = message;
      return `Session Setup AndX${tokenLength === null ? `, User: ${domain ?? ""}\\${user ?? ""}` : ` (${tokenLength} bytes)`}`;
    }
    case "SESSION_SETUP response":
      return `Session Setup AndX Response, ${ntStatusName(message.ntStatus)}${message.isGuest ? ", guest" : ""}`;
    case "TREE_CONNECT request":
      return `Tree Connect AndX, Path: ${message.path}`;
    case "TREE_CONNECT response":
      return `Tree Connect AndX Response, ${ntStatusName(message.ntStatus)}`;
    case "ERROR response":
      return `Response to ${message.command}, ${ntStatusName(message.ntStatus)}`;
  }
}
