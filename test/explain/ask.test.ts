import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { errorNames } from "../../dissectors/kerberos/codes.ts";
import { rules } from "../../src/diagnose/rules/index.ts";
import { answersJson, answersText, explain, topicsJson, topicsText } from "../../src/explain/index.ts";
import { spellings, texts } from "../../src/explain/tables/spellings.ts";
import { unpainted } from "../../src/report/paint.ts";
import { answer, ask, askWords, dictionary } from "./ask.ts";

const look = { width: 100, paint: unpainted, quiet: false };

describe("a KRB-ERROR is known", () => {
  test.each(Object.entries(errorNames))("%s %s, however it is written", (number, name) => {
    const id = `kerberos/${number}`;
    const bare = name.replace(/^K(DC|RB)_(ERR_|AP_ERR_|AP_)?/, "");
    const writings = [
      number,
      `0x${Number(number).toString(16)}`,
      `0x${Number(number).toString(16).toUpperCase().padStart(2, "0")}`,
      `${-1_765_328_384 + Number(number)}`,
      `${2 ** 32 - 1_765_328_384 + Number(number)}`,
      name,
      name.toLowerCase(),
      name.replaceAll("_", " "),
      `KRB Error: ${name}`,
      `error code ${number}`,
      `kerberos ${number}`,
      name.startsWith("KDC_") ? `KRB5${name}` : `KRB5KRB_${name.slice(4)}`,
    ];
    for (const said of writings) expect(ask(said)[0], said).toBe(id);
    if (bare !== "PATH_NOT_ACCEPTED") expect(ask(bare), bare).toContain(id);
  });
  test.each([30, 53, 59, 82, 87, 96, 99])("%i, which nobody assigned", (code) => {
    expect(ask(`${code}`)[0]).toBe(`kerberos/${code}`);
    expect(ask(`KRB5PLACEHOLD_${code}`)).toEqual([`kerberos/${code}`]);
  });
  test("every one with a sentence of its own", () => {
    const meanings = Object.keys(errorNames).map((code) => dictionary.topics.get(`kerberos/${Number(code)}`)?.meaning);
    expect(new Set(meanings).size).toBe(meanings.length);
    expect(meanings).not.toContain(undefined);
  });
});

describe("other spellings", () => {
  test.each<[string, string]>([
    ["KRB5KDC_ERR_SKEWED", "kerberos/37"],
    ["krb5kdc_err_tkt_expired", "kerberos/32"],
    ["KERB_AP_ERR_MODIFIED", "kerberos/41"],
    ["NEEDED_PREAUTH", "kerberos/25"],
    ["S_PRINCIPAL_UNKNOWN", "kerberos/7"],
    ["KRB5KDC_AP_PATH_NOT_ACCEPTED", "kerberos/51"],
    ["KDC_ERR_PATH_NOT_ACCEPTED", "kerberos/28"],
    ["2148074252", "sspi/LOGON_DENIED"],
    ["0x8009030C", "sspi/LOGON_DENIED"],
    ["8009030c", "sspi/LOGON_DENIED"],
    ["80090322", "sspi/WRONG_PRINCIPAL"],
    ["-2146893044", "sspi/LOGON_DENIED"],
    ["SEC_E_TIME_SKEW", "sspi/TIME_SKEW"],
    ["0xC000018B", "ntstatus/NO_TRUST_SAM_ACCOUNT"],
    ["c000018b", "ntstatus/NO_TRUST_SAM_ACCOUNT"],
    ["3221225867", "ntstatus/NO_TRUST_SAM_ACCOUNT"],
    ["NT_STATUS_ACCOUNT_DISABLED", "ntstatus/ACCOUNT_DISABLED"],
    ["1355", "win32/1355"],
    ["0x54B", "win32/1355"],
    ["0x8007054B", "win32/1355"],
    ["ERROR_NO_SUCH_DOMAIN", "win32/1355"],
    ["data 52e", "win32/1326"],
    ["80090346", "sspi/BAD_BINDINGS"],
    ["-1765328230", "mit/KRB5_REALM_UNKNOWN"],
    ["KRB5_KDC_UNREACH", "mit/KRB5_KDC_UNREACH"],
    ["LDAP 49", "ldap/49"],
    ["result code: 49", "ldap/49"],
    ["invalidCredentials", "ldap/49"],
    ["LOGON_SAM_USER_UNKNOWN_EX", "netlogon/25"],
    ["opcode 24", "netlogon/24"],
    ["NXDOMAIN", "dns/3"],
    ["rcode 2", "dns/2"],
    ["HTTP 401", "http/401"],
    ["431", "http/431"],
    ["rc4-hmac", "etype/23"],
    ["etype 0x17", "etype/23"],
    ["event 5719", "event/5719"],
    ["Event ID: 4771", "event/4771"],
    ["tgs-s-unknown", "rule/tgs-s-unknown"],
    ["rule AP-MODIFIED", "rule/ap-modified"],
    ["setspn -a", "term/setspn -S"],
    ["“Clock skew too great”", "kerberos/37"],
    ["kinit: Clock skew too great while getting initial credentials", "kerberos/37"],
    ["Clock skew too great in KDC reply", "mit/KRB5_KDCREP_SKEW"],
    ["skew too great", "kerberos/37"],
    [
      "GSSException: Failure (Mechanism level: Server not found in Kerberos database (7) - UNKNOWN_SERVER)",
      "kerberos/7",
    ],
    ["SetContext failed with 0x80090322", "sspi/WRONG_PRINCIPAL"],
    ["authentication failed: KRB_AP_ERR_MODIFIED from host/web", "kerberos/41"],
  ])("%s", (said, id) => expect(ask(said)[0]).toBe(id));

  test.each([...spellings, ...texts].map(({ said, is }) => [said, is]))("of the tables: %s", (said, id) => {
    expect(dictionary.topics.has(id)).toBe(true);
    expect(ask(said)).toContain(id);
  });

  test("a remark comes with a name that no specification has", () => {
    expect(answer("KRB5KDC_ERR_SKEWED").meanings[0]?.remark).toMatch(/informal/i);
    expect(answer("-1765328377").meanings[0]?.remark).toContain("adds");
  });
});

describe("a number that means several things", () => {
  test("means the Kerberos error first", () => {
    expect(ask("7")).toEqual(["kerberos/7", "event/7", "ldap/7", "etype/7"]);
    expect(ask("0x7")).toEqual(["kerberos/7", "etype/7"]);
    expect(ask("18")).toEqual(["kerberos/18", "ldap/18", "etype/18", "kerberos/24"]);
    expect(ask("0x18")).toEqual(["kerberos/24", "netlogon/24", "etype/24"]);
  });
  test("means one of them with a word in front", () => {
    expect(ask("etype 18")).toEqual(["etype/18"]);
    expect(ask("kerberos 0x18")).toEqual(["kerberos/24"]);
    expect(ask("win32 5")).toEqual(["win32/5"]);
  });
  test("stands in an event as the event prints it", () => {
    expect(ask("event 4771 0x18")).toEqual(["event/4771", "kerberos/24"]);
    expect(ask("4768 0x12")).toEqual(["event/4768", "kerberos/18"]);
    expect(ask("event 4625 0xC0000234")).toEqual(["event/4625", "ntstatus/ACCOUNT_LOCKED_OUT"]);
    expect(ask("event 4625 status 0xC000006D")).toEqual(["event/4625", "ntstatus/LOGON_FAILURE"]);
    expect(ask("event 5719")).toEqual(["event/5719"]);
  });
});

describe("what nobody knows", () => {
  test.each([
    ["KDC_ERR_PREAUTH_FALED", "KDC_ERR_PREAUTH_FAILED"],
    ["S_PRINCIPLE_UNKNOWN", "KDC_ERR_S_PRINCIPAL_UNKNOWN"],
    ["STATUS_ACOUNT_LOCKED_OUT", "STATUS_ACCOUNT_LOCKED_OUT"],
    ["tgs-s-unkown", "tgs-s-unknown"],
    ["clok skew to great", "KRB_AP_ERR_SKEW"],
  ])("%s may mean %s", (said, name) => {
    const { meanings, nearest } = answer(said);
    expect(meanings).toEqual([]);
    expect(nearest).toContain(name);
  });
  test.each([
    "",
    "  ",
    "banana",
    "123456",
    "0xDEADBEEF",
    "event 9999",
    "kerberos 200",
    "ldap 4711",
    "x".repeat(100_000),
    "toString",
    "__proto__",
  ])("%#: %s", (said) => expect(ask(said)).toEqual([]));
  test("whatever is asked, there is an answer", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (said) => {
        const [answered] = explain([said], dictionary);
        expect(answersText(answered ? [answered] : [], look)).not.toMatch(/[^\P{Cc}\n]/u);
      }),
      { numRuns: 300 },
    );
  });
});

describe("several words", () => {
  test.each<[string[], string[]]>([
    [
      ["7", "1355"],
      ["kerberos/7", "win32/1355"],
    ],
    [["event", "4771", "0x18"], ["event/4771"]],
    [["Event", "ID", "4771"], ["event/4771"]],
    [
      ["ldap", "49", "24"],
      ["ldap/49", "kerberos/24"],
    ],
    [["data", "52e"], ["win32/1326"]],
    [["Clock", "skew", "too", "great"], ["kerberos/37"]],
    [["rule", "tgs-etype"], ["rule/tgs-etype"]],
    [
      ["tgs-etype", "ap-modified"],
      ["rule/tgs-etype", "rule/ap-modified"],
    ],
  ])("%j", (words, ids) => expect(askWords(...words).map(([first]) => first)).toEqual(ids));
});

describe("an answer", () => {
  test("says where it comes, why, and what to do, as a report on a capture would", () => {
    const [meaning] = answer("KDC_ERR_ETYPE_NOSUPP").meanings;
    expect(meaning?.cases.map(({ rule }) => rule)).toEqual(["tgs-etype", "as-etype", "ap-etype-server"]);
    for (const { where, causes, confirm, fix } of meaning?.cases ?? []) {
      expect(where).toMatch(/step/);
      for (const lines of [causes, confirm, fix]) expect(lines.length).toBeGreaterThan(0);
    }
  });
  test("of a code that points elsewhere tells what is there", () => {
    const [meaning] = answer("SEC_E_WRONG_PRINCIPAL").meanings;
    expect(meaning?.see.map(({ id }) => id)).toEqual(["kerberos/41"]);
    expect(meaning?.cases.map(({ rule }) => rule)).toContain("ap-modified");
  });
  test("of an NTSTATUS that a KDC sends tells what the KDC means", () => {
    const [meaning] = answer("STATUS_ACCOUNT_LOCKED_OUT").meanings;
    expect(meaning?.cases[0]?.fix).toEqual(["Unlock-ADAccount <user>"]);
  });
  test("names no rule that does not exist", () => {
    const ids = new Set(rules.map(({ id }) => id));
    for (const topic of dictionary.topics.values()) {
      expect(
        topic.see.filter((id) => !dictionary.topics.has(id)),
        topic.id,
      ).toEqual([]);
      for (const { rules: named } of answer(topic.name).meanings) for (const { id } of named) expect(ids).toContain(id);
    }
  });
  test("of a rule has its causes and commands where it has any", () => {
    const advised = rules.filter(({ severity }) => severity === "error").map(({ id }) => id);
    const silent = [...new Set(advised)].filter((id) => (answer(id).meanings[0]?.cases[0]?.causes ?? []).length === 0);
    expect(silent).toEqual([]);
  });
  test("as text and as JSON", () => {
    const text = answersText([answer("7"), answer("event 4771 0x18")], look);
    expect(text).toMatch(/^KDC_ERR_S_PRINCIPAL_UNKNOWN: KRB-ERROR 7 \(0x7\)\n/);
    expect(text).toContain("It can also mean");
    expect(text).toContain("    kflow explain 'ldap 7'");
    expect(text).toContain("\nKDC_ERR_PREAUTH_FAILED: KRB-ERROR 24 (0x18)\n");
    const { schema, answers } = JSON.parse(answersJson([answer("7"), answer("nothing")]));
    expect(schema).toBe("kflow/explain/1");
    expect(answers[0].meanings[0]).toMatchObject({
      id: "kerberos/7",
      number: 7,
      cases: [{ rule: "tgs-s-unknown" }, {}],
    });
    expect(answers[1]).toMatchObject({ query: "nothing", meanings: [] });
  });
});

describe("the list", () => {
  test("has every topic, in both formats", () => {
    const { topics } = JSON.parse(topicsJson(dictionary.topics.values()));
    expect(topics).toHaveLength(dictionary.topics.size);
    const text = topicsText(dictionary.topics.values(), look);
    for (const { name } of dictionary.topics.values()) expect(text).toContain(name);
  });
  test("has each name once among those of its origin", () => {
    const names = [...dictionary.topics.values()].map(({ origin, name }) => `${origin} ${name}`);
    expect(names.length).toBe(new Set(names).size);
  });
});

describe("a rule that shares its name with one for a kind of service", () => {
  const told = (id: string) => answer(id).meanings[0];
  test("is told as for any service", () => {
    expect(told("tgs-s-unknown")?.topic.meaning).toBe("The service principal name is not registered.");
    expect(told("tgs-s-unknown")?.cases.map(({ title }) => title)).toEqual([
      "The service principal name is not registered",
    ]);
  });
  test("one for file servers alone speaks of them", () => {
    const fix = told("smb-modified")?.cases.flatMap((one) => one.fix) ?? [];
    expect(fix.join("\n")).toContain("Test-ComputerSecureChannel");
    expect(fix.join("\n")).not.toContain("appcmd");
  });
});
