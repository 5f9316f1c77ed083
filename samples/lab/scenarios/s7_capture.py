"""The same logon, seen by captures that are too short, too narrow or in the wrong place."""

import time

from kflab import domain
from kflab.net import ADDRESS
from kflab.scenario import HOST, scenario
from kflab.sh import TOOLS

from .steps import ASKED, CHALLENGE, DNS, DONE, FULL, NO_TOKEN, TGS, TGS_REQ, TOKEN, refused

CLIENT, WEB, DC = ADDRESS["client"], ADDRESS["web"], ADDRESS["dc"]
SPN = f"HTTP/{HOST}"


def logon(b, filter="", role="client", **options):
    b.apache()
    b.kinit()
    b.capture(role, filter, **options)
    b.curl()


def refused_logon(b, filter="", **options):
    """A logon whose cached ticket the service refuses, with the TGS leg captured."""
    b.apache(keytab_path=b.keytab([e.spoiled() for e in domain.keys("iissvc", [SPN])]))
    b.kinit()
    b.capture(filter=filter, **options)
    b.curl()


@scenario("only-web-leg", "only the web server's port was captured", see=[*CHALLENGE, *DONE], never=["krb TGS", "dns"], rules=["cap-no-dns", "cap-no-kdc"])
def only_web(b):
    logon(b, "tcp port 80")


@scenario("only-web-leg-refused", "only the web server's port was captured; the token is refused with 31", verdict="diverged", step=8, outcome="refused",
          rules=["ap-bad-integrity", "ap-modified"], code=31, see=[*CHALLENGE, *refused(31)], never=["krb TGS", "dns"])
def only_web_refused(b):
    refused_logon(b, "tcp port 80")


@scenario("only-web-leg-no-token", "only the web server's port was captured; the client never sends a token", verdict="diverged", step=7, outcome="refused",
          rules=["http-401-ignored", "tgs-no-request"], spn=None, see=CHALLENGE, never=["krb", "dns", *NO_TOKEN])
def only_web_no_token(b):
    b.apache()
    b.capture(filter="tcp port 80")
    b.curl()


@scenario("only-kdc-leg", "only port 88 was captured: a ticket was issued", kind="ticket", verdict="incomplete", outcome="kerberos", spn=SPN, see=TGS, never=["http", "dns"])
def only_kdc(b):
    logon(b, "port 88")


@scenario("only-kdc-leg-refused", "only port 88 was captured: no such SPN", kind="ticket", verdict="diverged", step=6, outcome="refused", host="nospn.contoso.com",
          spn="HTTP/nospn.contoso.com", rules=["tgs-s-unknown"], code=7, see=["krb TGS-REQ", "krb KRB-ERROR 7 "], never=["http", "dns"])
def only_kdc_refused(b):
    b.apache()
    b.kinit()
    b.capture(filter="port 88")
    b.curl("http://nospn.contoso.com/")


@scenario("only-dns", "only port 53 was captured", kind=None, verdict="none", outcome=None, spn=None, see=DNS, never=["http", "krb"],
          notes=["no authentication evidence and no failure: no sequence at all"])
def only_dns(b):
    logon(b, "port 53")


@scenario("one-sided-requests", "only what the client sent was captured", verdict="incomplete", outcome="unknown", rules=["cap-one-sided"],
          see=["dns query A", *ASKED, *TGS_REQ, *TOKEN], never=["http [2345]", "krb TGS-REP", "dns answer"])
def requests_only(b):
    logon(b, f"src host {CLIENT}")


@scenario("one-sided-replies", "only what the client received was captured", verdict="ok", rules=["cap-one-sided"],
          see=["dns answer A", "http 401", "krb TGS-REP", "http 200"], never=[r"http GET", "krb TGS-REQ", "dns query"],
          notes=["the 200 with the AP-REP proves the end; incomplete would be defensible"])
def replies_only(b):
    logon(b, f"dst host {CLIENT}")


@scenario("one-sided-web-requests", "the KDC in both directions, the web server's answers missing", verdict="incomplete", outcome="unknown", rules=["cap-one-sided"],
          see=[*ASKED, *TGS, *TOKEN], never=["http [2345]"])
def web_requests(b):
    logon(b, f"not src host {WEB}")


@scenario("one-sided-kdc-replies-missing", "the KDC's answers are missing, everything else is there", rules=["cap-one-sided"],
          see=[*DNS, *CHALLENGE, *TGS_REQ, *DONE], never=["krb TGS-REP"])
def kdc_requests(b):
    logon(b, f"not (src host {DC} and port 88)")


@scenario("tgs-req-not-captured", "the client's packets to the KDC are missing, the TGS-REP is there", see=[*CHALLENGE, "krb TGS-REP", *DONE], never=TGS_REQ, rules=["cap-one-sided"])
def kdc_replies(b):
    logon(b, f"not (dst host {DC} and port 88)")


def paused(name, says, begin, end, **more):
    """A client that pauses between its steps; the capture begins and ends at named pauses."""
    @scenario(name, says, **more)
    def play(b):
        b.apache(options="KeepAliveTimeout 30")
        b.kinit()
        b.work.mkdir(parents=True, exist_ok=True)
        mark = b.work / "mark"
        mark.write_text("")
        if not begin:
            b.capture()
        going = b.background("/usr/bin/python3", TOOLS / "gssget.py", f"http://{HOST}/", "--pause", "1.2", "--signal", mark)

        def until(at):
            limit = time.time() + 15
            while at not in mark.read_text():
                if time.time() > limit:
                    raise TimeoutError(at)
                time.sleep(0.02)
        if begin:
            until(begin)
            b.capture()
        if end:
            until(end)
            b.stop_capture(0.3)
        going.wait(30)


paused("late-after-401", "the capture began after the 401", "challenged", None, see=[*TGS, *DONE], never=["http 401", "dns"], rules=["cap-started-late"])
paused("late-after-ticket", "the capture began after the ticket was issued", "ticket", None, see=DONE, never=["http 401", "krb TGS"], rules=["cap-started-late"])
paused("early-after-401", "the capture ended after the 401", None, "challenged", verdict="incomplete", outcome="unknown", see=[*DNS, *CHALLENGE], never=["krb TGS", *NO_TOKEN], rules=["cap-ended-early"])
paused("early-after-ticket", "the capture ended after the ticket was issued", None, "ticket", verdict="incomplete", outcome="unknown", see=[*DNS, *CHALLENGE, *TGS], never=NO_TOKEN, rules=["cap-ended-early"])
paused("middle-only", "the capture began after the 401 and ended after the ticket", "challenged", "ticket", kind="ticket", verdict="incomplete", outcome="kerberos", see=TGS,
       never=["http"], rules=[])


@scenario("early-after-token", "the capture ended after the token, before the answer", verdict="incomplete", outcome="unknown", rules=["cap-ended-early"],
          see=[*DNS, *CHALLENGE, *TGS, *TOKEN], never=["http 200"])
def early_token(b):
    b.odd("--delay", "1.5")
    b.kinit()
    b.capture()
    b.background("curl", "-sS", "-o", "/dev/null", "--anyauth", "-u", ":", f"http://{HOST}/")
    time.sleep(2.4)
    b.stop_capture(0)


@scenario("early-after-request", "the capture ended after the first request, before any answer", verdict="incomplete", outcome="unknown", spn=None, rules=["cap-ended-early"],
          see=[*DNS, *ASKED], never=["http [2345]"])
def early_request(b):
    b.odd("--delay", "3")
    b.kinit()
    b.capture()
    b.background("curl", "-sS", "-o", "/dev/null", "--anyauth", "-u", ":", f"http://{HOST}/")
    time.sleep(0.8)
    b.stop_capture(0)


@scenario("early-after-dns-query", "the capture ended after the DNS query, before its time was up", verdict="incomplete", outcome="unknown", spn=None, rules=["cap-ended-early"],
          see=["dns query A"], never=["dns answer", "tcp"])
def early_dns(b):
    b.nft("dc", "udp dport 53 drop")
    b.capture()
    b.background("curl", "-sS", "-o", "/dev/null", "--anyauth", "-u", ":", f"http://{HOST}/")
    time.sleep(0.3)
    b.stop_capture(0)


@scenario("early-after-syn", "the capture ended a moment after the first SYN", verdict="incomplete", outcome="unknown", spn=None, rules=["cap-ended-early"],
          see=[*DNS, r"tcp syn .*:80"], never=["syn-ack"])
def early_syn(b):
    b.apache()
    b.nft("web", "tcp dport 80 drop")
    b.capture()
    b.background("curl", "-sS", "-o", "/dev/null", "--anyauth", "-u", ":", f"http://{HOST}/")
    time.sleep(0.3)
    b.stop_capture(0)


@scenario("early-after-tgs-req", "the capture ended after the TGS-REQ, before the KDC's answer", verdict="incomplete", outcome="unknown", rules=["cap-ended-early"],
          see=[*DNS, *CHALLENGE, *TGS_REQ], never=["krb TGS-REP"])
def early_tgs(b):
    b.apache()
    b.kinit()
    b.nft("dc", "tcp sport 88 meta length > 80 drop", hook="output")
    b.capture()
    b.background("curl", "-sS", "-o", "/dev/null", "--anyauth", "-u", ":", f"http://{HOST}/")
    time.sleep(0.7)
    b.stop_capture(0)


def cut(name, size, says, **more):
    @scenario(name, says, rules=["cap-truncated"], **more)
    def play(b):
        logon(b, snaplen=size)


cut("snaplen-68", 68, "frames cut at 68 bytes: headers of TCP only", verdict="incomplete", outcome="unknown", spn=None, see=["cut"], never=["http", "krb"],
    notes=["nothing can be said but that connections existed"])
cut("snaplen-128", 128, "frames cut at 128 bytes: DNS readable, HTTP only its first line", verdict="incomplete", outcome="unknown", see=["cut"],
    notes=["a 200 to a request with Negotiate can be read: ok is defensible"])
cut("snaplen-512", 512, "frames cut at 512 bytes: requests readable, tokens and tickets cut", verdict="ok", see=["cut"],
    notes=["the 200 is readable and holds the AP-REP: ok; incomplete is defensible"])


@scenario("snaplen-256-refused", "frames cut at 256 bytes; the token is refused", verdict="diverged", step=8, outcome="refused", rules=["ap-401-bare", "ap-bad-integrity", "ap-modified", "ap-401-loop"],
          see=["cut"], notes=["if the 401's token is cut away, incomplete is defensible"])
def cut_refused(b):
    refused_logon(b, snaplen=256)


@scenario("point-web", "captured at the web server", point="web", see=[*CHALLENGE, *DONE], never=["krb TGS", "dns"])
def point_web(b):
    logon(b, role="web")


@scenario("point-dc", "captured at the domain controller", kind="ticket", verdict="incomplete", point="dc", spn=SPN, see=[*DNS, *TGS], never=["http"])
def point_dc(b):
    logon(b, role="dc")


@scenario("point-web-refused", "captured at the web server: the token is refused with 31", point="web", verdict="diverged", step=8, outcome="refused",
          rules=["ap-bad-integrity", "ap-modified"], code=31, see=[*CHALLENGE, *refused(31)], never=["krb TGS"])
def point_web_refused(b):
    b.apache(keytab_path=b.keytab([e.spoiled() for e in domain.keys("iissvc", [SPN])]))
    b.kinit()
    b.capture("web")
    b.curl()


@scenario("point-switch-duplicates", "captured on all ports of the switch: every frame several times (Linux cooked v2)", point="sw", see=[*DNS, *CHALLENGE, *TGS_REQ, *DONE], rules=["cap-duplicates"])
def point_switch(b):
    b.apache()
    b.kinit()
    b.capture("sw", interface="any", snaplen=4000, extra=["-B", "16384"])
    b.curl()


@scenario("point-switch-refused", "captured on all ports of the switch: duplicates, and a token refused", point="sw", verdict="diverged", step=8, outcome="refused",
          rules=["ap-bad-integrity", "ap-modified"], code=31, see=[*CHALLENGE, *refused(31)])
def point_switch_refused(b):
    b.apache(keytab_path=b.keytab([e.spoiled() for e in domain.keys("iissvc", [SPN])]))
    b.kinit()
    b.capture("sw", interface="any", snaplen=4000, extra=["-B", "16384"])
    b.curl()


@scenario("two-clients-one-fails", "captured at the web server: client1 succeeds, client2 sends no token", point="web", verdict="diverged", step=7, outcome="refused", user=None,
          rules=["http-401-ignored", "tgs-no-request"], see=[*CHALLENGE, *DONE, *CHALLENGE],
          more=[{"kind": "http", "host": HOST, "client": CLIENT, "verdict": "ok", "divergedAt": None, "outcome": "kerberos", "rules": [], "code": None}],
          notes=["the diverging one is client2, 192.168.2.102"])
def two_clients(b):
    b.apache()
    b.kinit()
    b.capture("web")
    b.curl()
    b.curl(role="client2")


@scenario("noise-nxdomain", "forty failing look-ups of other names around one good logon", see=["rcode=3", *FULL, "rcode=3"])
def noise(b):
    b.apache()
    b.kinit()
    b.capture()
    lookups(b, range(20))
    b.curl()
    lookups(b, range(20, 40))


@scenario("noise-around-failure", "failing look-ups and refused connections around one logon that fails for its SPN", verdict="diverged", step=6, outcome="refused",
          rules=["tgs-s-unknown"], code=7, host="nospn.contoso.com", see=["rcode=3", "tcp rst", *CHALLENGE, "krb KRB-ERROR 7 "])
def noise_failure(b):
    b.apache()
    b.kinit()
    b.capture()
    lookups(b, range(10))
    b.curl("http://other.contoso.com/")
    b.curl("http://nospn.contoso.com/")
    lookups(b, range(10, 20))


def lookups(b, numbers):
    names = [f"tracker{i}.example.net" for i in numbers]
    b.tool("dig", "+tries=1", "+time=1", *names)


@scenario("nothing-at-all", "a capture of nothing but a look-up and a datagram: no authentication", verdict="none", outcome=None, kind=None, host=None, spn=None, user=None,
          see=["dns query A", "icmp 3/3"], never=["http", "krb"])
def nothing(b):
    b.capture()
    b.tool("dig", "+tries=1", "client1.contoso.com")
    b.tool("bash", "-c", f"echo hello > /dev/udp/{WEB}/9")
