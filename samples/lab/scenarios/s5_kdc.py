"""The ticket: KDCs that cannot be reached, and those that refuse."""


from kflab import domain
from kflab.net import ADDRESS
from kflab.scenario import HOST, scenario

from .steps import CHALLENGE, DNS, DONE, NO_TGS, NO_TOKEN, TGS, TGS_REQ, kdc_error

DC, OTHER, WEB = ADDRESS["dc"], ADDRESS["other"], ADDRESS["web"]


def fails(name, says, step, rules, code=None, **more):
    more.setdefault("outcome", "refused")
    more.setdefault("never", NO_TOKEN)
    return scenario(name, says, verdict="diverged", step=step, rules=rules, code=code, **more)


def go(b, seconds=30, user="John"):
    b.capture()
    b.curl(seconds=seconds, user=user)


# --- not reached

@fails("kdc-host-down", "the only KDC does not exist: ARP unanswered, nothing is sent to it", 5, ["kdc-port-blocked", "tcp-host-down", "tcp-arp", "loc-srv-stale", "tgs-no-request"],
       see=[*DNS, *CHALLENGE, r"arp who-has 192\.168\.2\.100", "http 401"], never=[*NO_TGS, *NO_TOKEN, r"tcp syn .*:88"])
def host_down(b):
    b.apache()
    b.kinit()
    b.krb5(realms={"CONTOSO.COM": ["192.168.2.100"]})
    go(b)


@fails("kdc-tcp-dropped-udp-rejected", "SYN to 88 dropped, UDP 88 answered with ICMP port unreachable", 6, ["kdc-port-blocked", "kdc-rst"],
       see=[*DNS, *CHALLENGE, r"tcp syn .*:88", *TGS_REQ, "icmp 3/3"])
def dropped_rejected(b):
    b.apache()
    b.kinit()
    b.nft("dc", "tcp dport 88 drop", "udp dport 88 reject")
    go(b)


@fails("kdc-refuses", "both ports of the KDC are closed: RST for TCP, ICMP for UDP", 6, ["kdc-rst"],
       see=[*DNS, *CHALLENGE, rf"tcp rst {OTHER}:88", *TGS_REQ, "icmp 3/3", "http 401"])
def refuses(b):
    b.apache()
    b.kinit()
    b.krb5(realms={"CONTOSO.COM": [OTHER]})
    go(b)


@fails("kdc-icmp-prohibited", "a firewall answers both ports of the KDC with ICMP administratively prohibited", 6, ["kdc-rst", "kdc-port-blocked"],
       see=[*DNS, *CHALLENGE, r"tcp syn .*:88", "icmp 3/13"])
def prohibited(b):
    b.apache()
    b.kinit()
    b.nft("dc", "tcp dport 88 reject with icmpx type admin-prohibited", "udp dport 88 reject with icmpx type admin-prohibited")
    go(b)


@fails("kdc-52-no-tcp", "TCP 88 is blocked; the UDP answer says RESPONSE_TOO_BIG", 6, ["kdc-52-no-tcp", "kdc-port-blocked"], code=52,
       see=[*DNS, *CHALLENGE, r"tcp syn .*:88", *TGS_REQ, "krb KRB-ERROR 52"])
def too_big_no_tcp(b):
    b.apache()
    b.kinit("hugejohn")
    b.nft("dc", "tcp dport 88 drop")
    go(b, user="hugejohn")


@fails("kdc-52-tcp-reset", "TCP 88 is reset; the UDP answer says RESPONSE_TOO_BIG", 6, ["kdc-52-no-tcp", "kdc-rst"], code=52,
       see=[*DNS, *CHALLENGE, rf"tcp rst {DC}:88", *TGS_REQ, "krb KRB-ERROR 52", rf"tcp rst {DC}:88"])
def too_big_reset(b):
    b.apache()
    b.kinit("hugejohn")
    b.nft("dc", "tcp dport 88 reject with tcp reset")
    go(b, user="hugejohn")


@fails("kdc-udp-fragments-dropped", "TCP 88 blocked and UDP fragments dropped: the TGS-REQ arrives at nobody", 6, ["kdc-frag", "kdc-port-blocked", "tgs-no-reply"],
       see=[*DNS, *CHALLENGE, r"tcp syn .*:88", "ip fragment|krb TGS-REQ"], notes=["the server's packet filter re-assembles: all large UDP messages are dropped there"])
def fragments(b):
    b.apache()
    b.kinit()
    b.nft("dc", "tcp dport 88 drop", "udp dport 88 udp length > 1400 drop")
    go(b)


@fails("kdc-accepts-never-answers", "the KDC takes the request over TCP and UDP and never answers", 6, ["tgs-no-reply"],
       see=[*DNS, *CHALLENGE, r"tcp syn-ack .*:88", *TGS_REQ, "http 401"], never=["krb TGS-REP", "krb KRB-ERROR", *NO_TOKEN])
def never_answers(b):
    b.apache(options="KeepAliveTimeout 60")
    b.kinit()
    b.nft("dc", "tcp sport 88 meta length > 80 drop", "udp sport 88 drop", hook="output")
    go(b, seconds=45)


@fails("kdc-resets-request", "the KDC's host accepts the connection and resets it after the TGS-REQ", 6, ["tgs-no-reply", "kdc-rst"],
       see=[*DNS, *CHALLENGE, *TGS_REQ, rf"tcp rst {OTHER}:88"], never=["krb TGS-REP", *NO_TOKEN])
def resets_request(b):
    b.apache()
    b.kinit()
    b.server(["/usr/bin/python3", "-c", "import socket,struct,time\ns=socket.create_server(('',88))\nwhile 1:\n c,_=s.accept(); c.recv(9999); c.setsockopt(1,13,struct.pack('ii',1,0)); c.close()"],
             "other", 88)
    b.krb5(realms={"CONTOSO.COM": [OTHER]})
    go(b)


@fails("tgs-req-not-delivered", "the KDC's handshake works, the TGS-REQ over TCP is never acknowledged, UDP is blocked", 5, ["tcp-not-delivered", "tcp-blackhole", "kdc-port-blocked", "tgs-no-reply"],
       see=[*DNS, *CHALLENGE, r"tcp syn-ack .*:88", r"tcp data \d+ .*:88 again"], never=["krb TGS-REP", *NO_TOKEN],
       notes=["TGS-REQs also leave over UDP and get no answer: 6 is defensible"])
def req_not_delivered(b):
    b.apache(options="KeepAliveTimeout 60")
    b.kinit()
    b.nft("dc", "tcp dport 88 meta length > 70 drop", "udp dport 88 drop")
    go(b, seconds=45)


@fails("kdc-srv-stale", "the SRV records name a host without an address", 5, ["loc-srv-stale", "loc-kdc-realm"],
       see=[*CHALLENGE, r"dns answer SRV _kerberos", "dns query A gone", "http 401"], never=[*NO_TGS, *NO_TOKEN])
def srv_stale(b):
    srv(b, "gone.contoso.com")
    go(b)


@fails("kdc-srv-to-closed-host", "the SRV records name a host that is no KDC", 6, ["kdc-rst", "loc-srv-stale"],
       see=[*CHALLENGE, r"dns answer SRV _kerberos", rf"tcp rst {OTHER}:88", "http 401"])
def srv_closed(b):
    srv(b, "other.contoso.com")
    go(b)


def srv(b, target):
    b.dnsmasq(f"--address=/iisserver.contoso.com/{WEB}", f"--host-record=other.contoso.com,{OTHER}", "--local=/contoso.com/",
              f"--srv-host=_kerberos._udp.CONTOSO.COM,{target},88", f"--srv-host=_kerberos._tcp.CONTOSO.COM,{target},88")
    b.apache()
    b.kinit()
    b.resolv(OTHER)
    b.krb5(libdefaults={"dns_lookup_kdc": "true"}, realms={"OTHER.TEST": ["127.0.0.1"]})


# --- refused

@fails("kdc-clock-ahead", "the KDC's clock went 20 minutes ahead after the logon", 6, ["tgs-skew"], code=37, see=[*DNS, *CHALLENGE, *kdc_error(37)])
def clock_ahead(b):
    b.apache()
    b.kinit()
    b.samba(b.faketime("+20m"))
    go(b)


@fails("kdc-clock-behind", "the KDC's clock went 20 minutes behind after the logon", 6, ["tgs-tkt-nyv", "tgs-skew"], code=33, see=[*DNS, *CHALLENGE, *kdc_error(33)])
def clock_behind(b):
    b.apache()
    b.kinit()
    b.samba(b.faketime("-20m"))
    go(b)


@fails("kdc-clock-hours-ahead", "the KDC's clock is 11 hours ahead: the TGT has ended for it", 6, ["tgs-tkt-expired"], code=32, see=[*DNS, *CHALLENGE, *kdc_error(32)])
def clock_hours(b):
    b.apache()
    b.kinit()
    b.samba(b.faketime("+11h"))
    go(b)


def account(name, says, code, rules, ldif, undo):
    @fails(name, says, 6, rules, code=code, user="victim", see=[*DNS, *CHALLENGE, *kdc_error(code)])
    def play(b):
        b.apache()
        b.kinit("victim")
        b.modify(ldif, undo)
        go(b, user="victim")


VICTIM = "dn: CN=victim,CN=Users,DC=contoso,DC=com\nchangetype: modify\n"
account("tgs-account-disabled", "the account was disabled after the logon", 12, ["tgs-policy", "tgs-client-revoked"],
        VICTIM + "replace: userAccountControl\nuserAccountControl: 66050\n", VICTIM + "replace: userAccountControl\nuserAccountControl: 66048\n")
account("tgs-account-expired", "the account expired after the logon (Samba answers KDC_ERR_NAME_EXP)", 1, ["tgs-client-revoked", "tgs-policy", "tgs-generic"],
        VICTIM + "replace: accountExpires\naccountExpires: 131000000000000000\n", VICTIM + "replace: accountExpires\naccountExpires: 0\n")


@fails("tgs-account-deleted", "the account was deleted after the logon", 6, ["tgs-c-unknown"], code=6, user="shortlived",
       see=[*DNS, *CHALLENGE, *kdc_error(6)])
def account_deleted(b):
    domain.samba_tool("user", "create", "shortlived", domain.PASSWORD)
    b.undo.callback(domain.samba_tool, "user", "delete", "shortlived", check=False)
    b.apache()
    b.kinit("shortlived")
    domain.samba_tool("user", "delete", "shortlived")
    go(b, user="shortlived")


@fails("tgt-damaged", "the TGT in the client's cache is damaged", 6, ["tgs-integrity"], code=31, see=[*DNS, *CHALLENGE, *kdc_error(31)])
def tgt_damaged(b):
    b.apache()
    b.kinit()
    damage(b.cc().removeprefix("FILE:"))
    go(b)


def damage(path):
    """Change one byte of the last ticket in a credential cache (an empty second ticket follows it)."""
    data = bytearray(open(path, "rb").read())
    data[-24] ^= 0xFF
    open(path, "wb").write(data)


@fails("wrong-realm-no-trust", "the host is mapped to a realm that the KDC does not trust: only krbtgt/NOTRUST.COM is asked for", 6, ["tgs-wrong-realm", "tgs-s-unknown"], code=7,
       spn="krbtgt/NOTRUST.COM", see=[*DNS, *CHALLENGE, "krb TGS-REQ .*krbtgt/NOTRUST", "krb KRB-ERROR 7 "])
def no_trust(b):
    b.apache()
    b.krb5(domain_realm={"iisserver.contoso.com": "NOTRUST.COM"})
    b.kinit()
    go(b)


@fails("etype-client-aes-only", "the service has RC4 only, the client accepts AES only", 6, ["tgs-etype"], code=14, host="rc4.contoso.com",
       see=[*DNS, *CHALLENGE, *TGS_REQ, "krb KRB-ERROR 14 "])
def aes_only(b):
    b.apache()
    b.krb5(libdefaults={"permitted_enctypes": "aes256-cts-hmac-sha1-96 aes128-cts-hmac-sha1-96"})
    b.kinit()
    b.capture()
    b.curl("http://rc4.contoso.com/")


@scenario("rc4-service", "the service account has RC4 only; it works", host="rc4.contoso.com", rules=["tgs-rc4-ticket"], see=[*DNS, *CHALLENGE, *TGS, *DONE])
def rc4_service(b):
    weak = {"allow_weak_crypto": "true", "permitted_enctypes": "aes256-cts-hmac-sha1-96 aes128-cts-hmac-sha1-96 arcfour-hmac"}
    b.krb5("web", libdefaults=weak)
    b.krb5(libdefaults=weak)
    b.apache(keytab_path=b.keytab(domain.keys("rc4svc", ["HTTP/rc4.contoso.com"], etypes=(23,))))
    b.kinit()
    b.capture()
    b.curl("http://rc4.contoso.com/")


# --- one client, two logins

@scenario("busy-two-hosts-one-fails", "one user opens two sites at once; one has no SPN", verdict="diverged", step=6, outcome="refused", rules=["tgs-s-unknown"], code=7,
          host="nospn.contoso.com", see=["krb TGS-REQ", "krb KRB-ERROR 7 "],
          more=[{"kind": "http", "host": HOST, "verdict": "ok", "divergedAt": None, "outcome": "kerberos", "rules": [], "code": None}])
def two_hosts(b):
    b.apache()
    b.kinit()
    b.capture()
    other = b.background("curl", "-sS", "-o", "/dev/null", "--anyauth", "-u", ":", f"http://{HOST}/")
    b.curl("http://nospn.contoso.com/")
    other.wait(10)


@scenario("two-users-one-client", "two users on one client: John succeeds, Jane's ticket is refused by the service", verdict="diverged", step=8, outcome="refused",
          rules=["ap-bad-integrity", "ap-modified"], code=31, user="Jane", see=["http 401", *DONE, r"krb KRB-ERROR 31 in http"],
          more=[{"kind": "http", "host": HOST, "user": "John", "verdict": "ok", "divergedAt": None, "outcome": "kerberos", "rules": [], "code": None}],
          notes=["Jane's cached service ticket is damaged, as after a key change; her name is encrypted in it, so only the ticket's fingerprint tells the users apart"])
def two_users(b):
    b.apache()
    b.kinit()
    b.kinit("Jane")
    b.ticket(f"HTTP/{HOST}", user="Jane")
    damage(b.cc(user="Jane").removeprefix("FILE:"))
    b.capture()
    b.curl()
    b.curl(user="Jane")


@scenario("two-users-fresh-tickets", "John and Jane fetch tickets on one client; Jane opens a site that has no SPN", verdict="diverged", step=6,
          outcome="refused", rules=["tgs-s-unknown"], code=7, user="Jane", host="nospn.contoso.com", see=[*DONE, "krb KRB-ERROR 7 "],
          more=[{"kind": "http", "host": HOST, "user": "John", "verdict": "ok", "divergedAt": None, "outcome": "kerberos", "rules": [], "code": None}])
def two_fresh(b):
    b.apache()
    b.kinit()
    b.kinit("Jane")
    b.capture()
    b.curl()
    b.curl("http://nospn.contoso.com/", user="Jane")

