import { describe, expect, it } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { asCommand } from "../../src/diagnose/command.ts";
import { quoted, shellWord } from "../../src/diagnose/words.ts";

describe("a line of advice", () => {
  it("is a command with its remark behind #, or a remark as a whole", () => {
    expect(asCommand("klist purge    (then log on again)")).toBe("klist purge  # then log on again");
    expect(asCommand("klist purge")).toBe("klist purge");
    expect(asCommand("restart the service    (now)")).toBe("# restart the service (now)");
  });

  it("keeps a name that looks like a remark whole", () => {
    const name = shellWord("x    (;calc");
    expect(asCommand(`Set-ADUser ${name} -Reset    (makes AES keys)`)).toBe(
      "Set-ADUser 'x    (;calc' -Reset  # makes AES keys",
    );
    expect(asCommand(`setspn -Q ${shellWord("x    (y)")}`)).toBe("setspn -Q 'x    (y)'");
  });

  it("comes out the same again, among any number of others", () => {
    const lines = Array.from(
      { length: limits.rememberedCommands * 3 },
      (_, at) => `klist get HTTP/${at}${"x".repeat(at % (2 * limits.rememberedCommandCharacters))}    (again)`,
    );
    const first = lines.map(asCommand);
    expect(lines.map(asCommand)).toEqual(first);
    expect(first[2]).toBe("klist get HTTP/2xx  # again");
  });
});

describe("a name in a command", () => {
  it.each(["x';calc;'", "x\u2019;calc;\u2018x", "x\u201b;calc;\u201ax"])("cannot end its quotes: %s", (name) => {
    expect(quoted(name).slice(1, -1)).not.toMatch(/['\u2018-\u201b]/);
  });
});
