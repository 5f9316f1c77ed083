"""Tokens that the web server refuses, and clients that send none."""

from kflab import domain
from kflab.net import ADDRESS
from kflab.scenario import HOST, scenario
from kflab.web import GSSAPI

from .s2_names import ntlm_apache
from .steps import ASKED, CHALLENGE, DNS, DONE, NO_TGS, NO_TOKEN, TGS, TOKEN, refused

OTHER, WEB = ADDRESS["other"], ADDRESS["web"]
SPN = [f"HTTP/{HOST}"]


def token_fails(name, says, number, rules, **more):
    more.setdefault("see", [*DNS, *CHALLENGE, *TGS, *(refused(number) if number else [*TOKEN, "http 401"])])
    more.setdefault("outcome", "refused")
    return scenario(name, says, verdict="diverged", step=8, rules=rules, code=number, **more)


def plain(b, **apache):
    b.apache(**apache)
    b.kinit()
    b.capture()
    b.curl()


@token_fails("server-clock-behind", "the web server's clock is 20 minutes behind", 33, ["ap-tkt-nyv"])
def server_behind(b):
    plain(b, env=b.faketime("-20m"))


@token_fails("server-clock-hours-ahead", "the web server's clock is 11 hours ahead", 32, ["ap-tkt-expired"])
def server_ahead(b):
    plain(b, env=b.faketime("+11h"))


@scenario("server-clock-4-minutes", "the web server's clock is 4 minutes ahead: inside the tolerance", rules=["ap-skew"], see=[*DNS, *CHALLENGE, *TGS, *DONE])
def server_4(b):
    plain(b, env=b.faketime("+4m"))


@token_fails("keytab-other-principal", "the keytab holds another principal only", 35, ["ap-not-us"])
def other_principal(b):
    plain(b, keytab_path=b.keytab(domain.keys("othersvc", ["HTTP/other.contoso.com"])))


@scenario("keytab-other-name-same-key", "the keytab has the right key under another name only; MIT tries every key and accepts",
          see=[*DNS, *CHALLENGE, *TGS, *DONE])
def other_name(b):
    plain(b, keytab_path=b.keytab(domain.keys("iissvc", ["HTTP/second.contoso.com"])))


@token_fails("keytab-missing", "the keytab does not exist", None, ["ap-401-bare", "ap-401-loop", "ap-nokey"], notes=["mod_auth_gssapi answers with the bare challenge, no KRB-ERROR"])
def keytab_missing(b):
    b.work.mkdir(parents=True, exist_ok=True)
    plain(b, keytab_path=b.work / "absent.keytab")


@token_fails("keytab-wrong-key", "the keytab has the right name and kvno and the wrong key", 31, ["ap-bad-integrity", "ap-modified"])
def wrong_key(b):
    plain(b, keytab_path=b.keytab([e.spoiled() for e in domain.keys("iissvc", SPN)]))


@token_fails("keytab-missing-etype", "the keytab lacks the ticket's encryption type", 44, ["ap-kvno", "ap-nokey", "ap-etype-server"])
def missing_etype(b):
    plain(b, keytab_path=b.keytab(domain.keys("iissvc", SPN, etypes=(17,))))


@token_fails("keytab-newer-kvno-cached-ticket", "the service's key was changed after the client got its ticket", 44, ["ap-kvno", "ap-bad-integrity"],
             see=[*DNS, *CHALLENGE, *TOKEN, r"krb KRB-ERROR 44 in http"], never=NO_TGS)
def newer_kvno(b):
    b.apache(keytab_path=b.keytab([e.but(kvno=e.kvno + 1).spoiled() for e in domain.keys("iissvc", SPN)]))
    b.kinit()
    b.ticket(SPN[0])
    b.capture()
    b.curl()


@token_fails("spn-other-account-fresh", "the SPN belongs to another account than the one whose key the server has", 31,
             ["ap-bad-integrity", "ap-modified", "ap-kvno"], host="moved.contoso.com", see=[*DNS, *CHALLENGE, *TGS, *TOKEN, "krb KRB-ERROR 31 in http"])
def spn_moved(b):
    b.apache(keytab_path=b.keytab(domain.keys("iissvc", ["HTTP/moved.contoso.com"])))
    b.kinit()
    b.capture()
    b.curl("http://moved.contoso.com/")


@token_fails("replay", "the same token is sent twice; the second is refused as a replay", 34, ["ap-repeat"],
             see=[*DNS, *CHALLENGE, *TGS, *DONE, *refused(34)], notes=["the first presentation succeeded"])
def replay(b):
    rcache = b.work / "rcache"
    rcache.mkdir(parents=True, exist_ok=True)
    rcache.chmod(0o777)
    for f in rcache.iterdir():
        f.unlink()
    b.apache(env={"KRB5RCACHETYPE": "dfl", "KRB5RCACHEDIR": str(rcache)})
    b.kinit()
    b.capture()
    b.get(f"http://{HOST}/", "--replay")


@token_fails("proxy-strips-authorization", "a reverse proxy removes the Authorization header; its back-end challenges again", None, ["ap-401-bare", "ap-401-loop"],
             see=[*DNS, *CHALLENGE, *TGS, *TOKEN, r"http 401 offers \[Negotiate(;|\])"])
def strips(b):
    b.apache(role="other", port=8080)
    b.apache(body="Require all granted\nRequestHeader unset Authorization\nProxyPass http://{other}:8080/")
    b.kinit()
    b.capture()
    b.curl()


@scenario("proxy-passes-negotiate", "a reverse proxy passes challenge and token to its back-end", see=[*DNS, *CHALLENGE, *TGS, *DONE])
def passes(b):
    b.apache(role="other", port=8080)
    b.apache(body="Require all granted\nProxyPass http://{other}:8080/\nProxyPreserveHost On")
    b.kinit()
    b.capture()
    b.curl()


@scenario("challenge-stripped", "a reverse proxy removes Negotiate from the challenge and leaves Basic", verdict="diverged", step=4, outcome="refused",
          spn=None, rules=["http-no-negotiate", "http-negotiate-stripped"], see=[*DNS, *ASKED, r"http 401 offers \[Basic"], never=[*NO_TGS, r"offers \[Nego"])
def challenge_stripped(b):
    b.apache(role="other", port=8080)
    b.apache(body='Require all granted\nProxyPass http://{other}:8080/\nHeader always unset WWW-Authenticate\nHeader unset WWW-Authenticate\nHeader always set WWW-Authenticate "Basic realm=lab"')
    b.kinit()
    b.capture()
    b.curl()


def size(name, status, rule="ap-400-size"):
    @token_fails(name, f"{status} to the token of a user with 700 groups", None, [rule], user="hugejohn", see=[*DNS, *CHALLENGE, r"krb TGS-REP", *TOKEN, f"http {status}"])
    def play(b):
        b.odd("--token", str(status))
        b.kinit("hugejohn")
        b.capture()
        b.curl(user="hugejohn")


size("token-431", 431)
size("token-413", 413)


@token_fails("reject-without-error", "401 with a bare SPNEGO reject, no KRB-ERROR (as a Heimdal acceptor answers)", None, ["ap-reject-negstate", "ap-401-bare"],
             see=[*DNS, *CHALLENGE, *TGS, *TOKEN, r"http 401 offers \[Negotiate\+token"], notes=["the web server is a stand-in"])
def bare_reject(b):
    b.odd("--token", "reject")
    b.kinit()
    b.capture()
    b.curl()


@token_fails("bare-401-after-token", "the bare challenge again after the token", None, ["ap-401-bare", "ap-401-loop"], see=[*DNS, *CHALLENGE, *TGS, *TOKEN, "http 401"],
             notes=["the web server is a stand-in"])
def bare_401(b):
    b.odd("--token", "401:Negotiate")
    b.kinit()
    b.capture()
    b.curl()


@token_fails("token-401-loop", "three tokens on three connections, each answered with the bare challenge", None, ["ap-401-loop", "ap-401-bare"],
             see=[*CHALLENGE, *TGS, *TOKEN, "http 401", *TOKEN, "http 401", *TOKEN, "http 401"], notes=["the web server is a stand-in"])
def loop_401(b):
    b.odd("--token", "401:Negotiate")
    b.kinit()
    b.capture()
    for _ in range(3):
        b.get(f"http://{HOST}/")


@scenario("first-token-401-then-ok", "the first token gets 401, the same request with a token on the same ticket succeeds", verdict="ok",
          rules=["http-401-first-preauth"], see=[r"http GET .*\+auth:Negotiate", "http 401", r"http GET .*\+auth:Negotiate", "http 200"], notes=["the web server is a stand-in",
          "contract: a Kerberos token refused by the service is never absorbed by a success with another connection; here it is the first-request rule on one connection"])
def first_401(b):
    b.odd("--token", "401:Negotiate", "--token", "200")
    b.kinit()
    b.capture()
    b.get(f"http://{HOST}/", "--preempt")


@token_fails("token-truncated", "the token is cut at 600 bytes on its way", None, ["ap-defective-token", "ap-401-bare"],
             see=[*DNS, *CHALLENGE, *TGS, r"http GET .*\+auth:Negotiate", "http 401"])
def truncated(b):
    b.apache()
    b.kinit()
    b.capture()
    b.get(f"http://{HOST}/", "--truncate", "600")


@scenario("ticket-never-presented", "the ticket is issued and the client never sends it", verdict="diverged", step=7, outcome="refused",
          rules=["http-401-ignored", "tgs-no-request", "tcp-not-delivered"], see=[*DNS, *CHALLENGE, *TGS], never=NO_TOKEN,
          notes=["divergedAt is what counts; no rule is named for it"])
def never_presented(b):
    b.apache()
    b.kinit()
    b.capture()
    b.get(f"http://{HOST}/", "--ticket-only", "--wait", "8")


@scenario("basic-chosen", "Negotiate and Basic are offered; the client answers with Basic and is let in", verdict="diverged", step=5, outcome="basic",
          rules=["neg-basic-chosen"], see=[*DNS, *ASKED, r"http 401 offers \[Negotiate;? Basic", r"http GET .*\+auth:Basic", "http 200"])
def basic_chosen(b):
    b.apache(body=GSSAPI + "GssapiBasicAuth On")
    b.capture()
    b.get(f"http://{HOST}/", "--basic", f"John:{domain.PASSWORD}")


@scenario("basic-chosen-wrong-password", "Negotiate and Basic are offered; the client answers with Basic and a wrong password", verdict="diverged", step=5,
          outcome="refused", rules=["neg-basic-chosen"], see=[*DNS, *ASKED, r"http 401 offers \[Negotiate;? Basic", r"http GET .*\+auth:Basic", "http 401"])
def basic_wrong(b):
    b.apache(body=GSSAPI + "GssapiBasicAuth On")
    b.capture()
    b.get(f"http://{HOST}/", "--basic", "John:wrong")


@scenario("negotiate-ntlm-accepted", "NTLM inside Negotiate without any ticket request, accepted", verdict="diverged", step=5, outcome="ntlm",
          rules=["neg-ntlm-no-tgs", "tgs-no-request"], see=[*DNS, *CHALLENGE, "ntlm type1", "ntlm type2", "ntlm type3", "http 200"], never=NO_TGS)
def ntlm_accepted(b):
    env = b.ntlm("web", "client")
    ntlm_apache(b, env)
    b.capture()
    b.get(f"http://{HOST}/", "--mech", "ntlm", env=env)


@scenario("negotiate-ntlm-refused", "NTLM inside Negotiate with a password the server does not know", verdict="diverged", step=5, outcome="refused",
          rules=["neg-ntlm-no-tgs", "tgs-no-request", "neg-ntlm-fail"], see=[*DNS, *CHALLENGE, "ntlm type1", "ntlm type2", "ntlm type3", "http 401"], never=[*NO_TGS, "http 200"])
def ntlm_refused(b):
    env = b.ntlm("web", "client")
    ntlm_apache(b, env)
    wrong = b.work / "ntlm-wrong"
    wrong.write_text("CONTOSO:John:not-this\n")
    b.capture()
    b.get(f"http://{HOST}/", "--mech", "ntlm", env={"NTLM_USER_FILE": str(wrong)})


@scenario("ntlm-only-web-leg", "NTLM inside Negotiate; nothing but the web connection was captured", verdict="diverged", step=7, outcome="ntlm",
          rules=["neg-ntlm-no-tgs", "tgs-no-request"], see=[*CHALLENGE, "ntlm type1", "ntlm type3", "http 200"], never=["dns", "krb"],
          notes=["step 7 by the rule for a capture that holds nothing of the client but this service's connections"])
def ntlm_leg(b):
    env = b.ntlm("web", "client")
    ntlm_apache(b, env)
    b.capture(filter="tcp port 80")
    b.get(f"http://{HOST}/", "--mech", "ntlm", env=env)
