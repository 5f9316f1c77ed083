import { type AsnType, Constructed, fromBER } from "asn1js";
import { limits } from "../../src/bytes/limits.ts";
import { Malformed } from "../../src/bytes/malformed.ts";

export type TagClass = "universal" | "application" | "context" | "private";
const CLASSES: readonly TagClass[] = ["universal", "application", "context", "private"];

/** One element of a DER encoding: where it lies in the bytes, not what it means. */
export interface Node {
  readonly tagClass: TagClass;
  readonly number: number;
  readonly constructed: boolean;
  /** Of the identifier octet. */
  readonly offset: number;
  /** Octets of identifier and length. */
  readonly headerLength: number;
  /** Octets of the contents. */
  readonly length: number;
  readonly children: readonly Node[];
}

/**
 * Every element of `bytes`, which must be one DER element and nothing more. OCTET STRINGs are not looked into: hand in
 * their contents where they are known to hold DER. Some hundred times slower than `Der`; the only door to asn1js.
 * Offsets count from `base`, which is where `bytes` lie in something larger.
 */
export function tree(bytes: Uint8Array, base = 0): Node {
  const { result, offset } = read(bytes);
  if (result.error !== "") throw new Malformed(result.error, base + Math.max(offset, 0));
  if (offset !== bytes.length) throw new Malformed("bytes follow the element", base + Math.max(offset, 0));
  return nodeOf(result, base);
}

function read(bytes: Uint8Array): ReturnType<typeof fromBER> {
  try {
    return fromBER(bytes, {
      // It would take cipher for ASN.1 now and then.
      parseEmbedded: false,
      copyInput: false,
      maxDepth: limits.derDepth,
      maxNodes: limits.derElements,
      maxContentLength: limits.kerberosBytes,
    });
  } catch (error) {
    // An empty GeneralizedTime, among others, is thrown as an Error of its own.
    throw new Malformed(error instanceof Error ? error.message : "no ASN.1", 0);
  }
}

/** asn1js reads BER; what DER forbids (X.690 10.1, 10.2) is refused here. */
function nodeOf(block: AsnType, offset: number): Node {
  const { idBlock, lenBlock } = block;
  if (lenBlock.isIndefiniteForm) throw new Malformed("indefinite length", offset);
  if (lenBlock.warnings.length > 0) throw new Malformed("length longer than it need be", offset);
  const tagClass = CLASSES[idBlock.tagClass - 1];
  if (tagClass === undefined) throw new Malformed("tag without class", offset);
  if (idBlock.isConstructed !== block instanceof Constructed) throw new Malformed("string in pieces", offset);
  const headerLength = idBlock.blockLength + lenBlock.blockLength;
  return {
    tagClass,
    number: idBlock.tagNumber,
    constructed: idBlock.isConstructed,
    offset,
    headerLength,
    length: lenBlock.length,
    children: childrenOf(block, offset + headerLength),
  };
}

function childrenOf(block: AsnType, start: number): Node[] {
  if (!(block instanceof Constructed)) return [];
  const children: Node[] = [];
  let at = start;
  for (const inner of block.valueBlock.value) {
    const node = nodeOf(inner, at);
    children.push(node);
    at += node.headerLength + node.length;
  }
  return children;
}
