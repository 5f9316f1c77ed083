/** Made when it is first needed, as most captures hold none: it takes as long as reading a hundred names. */
let decode: ((bytes: Uint8Array) => string) | null = null;

/** UTF-16LE; what is not becomes U+FFFD. */
export function unicode(bytes: Uint8Array): string {
  decode ??= decoding();
  return decode(bytes);
}

function decoding(): (bytes: Uint8Array) => string {
  const decoder = new TextDecoder("utf-16le", { ignoreBOM: true });
  return (bytes) => decoder.decode(bytes);
}
