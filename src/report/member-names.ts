import { limits } from "../bytes/limits.ts";
import { type Page, type Ready, ready } from "./page.ts";

/** What stands for itself in JSON and on a terminal. */
const PLAIN = /^[ !#-[\]-~]*$/;
const COLON = ready(": ");

/** A name on its line, and the one that came behind it the last time: objects of one kind have the same ones. */
interface Line {
  readonly name: string;
  readonly words: Ready;
  next: Line | null;
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
    this.before = { name: "", words: this.indent, next: null };
  }

  write(page: Page, name: string): void {
    const expected = this.before.next;
    if (expected !== null && expected.name === name) {
      this.before = expected;
      page.put(expected.words);
    } else this.writeOther(page, name);
  }

  private writeOther(page: Page, name: string): void {
    const known = this.known.get(name);
    if (known === undefined) {
      this.writeNew(page, name);
      return;
    }
    this.before.next = known;
    this.before = known;
    page.put(known.words);
  }

  private writeNew(page: Page, name: string): void {
    if (this.known.size < limits.memberNames && PLAIN.test(name)) {
      this.known.set(name, { name, words: ready(`${this.line}"${name}": `), next: null });
    }
    page.put(this.indent);
    page.quoted(name);
    page.put(COLON);
  }
}
