/** Columns that cleaned text takes on a terminal: two for East Asian wide characters and emoji, none for marks. */
export function columnsOf(text: string): number {
  if (NARROW.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += MARK.test(character) ? 0 : isWide(character) ? 2 : 1;
  return columns;
}

const NARROW = /^[\x20-\x7e]*$/;
const MARK = /^\p{M}$/u;
const wideRanges = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
] as const;

function isWide(character: string): boolean {
  const point = character.codePointAt(0) ?? 0;
  return wideRanges.some(([first, last]) => point >= first && point <= last);
}

/** Breaks one line of cleaned text into lines of at most `width` columns: at blanks, inside a word only where it must. */
export function wrap(text: string, width: number): string[] {
  if (text.length <= width && NARROW.test(text)) return [text];
  const lines: string[] = [];
  let line: string | null = null;
  for (const word of text.split(" ")) {
    const [head = "", ...more] = pieces(word, width);
    const longer: string = line === null ? head : `${line} ${head}`;
    if (line !== null && columnsOf(longer) > width) {
      lines.push(line);
      line = head;
    } else {
      line = longer;
    }
    for (const piece of more) {
      lines.push(line);
      line = piece;
    }
  }
  lines.push(line ?? "");
  return lines;
}

/** A word longer than the line, cut behind a `/`, `.`, `@`, `,`, `:` or `-` of its second half where there is one. */
function pieces(word: string, width: number): string[] {
  const out: string[] = [];
  let rest = word;
  while (columnsOf(rest) > width) {
    const head = fitting(rest, width);
    const seam = Math.max(..."/.@,:-".split("").map((sign) => head.lastIndexOf(sign))) + 1;
    const end = seam > head.length / 2 ? seam : head.length;
    out.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  out.push(rest);
  return out;
}

/** The longest beginning of `text` within `width` columns; at least one character. */
function fitting(text: string, width: number): string {
  let head = "";
  let columns = 0;
  for (const character of text) {
    columns += columnsOf(character);
    if (columns > width && head !== "") break;
    head += character;
  }
  return head;
}

/** Prose in longer lines is hard to read, however wide the terminal. */
const LONGEST_LINE = 110;

/** The lines of `text` within `width`, each behind `indent` blanks, the first behind `lead` where given. */
export function indented(text: string, width: number, indent: number, lead = " ".repeat(indent)): string[] {
  const margin = " ".repeat(indent);
  return wrap(text, Math.max(20, Math.min(width, LONGEST_LINE) - indent)).map(
    (line, index) => (index === 0 ? lead : margin) + line,
  );
}
