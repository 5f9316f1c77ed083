import type { Attempt } from "../correlate/attempts.ts";

/** The service took the ticket, or did not. */
export const isAccepted = ({ token, answer }: Attempt): boolean => token === "kerberos" && answer === "accepted";
export const isRefused = ({ token, answer }: Attempt): boolean => token === "kerberos" && answer === "refused";
