import { ntStatusName } from "../erref/codes.ts";
import { plain } from "../plain.ts";
import type { Smb2Message } from "./message.ts";

export function describeSmb2(message: Smb2Message): string {
  return plain(`SMB2: ${words(message)}`);
}

function words(message: Smb2Message): string {
  switch (message.kind) {
    case "NEGOTIATE request": {
      const { dialects, serverName } = message;
      return `NEGOTIATE, Dialects: ${dialects.join(", ")}${serverName === null ? "" : `, Server: ${serverName}`}`;
    }
    case "NEGOTIATE response": {
      const { dialect, ntStatus } = message;
      return `NEGOTIATE Response, ${dialect === null ? ntStatusName(ntStatus) : `Dialect: ${dialect}`}`;
    }
    case "SESSION_SETUP request":
      return `SESSION_SETUP (${message.tokenLength} bytes)${message.isBinding ? ", another channel of a session" : ""}`;
    case "SESSION_SETUP response": {
      const asWhom = message.isGuest ? ", guest" : message.isNull ? ", null session" : "";
      return `SESSION_SETUP Response, ${ntStatusName(message.ntStatus)}${asWhom}`;
    }
    case "TREE_CONNECT request":
      return `TREE_CONNECT, Path: ${message.path ?? "(cut)"}`;
    case "TREE_CONNECT response":
      return `TREE_CONNECT Response, ${ntStatusName(message.ntStatus)}`;
    case "encrypted":
      return "TRANSFORM_HEADER";
    case "ERROR response":
      return `${message.command} Response, ${ntStatusName(message.ntStatus)}`;
  }
}
