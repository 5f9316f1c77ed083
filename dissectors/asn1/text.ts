const ORDINARY = /^[\x20-\x7e]*$/;

/** `text` on one line of a terminal: control, line-separating and direction-changing characters become U+FFFD. */
export function printable(text: string): string {
  return ORDINARY.test(text)
    ? text
    : text.replace(/[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
}
