/** The steps of every kind of sequence, in order. The report contract fixes numbers and ids; titles are ours. */
const eight = [
  { step: 1, id: "dns-query", title: "DNS query" },
  { step: 2, id: "dns-response", title: "DNS response" },
  { step: 3, id: "request", title: "anonymous request" },
  { step: 4, id: "challenge", title: "401 Negotiate" },
  { step: 5, id: "tgs-req", title: "TGS-REQ" },
  { step: 6, id: "tgs-rep", title: "TGS-REP" },
  { step: 7, id: "ap-req", title: "request with AP-REQ" },
  { step: 8, id: "ap-rep", title: "response with AP-REP" },
] as const;

const signOn = [
  { step: 1, id: "as-req", title: "AS-REQ" },
  { step: 2, id: "as-rep", title: "AS-REP" },
] as const;

const dcLocator = [
  { step: 1, id: "srv-query", title: "SRV query" },
  { step: 2, id: "srv-response", title: "SRV response" },
  { step: 3, id: "cldap-ping", title: "LDAP-UDP ping" },
  { step: 4, id: "cldap-response", title: "LDAP-UDP answer" },
] as const;

export const stepsOf = {
  http: eight,
  "http-proxy": eight,
  smb: eight,
  ldap: eight,
  ticket: eight,
  "sign-on": signOn,
  "dc-locator": dcLocator,
} as const;

export type Kind = keyof typeof stepsOf;
export type StepId = (typeof stepsOf)[Kind][number]["id"];
