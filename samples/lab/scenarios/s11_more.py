"""Mixed cases that ask for judgement: repairs within a capture, fallbacks, IPv6, slow servers."""

import time

from kflab import domain, keytab
from kflab.net import ADDRESS
from kflab.scenario import HOST, scenario
from kflab.sh import run, stop

from .s2_names import ntlm_apache
from .steps import ASKED, CHALLENGE, DNS, DONE, FULL, TGS, TOKEN, refused

WEB, DC, OTHER = ADDRESS["web"], ADDRESS["dc"], ADDRESS["other"]
SPN = f"HTTP/{HOST}"
OK = {"kind": "http", "verdict": "ok", "divergedAt": None, "outcome": "kerberos", "rules": [], "code": None}


@scenario("spn-registered-meanwhile", "no SPN at first (7); it is registered while the capture runs, and the next try succeeds", host="plain.contoso.com",
          see=[*CHALLENGE, "krb KRB-ERROR 7 ", *CHALLENGE, *TGS, *DONE])
def registered(b):
    b.apache(keytab_path=b.keytab(domain.keys("iissvc", ["HTTP/plain.contoso.com"])))
    b.kinit()
    b.undo.callback(domain.samba_tool, "spn", "delete", "HTTP/plain.contoso.com", "iissvc", check=False)
    b.capture()
    b.curl("http://plain.contoso.com/")
    domain.samba_tool("spn", "add", "HTTP/plain.contoso.com", "iissvc")
    b.curl("http://plain.contoso.com/")


@scenario("keytab-repaired-meanwhile", "a token is refused (31); the keytab is repaired and the next connection succeeds", verdict="diverged", step=8, outcome="refused",
          rules=["ap-bad-integrity", "ap-modified"], code=31, see=[*CHALLENGE, *refused(31), *CHALLENGE, *DONE], more=[{**OK, "host": HOST}],
          notes=["a refused Kerberos token is never absorbed by a later success on another connection: two sequences"])
def repaired(b):
    right = domain.keys("iissvc", [SPN])
    path = b.keytab([e.spoiled() for e in right])
    b.apache(keytab_path=path)
    b.kinit()
    b.capture()
    b.curl()
    keytab.write(path, right)
    b.curl()


@scenario("dns-record-added-meanwhile", "NXDOMAIN at first; the record is added and the next try succeeds", host="late.contoso.com", spn="HTTP/late.contoso.com",
          see=["dns answer A late.contoso.com rcode=3", *DNS, *CHALLENGE, *TGS, *DONE])
def record_added(b):
    admin = f"-UAdministrator%{domain.PASSWORD}"
    record = [DC, "contoso.com", "late", "A", WEB, admin, "-s", domain.CONF]
    b.apache(keytab_path=b.keytab(domain.keys("iissvc", ["HTTP/late.contoso.com"])))
    b.undo.callback(domain.samba_tool, "spn", "delete", "HTTP/late.contoso.com", "iissvc", check=False)
    b.undo.callback(run, ["samba-tool", "dns", "delete", *record], "dc", check=False)
    domain.samba_tool("spn", "add", "HTTP/late.contoso.com", "iissvc")
    b.kinit()
    b.capture()
    b.curl("http://late.contoso.com/")
    run(["samba-tool", "dns", "add", *record], "dc")
    b.curl("http://late.contoso.com/")


@scenario("web-started-meanwhile", "the port is closed at first (RST); the server is started and the next try succeeds", see=[*DNS, r"tcp rst .*:80>", *CHALLENGE, *TGS, *DONE])
def started(b):
    b.kinit()
    b.capture()
    b.curl()
    b.apache()
    b.curl()


@scenario("ntlm-after-rejected-token", "the Kerberos token is refused (31), then NTLM is accepted on a new connection", verdict="diverged", step=8, outcome="ntlm",
          rules=["ap-bad-integrity", "ap-modified"], code=31, see=[*CHALLENGE, *TGS, *refused(31), "ntlm type1", "ntlm type2", "ntlm type3", "http 200"])
def ntlm_after(b):
    env = b.ntlm("web", "client")
    body = "AuthType GSSAPI\nAuthName lab\nGssapiAllowedMech krb5\nGssapiAllowedMech ntlmssp\nGssapiConnectionBound On\nRequire valid-user\n"
    path = b.keytab([e.spoiled() for e in domain.keys("iissvc", [SPN])])
    b.apache(body=body, env={**env, "KRB5_KTNAME": str(path)})
    b.kinit()
    b.capture()
    b.get(f"http://{HOST}/", "--then-ntlm", "--mech", "krb5", env=env)


@scenario("two-sites-kerberos-and-ntlm", "one client: one site with Kerberos, another by its address with NTLM", verdict="diverged", step=5, outcome="ntlm", host=WEB, spn=None,
          rules=["tgs-spn-ip", "neg-ntlm-no-tgs", "tgs-no-request"], see=[*DONE, "ntlm type1", "ntlm type3", "http 200"], more=[{**OK, "host": HOST}])
def two_sites(b):
    env = b.ntlm("web", "client")
    ntlm_apache(b, env)
    b.kinit()
    b.capture()
    b.get(f"http://{HOST}/", "--mech", "krb5")
    b.get(f"http://{WEB}/", "--mech", "ntlm", env=env)


@scenario("two-sites-both-ok", "two sites of one server, two tickets", host="second.contoso.com", see=["krb TGS-REQ .*iisserver", *DONE, "krb TGS-REQ .*second", *DONE], more=[{**OK, "host": HOST}])
def both_ok(b):
    b.apache()
    b.kinit()
    b.capture()
    b.curl()
    b.curl("http://second.contoso.com/")


@scenario("same-site-ok-then-refused", "one site, twice: the first logon succeeds, later the server's clock is wrong", verdict="diverged", step=8, outcome="refused", rules=["ap-tkt-nyv"], code=33,
          see=[*FULL, *CHALLENGE, *refused(33)], more=[{**OK, "host": HOST}])
def ok_then_refused(b):
    first = b.apache()
    b.kinit()
    b.capture()
    b.curl()
    stop(first)
    b.apache(env=b.faketime("-20m"))
    b.curl()


@scenario("challenge-slow", "the challenge takes three seconds, all else is well", see=[*DNS, *CHALLENGE, *TGS, *TOKEN, "http 200"], notes=["the web server is a stand-in: no AP-REP in the 200"], rules=["ap-no-ap-rep"])
def slow(b):
    b.odd("--delay", "3")
    b.kinit()
    b.capture()
    b.curl(seconds=20)


@scenario("challenge-in-one-line", "Negotiate, NTLM and Basic in one WWW-Authenticate line", see=[*DNS, *ASKED, "http 401", *TGS, *TOKEN, "http 200"])
def one_line(b):
    b.apache(role="other", port=8080)
    b.apache(body='Require all granted\nProxyPass http://{other}:8080/\nHeader set WWW-Authenticate "Negotiate, NTLM, Basic realm=\\"lab\\"" "expr=%{REQUEST_STATUS} == 401"')
    b.kinit()
    b.capture()
    b.curl()


@scenario("expect-continue", "a POST with Expect: 100-continue", see=[*DNS, "http 401", *TGS, "http 100", r"http POST .*\+auth:Negotiate", "http 200"],
          notes=["the 401 comes before the body of the first POST was sent; with the token 100 Continue comes first"])
def expect(b):
    b.apache()
    b.kinit()
    b.capture()
    b.curl(f"http://{HOST}/post", "-H", "Expect: 100-continue", "--data", "x=1" * 1000)


@scenario("large-download-after", "64 kB after the logon, in many segments", see=[*FULL])
def download(b):
    b.apache()
    b.kinit()
    b.capture()
    b.curl(f"http://{HOST}/big.txt")


@scenario("token-lost-in-part", "one segment of the token is lost and sent again", see=[*DNS, *CHALLENGE, *TGS, r"tcp data \d+ .*:80 again", "http 200"])
def lost_segment(b):
    b.apache(options="KeepAliveTimeout 30")
    b.kinit()
    b.nft("web", "tcp dport 80 meta length > 1400 limit rate over 1/hour burst 1 packets counter accept", "tcp dport 80 meta length > 1400 drop")
    b.capture()
    going = b.background("curl", "-sS", "-o", "/dev/null", "--anyauth", "-u", ":", f"http://{HOST}/")
    time.sleep(0.25)
    b.un_nft("web")
    going.wait(20)


@scenario("icmp-from-elsewhere", "an ICMP error about another conversation stands in the middle of a good logon", see=["icmp 3/3", *FULL])
def icmp_elsewhere(b):
    b.apache()
    b.kinit()
    b.capture()
    b.tool("bash", "-c", f"echo x > /dev/udp/{WEB}/9")
    b.curl()


@scenario("no-tgt-after-good-logon", "Jane has no TGT; John's logon from the same client before hers is good", verdict="diverged", step=5, outcome="refused", rules=["http-401-ignored", "tgs-no-request"], user="Jane",
          see=[*FULL, *CHALLENGE, *CHALLENGE], more=[{**OK, "host": HOST, "user": "John"}], notes=["nothing in the second connection names Jane, and the same request line within 30 seconds may bind both into one sequence: doubtful"])
def no_tgt_after(b):
    b.apache()
    b.kinit()
    b.capture()
    b.curl()
    b.curl(user="Jane")


# --- IPv6

@scenario("ipv6-success", "the web leg over IPv6", host="v64.contoso.com", see=["dns answer AAAA", r"tcp syn-ack fd00.*:80>", *CHALLENGE, *TGS, *DONE])
def ipv6_ok(b):
    b.ipv6("client", "web")
    b.apache()
    b.kinit()
    b.capture()
    b.curl("http://v64.contoso.com/")


@scenario("ipv6-port-closed", "an IPv6-only name; nothing listens there", verdict="diverged", step=3, outcome="none", rules=["tcp-rst"], host="six.contoso.com", spn=None,
          see=["dns answer AAAA six", r"tcp syn fd00.*:80", r"tcp rst fd00.*:80>"])
def ipv6_closed(b):
    b.ipv6("client", "web")
    b.kinit()
    b.capture()
    b.curl("http://six.contoso.com/")


@scenario("ipv6-prohibited", "an IPv6-only name; a firewall answers with ICMPv6 administratively prohibited", verdict="diverged", step=3, outcome="none", rules=["tcp-host-down", "tcp-syn-timeout", "tcp-rst"], host="six.contoso.com", spn=None,
          see=["dns answer AAAA six", r"tcp syn fd00.*:80", "icmp6 1/1"], never=["syn-ack"])
def ipv6_prohibited(b):
    b.ipv6("client", "web")
    b.nft("web", "tcp dport 80 reject with icmpx type admin-prohibited")
    b.kinit()
    b.capture()
    b.curl("http://six.contoso.com/")


@scenario("ipv6-neighbour-silent", "an IPv6-only name whose host does not exist: neighbour solicitations unanswered", verdict="diverged", step=3, outcome="none", rules=["tcp-host-down"], host="six.contoso.com", spn=None,
          see=["dns answer AAAA six", "ndp who-has fd00:192:168:2::104", "ndp who-has fd00:192:168:2::104"], never=[r"tcp syn .*:80"])
def ipv6_silent(b):
    b.ipv6("client")
    b.kinit()
    b.capture()
    b.curl("http://six.contoso.com/")
