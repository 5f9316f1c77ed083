/** Names of the fields of ASN.1 types, as data: what a reader of a tree needs to say what an element is. */

/** What a number means, or null where no table has it. */
export type Meaning = (value: number) => string | null;

export interface Field {
  /** Of the explicit context tag. */
  readonly tag: number;
  readonly name: string;
  readonly type: Type;
  readonly optional?: true;
}

/** What the contents of an OCTET STRING say. */
export interface Told {
  readonly value?: string | number;
  readonly note?: string;
}

export type Type =
  | {
      readonly kind: "integer" | "enumerated";
      readonly unsigned?: true;
      readonly meaning?: Meaning;
      readonly expected?: number;
    }
  | { readonly kind: "flags"; readonly names: (flags: number) => readonly string[] }
  | { readonly kind: "oid"; readonly names: Readonly<Record<string, string>> }
  | { readonly kind: "text" | "time" | "boolean" }
  /** Bits or octets whose contents are never shown; `fingerprint`: ciphertext. */
  | { readonly kind: "hidden"; readonly as: "OCTET STRING" | "BIT STRING"; readonly fingerprint?: true }
  /** Octets read by a function; null: they are not what was expected, and are not shown. */
  | { readonly kind: "octets"; readonly read: (bytes: Uint8Array) => Told | null }
  /** Octets that hold DER of the type that `pick` names for them. */
  | { readonly kind: "der"; readonly pick: (bytes: Uint8Array) => Type | null }
  /** Octets that hold a token of GSS-API, Kerberos or NTLM. */
  | { readonly kind: "token" }
  | { readonly kind: "sequence"; readonly name: string; readonly fields: readonly Field[]; readonly summary?: Summary }
  | { readonly kind: "list"; readonly name?: string; readonly item: string; readonly of: Type }
  /** A type or address number, and a value of the type that belongs to it. */
  | {
      readonly kind: "typed";
      readonly item: string;
      readonly tags: readonly [number, number];
      readonly names: readonly [string, string];
      readonly meaning: Meaning;
      readonly of: (type: number) => Type | null;
    }
  | { readonly kind: "choice"; readonly name: string; readonly fields: readonly Field[] }
  | { readonly kind: "application"; readonly number: number; readonly name: string; readonly of: Type };

/** How a SEQUENCE is said in one line: a principal's name, or etype, kvno and length of encrypted data. */
export type Summary = "principal" | "sealed";
