/** The only thing a dissector throws: bytes that are not what their protocol says. */
export class Malformed extends Error {
  readonly what: string;
  /** Offset in the bytes handed to the dissector. */
  readonly at: number;

  constructor(what: string, at: number) {
    super(`${what} at offset ${at}`);
    this.name = "Malformed";
    this.what = what;
    this.at = at;
  }
}
