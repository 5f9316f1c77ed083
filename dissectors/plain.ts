const ORDINARY = /^[\x20-\x7e]*$/;

/** Text of a packet on one line: control, format and line-separating characters become `?`. */
export function plain(text: string): string {
  return ORDINARY.test(text) ? text : text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "?");
}
