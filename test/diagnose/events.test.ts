import { describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { eventKinds } from "../../src/diagnose/events.ts";
import { ACCOUNT, atFront, BACK_END, transition } from "../scene/delegation.ts";
import { SQL_SPN, sqlLogin, sqlOpened, sqlRefuses } from "../scene/elsewhere.ts";
import { ticket } from "../scene/kerberos.ts";
import { adRefusal, directory, LDAP_SPN, ldapBind, ldapBound, simpleBind } from "../scene/ldap.ts";
import { CLIENT, DC, HOST, type Scene, SPN, scene, WEB } from "../scene/scene.ts";
import { accepted, answered, CIFS, goesOn, offered, setup, status } from "../scene/smb.ts";
import { apRepToken, errorToken, krb5, ntlmAs, ntlmDone, ntlmInSpnego, ntlmLeg } from "../scene/tokens.ts";
import { report } from "../scene/verdict.ts";

interface Entry {
  readonly [name: string]: unknown;
}

const isEntry = (value: unknown): value is Entry => typeof value === "object" && value !== null;
const entriesIn = (value: unknown): Entry[] => (Array.isArray(value) ? value.filter(isEntry) : []);
const fieldsOf = ({ fields }: Entry): Entry => (isEntry(fields) ? fields : {});

/** The entries of every sequence of a scene. */
const eventsOf = (s: Scene): Entry[] => report(s).sequences.flatMap(({ facts }) => entriesIn(facts["events"]));

/** `4769 on 192.168.2.1: 0x7` */
function line(entry: Entry): string {
  const status = fieldsOf(entry)["Status"];
  return `${entry["id"]} on ${entry["host"]}${status === undefined ? "" : `: ${status}`}`;
}
const lines = (s: Scene) => eventsOf(s).map(line);

const IIS = "Server: Microsoft-IIS/10.0";
const challenged = () => scene().dns(HOST, WEB).get("/").header(IIS).reply(401, "Negotiate", "NTLM");
const presented = () => challenged().tgs(SPN).get("/", krb5(SPN)).header(IIS);
const signOn = (code: number) => lines(scene().asReq({ proof: true }).krbError(code));
const ntlmToFiles = (domain: string, user = "jane") =>
  offered()
    .says("client", setup(ntlmInSpnego()))
    .says("server", goesOn(ntlmLeg(2)))
    .says("client", setup(ntlmAs(user, domain, "LAPTOP"), { round: 2 }));

describe("a KDC should log", () => {
  test("a ticket that it issues, with what finds the entry", () => {
    const [entry] = eventsOf(scene().tgs(SPN));
    expect(entry).toEqual({
      host: DC,
      log: "Security",
      id: 4769,
      at: "2026-11-18T11:06:40.002000000Z",
      frame: 2,
      fields: {
        TargetUserName: "John@CONTOSO.COM",
        ServiceName: `(the account of ${SPN})`,
        Status: "0x0",
        TicketOptions: "0x40810000",
        TicketEncryptionType: "0x12",
        IpAddress: `::ffff:${CLIENT}`,
        IpPort: 50_000,
      },
    });
  });
  test("one that it refuses, by the name asked for", () => {
    const [entry] = eventsOf(scene().tgsReq(SPN).krbError(7));
    expect(entry).toMatchObject({ id: 4769, fields: { ServiceName: SPN, Status: "0x7" } });
    expect(fieldsOf(entry ?? {})["TicketEncryptionType"]).toBeUndefined();
  });
  test("a sign-on that goes well, and nothing of its rounds", () => {
    const s = scene()
      .asReq()
      .krbError(25)
      .asReq({ proof: true })
      .krbError(52)
      .asReq({ proof: true, over: "tcp" })
      .issued();
    expect(lines(s)).toEqual(["4768 on 192.168.2.1: 0x0"]);
    expect(eventsOf(s)[0]).toMatchObject({ fields: { TargetUserName: "John", PreAuthType: 2 } });
  });
  test.each([16, 23, 24])("pre-authentication that failed with %i as 4771", (code) => {
    expect(signOn(code)).toEqual([`4771 on 192.168.2.1: 0x${code.toString(16)}`]);
  });
  test.each([6, 12, 18, 37])("a sign-on refused with %i as 4768", (code) => {
    expect(signOn(code)).toEqual([`4768 on 192.168.2.1: 0x${code.toString(16)}`]);
  });
  test("in the system's log, that keys are missing, a certificate is mapped to nobody, a name is there twice", () => {
    expect(signOn(14)).toEqual(["4768 on 192.168.2.1: 0xe", "14 or 26 on 192.168.2.1"]);
    expect(signOn(66)).toEqual(["4768 on 192.168.2.1: 0x42", "39, 40 or 41 on 192.168.2.1"]);
    expect(lines(scene().tgsReq(SPN).krbError(14))).toEqual(["4769 on 192.168.2.1: 0xe", "16 or 27 on 192.168.2.1"]);
    expect(lines(scene().tgsReq(SPN).krbError(8))).toEqual(["4769 on 192.168.2.1: 0x8", "11 on 192.168.2.1"]);
  });
  test("who passed a ticket on", () => {
    const s = transition(scene().client(WEB, ACCOUNT)).tgs(BACK_END, { evidence: ticket(ACCOUNT), cname: "John" });
    expect(eventsOf(s)[1]).toMatchObject({ id: 4769, fields: { TransmittedServices: ACCOUNT } });
  });
  test("nothing of a question that it did not answer", () => {
    expect(eventsOf(scene().tgsReq(SPN).wait(9).tgsReq(SPN).wait(9))).toEqual([]);
  });
  test("of a login that failed for it, the sign-on too", () => {
    const s = scene().asReq({ proof: true }).krbError(18).dns(HOST, WEB).get("/").reply(401, "Negotiate").close();
    expect(lines(s)).toEqual(["4768 on 192.168.2.1: 0x12", "4768 on 192.168.2.1: 0x12"]);
  });
});

describe("a service should log", () => {
  test("a login, with address and port of the client", () => {
    const entry = eventsOf(presented().reply(200, apRepToken())).find(({ id }) => id === 4624);
    expect(entry).toMatchObject({
      host: HOST,
      fields: {
        TargetUserName: "John",
        TargetDomainName: "CONTOSO.COM",
        LogonType: 3,
        AuthenticationPackageName: "Kerberos",
        IpAddress: CLIENT,
        IpPort: 50_001,
      },
    });
  });
  test("a refused one, with the requests in the log of IIS; and the client that the ticket was not decrypted", () => {
    expect(lines(presented().reply(401, errorToken(41)))).toEqual([
      `401.2 on ${HOST}`,
      "4769 on 192.168.2.1: 0x0",
      `4625 on ${HOST}`,
      `4 on ${CLIENT}`,
      `401.1 on ${HOST}`,
    ]);
  });
  test("nothing of Windows where the server says that it is none", () => {
    const s = scene().dns(HOST, WEB).get("/").header("Server: Apache/2.4").reply(401, "Negotiate").tgs(SPN);
    const refused = s.get("/", krb5(SPN)).header("Server: Apache/2.4").reply(401, errorToken(31));
    expect(lines(refused)).toEqual(["4769 on 192.168.2.1: 0x0"]);
  });
  test("what http.sys refused, in the log of http.sys", () => {
    const s = challenged().tgs(SPN).get("/", krb5(SPN)).header("Server: Microsoft-HTTPAPI/2.0").reply(400);
    expect(eventsOf(s).at(-1)).toMatchObject({ log: "HTTPERR of http.sys", id: 400 });
  });
  test("what a file server refused, with its status", () => {
    const s = offered()
      .tgs(CIFS)
      .says("client", setup(krb5(CIFS)))
      .says("server", answered(status.DENIED));
    expect(lines(s).at(-1)).toBe("4625 on files.contoso.com: 0xc0000022");
  });
  test("NTLM, and a controller of the account's domain that it checked it", () => {
    const [logon, checked] = eventsOf(ntlmToFiles("CONTOSO").says("server", accepted(ntlmDone(), { round: 2 })));
    expect(logon).toMatchObject({ id: 4624, fields: { AuthenticationPackageName: "NTLM", WorkstationName: "LAPTOP" } });
    expect(checked).toMatchObject({
      id: 4776,
      host: "a domain controller of CONTOSO",
      fields: { TargetUserName: "jane", Workstation: "LAPTOP", Status: "0x0" },
    });
  });
  test("a user principal name names its domain itself", () => {
    const [, checked] = eventsOf(
      ntlmToFiles("", "jane@contoso.com").says("server", accepted(ntlmDone(), { round: 2 })),
    );
    expect(checked?.["host"]).toBe("a domain controller of contoso.com");
  });
  test.each([
    ".",
    "",
    "FILES",
    "laptop",
  ])("NTLM of an account of the machine “%s”, which it checks itself", (domain) => {
    const s = ntlmToFiles(domain).says("server", answered(status.LOGON_FAILURE, "", { round: 2 }));
    expect(lines(s)).toEqual(["4625 on files.contoso.com: 0xc000006d", "4776 on files.contoso.com: 0xc000006d"]);
  });
  test("at a directory, who did not sign, and whose channel binding was wrong", () => {
    expect(lines(ldapBound(simpleBind(directory(scene()), "CONTOSO\\jane"), 8)).at(-1)).toBe("2889 on dca.contoso.com");
    const bound = ldapBind(directory(scene()).tgs(LDAP_SPN), krb5(LDAP_SPN));
    const refused = ldapBound(bound, 49, { diagnostic: adRefusal("80090346", "80090346") });
    expect(lines(refused).at(-1)).toBe("3039 on dca.contoso.com");
  });
  test("at SQL Server, the error's number", () => {
    const s = sqlRefuses(sqlLogin(sqlOpened(scene()).tgs(SQL_SPN), krb5(SQL_SPN)), 18452, "Login failed.");
    expect(lines(s).at(-1)).toMatch(/^18452 on /);
  });
});

test("a client that finds no domain controller logs that", () => {
  const s = scene().srv("_ldap._tcp.dc._msdcs.contoso.com", "dca.contoso.com").dns("dca.contoso.com", DC);
  expect(lines(s.dcPing().wait(2).dcPing().wait(9).dns("x.contoso.com", WEB))).toEqual([`5719 on ${CLIENT}`]);
});

test("a challenge alone is no matter for any log", () => {
  expect(eventsOf(scene().dns(HOST, WEB).get("/").reply(401, "Negotiate"))).toEqual([]);
});

test("of many, limits.eventsPerSequence are told: the first and the last", () => {
  const s = atFront().client(CLIENT);
  for (let n = 0; n < limits.eventsPerSequence + 5; n++) s.reply(200, apRepToken()).get("/", krb5(SPN));
  const frames = eventsOf(s).map(({ frame }) => Number(frame));
  expect(frames).toHaveLength(limits.eventsPerSequence);
  expect(frames).toEqual([...frames].sort((a, b) => a - b));
  expect(Math.max(...frames)).toBeGreaterThan(100);
});

test("every kind of entry is in a log of its own name, with a number", () => {
  for (const { log, id } of Object.values(eventKinds)) expect(`${log} ${id}`).toMatch(/^[A-Z]\S.* [0-9]+/);
});
