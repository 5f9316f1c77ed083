import type {
  CaptureSummary,
  Finding,
  OverallVerdict,
  Reporter,
  ReportProblem,
  Sequence,
  Step,
  StepState,
  Tail,
  Text,
} from "../../src/model/report.ts";
import { REPORT_SCHEMA } from "../../src/model/report.ts";
import { type Kind, stepsOf } from "../../src/model/steps.ts";
import { stringOf } from "../../src/report/page.ts";

/** Reports made by hand: what reporters are tried on before, and apart from, real captures. */

const client = "192.168.2.101";
const dc = "192.168.2.1";
const web = "192.168.2.104";
const host = "iisserver.contoso.com";
const spn = `HTTP/${host}`;

export interface Report {
  readonly sequences: readonly Sequence[];
  readonly tail: Tail;
}

export const head = { schema: REPORT_SCHEMA, tool: { name: "kflow", version: "0.1.0" } } as const;

export function render(reporter: Reporter<Text>, report: Report): string {
  const begun = stringOf(reporter.begin(head));
  const sequences = report.sequences.map((one) => stringOf(reporter.sequence(one)));
  return [begun, ...sequences, stringOf(reporter.end(report.tail))].join("");
}

const seen = [
  {
    frame: 3005,
    at: "30.073843000",
    from: client,
    to: dc,
    summary: `DNS: QueryId 0x666A, standard query for ${host}, Host Addr, class Internet`,
  },
  { frame: 3006, at: "30.074343800", from: dc, to: client, summary: `DNS: QueryId 0x666A, response, success, ${web}` },
  { frame: 3027, at: "30.160940900", from: client, to: web, summary: `HTTP: Request, GET /, Host: ${host}` },
  {
    frame: 3028,
    at: "30.163364700",
    from: web,
    to: client,
    summary: "HTTP: Response, HTTP/1.1, Status: Unauthorized, 401; WWW-Authenticate: Negotiate, NTLM",
  },
  {
    frame: 3034,
    at: "30.183404800",
    from: client,
    to: dc,
    summary: `KerberosV5: TGS Request Realm: CONTOSO.COM Sname: ${spn}`,
  },
  {
    frame: 3036,
    at: "30.184868700",
    from: dc,
    to: client,
    summary: "KerberosV5: TGS Response Cname: john; Ticket: Realm CONTOSO.COM, Sname HTTP/iisserver.contoso.com",
  },
  {
    frame: 3040,
    at: "30.185326200",
    from: client,
    to: web,
    summary: "HTTP: Request, GET /, Authorization: Negotiate, NegTokenInit, AP-REQ",
  },
  {
    frame: 3044,
    at: "30.187576300",
    from: web,
    to: client,
    summary: "HTTP: Response, HTTP/1.1, Status: OK, 200; NegTokenResp accept-completed, AP-REP",
  },
] as const;

export function step(kind: Kind, number: number, state: StepState = "observed", more: Partial<Step> = {}): Step {
  const row = stepsOf[kind].find((candidate) => candidate.step === number) ?? stepsOf[kind][0];
  const { step, id, title } = row;
  const shown = seen[number - 1];
  if (shown === undefined || (state !== "observed" && state !== "diverged")) {
    return { step, id, title, state, frames: [], summary: "", facts: {}, ...more };
  }
  const { frame, at, from, to, summary } = shown;
  return {
    step,
    id,
    title,
    state,
    frames: [frame],
    time: `2022-11-28T00:59:${at}Z`,
    from,
    to,
    summary,
    facts: {},
    ...more,
  };
}

export function finding(more: Partial<Finding> = {}): Finding {
  return {
    rule: "tgs-s-unknown",
    severity: "error",
    step: 6,
    title: `No account in CONTOSO.COM has the SPN ${spn}`,
    detail:
      `The KDC at ${dc} answered the request for ${spn} with KDC_ERR_S_PRINCIPAL_UNKNOWN: it looked for an account ` +
      "with that service principal name and found none. The browser had nothing to present to the web server.",
    code: { protocol: "kerberos", number: 7, name: "KDC_ERR_S_PRINCIPAL_UNKNOWN" },
    frames: [3034, 3036],
    filter: "frame.number in {3034, 3036}",
    causes: [
      `The SPN ${spn} was never registered, or was registered for another name of the server.`,
      "The same SPN is registered on two accounts, which some domain controllers answer as if there were none.",
      "The client asks the wrong realm: the account lives in a domain that CONTOSO.COM does not refer to.",
    ],
    confirm: [`setspn -Q ${spn}`, `klist get ${spn}`],
    fix: [`setspn -S ${spn} CONTOSO\\iissvc`],
    ...more,
  };
}

export function sequence(more: Partial<Sequence> = {}): Sequence {
  return {
    id: "f3005",
    kind: "http",
    client: { address: client, name: "client1.contoso.com", user: "john", realm: "CONTOSO.COM" },
    service: { host, address: web, port: 80, spn, realm: "CONTOSO.COM" },
    verdict: "ok",
    divergedAt: null,
    outcome: "kerberos",
    facts: {},
    steps: stepsOf.http.map(({ step: number }) => step("http", number)),
    findings: [],
    ...more,
  };
}

/** A sequence that diverged at a step; what comes after was not reached. */
export function divergedAt(number: number, more: Partial<Sequence> = {}): Sequence {
  const stateOf = (at: number) => (at < number ? "observed" : at === number ? "diverged" : "not-reached");
  return sequence({
    verdict: "diverged",
    divergedAt: number,
    outcome: "refused",
    steps: stepsOf.http.map((row) => step("http", row.step, stateOf(row.step))),
    findings: [finding({ step: number })],
    ...more,
  });
}

export const capture: CaptureSummary = {
  name: "capture.pcap",
  format: "pcap",
  compression: null,
  linkTypes: [1],
  frames: 3051,
  bytes: 1_234_567,
  firstTime: "2022-11-28T00:58:56.000000000Z",
  lastTime: "2022-11-28T00:59:31.500000000Z",
  cutFrames: 0,
};

export function tail(verdict: OverallVerdict, more: Partial<Tail> = {}): Tail {
  return { findings: [], problems: [], captures: [capture], clocks: [], verdict, ...more };
}

const skewNote = finding({
  rule: "clk-skew-small",
  severity: "info",
  step: null,
  title: `The clock of ${web} is 42 seconds ahead of the capture`,
  detail: "Kerberos tolerates five minutes, so this did no harm.",
  frames: [3028],
  filter: "frame.number == 3028",
  causes: [],
  confirm: ["w32tm /stripchart /computer:192.168.2.104 /samples:3"],
  fix: [],
});

const warning = finding({
  rule: "ap-403",
  severity: "warning",
  step: 8,
  title: "Authenticated, but not allowed",
  detail: `${host} accepted the ticket of john and answered 403: authorization, not authentication, keeps the user out.`,
  frames: [3044],
  filter: "frame.number == 3044",
  causes: [
    "An authorization rule of the site excludes the user.",
    "The file permissions of the site exclude the user.",
  ],
  confirm: [],
  fix: [],
});

export const hostile = "\u001b[2J\u001b]0;owned\u0007\u202ecod.exe\u200b\r\nOK: all is well\u009b31m";

function hostileReport(): Report {
  const bad = finding({
    title: hostile,
    detail: hostile,
    filter: hostile,
    causes: [hostile],
    confirm: [hostile],
    fix: [hostile],
  });
  const sequenceOfLies = divergedAt(6, {
    client: { address: client, name: hostile, user: hostile, realm: hostile },
    service: { host: hostile, spn: hostile, realm: hostile },
    facts: { ntlmReason: hostile },
    steps: stepsOf.http.map((row) =>
      step("http", row.step, "observed", { summary: hostile, from: hostile, to: hostile }),
    ),
    findings: [bad, { ...bad, severity: "warning" }],
  });
  const problems: readonly ReportProblem[] = [{ text: hostile, capture: 0 }];
  const captures = [{ ...capture, name: hostile }];
  return {
    sequences: [sequenceOfLies, sequenceOfLies],
    tail: tail("diverged", { findings: [bad], problems, captures }),
  };
}

const incomplete = sequence({
  verdict: "incomplete",
  outcome: "unknown",
  steps: stepsOf.http.map((row) =>
    step("http", row.step, row.step < 3 ? "observed" : row.step === 5 || row.step === 6 ? "cached" : "encrypted"),
  ),
  service: { host, address: web, port: 443 },
});

const signOn = sequence({
  id: "f12",
  kind: "sign-on",
  service: { spn: "krbtgt/CONTOSO.COM", realm: "CONTOSO.COM", address: dc, port: 88 },
  steps: stepsOf["sign-on"].map((row) => step("sign-on", row.step)),
});

const ipv6 = divergedAt(8, {
  id: "f77",
  client: { address: "2001:db8:1234:5678:9abc:def0:1234:5678", user: "john" },
  steps: stepsOf.http.map((row) =>
    step("http", row.step, row.step === 8 ? "diverged" : "observed", {
      from: "2001:db8:1234:5678:9abc:def0:1234:5678",
      to: "2001:db8:1234:5678:9abc:def0:1234:9999",
      frames: row.step === 7 ? [3037, 3038, 3039, 3040] : [3000 + row.step],
    }),
  ),
});

export const reports = {
  ok: { sequences: [sequence({ findings: [warning] })], tail: tail("ok", { findings: [skewNote] }) },
  diverged: { sequences: [divergedAt(6)], tail: tail("diverged") },
  ipv6: { sequences: [ipv6], tail: tail("diverged") },
  incomplete: { sequences: [incomplete], tail: tail("incomplete") },
  none: {
    sequences: [],
    tail: tail("none", {
      problems: [{ text: "the file ends inside a frame", capture: 0, frame: 3052, offset: 1_234_567 }],
    }),
  },
  cut: { sequences: [], tail: tail("none", { captures: [{ ...capture, cutFrames: 17 }] }) },
  several: {
    sequences: [
      signOn,
      divergedAt(6, { facts: { ntlmReason: "no ticket" }, findings: [finding(), skewNote] }),
      incomplete,
    ],
    tail: tail("diverged", { findings: [skewNote], problems: [{ text: "4 frames with a wrong length", capture: 0 }] }),
  },
  unreadable: {
    sequences: [],
    tail: tail("none", {
      captures: [{ ...capture, format: null, linkTypes: [], frames: 0, bytes: 4, firstTime: null, lastTime: null }],
      problems: [{ text: "not a capture file", capture: 0 }],
    }),
  },
  hostile: hostileReport(),
} as const satisfies Record<string, Report>;

/** More sequences than a text report holds back. */
export function many(count: number): Report {
  const sequences = Array.from({ length: count }, (_, at) => sequence({ id: `f${at + 1}` }));
  return { sequences, tail: tail("ok") };
}
