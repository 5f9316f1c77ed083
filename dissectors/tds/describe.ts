import { plain } from "../plain.ts";
import { encryptions } from "./codes.ts";
import type { TdsMessage } from "./message.ts";

export function describeTds(message: TdsMessage): string {
  return plain(`TDS: ${words(message)}`);
}

function words(message: TdsMessage): string {
  switch (message.kind) {
    case "prelogin-request":
      return `Prelogin${encryption(message.encryption)}`;
    case "prelogin-response":
      return `Prelogin Response${encryption(message.encryption)}`;
    case "login": {
      const who = message.integrated ? "integrated security" : `User: ${message.userName}`;
      const database = message.database === "" ? "" : `, Database: ${message.database}`;
      return `Login, Server: ${message.serverName}, Host: ${message.hostName}${database}, ${who}`;
    }
    case "sspi":
      return "SSPI";
    case "response": {
      const errors = message.errors.map(({ number, state, text }) => `, Error ${number}, State ${state}: ${text}`);
      return `Response${message.loggedIn ? ", Login Ack" : ""}${errors.join("")}`;
    }
    default:
      return message satisfies never;
  }
}

function encryption(value: number | null): string {
  return value === null ? "" : `, Encryption: ${encryptions[value] ?? value}`;
}
