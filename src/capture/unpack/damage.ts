/** What a decompressor throws where it cannot go on; it never leaves this folder. */
export class Damage extends Error {
  readonly kind: "cut" | "damaged" | "refused";

  /** `why` goes on after a colon. */
  constructor(why: string, kind: Damage["kind"] = "damaged") {
    super(why);
    this.name = "Damage";
    this.kind = kind;
  }
}

/** The bytes end too early. */
export function cutShort(): Damage {
  return new Damage("cut short", "cut");
}

/** The bytes are well, but not read here. */
export function refused(why: string): Damage {
  return new Damage(why, "refused");
}
