import { plain } from "../plain.ts";
import type { AuthHeader, HttpMessage, HttpRequest, HttpResponse } from "./message.ts";

export function describeHttp(message: HttpMessage): string {
  return plain(message.kind === "request" ? request(message) : response(message));
}

function request({ method, target, host, authorization, proxyAuthorization }: HttpRequest): string {
  let text = `HTTP: Request, ${method} ${target}`;
  if (host !== null) text += `, Host: ${host}`;
  if (authorization !== null) text += `, Authorization: ${scheme(authorization)}`;
  if (proxyAuthorization !== null) text += `, Proxy-Authorization: ${scheme(proxyAuthorization)}`;
  return text;
}

function response({ status, reason, challenges, proxyChallenges }: HttpResponse): string {
  const said = reason.trimEnd();
  const text = said === "" ? `HTTP: Response, ${status}` : `HTTP: Response, ${status} ${said}`;
  return text + list(", WWW-Authenticate: ", challenges) + list(", Proxy-Authenticate: ", proxyChallenges);
}

function list(name: string, headers: readonly AuthHeader[]): string {
  let text = "";
  for (const header of headers) text += `${text === "" ? name : ", "}${scheme(header)}`;
  return text;
}

function scheme({ scheme: name, tokenLength }: AuthHeader): string {
  return tokenLength === 0 ? name : `${name} (${tokenLength} characters)`;
}
