import { describe, expect, test } from "vitest";
import { limits } from "../../../src/bytes/limits.ts";
import { type Issue, Lineage } from "../../../src/correlate/tickets/lineage.ts";
import { ticket } from "../../scene/kerberos.ts";
import { CLIENT, DC, HOST, type Scene, SPN, scene, WEB } from "../../scene/scene.ts";
import { apRepToken, krb5 } from "../../scene/tokens.ts";
import { report } from "../../scene/verdict.ts";
import { observation } from "../observations.ts";

/** From the sign-on's TGT to every token, by fingerprint. */

interface Told {
  readonly kind: string;
  readonly sname: string;
  readonly fingerprint: string;
  readonly issued: number | string;
  readonly issuedTo?: string;
  readonly from?: string;
  readonly forUser?: string;
  readonly presentedBy?: readonly string[];
  readonly presentedAt?: readonly string[];
  readonly presented: readonly number[];
}

/** The tickets of the last sequence of a kind. */
function ticketsOf(s: Scene, kind = "http"): readonly Told[] {
  const sequence = report(s).sequences.findLast((one) => one.kind === kind);
  return JSON.parse(JSON.stringify(sequence?.facts["tickets"] ?? []));
}

const challenged = (s = scene()) => s.dns(HOST, WEB).get("/").reply(401, "Negotiate");
const signedOn = () => scene().asReq({ proof: true }).issued();
const letIn = (s: Scene) => s.get("/", krb5(SPN)).reply(200, apRepToken());

describe("a login after a sign-on", () => {
  const [tgt, service, ...others] = ticketsOf(letIn(challenged(signedOn()).tgs(SPN)));

  test("tells the TGT, and the service ticket that was asked with it", () => {
    expect(others).toEqual([]);
    expect([tgt?.kind, service?.kind]).toEqual(["tgt", "service"]);
    expect(service?.from).toBe(tgt?.fingerprint);
  });
  test("tells where each was issued, and presented at whom", () => {
    expect(tgt).toMatchObject({ issued: 2, presentedAt: [DC], presented: [12] });
    expect(service).toMatchObject({ issued: 13, presentedAt: [WEB], presented: [14] });
  });
  test("the sign-on tells its TGT too", () => {
    expect(ticketsOf(signedOn(), "sign-on")).toMatchObject([{ kind: "tgt", issued: 2, presented: [] }]);
  });
});

describe("a ticket whose issue is not in the capture", () => {
  test("is from before it where the client's KDC traffic is there", () => {
    const [tgt] = ticketsOf(letIn(challenged().tgs(SPN)));
    expect(tgt).toMatchObject({ kind: "tgt", issued: "before the capture" });
    expect(ticketsOf(letIn(scene().tgs("cifs/files.contoso.com").dns(HOST, WEB)))).toMatchObject([
      { kind: "service", issued: "before the capture" },
    ]);
  });
  test("may be from anywhere where it is not", () => {
    expect(ticketsOf(letIn(challenged()))).toMatchObject([{ kind: "service", issued: "not in the capture" }]);
  });
  test("may be what a reply brought that is missing", () => {
    const tickets = ticketsOf(letIn(challenged().tgsReq(SPN)));
    expect(tickets.find(({ kind }) => kind === "service")?.issued).toBe("not in the capture");
  });
});

test("referrals stand between the TGT and the service", () => {
  const fabrikam = { realm: "FABRIKAM.COM" };
  const s = challenged(signedOn()).tgsReq(SPN).referral("FABRIKAM.COM").kdc("192.168.2.2").tgs(SPN, fabrikam);
  const tickets = ticketsOf(s.get("/", krb5(SPN, fabrikam)).reply(200, apRepToken()));
  expect(tickets.map(({ kind }) => kind)).toEqual(["tgt", "referral", "service"]);
  expect(tickets.map(({ from }) => from)).toEqual([undefined, ...tickets.slice(0, 2).map((one) => one.fingerprint)]);
});

describe("S4U", () => {
  const BACK_END = "HTTP/backend.contoso.com";
  const user = () => letIn(challenged(signedOn()).tgs(SPN));
  const frontEnd = (s: Scene) => s.client(WEB, "iissvc").tgs(BACK_END, { evidence: ticket(SPN) });

  test("the user's ticket is followed from the client over the front end to the KDC", () => {
    const tickets = ticketsOf(frontEnd(user()), "ticket");
    expect(tickets.find(({ kind }) => kind === "evidence")).toMatchObject({
      sname: SPN,
      issued: 13,
      issuedTo: CLIENT,
      presentedBy: [CLIENT, WEB],
      presentedAt: [WEB, DC],
      presented: [14, 18],
    });
    expect(tickets.find(({ sname }) => sname === BACK_END)).toMatchObject({
      kind: "service",
      forUser: "iissvc@CONTOSO.COM",
    });
  });
  test("evidence that nobody was seen to present is from elsewhere", () => {
    const tickets = ticketsOf(frontEnd(scene()), "ticket");
    expect(tickets.find(({ kind }) => kind === "evidence")?.issued).toBe("not in the capture");
  });
  test("a ticket to oneself names the user, and is evidence once it is used", () => {
    const self = ticketsOf(scene().tgs("iissvc", { forUser: "Jane" }), "ticket");
    expect(self.at(-1)).toMatchObject({ kind: "service", forUser: "Jane@CONTOSO.COM" });
    const s = scene()
      .tgs("iissvc", { forUser: "Jane" })
      .tgs(BACK_END, { evidence: ticket("iissvc") });
    expect(ticketsOf(s, "ticket").map(({ kind }) => kind)).toEqual(["tgt", "evidence", "service"]);
  });
});

describe("what is remembered", () => {
  const place = { src: DC, dst: CLIENT, sport: 88, dport: 50_000, frames: [], time: { seconds: 1, nanos: 0 } };
  const issue = (n: number): Issue => {
    const one = { etype: 18, kvno: 2, length: 100, fingerprint: `${n}`, realm: "R", sname: "s" };
    return { ticket: one, frame: n, to: CLIENT, by: DC, asked: null, from: null, forUser: null };
  };

  test("are the tickets used last, and that something was dropped", () => {
    const lineage = new Lineage(1);
    for (let n = 0; n < limits.ticketsRemembered; n++) lineage.issued(issue(n));
    expect(lineage.originOf(`${limits.ticketsRemembered - 1}`)?.frame).toBe(limits.ticketsRemembered - 1);
    for (let n = 0; n < limits.ticketsRemembered; n++) {
      lineage.issued(issue(limits.ticketsRemembered + n));
      lineage.presented(
        issue(7).ticket,
        observation({ protocol: "kerberos", kind: "KRB-SAFE" }, { ...place, frame: n }),
      );
    }
    expect(lineage.forgets).toBe(true);
    expect(lineage.originOf("8")).toBeNull();
    expect(lineage.presentationOf("7")).not.toBeNull();
  });
  test("of one sequence are so many", () => {
    const s = challenged();
    for (let n = 0; n < limits.ticketsPerSequence + 5; n++) {
      s.get("/", krb5(SPN, { issue: n })).reply(401, "Negotiate");
    }
    expect(ticketsOf(s)).toHaveLength(limits.ticketsPerSequence);
  });
});
