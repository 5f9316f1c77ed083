import { limits } from "../bytes/limits.ts";
import { type Page, type Ready, ready } from "./page.ts";

/** What stands for itself in JSON and on a terminal. */
const PLAIN = /^[ !#-[\]-~]*$/;
const COLON = ready(": ");

/** The names of the members of objects at one depth, on their lines: few, and written again and again. */
export class MemberNames {
  private readonly known = new Map<string, Ready>();
  private readonly line: string;
  private readonly indent: Ready;

  constructor(depth: number) {
    this.line = `\n${"  ".repeat(depth + 1)}`;
    this.indent = ready(this.line);
  }

  write(page: Page, name: string): void {
    const known = this.known.get(name);
    if (known !== undefined) page.put(known);
    else this.writeNew(page, name);
  }

  private writeNew(page: Page, name: string): void {
    if (this.known.size < limits.memberNames && PLAIN.test(name))
      this.known.set(name, ready(`${this.line}"${name}": `));
    page.put(this.indent);
    page.quoted(name);
    page.put(COLON);
  }
}
