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

/** MS-NBTE 2.2: the last byte of a name. */
export const nameSuffixes = { workstation: 0x00, domainMaster: 0x1b, domainControllers: 0x1c, server: 0x20 } as const;
