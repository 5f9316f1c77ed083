"""Other realms: an MIT KDC (small tickets, all over UDP), a second Active Directory forest, delegation."""

import shutil
import time

from kflab import domain, net
from kflab.net import ADDRESS
from kflab.scenario import HOST, restart_samba, scenario
from kflab.sh import STATE, run, wait_port

from .steps import CHALLENGE, DNS, DONE, NO_TOKEN, TGS

DC, DC2, WEB, OTHER = ADDRESS["dc"], ADDRESS["dc2"], ADDRESS["web"], ADDRESS["other"]
MIT = "EXAMPLE.NET"
SPN = f"HTTP/{HOST}"


def mit(b, *commands, more_conf=""):
    """krb5kdc on kf-dc2 for EXAMPLE.NET, into which the web server's name is mapped."""
    root = STATE / "mit"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    conf = root / "kdc.conf"
    conf.write_text(f"[kdcdefaults]\nkdc_listen = {DC2}:88\nkdc_tcp_listen = {DC2}:88\n[realms]\n {MIT} = {{\n  database_name = {root}/db\n  key_stash_file = {root}/stash\n"
                    f"  acl_file = {root}/acl\n  supported_enctypes = aes256-cts:normal aes128-cts:normal\n{more_conf} }}\n[logging]\n kdc = FILE:{root}/kdc.log\n")
    env = {"KRB5_KDC_PROFILE": str(conf)}
    realms = {"CONTOSO.COM": [DC], MIT: [DC2]}
    for role in ("client", "dc2", "web"):
        b.krb5(role, libdefaults={"default_realm": MIT}, realms=realms, domain_realm={".contoso.com": MIT, "contoso.com": MIT})
    run(["kdb5_util", "-r", MIT, "create", "-s", "-P", "master"], "dc2", env=env)
    for line in (f"addprinc -pw {domain.PASSWORD} +requires_preauth John", f"addprinc -randkey {SPN}", f"ktadd -k {root}/web.keytab {SPN}", *commands):
        run(["kadmin.local", "-r", MIT, "-q", line], "dc2", env=env)
    (root / "web.keytab").chmod(0o644)
    b.server(["krb5kdc", "-n", "-r", MIT], "dc2", 88, env=env, log="krb5kdc.log")
    return root / "web.keytab"


def with_mit(b, *commands, url=f"http://{HOST}/", kinit=True, before=None, seconds=30):
    path = mit(b, *commands)
    b.apache(keytab_path=path, options="KeepAliveTimeout 60")
    if kinit:
        b.kinit()
    if before:
        before()
    b.capture()
    b.curl(url, seconds=seconds)


def mit_scenario(name, says, **more):
    return scenario(name, says, realm=MIT, **more)


def mit_refuses(name, says, code, rules, command, host="special.contoso.com", **more):
    @mit_scenario(name, says, verdict="diverged", step=6, outcome="refused", rules=rules, code=code, host=host, see=[*CHALLENGE, r"krb TGS-REQ .*udp", rf"krb KRB-ERROR {code} .*udp"], never=NO_TOKEN, **more)
    def play(b):
        b.dnsmasq(f"--address=/contoso.com/{WEB}")
        b.resolv(OTHER)
        with_mit(b, *([command] if command else []), url=f"http://{host}/")


@mit_scenario("mit-success-udp", "MIT KDC: all of the ticket traffic over UDP", see=[*DNS, *CHALLENGE, r"krb TGS-REQ .*udp", r"krb TGS-REP .*udp", *DONE], never=[r"tcp syn .*:88"])
def mit_ok(b):
    with_mit(b)


@mit_scenario("mit-sign-on-and-login", "MIT KDC: sign-on and login", see=["krb AS-REQ .*udp", "krb KRB-ERROR 25 ", "krb AS-REP .*udp", *CHALLENGE, "krb TGS-REQ .*udp", "krb TGS-REP .*udp", *DONE])
def mit_sign_on(b):
    path = mit(b)
    b.apache(keytab_path=path)
    b.capture()
    b.kinit()
    b.curl()


@mit_scenario("mit-sign-on-without-preauth", "MIT KDC: an account without pre-authentication, no error 25", user="nopre", see=["krb AS-REQ", "krb AS-REP", *CHALLENGE, *TGS, *DONE], never=["KRB-ERROR"])
def mit_nopre(b):
    path = mit(b, f"addprinc -pw {domain.PASSWORD} -requires_preauth nopre")
    b.apache(keytab_path=path)
    b.capture()
    b.kinit("nopre")
    b.curl(user="nopre")


mit_refuses("mit-spn-missing", "MIT KDC: no such service", 7, ["tgs-s-unknown"], None)
mit_refuses("mit-user-to-user", "MIT KDC: the service may be used for user-to-user only", 27, ["tgs-u2u"], "addprinc -randkey -allow_svr HTTP/special.contoso.com")
mit_refuses("mit-service-locked", "MIT KDC: no tickets for this service (policy)", 7, ["tgs-s-unknown", "tgs-policy"], "addprinc -randkey -allow_tix HTTP/special.contoso.com")
mit_refuses("mit-tgs-policy", "MIT KDC: this service's tickets are not to be had with a TGT (policy)", 12, ["tgs-policy"], "addprinc -randkey -allow_tgs_req HTTP/special.contoso.com")
mit_refuses("mit-service-expired", "MIT KDC: the service's entry has expired", 2, ["tgs-generic", "tgs-policy"], 'addprinc -randkey -expire 2020-01-01 HTTP/special.contoso.com')


@mit_scenario("mit-kdc-udp-icmp", "MIT KDC gone after the sign-on: ICMP for UDP, RST for TCP", verdict="diverged", step=6, outcome="refused", rules=["kdc-rst"],
              see=[*DNS, *CHALLENGE, "krb TGS-REQ .*udp", "icmp 3/3", r"tcp rst .*:88>"], never=["krb TGS-REP", *NO_TOKEN])
def mit_icmp(b):
    with_mit(b, before=lambda: b.nft("dc2", "udp dport 88 reject", "tcp dport 88 reject with tcp reset"))


@mit_scenario("mit-kdc-blocked", "MIT KDC blocked after the sign-on: TGS-REQs over UDP and SYNs unanswered", verdict="diverged", step=6, outcome="refused", rules=["kdc-port-blocked", "tgs-no-reply"],
              see=[*DNS, *CHALLENGE, "krb TGS-REQ .*udp", "krb TGS-REQ .*udp"], never=["krb TGS-REP", *NO_TOKEN, "syn-ack .*:88>"])
def mit_blocked(b):
    with_mit(b, before=lambda: b.nft("dc2", "udp dport 88 drop", "tcp dport 88 drop"), seconds=60)


@mit_scenario("mit-udp-blocked-tcp-works", "UDP 88 rejected with ICMP, TCP 88 works: transport fallback", see=[*DNS, *CHALLENGE, "krb TGS-REQ .*udp", "icmp 3/3", "krb TGS-REQ .*tcp", "krb TGS-REP .*tcp", *DONE])
def mit_fallback(b):
    with_mit(b, before=lambda: b.nft("dc2", "udp dport 88 reject"))


@mit_scenario("mit-udp-lost-once", "the first TGS-REQ is lost, the repeated one answered", see=[*DNS, *CHALLENGE, "krb TGS-REQ .*udp", *TGS, *DONE])
def mit_lost(b):
    path = mit(b)
    b.apache(keytab_path=path, options="KeepAliveTimeout 60")
    b.kinit()
    b.nft("dc2", "udp dport 88 drop", "tcp dport 88 drop")
    b.capture()
    going = b.background("curl", "-sS", "-o", "/dev/null", "--anyauth", "-u", ":", f"http://{HOST}/")
    time.sleep(0.6)
    b.un_nft("dc2")
    going.wait(40)


def mit_as(name, says, code, rules, user, command):
    @mit_scenario(name, says, verdict="diverged", step=5, outcome="refused", rules=rules, code=code, user=user, see=["krb AS-REQ", rf"krb KRB-ERROR {code} ", *CHALLENGE], never=["krb TGS-REQ", *NO_TOKEN],
                  more=[{"kind": "sign-on", "verdict": "diverged", "divergedAt": 2, "outcome": "refused", "rules": rules, "code": code}])
    def play(b):
        path = mit(b, command)
        b.apache(keytab_path=path)
        b.capture()
        b.kinit(user, check=False)
        b.curl(user=user)


mit_as("mit-client-expired", "MIT KDC: the user's entry has expired", 1, ["as-client-revoked"], "old", f"addprinc -pw {domain.PASSWORD} -expire 2020-01-01 old")
mit_as("mit-client-locked", "MIT KDC: no tickets for this user", 18, ["as-client-revoked"], "shut", f"addprinc -pw {domain.PASSWORD} -allow_tix shut")
mit_as("mit-needs-change", "MIT KDC: the password must be changed", 23, ["as-key-expired"], "change", f"addprinc -pw {domain.PASSWORD} +needchange change")


# --- a second forest

def forest(b, accounts=True):
    """FABRIKAM.COM on kf-dc2, trusted both ways; each domain's DNS forwards to the other."""
    fresh = not (STATE / "dc2/private/sam.ldb").exists()
    b.etc("dc2", "resolv.conf", net.resolv_conf([DC2], search="fabrikam.com"))
    if fresh:
        domain.provision("dc2", "FABRIKAM.COM", "FABRIKAM", "DCB", "dc2")
        domain.fill([{"name": "websvc2", "etypes": 24, "spns": ["HTTP/web.fabrikam.com"]}], "dc2", "dc2")
    conf = STATE / "dc2/etc/smb.conf"
    text = conf.read_text()
    if "dns forwarder" not in text or f"dns forwarder = {DC}" not in text:
        conf.write_text(text.replace("[global]\n", f"[global]\n\tdns forwarder = {DC}\n", 1) if "dns forwarder" not in text else
                        "\n".join(f"\tdns forwarder = {DC}" if "dns forwarder" in line else line for line in text.splitlines()) + "\n")
    old = domain.CONF.read_text()
    b.undo.callback(restart_samba)
    b.undo.callback(domain.CONF.write_text, old)
    domain.CONF.write_text("\n".join(f"\tdns forwarder = {DC2}" if "dns forwarder" in line else line for line in old.splitlines()) + "\n")
    if "dns forwarder" not in old:
        domain.CONF.write_text(old.replace("[global]\n", f"[global]\n\tdns forwarder = {DC2}\n", 1))
    b.server(["samba", "--foreground", "--no-process-group", "-s", conf], "dc2", 88, log="samba-dc2.out")
    wait_port("dc2", 445)
    restart_samba()
    time.sleep(2)
    if fresh:
        for name, address in (("web", WEB), ("nospn", WEB)):
            run(["samba-tool", "dns", "add", DC2, "fabrikam.com", name, "A", address, f"-UAdministrator%{domain.PASSWORD}", "-s", conf], "dc2")
        domain.export_keytab("dc2", "dc2", "fabrikam.keytab")
        run(["samba-tool", "domain", "trust", "create", "FABRIKAM.COM", "--type=forest", "--direction=both", "--create-location=both",
             f"-UAdministrator@FABRIKAM.COM%{domain.PASSWORD}", f"--local-dc-username=Administrator@CONTOSO.COM", f"--local-dc-password={domain.PASSWORD}", "-s", domain.CONF], "dc", check=False)
    return b.keytab(domain.keys("websvc2", ["HTTP/web.fabrikam.com"], name="fabrikam.keytab"))


FABRIKAM = "web.fabrikam.com"


@scenario("cross-realm-referral-ok", "a service of the trusted forest: referral, then its KDC's ticket", host=FABRIKAM, see=[*DNS, *CHALLENGE, "krb TGS-REQ .*web.fabrikam", "krb TGS-REP .*krbtgt/FABRIKAM", "krb TGS-REQ .*HTTP/web.fabrikam", "krb TGS-REP", *DONE])
def cross_ok(b):
    path = forest(b)
    b.apache(keytab_path=path)
    b.kinit()
    b.capture()
    b.curl(f"http://{FABRIKAM}/")


@scenario("cross-realm-second-dc-silent", "the referral is given, the other forest's KDC does not answer", verdict="diverged", step=6, outcome="refused", host=FABRIKAM,
          rules=["tgs-referral-deadend", "kdc-port-blocked"], see=[*DNS, *CHALLENGE, "krb TGS-REP .*krbtgt/FABRIKAM", rf"tcp syn .*>{DC2}:88"], never=NO_TOKEN)
def cross_silent(b):
    path = forest(b)
    b.apache(keytab_path=path, options="KeepAliveTimeout 60")
    b.kinit()
    b.nft("dc2", "tcp dport 88 drop", "udp dport 88 drop")
    b.capture()
    b.curl(f"http://{FABRIKAM}/", seconds=60)


@scenario("cross-realm-second-dc-closed", "the referral is given, the other forest's KDC is not running (RST, ICMP)", verdict="diverged", step=6, outcome="refused", host=FABRIKAM,
          rules=["tgs-referral-deadend", "kdc-rst"], see=[*DNS, *CHALLENGE, "krb TGS-REP .*krbtgt/FABRIKAM", rf"tcp rst {DC2}:88"], never=NO_TOKEN)
def cross_closed(b):
    path = forest(b)
    b.apache(keytab_path=path, options="KeepAliveTimeout 60")
    b.kinit()
    b.nft("dc2", "tcp dport 88 reject with tcp reset", "udp dport 88 reject")
    b.capture()
    b.curl(f"http://{FABRIKAM}/", seconds=60)


@scenario("cross-realm-spn-missing", "the other forest has no such SPN", verdict="diverged", step=6, outcome="refused", host="nospn.fabrikam.com", rules=["tgs-referral-unknown", "tgs-s-unknown"], code=7,
          see=[*DNS, *CHALLENGE, "krb TGS-REQ .*nospn.fabrikam", "krb KRB-ERROR 7 "], never=NO_TOKEN)
def cross_spn(b):
    path = forest(b)
    b.apache(keytab_path=path)
    b.krb5(domain_realm={".fabrikam.com": "FABRIKAM.COM"})
    b.kinit()
    b.capture()
    b.curl("http://nospn.fabrikam.com/")


# --- delegation, on the front end

def front_end(b, user, rights, flags=0x1000000):
    """iissvc asks in the name of a user for a ticket to backend; `rights` is its delegation list."""
    dn = "dn: CN=iissvc,CN=Users,DC=contoso,DC=com\nchangetype: modify\n"
    add = dn + f"replace: userAccountControl\nuserAccountControl: {66048 | flags}\n"
    back = dn + "replace: userAccountControl\nuserAccountControl: 66048\n"
    if rights:
        add += "-\nreplace: msDS-AllowedToDelegateTo\n" + "".join(f"msDS-AllowedToDelegateTo: {r}\n" for r in rights)
        back += "-\nreplace: msDS-AllowedToDelegateTo\n"
    b.modify(add, back)
    path = b.keytab(domain.keys("iissvc", [SPN]))
    b.tool("kinit", "-f", "-kt", path, SPN, role="web", user="iissvc", check=True)
    b.capture("web")
    b.tool("kvno", "-k", path, "-U", user, "-P", "HTTP/backend.contoso.com", role="web", user="iissvc")


def delegated(name, says, user, rights, code, rules, flags=0x1000000, **more):
    # without a code both tickets are issued
    see = ["krb TGS-REQ", "krb TGS-REP", "krb TGS-REQ .*backend"]
    see += [rf"krb KRB-ERROR {code} "] if code else ["krb TGS-REP .*backend"]

    @scenario(name, says, kind="ticket", host="backend.contoso.com", spn="HTTP/backend.contoso.com", point="web", user=user, verdict="diverged" if code else "incomplete", step=6 if code else None,
              outcome="refused" if code else "kerberos", rules=rules, code=code, see=see,
              notes=["MIT armours the request (FAST), so that the NTSTATUS in the error cannot be read"] if code else (), **more)
    def play(b):
        front_end(b, user, rights, flags)


delegated("s4u-allowed", "protocol transition and constrained delegation, allowed", "John", ["HTTP/backend.contoso.com"], None, [])
delegated("s4u-not-in-list", "the back end is not in the front end's list", "John", ["HTTP/other.contoso.com"], 13, ["del-13-no-status", "del-kcd-no-match", "del-rbcd-denied"])
delegated("s4u-no-list", "the front end has no delegation list", "John", [], 13, ["del-13-no-status", "del-kcd-not-supported", "del-rbcd-denied"])
delegated("s4u-user-sensitive", "the user is sensitive and cannot be delegated", "sensitive", ["HTTP/backend.contoso.com"], 13, ["del-13-no-status", "del-not-forwardable", "del-kcd-no-match"])
delegated("s4u-kerberos-only", "the front end may delegate with Kerberos only: its S4U2self ticket is not forwardable", "John", ["HTTP/backend.contoso.com"], 13,
          ["del-13-no-status", "del-not-forwardable", "del-kcd-no-match"], flags=0)
@scenario("s4u-unknown-user", "the front end asks in the name of a user that does not exist: the look-up before S4U2self is refused", kind="sign-on", host=None, spn="krbtgt/CONTOSO.COM", point="web",
          user="nobody-here", verdict="diverged", step=2, outcome="refused", rules=["as-c-unknown"], code=6, see=["krb AS-REQ", "krb KRB-ERROR 6 "], never=["krb TGS"])
def s4u_unknown(b):
    front_end(b, "nobody-here", ["HTTP/backend.contoso.com"])
