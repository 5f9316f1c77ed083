import { MemberNames } from "./member-names.ts";
import { type Page, type Ready, ready } from "./page.ts";

/** Writes a value whose lines are indented for the depth at which it stands: two blanks a level. */
export type Write<T> = (page: Page, value: T, depth: number) => void;
/** A member's name as it is written: with what stands before it. */
export type Name = Ready;

/** What stands before the first member or element, before the next ones, and behind the last. */
interface Brackets {
  readonly first: Ready;
  readonly next: Ready;
  readonly end: Ready;
}

function brackets(open: string, close: string, depth: number): Brackets {
  const line = `\n${"  ".repeat(depth + 1)}`;
  return { first: ready(open + line), next: ready(`,${line}`), end: ready(`\n${"  ".repeat(depth)}${close}`) };
}

const squares: Brackets[] = [];
const braces: Brackets[] = [];
const names: MemberNames[] = [];
const square = (depth: number) => (squares[depth] ??= brackets("[", "]", depth));
const brace = (depth: number) => (braces[depth] ??= brackets("{", "}", depth));
const namesAt = (depth: number) => (names[depth] ??= new MemberNames(depth));

const EMPTY_LIST = ready("[]");
const EMPTY_OBJECT = ready("{}");
const NULL = ready("null");
const OPEN = 0x7b;
const COMMA = 0x2c;

/** The name of the first member of an object at `depth`. */
export function first(depth: number, name: string): Name {
  return ready(`{\n${"  ".repeat(depth + 1)}"${name}": `);
}

/** The name of a later member. */
export function next(depth: number, name: string): Name {
  return ready(`,\n${"  ".repeat(depth + 1)}"${name}": `);
}

/** The end of an object that was written member by member. */
export function close(page: Page, depth: number): void {
  page.put(brace(depth).end);
}

export function text(page: Page, name: Name, value: string): void {
  page.put(name);
  page.quoted(value);
}

/** A member of any shape; none where it is absent. */
export function member(page: Page, name: Name, value: unknown, depth: number): void {
  if (value === undefined) return;
  page.put(name);
  writeValue(page, value, depth + 1);
}

export function list<T>(page: Page, name: Name, items: readonly T[], depth: number, write: Write<T>): void {
  page.put(name);
  writeList(page, items, depth + 1, write);
}

/** A value of any shape. */
export function writeValue(page: Page, value: unknown, depth: number): void {
  if (typeof value === "string") page.quoted(value);
  else if (typeof value === "number") page.number(value);
  else if (Array.isArray(value)) writeList(page, value, depth, writeValue);
  else if (isRecord(value)) writeMembers(page, value, depth);
  else if (value === null) page.put(NULL);
  else page.json(value);
}

function writeList<T>(page: Page, items: readonly T[], depth: number, write: Write<T>): void {
  if (items.length === 0) {
    page.put(EMPTY_LIST);
    return;
  }
  const around = square(depth);
  let before = around.first;
  for (const item of items) {
    page.put(before);
    before = around.next;
    write(page, item, depth + 1);
  }
  page.put(around.end);
}

function writeMembers(page: Page, members: Readonly<Record<string, unknown>>, depth: number): void {
  const names = namesAt(depth);
  let before = OPEN;
  for (const name in members) {
    const value = members[name];
    if (value === undefined) continue;
    page.sign(before);
    before = COMMA;
    names.write(page, name);
    writeValue(page, value, depth + 1);
  }
  page.put(before === OPEN ? EMPTY_OBJECT : brace(depth).end);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
