/** protocolOp of RFC 4511 4.1.1 and 4.2 to 4.12, by identifier octet: `[APPLICATION n]` with the bit of the constructed. */
export const operations = {
  bindRequest: 0x60,
  bindResponse: 0x61,
  unbindRequest: 0x42,
  searchRequest: 0x63,
  searchResultEntry: 0x64,
  searchResultDone: 0x65,
  searchResultReference: 0x73,
  modifyRequest: 0x66,
  modifyResponse: 0x67,
  addRequest: 0x68,
  addResponse: 0x69,
  delRequest: 0x4a,
  delResponse: 0x6b,
  modDNRequest: 0x6c,
  modDNResponse: 0x6d,
  compareRequest: 0x6e,
  compareResponse: 0x6f,
  abandonRequest: 0x50,
  extendedRequest: 0x77,
  extendedResponse: 0x78,
  intermediateResponse: 0x79,
} as const;

const requests = new Set<number>(
  Object.entries(operations)
    .filter(([name]) => name.endsWith("Request"))
    .map(([, tag]) => tag),
);
const all = new Set<number>(Object.values(operations));

export const isOperation = (tag: number): boolean => all.has(tag);
export const isRequest = (tag: number): boolean => requests.has(tag);
