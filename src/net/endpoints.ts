import type { Endpoint } from "../model/connection.ts";
import type { Addresses } from "./addresses.ts";
import type { FlowBook } from "./flow-book.ts";
import { ADDRESS_0, ADDRESS_1, VERSION_6 } from "./flows.ts";

/** The end of a flow that is its side `side`. */
export function endpointOf(book: FlowBook, row: number, side: 0 | 1, addresses: Addresses): Endpoint {
  const version = book.has(row, VERSION_6) ? 6 : 4;
  const key = book.word(row, side === 0 ? ADDRESS_0 : ADDRESS_1);
  return { address: addresses.text(version, key), port: book.port(row, side) };
}
