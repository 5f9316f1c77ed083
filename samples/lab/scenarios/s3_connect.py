"""Connections to the web server, and answers that are no challenge."""

from kflab.net import ADDRESS
from kflab.scenario import HOST, scenario

from .steps import ASKED, CHALLENGE, CONNECT, DNS, NO_TGS, TGS, TOKEN

OTHER, WEB = ADDRESS["other"], ADDRESS["web"]


def fails(name, says, step, outcome, rules, **more):
    more.setdefault("spn", None if step < 5 else f"HTTP/{HOST}")
    return scenario(name, says, verdict="diverged", step=step, outcome=outcome, rules=rules, **more)


@fails("host-down-arp", "the web server does not exist: ARP unanswered, no SYN leaves", 3, "none", ["tcp-host-down", "tcp-arp"], host="dead.contoso.com",
       see=[r"dns answer A dead.*192\.168\.2\.100", r"arp who-has 192\.168\.2\.100", r"arp who-has 192\.168\.2\.100"], never=[r"tcp syn .*:80"])
def host_down(b):
    b.kinit()
    b.capture()
    b.curl("http://dead.contoso.com/")


@fails("web-icmp-prohibited", "a firewall answers the SYN with ICMP administratively prohibited", 3, "none", ["tcp-host-down", "tcp-syn-timeout", "tcp-rst"],
       see=[*DNS, r"tcp syn .*:80", "icmp 3/13"], never=["tcp syn-ack"], notes=["no rule is made for this one; the nearest is accepted"])
def icmp_prohibited(b):
    b.apache()
    b.nft("web", "tcp dport 80 reject with icmpx type admin-prohibited")
    b.kinit()
    b.capture()
    b.curl(seconds=6)


@fails("web-icmp-host-unreachable", "the SYN is answered with ICMP host unreachable", 3, "none", ["tcp-host-down"],
       see=[*DNS, r"tcp syn .*:80", "icmp 3/1"], never=["tcp syn-ack"])
def icmp_host(b):
    b.apache()
    b.nft("web", "tcp dport 80 reject with icmpx type host-unreachable")
    b.kinit()
    b.capture()
    b.curl(seconds=6)


@fails("web-wrong-port", "URL with a port on which nothing listens", 3, "none", ["tcp-rst"], see=[*DNS, r"tcp syn .*:8443", r"tcp rst .*:8443>"])
def wrong_port(b):
    b.apache()
    b.kinit()
    b.capture()
    b.curl(f"http://{HOST}:8443/")


@fails("web-closes-after-request", "the server closes the connection without a byte", 4, "none", ["http-rst-after-request"],
       see=[*DNS, *CONNECT, *ASKED, rf"tcp fin {WEB}:80"], never=["http [2345]", *NO_TGS])
def closes(b):
    b.odd("--anonymous", "close", "--delay", "0.2")
    b.kinit()
    b.capture()
    b.curl()


@fails("web-resets-after-request", "the server resets the connection after the request", 4, "none", ["http-rst-after-request"],
       see=[*DNS, *CONNECT, *ASKED, rf"tcp rst {WEB}:80"], never=["http [2345]", *NO_TGS])
def resets(b):
    b.odd("--anonymous", "reset", "--delay", "0.2")
    b.kinit()
    b.capture()
    b.curl()


@fails("web-hangs", "the request is acknowledged and never answered; the client gives up", 4, "none", ["http-no-answer"],
       see=[*DNS, *CONNECT, *ASKED, r"tcp fin 192\.168\.2\.101"], never=["http [2345]", *NO_TGS])
def hangs(b):
    b.odd("--anonymous", "hang")
    b.kinit()
    b.capture()
    b.curl(seconds=8)


@fails("web-speaks-tls-on-80", "a plain request to a TLS port: the server answers with an alert and closes", 4, "none", ["http-rst-after-request", "http-no-answer"],
       see=[*DNS, *CONNECT, *ASKED, rf"tcp fin {WEB}:80"], never=["http [2345]", *NO_TGS])
def tls_on_80(b):
    b.odd("--anonymous", "garbage")
    b.kinit()
    b.capture()
    b.curl()


@fails("request-not-delivered", "the handshake works, the request is never acknowledged", 3, "none", ["tcp-not-delivered", "tcp-blackhole"],
       see=[*DNS, *CONNECT, *ASKED, r"tcp data \d+ .*:80 again"], never=["http [2345]", *NO_TGS])
def not_delivered(b):
    b.apache()
    b.nft("web", "tcp dport 80 meta length > 70 drop")
    b.kinit()
    b.capture()
    b.curl(seconds=8)


@fails("mtu-black-hole-token", "small segments pass, the full-size ones of the token are dropped", 7, "none", ["tcp-blackhole", "tcp-not-delivered"],
       see=[*DNS, *CHALLENGE, *TGS, r"tcp data 1448 .*:80 again", r"tcp data 1448 .*:80 again"], never=["http 200"])
def black_hole(b):
    b.apache(options="KeepAliveTimeout 30")
    b.nft("web", "tcp dport 80 meta length > 1400 drop")
    b.kinit()
    b.capture()
    b.curl(seconds=10)


@fails("token-not-delivered", "after the challenge the server's host goes silent: the token is never acknowledged", 7, "none", ["tcp-not-delivered", "tcp-blackhole"],
       see=[*DNS, *CHALLENGE, *TGS, r"tcp data \d+ .*:80 again"], never=["http 200"])
def token_not_delivered(b):
    signalled(b, lambda: b.nft("web", "tcp dport 80 drop"))


@fails("web-hangs-after-token", "the token is acknowledged and never answered", 8, "none", ["ap-no-response"],
       see=[*DNS, *CHALLENGE, *TGS, *TOKEN, r"tcp fin 192\.168\.2\.101"], never=["http 200"])
def hangs_after_token(b):
    b.odd("--token", "hang")
    b.kinit()
    b.capture()
    b.curl(seconds=8)


@fails("web-resets-after-token", "the connection is reset when the token arrives", 8, "none", ["tcp-rst-mid"],
       see=[*DNS, *CHALLENGE, *TGS, *TOKEN, rf"tcp rst {WEB}:80"], never=["http 200"])
def resets_after_token(b):
    b.odd("--token", "reset", "--delay", "0.1")
    b.kinit()
    b.capture()
    b.curl()


@fails("web-closes-after-token", "the connection is closed without a byte when the token arrives", 8, "none", ["tcp-rst-mid"],
       see=[*DNS, *CHALLENGE, *TGS, *TOKEN, rf"tcp fin {WEB}:80"], never=["http 200"])
def closes_after_token(b):
    b.odd("--token", "close", "--delay", "0.1")
    b.kinit()
    b.capture()
    b.curl()


@fails("connection-reset-before-token", "a firewall loses the connection while the ticket is fetched; the token meets a reset", 8, "none", ["tcp-rst-mid"],
       see=[*DNS, *CHALLENGE, *TGS, r"tcp rst .*:80>"], never=["http 200"])
def reset_before_token(b):
    signalled(b, lambda: b.nft("web", "tcp dport 80 reject with tcp reset"))


def signalled(b, change, at="ticket", keep=7):
    """Run a slow client and change something between its steps."""
    import time
    b.apache(options="KeepAliveTimeout 30")
    b.kinit()
    b.work.mkdir(parents=True, exist_ok=True)
    mark = b.work / "mark"
    mark.unlink(missing_ok=True)
    from kflab.sh import TOOLS
    b.capture()
    going = b.background("/usr/bin/python3", TOOLS / "gssget.py", f"http://{HOST}/", "--pause", "0.7", "--signal", mark, "--wait", str(keep))
    until = time.time() + 10
    while time.time() < until and not (mark.exists() and at in mark.read_text()):
        time.sleep(0.05)
    time.sleep(0.15)
    change()
    going.wait(30)


# --- answers that are no challenge

def no_challenge(name, says, status, action, outcome, rules, **more):
    @fails(name, says, 4, outcome, rules, see=[*DNS, *CONNECT, *ASKED, f"http {status}"], never=[*NO_TGS, r"offers \[Negotiate"], **more)
    def play(b):
        b.odd("--anonymous", action)
        b.kinit()
        b.capture()
        b.curl()


no_challenge("anonymous-404", "404 without a challenge: wrong site or binding", 404, "404", "unknown", ["http-no-401"])
no_challenge("anonymous-500", "500 without a challenge", 500, "500", "unknown", ["http-no-401"])
no_challenge("anonymous-503", "503 without a challenge: application pool stopped", 503, "503", "unknown", ["http-no-401"])
no_challenge("anonymous-504", "504 without a challenge: a gateway's back-end is silent", 504, "504", "unknown", ["http-no-401", "http-gateway-error"])
no_challenge("ntlm-only-offered", "only NTLM is offered, and not used", 401, "401:NTLM", "refused", ["http-no-negotiate", "neg-ntlm-only-offer"])
no_challenge("bearer-only-offered", "only Bearer is offered", 401, "401:Bearer", "refused", ["http-no-negotiate"])
no_challenge("digest-only-offered", "only Digest is offered", 401, "401:Digest", "refused", ["http-no-negotiate"])
no_challenge("challenge-without-scheme", "401 without WWW-Authenticate", 401, "401", "refused", ["http-no-negotiate"])


@fails("redirect-to-anonymous", "a redirect to a page that asks for no authentication", 4, "anonymous", ["http-no-401"],
       see=[*DNS, *ASKED, "http 302", *ASKED, "http 200"], never=NO_TGS)
def redirect_anonymous(b):
    b.apache(location="/app", extra="RedirectMatch 302 ^/$ /index.html\n<Location /index.html>\n Require all granted\n</Location>")
    b.kinit()
    b.capture()
    b.curl(f"http://{HOST}/", "-L")


@fails("ntlm-only-used", "only NTLM is offered and the client uses it", 4, "ntlm", ["http-no-negotiate", "neg-ntlm-only-offer"],
       see=[*DNS, *ASKED, r"http 401 offers \[NTLM", "ntlm type1", "ntlm type2", "ntlm type3", "http 200"], never=NO_TGS,
       notes=["the server is a stand-in that accepts any type 3"])
def ntlm_only_used(b):
    b.odd("--anonymous", "401:NTLM", "--token", "ntlm")
    b.capture()
    b.curl(auth=("--anyauth", "-u", "CONTOSO\\John:secret"))


def gateway(name, status, says, backend):
    @fails(name, says, 4, "unknown", ["http-gateway-error", "http-no-401"], see=[*DNS, *CONNECT, *ASKED, f"http {status}"], never=NO_TGS)
    def play(b):
        if backend:
            b.odd("--anonymous", backend, role="other", port=8080)
        b.apache(body="Require all granted\nProxyPass http://{other}:8080/ connectiontimeout=2 timeout=2")
        b.kinit()
        b.capture()
        b.curl()


gateway("gateway-503", 503, "a reverse proxy whose back-end's port is closed", None)
gateway("gateway-502", 502, "a reverse proxy whose back-end closes without an answer", "close")
gateway("gateway-backend-silent", 502, "a reverse proxy whose back-end is silent for two seconds (Apache says 502)", "hang")


@scenario("gateway-502-after-token", "the reverse proxy passes the challenge but fails when the token goes through", verdict="incomplete", outcome="unknown",
          rules=["ap-500", "http-gateway-error"], see=[*DNS, *CHALLENGE, *TGS, *TOKEN, "http 502"])
def gateway_after_token(b):
    b.odd("--token", "close", role="other", port=8080)
    b.apache(body="Require all granted\nProxyPass http://{other}:8080/ timeout=2")
    b.kinit()
    b.capture()
    b.curl()


@scenario("token-500", "500 to the token, no AP-REP: the application or its module failed", verdict="incomplete", outcome="unknown", rules=["ap-500"],
          see=[*DNS, *CHALLENGE, *TGS, *TOKEN, r"http 500 offers \[\]"])
def token_500(b):
    b.odd("--token", "500")
    b.kinit()
    b.capture()
    b.curl()
