/** The documented sequence; the words of four steps depend on the service. */
function eight(request: string, challenge: string, token: string, answer: string) {
  return [
    { step: 1, id: "dns-query", title: "DNS query" },
    { step: 2, id: "dns-response", title: "DNS response" },
    { step: 3, id: "request", title: request },
    { step: 4, id: "challenge", title: challenge },
    { step: 5, id: "tgs-req", title: "TGS-REQ" },
    { step: 6, id: "tgs-rep", title: "TGS-REP" },
    { step: 7, id: "ap-req", title: token },
    { step: 8, id: "ap-rep", title: answer },
  ] as const;
}

const web = eight("anonymous request", "401 Negotiate", "request with AP-REQ", "response with AP-REP");
const directory = eight("anonymous search", "answer to it", "bind with AP-REQ", "bind response");
const files = eight("NEGOTIATE", "NEGOTIATE response", "SESSION_SETUP with AP-REQ", "SESSION_SETUP response");

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

/** The steps of every kind of sequence, in order. The report contract fixes numbers and ids; titles are ours. */
export const stepsOf = {
  http: web,
  "http-proxy": web,
  smb: files,
  ldap: directory,
  ticket: web,
  "sign-on": signOn,
  "dc-locator": dcLocator,
} as const;

export type Kind = keyof typeof stepsOf;
export type StepId = (typeof stepsOf)[Kind][number]["id"];
