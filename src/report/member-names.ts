import { limits } from "../bytes/limits.ts";
import { type Page, type Ready, ready } from "./page.ts";

/** What stands for itself in JSON and on a terminal. */
const PLAIN = /^[ !#-[\]-~]*$/;
const COLON = ready(": ");

/** A name on its line, and the two that came behind it last: objects of one kind have the same ones, or lack one. */
interface Line {
  readonly name: string;
  readonly words: Ready;
  next: Line | null;
  other: Line | null;
}

/** The names of the members of objects at one depth, on their lines: few, and written again and again. */
export class MemberNames {
  private readonly known = new Map<string, Line>();
  private readonly line: string;
  private readonly indent: Ready;
  private before: Line;

  constructor(depth: number) {
    this.line = `\n${"  ".repeat(depth + 1)}`;
    this.indent = ready(this.line);
    this.before = { name: "", words: this.indent, next: null, other: null };
  }

  write(page: Page, name: string): void {
    const { next, other } = this.before;
    if (next !== null && next.name === name) this.writeKnown(page, next);
    else if (other !== null && other.name === name) this.writeKnown(page, other);
    else this.writeOther(page, name);
  }

  private writeKnown(page: Page, line: Line): void {
    this.before = line;
    page.put(line.words);
  }

  private writeOther(page: Page, name: string): void {
    const known = this.known.get(name);
    if (known === undefined) {
      this.writeNew(page, name);
      return;
    }
    this.before.other = this.before.next;
    this.before.next = known;
    this.writeKnown(page, known);
  }

  private writeNew(page: Page, name: string): void {
    if (this.known.size < limits.memberNames && PLAIN.test(name)) {
      this.known.set(name, { name, words: ready(`${this.line}"${name}": `), next: null, other: null });
    }
    page.put(this.indent);
    page.quoted(name);
    page.put(COLON);
  }
}
