import type { Field, Type } from "../../dissectors/asn1/schema.ts";
import { type Fault, type Part, survey } from "../../dissectors/asn1/survey.ts";
import type { Content, Element } from "./element.ts";
import type { Reading } from "./reading.ts";
import { summaryOf } from "./summary.ts";
import { readToken } from "./token.ts";
import { contentsOf, expected, found, hex, isUniversal, primitive, tags } from "./values.ts";

type Kind<K extends Type["kind"]> = Extract<Type, { kind: K }>;

/** The element at `at`, which ends at `bound` at the latest, read as `type`; what follows it up to `bound` is a fault. */
export function derElement(reading: Reading, type: Type, at: number, bound: number): Element | null {
  if (!reading.room(at)) return null;
  const part = survey(reading.bytes, at, bound);
  if (isFault(part)) return { name: nameOf(type), offset: at, length: bound - at, ...reading.headFault(part, bound) };
  const end = part.offset + sizeOf(part);
  if (end < Math.min(bound, reading.bytes.length)) reading.fault(end, `${bound - end} bytes follow the element`);
  if (type.kind === "choice") return chosen(reading, type, part);
  return named(nameOf(type), part, read(reading, type, part), tagOf(type, part));
}

/** A CHOICE has no encoding of its own: the one that was chosen is shown. */
function chosen(reading: Reading, type: Kind<"choice">, part: Part): Element {
  const field = fieldOf(type.fields, part);
  if (field !== undefined) return readField(reading, field, part);
  const wanted = type.fields.map(({ tag, name }) => `${name} [${tag}]`).join(" or ");
  return named(type.name, part, reading.fault(part.offset, `${wanted} expected, ${found(reading, part.offset)}`));
}

function isFault(part: Part | Fault): part is Fault {
  return "text" in part;
}

export function sizeOf(part: Part): number {
  return part.headerLength + part.length;
}

function named(name: string, part: Part, content: Content, tag?: string): Element {
  const place = { offset: part.offset, length: sizeOf(part) };
  return tag === undefined ? { name, ...place, ...content } : { name, tag, ...place, ...content };
}

function nameOf(type: Type): string {
  if (type.kind === "list") return type.name ?? `SEQUENCE OF ${type.item}`;
  if (type.kind === "typed") return type.item;
  return "name" in type ? type.name : type.kind;
}

function tagOf(type: Type, part: Part): string | undefined {
  return type.kind === "application" && part.tagClass === "application" ? `[APPLICATION ${part.number}]` : undefined;
}

function read(reading: Reading, type: Type, part: Part): Content {
  switch (type.kind) {
    case "application":
      return readApplication(reading, type, part);
    case "sequence":
      return asSequence(reading, part, () => {
        const children = readFields(reading, type.fields, part);
        return { ...summaryOf(type.summary, children), children };
      });
    case "list":
      return asSequence(reading, part, () => ({ children: readList(reading, type, part) }));
    case "typed":
      return asSequence(reading, part, () => readTyped(reading, type, part));
    case "choice":
      return { children: [chosen(reading, type, part)] };
    case "hidden":
      return readHidden(reading, type, part);
    case "octets":
    case "der":
    case "token":
      return isUniversal(part, tags.octetString)
        ? readOctets(reading, type, part)
        : expected(reading, part, tags.octetString);
    default: {
      const number = tags[type.kind === "flags" ? "bitString" : type.kind];
      const isRight = isUniversal(part, number) || (type.kind === "text" && isUniversal(part, tags.utf8));
      return isRight ? primitive(reading, type, part) : expected(reading, part, number);
    }
  }
}

function withFault(reading: Reading, part: Part, content: Content): Content {
  if (part.fault === undefined) return content;
  const { problem } = reading.fault(part.fault.at, part.fault.text);
  return problem === undefined ? content : { ...content, problem };
}

function asSequence(reading: Reading, part: Part, inside: () => Content): Content {
  if (!isUniversal(part, tags.sequence)) return expected(reading, part, tags.sequence);
  return withFault(reading, part, inside());
}

function readApplication(reading: Reading, type: Kind<"application">, part: Part): Content {
  if (part.tagClass !== "application" || part.number !== type.number) {
    const text = `${type.name} (${hex(0x60 | type.number)}) expected, ${found(reading, part.offset)}`;
    return reading.fault(part.offset, text);
  }
  return withFault(reading, part, onlyChild(reading, type.of, part));
}

/** The one element that an explicit tag wraps. */
function onlyChild(reading: Reading, type: Type, part: Part): Content {
  const [inner, second] = part.children;
  if (second !== undefined) reading.fault(second.offset, "one element expected, a second one follows");
  if (inner !== undefined) return read(reading, type, inner);
  if (part.fault !== undefined) return {};
  return part.cut === true ? { problem: "cut" } : reading.fault(part.offset + part.headerLength, "empty");
}

function fieldOf(fields: readonly Field[], part: Part): Field | undefined {
  return part.tagClass === "context" && part.constructed ? fields.find(({ tag }) => tag === part.number) : undefined;
}

function readField(reading: Reading, field: Field, part: Part): Element {
  return named(field.name, part, withFault(reading, part, onlyChild(reading, field.type, part)), `[${field.tag}]`);
}

/** The fields of a SEQUENCE, in the specification's order. */
function readFields(reading: Reading, fields: readonly Field[], owner: Part): Element[] {
  const elements: Element[] = [];
  let next = 0;
  for (const part of owner.children) {
    if (!reading.room(part.offset)) return elements;
    const field = fieldOf(fields, part);
    const place = field === undefined ? -1 : fields.indexOf(field);
    if (field !== undefined && place >= next) {
      missing(reading, fields.slice(next, place), part.offset);
      next = place + 1;
      elements.push(readField(reading, field, part));
    } else if (isExtension(fields, part)) {
      elements.push(named("unknown field", part, { note: "newer than kflow; not shown" }, `[${part.number}]`));
    } else {
      const due = fields.slice(next).find(({ optional }) => optional !== true) ?? fields[next];
      elements.push(misplaced(reading, due, part));
      if (due !== undefined) next = fields.indexOf(due) + 1;
    }
  }
  const isOpen = owner.cut === true || owner.fault !== undefined;
  if (!isOpen) missing(reading, fields.slice(next), owner.offset + sizeOf(owner));
  return elements;
}

function isExtension(fields: readonly Field[], part: Part): boolean {
  return part.tagClass === "context" && fields.every(({ tag }) => tag < part.number);
}

function missing(reading: Reading, fields: readonly Field[], at: number): void {
  for (const { name, tag, optional } of fields) if (optional !== true) reading.fault(at, `${name} [${tag}] is missing`);
}

/** What stands where a field should; a lone wrong tag around the right thing is seen through. */
function misplaced(reading: Reading, due: Field | undefined, part: Part): Element {
  const wanted = due === undefined ? "the end" : `${due.name} [${due.tag}]`;
  const tag = due === undefined ? undefined : 0xa0 | due.tag;
  const fault = reading.fault(part.offset, `${wanted} expected, ${found(reading, part.offset)}`, tag);
  const inner = part.children.length === 1 ? part.children[0] : undefined;
  const seen = due !== undefined && inner !== undefined && isSimple(due.type) ? read(reading, due.type, inner) : {};
  return named(due === undefined ? "?" : `${due.name}?`, part, { ...seen, ...fault });
}

function isSimple({ kind }: Type): boolean {
  return kind === "integer" || kind === "enumerated" || kind === "flags" || kind === "time" || kind === "boolean";
}

function readList(reading: Reading, type: Kind<"list">, owner: Part): Element[] {
  return [
    ...reading.within(owner.children, (part) => {
      const element = named(type.item, part, read(reading, type.of, part), tagOf(type.of, part));
      return type.of.kind === "typed" ? typedElement(type.of, element) : element;
    }),
  ];
}

/** Padata go by the name of their type, which is what one looks for. */
function typedElement(type: Kind<"typed">, element: Element): Element {
  const number = element.children?.[0];
  if (typeof number?.value !== "number") return element;
  const { children, ...rest } = element;
  const value = children?.[1];
  const name = type.meaning(number.value) ?? type.item;
  const label = `${type.names[0]} ${number.value}`;
  const { note, problem } = value ?? {};
  return {
    ...rest,
    name,
    note: note === undefined ? label : `${label}, ${note}`,
    ...(value?.value === undefined ? {} : { value: value.value }),
    ...(problem === undefined ? {} : { problem }),
    ...(value?.children === undefined ? {} : insideOf(name, value.children)),
  };
}

/** Padata whose value is the type of the same name need no line for each of the two. */
function insideOf(name: string, children: readonly Element[]): Content {
  const [only] = children;
  if (only === undefined || children.length > 1 || !name.endsWith(only.name)) return { children };
  const { problem, children: inner = [] } = only;
  return problem === undefined ? { children: inner } : { problem, children: inner };
}

function readTyped(reading: Reading, type: Kind<"typed">, part: Part): Content {
  const [first] = part.children;
  const number = first?.children[0];
  const octets = number !== undefined && isUniversal(number, tags.integer) ? contentsOf(reading, number) : NOTHING;
  let value = (octets[0] ?? 0) >= 0x80 ? -1 : 0;
  for (const octet of octets.subarray(0, 4)) value = value * 256 + octet;
  const hidden: Type = { kind: "hidden", as: "OCTET STRING" };
  const of = octets.length > 0 ? (type.of(value) ?? hidden) : hidden;
  const [numberTag, valueTag] = type.tags;
  const fields: readonly Field[] = [
    { tag: numberTag, name: type.names[0], type: { kind: "integer", meaning: type.meaning } },
    { tag: valueTag, name: type.names[1], type: of, optional: true },
  ];
  return { children: readFields(reading, fields, part) };
}

const NOTHING = new Uint8Array(0);

function readHidden(reading: Reading, type: Kind<"hidden">, part: Part): Content {
  const number = type.as === "OCTET STRING" ? tags.octetString : tags.bitString;
  if (!isUniversal(part, number)) return expected(reading, part, number);
  if (part.fault !== undefined) return reading.fault(part.fault.at, part.fault.text);
  const there = contentsOf(reading, part);
  if (there.length < part.length)
    return { problem: `cut: ${there.length} of ${part.length} bytes are there, not shown` };
  if (part.length === 0) return { note: "empty" };
  const print = type.fingerprint === true ? `, fingerprint ${reading.fingerprint(there)}` : "";
  return { note: `${part.length} bytes (not shown)${print}` };
}

function readOctets(reading: Reading, type: Kind<"octets" | "der" | "token">, part: Part): Content {
  const start = part.offset + part.headerLength;
  const end = start + part.length;
  if (part.length === 0) return { note: "empty" };
  if (type.kind === "octets") {
    const told = part.cut === true || part.fault !== undefined ? null : type.read(contentsOf(reading, part));
    return withFault(reading, part, told ?? { note: `${part.length} bytes, not what was expected (not shown)` });
  }
  if (part.fault !== undefined) return withFault(reading, part, {});
  if (type.kind === "token") return { children: readToken(reading, start, end) };
  const inner = type.pick(reading.view(start, end));
  if (inner === null) return { note: `${part.length} bytes of unknown kind (not shown)` };
  const element = derElement(reading, inner, start, end);
  return element === null ? {} : { children: [element] };
}
