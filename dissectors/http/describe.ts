import { plain } from "../plain.ts";
import type { AuthHeader, HttpMessage, HttpRequest, HttpResponse } from "./message.ts";

export function describeHttp(message: HttpMessage): string {
  return plain(`HTTP: ${message.kind === "request" ? request(message) : response(message)}`);
}

function request(message: HttpRequest): string {
  const { method, target, host, authorization, proxyAuthorization } = message;
  const about = host === null ? "" : `, Host: ${host}`;
  const auth = authorization === null ? "" : `, Authorization: ${scheme(authorization)}`;
  const proxy = proxyAuthorization === null ? "" : `, Proxy-Authorization: ${scheme(proxyAuthorization)}`;
  return `Request, ${method} ${target}${about}${auth}${proxy}`;
}

function response(message: HttpResponse): string {
  const status = `Response, ${message.status} ${message.reason}`.trimEnd();
  return status + list("WWW-Authenticate", message.challenges) + list("Proxy-Authenticate", message.proxyChallenges);
}

function list(name: string, headers: readonly AuthHeader[]): string {
  return headers.length === 0 ? "" : `, ${name}: ${headers.map(scheme).join(", ")}`;
}

function scheme({ scheme: name, tokenLength }: AuthHeader): string {
  return tokenLength === 0 ? name : `${name} (${tokenLength} characters)`;
}
