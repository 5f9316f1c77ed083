import type { Summary } from "../../dissectors/asn1/schema.ts";
import type { Content, Element } from "./element.ts";

/** What a principal's name or encrypted data say in one line; nothing where a part of it is missing or damaged. */
export function summaryOf(kind: Summary | undefined, children: readonly Element[]): Content {
  if (kind === undefined || children.some(isDamaged)) return {};
  return kind === "principal" ? principal(children) : sealed(children);
}

function isDamaged({ problem, children = [] }: Element): boolean {
  return problem !== undefined || children.some(isDamaged);
}

function principal([type, names]: readonly Element[]): Content {
  if (type?.value === undefined || names === undefined) return {};
  const value = (names.children ?? []).map((name) => name.value).join("/");
  return { value, note: type.note ?? `name type ${type.value}` };
}

/** `etype 18 aes256-cts-hmac-sha1-96, kvno 2, cipher 1234 bytes (not shown), fingerprint 0123456789abcdef` */
function sealed(children: readonly Element[]): Content {
  return { value: children.map(({ name, value, note }) => [name, value, note].filter(isSaid).join(" ")).join(", ") };
}

function isSaid(word: Element["value"]): boolean {
  return word !== undefined;
}
