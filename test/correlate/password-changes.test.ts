import { describe, expect, test } from "vitest";
import {
  changedOverTcp,
  changeError,
  changeReply,
  changesOverTcp,
  changesOverUdp,
  mayChange,
} from "../scene/kpasswd.ts";
import { DC, type Scene, scene } from "../scene/scene.ts";
import { report, told } from "../scene/verdict.ts";

const finding = (s: Scene) =>
  report(s)
    .sequences.flatMap(({ findings }) => findings)
    .find(({ rule }) => rule === "kpasswd-blocked");
const later = (s: Scene) => s.wait(6).dns("x.contoso.com", DC);
const may = () => mayChange(scene());

describe("port 464", () => {
  test("that answers is no trouble, whatever it answers", () => {
    expect(finding(later(changesOverUdp(may()).datagramBack(changeReply())))).toBeUndefined();
    expect(finding(later(changesOverUdp(may()).datagramBack(changeError())))).toBeUndefined();
    expect(finding(later(changedOverTcp(changesOverTcp(may()))))).toBeUndefined();
  });

  test("silent over UDP: repeated, or waited for", () => {
    expect(finding(later(changesOverUdp(may())))?.detail).toContain(`${DC} port 464 did not answer (UDP)`);
    expect(finding(changesOverUdp(may()).wait(1).again())?.detail).toContain("did not answer (UDP)");
    expect(finding(changesOverUdp(may()).wait(1))).toBeUndefined();
  });

  test("silent over TCP, although it was open", () => {
    expect(finding(later(changesOverTcp(may())))?.detail).toContain("did not answer (TCP)");
  });

  test("refused by ICMP or by a reset", () => {
    expect(finding(changesOverUdp(may()).icmp(3, DC))?.detail).toContain("cannot be reached: ICMP says so");
    expect(finding(may().server(DC, 464).syn().refused())?.detail).toContain("refuses connections");
  });

  test("silent over both", () => {
    const s = later(changesOverUdp(may()).server(DC, 464).syn().wait(1).again().wait(3).again());
    expect(finding(s)?.detail).toContain("did not answer (TCP and UDP)");
  });

  test("of one controller of two answers: no trouble", () => {
    const s = changesOverUdp(changesOverUdp(may(), "192.168.2.2").wait(6)).datagramBack(changeReply());
    expect(finding(later(s))).toBeUndefined();
  });

  test("is asked with a ticket from the KDC too", () => {
    const s = later(changesOverUdp(scene().tgs("kadmin/changepw")));
    expect(told(s)).toEqual(["ticket incomplete kerberos"]);
    expect(finding(s)).toBeDefined();
  });
});

test("a KRB-ERROR from port 464 is no answer of a KDC", () => {
  expect(told(changesOverUdp(may()).datagramBack(changeError()))).toEqual(["sign-on ok kerberos"]);
});
