import type { Inventory } from "../model/inventory.ts";
import { jsonText } from "./json-text.ts";

/** The inventory as one JSON document. */
export function inventoryText(inventory: Inventory): string {
  return `${jsonText(inventory, 2)}\n`;
}
