"""The sign-on (AS exchange) inside the capture, before the login it is meant for, or alone."""

from kflab import domain
from kflab.net import ADDRESS
from kflab.scenario import scenario

from .steps import CHALLENGE, DONE, NO_TGS, NO_TOKEN, TGS

DC = ADDRESS["dc"]
AS25 = [r"krb AS-REQ", r"krb KRB-ERROR 25 "]


def refused(name, says, user, code, rules, before=AS25, **more):
    """The AS exchange is refused, then the site is opened without a TGT."""
    def register(do):
        @scenario(name, says, verdict="diverged", step=5, outcome="refused", rules=rules, code=code, user=user,
                  see=[*before, rf"krb KRB-ERROR {code} ", *CHALLENGE], never=[*NO_TGS, *NO_TOKEN],
                  more=[{"kind": "sign-on", "verdict": "diverged", "divergedAt": 2, "outcome": "refused", "rules": rules, "code": code}], **more)
        def play(b):
            b.apache()
            do(b)
            b.curl(user=user.split("@")[0])
        return play
    return register


@refused("unknown-user", "a user that does not exist", "nobody-here", 6, ["as-c-unknown"], before=["krb AS-REQ"])
def unknown_user(b):
    b.capture()
    b.kinit("nobody-here", check=False)


@refused("wrong-password", "a wrong password", "wronguser", 24, ["as-preauth-failed"])
def wrong_password(b):
    b.capture()
    b.kinit("wronguser", password="nonsense", check=False)
    b.undo.callback(domain.samba_tool, "user", "unlock", "wronguser", check=False)


@refused("account-expired", "an expired account", "expired", 18, ["as-client-revoked"])
def expired(b):
    b.capture()
    b.kinit("expired", check=False)


@refused("account-locked", "an account locked by wrong passwords before the capture", "locked", 18, ["as-client-revoked"])
def locked(b):
    for _ in range(4):
        b.kinit("locked", password="nonsense", check=False)
    b.undo.callback(domain.samba_tool, "user", "unlock", "locked", check=False)
    b.capture()
    b.kinit("locked", check=False)


@refused("account-locks-in-capture", "three wrong passwords, then the right one: the account is locked by then", "locked", 18, ["as-client-revoked"],
         before=[*AS25, "krb KRB-ERROR 24 ", "krb KRB-ERROR 24 ", "krb KRB-ERROR 24 "])
def locks(b):
    b.undo.callback(domain.samba_tool, "user", "unlock", "locked", check=False)
    b.capture()
    for _ in range(3):
        b.kinit("locked", password="nonsense", check=False)
    b.kinit("locked", check=False)


@refused("password-must-change", "the password must be changed at the first logon; the user gives up", "mustchange", 23, ["as-key-expired"])
def must_change(b):
    b.capture()
    b.tool("kinit", "mustchange", user="mustchange", stdin=f"{domain.PASSWORD}\n")


@refused("password-expired", "the password is older than the domain allows; the user gives up", "victim", 23, ["as-key-expired"])
def password_expired(b):
    dn = "dn: CN=victim,CN=Users,DC=contoso,DC=com\nchangetype: modify\n"
    b.modify(dn + "replace: userAccountControl\nuserAccountControl: 512\n-\nreplace: pwdLastSet\npwdLastSet: 0\n",
             dn + "replace: pwdLastSet\npwdLastSet: -1\n-\nreplace: userAccountControl\nuserAccountControl: 66048\n")
    b.capture()
    b.tool("kinit", "victim", user="victim", stdin=f"{domain.PASSWORD}\n")


@refused("sign-on-etype", "the client offers only Camellia, which the KDC does not have", "John", 14, ["as-etype"], before=["krb AS-REQ"])
def etype(b):
    b.krb5(libdefaults={"permitted_enctypes": "camellia256-cts-cmac camellia128-cts-cmac"})
    b.capture()
    b.kinit(check=False)


@refused("wrong-realm-sign-on", "the user signs on to a realm that this KDC does not serve", "John", 6, ["as-c-unknown", "as-wrong-realm"], before=["krb AS-REQ"],
         notes=["Samba answers 6, others 68"])
def wrong_realm(b):
    b.krb5(realms={"CONTOSO.COM": [DC], "NOWHERE.TEST": [DC]})
    b.capture()
    b.kinit("John", realm="NOWHERE.TEST", check=False)


@refused("keytab-sign-on-wrong-key", "a service signs on with an old keytab", "iissvc", 24, ["as-preauth-failed"])
def keytab_wrong(b):
    path = b.keytab([e.spoiled() for e in domain.keys("iissvc", ["iissvc"])])
    b.undo.callback(domain.samba_tool, "user", "unlock", "iissvc", check=False)
    b.capture()
    b.kinit("iissvc", "-kt", str(path), check=False)


@scenario("sign-on-abandoned", "the TGT is missing; the client asks, gets PREAUTH_REQUIRED and stops (no password at hand)", verdict="diverged", step=5,
          outcome="refused", rules=["as-no-credential", "tgs-no-request", "http-401-ignored"], see=[*AS25, *CHALLENGE], never=[*NO_TGS, *NO_TOKEN, "krb AS-REP"],
          more=[{"kind": "sign-on", "verdict": "incomplete", "divergedAt": None, "outcome": "unknown", "rules": [], "code": None}])
def abandoned(b):
    b.apache()
    b.capture()
    b.tool("kinit", "John", stdin="")
    b.curl()


@scenario("wrong-password-then-right", "a wrong password, the right one, then the site opens", see=[*AS25, "krb KRB-ERROR 24 ", *AS25, "krb AS-REP", *CHALLENGE, *TGS, *DONE],
          more=[{"kind": "sign-on", "verdict": "ok", "divergedAt": None, "outcome": "kerberos", "rules": [], "code": None}])
def then_right(b):
    b.apache()
    b.capture()
    b.kinit(password="nonsense", check=False)
    b.kinit()
    b.curl()


@scenario("must-change-then-changed", "the password must be changed, is changed over kpasswd, then the site opens", user="changer",
          see=[*AS25, "krb KRB-ERROR 23 ", "krb AS-REQ", "krb AS-REP", r"krb AP-REQ", "krb AS-REP", *CHALLENGE, *TGS, *DONE])
def then_changed(b):
    domain.samba_tool("user", "create", "changer", domain.PASSWORD, "--must-change-at-next-login")
    b.undo.callback(domain.samba_tool, "user", "delete", "changer", check=False)
    b.apache()
    b.capture()
    b.tool("kinit", "changer", user="changer", stdin=f"{domain.PASSWORD}\nFresh.Passw0rd\nFresh.Passw0rd\n")
    b.curl(user="changer")


@scenario("sign-on-only", "nothing but a successful sign-on", kind="sign-on", host=None, spn="krbtgt/CONTOSO.COM", see=[*AS25, "krb AS-REQ", "krb AS-REP"], never=["http", "krb TGS"])
def only(b):
    b.capture()
    b.kinit()


@scenario("sign-on-only-wrong-password", "nothing but a refused sign-on", kind="sign-on", host=None, spn="krbtgt/CONTOSO.COM", user="wronguser", verdict="diverged", step=2,
          outcome="refused", rules=["as-preauth-failed"], code=24, see=[*AS25, "krb KRB-ERROR 24 "], never=["http", "krb TGS"])
def only_wrong(b):
    b.undo.callback(domain.samba_tool, "user", "unlock", "wronguser", check=False)
    b.capture()
    b.kinit("wronguser", password="nonsense", check=False)


@scenario("sign-on-tcp-after-52", "the user's TGT is too big for UDP: RESPONSE_TOO_BIG, then TCP", kind="sign-on", host=None, spn="krbtgt/CONTOSO.COM", user="hugejohn",
          see=[*AS25, "krb KRB-ERROR 52 ", r"tcp syn-ack .*:88", "krb AS-REP"])
def tcp_after(b):
    b.capture()
    b.kinit("hugejohn")


@scenario("sign-on-no-reply", "AS-REQs over UDP and TCP, silence", kind="sign-on", host=None, spn="krbtgt/CONTOSO.COM", verdict="diverged", step=2, outcome="none",
          rules=["kdc-port-blocked", "as-no-reply"], see=["krb AS-REQ", "krb AS-REQ"], never=["krb AS-REP", "krb KRB-ERROR"])
def no_reply(b):
    b.nft("dc", "udp dport 88 drop", "tcp dport 88 drop")
    b.capture()
    b.kinit(check=False)


@scenario("sign-on-kdc-closed", "the KDC's host answers ICMP and RST: no KDC there", kind="sign-on", host=None, spn="krbtgt/CONTOSO.COM", verdict="diverged", step=2, outcome="none",
          rules=["kdc-rst"], see=["krb AS-REQ", "icmp 3/3", r"tcp rst .*:88"], never=["krb AS-REP", "krb KRB-ERROR"])
def kdc_closed(b):
    b.krb5(realms={"CONTOSO.COM": [ADDRESS["other"]]})
    b.capture()
    b.kinit(check=False)


@scenario("kdc-blocked-no-tgt", "no TGT and no KDC: AS-REQs unanswered, then the site is opened in vain", verdict="diverged", step=5, outcome="refused",
          rules=["kdc-port-blocked", "as-no-reply"], see=["krb AS-REQ", "krb AS-REQ", *CHALLENGE], never=["krb AS-REP", *NO_TGS, *NO_TOKEN],
          more=[{"kind": "sign-on", "verdict": "diverged", "divergedAt": 2, "outcome": "none", "rules": ["kdc-port-blocked", "as-no-reply"], "code": None}])
def blocked_no_tgt(b):
    b.apache()
    b.nft("dc", "udp dport 88 drop", "tcp dport 88 drop")
    b.capture()
    b.kinit(check=False)
    b.curl()


@scenario("sign-on-second-kdc", "the first KDC does not exist, the second signs the user on", rules=["perf-kdc-failover"],
          see=[r"arp who-has 192\.168\.2\.100", "krb AS-REP", *CHALLENGE, *TGS, *DONE])
def second_kdc(b):
    b.apache()
    b.krb5(realms={"CONTOSO.COM": ["192.168.2.100", DC]})
    b.capture()
    b.kinit()
    b.curl(seconds=30)


@scenario("kpasswd-success", "a password changed over port 464", kind="sign-on", host=None, spn="kadmin/changepw", user="changer2",
          see=["krb AS-REP", r"krb AP-REQ", r"krb AP-REP"])
def kpasswd(b):
    domain.samba_tool("user", "create", "changer2", domain.PASSWORD)
    b.undo.callback(domain.samba_tool, "user", "delete", "changer2", check=False)
    b.capture()
    b.tool("kpasswd", "changer2", user="changer2", stdin=f"{domain.PASSWORD}\nFresh.Passw0rd\nFresh.Passw0rd\n")


@scenario("kpasswd-blocked", "a password change whose port 464 is blocked", kind="sign-on", host=None, spn="kadmin/changepw", rules=["kpasswd-blocked"], user="Jane",
          see=["krb AS-REP", "krb AP-REQ|tcp syn .*:464"], never=["krb AP-REP"], notes=["the sign-on itself succeeds: the rule is a warning"])
def kpasswd_blocked(b):
    b.nft("dc", "udp dport 464 drop", "tcp dport 464 drop")
    b.capture()
    b.tool("kpasswd", "Jane", user="Jane", stdin=f"{domain.PASSWORD}\nFresh.Passw0rd\nFresh.Passw0rd\n", timeout=60)
