/** RFC 1002 4.2.1.3. */
export const nbnsTypes: Readonly<Record<number, string>> = { 10: "NULL", 32: "NB", 33: "NBSTAT" };

/** RFC 1002 4.2.1.1. */
export const nbnsOperations: Readonly<Record<number, string>> = {
  0: "Name query",
  5: "Registration",
  6: "Release",
  7: "Wait",
  8: "Refresh",
  9: "Refresh",
};
