"""SMB, LDAP and the search for a domain controller."""

from kflab import domain
from kflab.net import ADDRESS
from kflab.scenario import scenario

DC, OTHER = ADDRESS["dc"], ADDRESS["other"]
DCA = "dca.contoso.com"
SETUP = ["smb2 negotiate request", "smb2 negotiate reply"]
NTLM3 = ["ntlm type1", "ntlm type2", "ntlm type3"]


def smb(b, host, *args, share="netlogon", env=None):
    b.tool("smbclient", "-s", b.samba_client(), *args, f"//{host}/{share}", "-c", "ls", env=env)


def with_cache(b):
    return ("--use-kerberos=required", f"--use-krb5-ccache={b.cc()}")


BY_NAME = f"-UCONTOSO\\John%{domain.PASSWORD}"


def smb_scenario(name, says, **more):
    more.setdefault("host", DCA)
    more.setdefault("spn", f"cifs/{more['host']}")
    return scenario(name, says, kind="smb", **more)


@smb_scenario("smb-success", "a share opened with Kerberos", see=[*SETUP, "krb TGS-REQ .*cifs", "krb TGS-REP", "smb2 session-setup request", "smb2 session-setup reply 0x00000000", "smb2 tree-connect reply 0x00000000"])
def smb_success(b):
    b.kinit()
    b.capture()
    smb(b, DCA, *with_cache(b))


@smb_scenario("smb-by-address", "a share opened by address: NTLM", verdict="diverged", step=5, outcome="ntlm", rules=["smb-ntlm-instead", "neg-ntlm-no-tgs", "tgs-spn-ip"], host=DC, spn=None,
              see=[*SETUP, *NTLM3, "smb2 session-setup reply 0x00000000"], never=["krb TGS"])
def smb_address(b):
    b.capture()
    smb(b, DC, BY_NAME)


@smb_scenario("smb-ntlm-forced", "a share opened by name with NTLM only", verdict="diverged", step=5, outcome="ntlm", rules=["smb-ntlm-instead", "neg-ntlm-no-tgs"], spn=None,
              see=[*SETUP, *NTLM3, "smb2 session-setup reply 0x00000000"], never=["krb TGS"])
def smb_ntlm(b):
    b.capture()
    smb(b, DCA, BY_NAME, "--use-kerberos=off")


@smb_scenario("smb-ntlm-wrong-password", "NTLM with a wrong password", verdict="diverged", step=5, outcome="refused", rules=["smb-ntlm-instead", "neg-ntlm-no-tgs", "neg-ntlm-fail"], spn=None,
              see=[*SETUP, *NTLM3, "smb2 session-setup reply 0xc000006d"], never=["krb TGS"])
def smb_wrong(b):
    b.undo.callback(domain.samba_tool, "user", "unlock", "wronguser", check=False)
    b.capture()
    smb(b, DCA, "-UCONTOSO\\wronguser%nonsense", "--use-kerberos=off")


@smb_scenario("smb-ntlm-account-disabled", "NTLM with a disabled account", verdict="diverged", step=5, outcome="refused", rules=["smb-ntlm-instead", "neg-ntlm-no-tgs", "neg-ntlm-fail"], spn=None, user="disabled",
              see=[*SETUP, *NTLM3, "smb2 session-setup reply 0xc0000072"], never=["krb TGS"])
def smb_disabled(b):
    b.capture()
    smb(b, DCA, f"-UCONTOSO\\disabled%{domain.PASSWORD}", "--use-kerberos=off")


@smb_scenario("smb-anonymous", "a null session", verdict="diverged", step=5, outcome="anonymous", rules=["smb-ntlm-instead", "neg-ntlm-no-tgs", "neg-anon"], spn=None, user=None,
              see=[*SETUP, "ntlm type3"], never=["krb TGS"], notes=["outcome ntlm is defensible: a type 3 with an empty user"])
def smb_anonymous(b):
    b.capture()
    smb(b, DCA, "-N", share="IPC$")


@smb_scenario("smb-alias-other-account", "the share's alias has its SPN on another account: the server cannot read the ticket", verdict="diverged", step=8, outcome="refused",
              rules=["smb-modified", "ap-modified", "ap-bad-integrity"], host="moved-files.contoso.com",
              see=[*SETUP, "krb TGS-REQ .*cifs", "krb TGS-REP", "smb2 session-setup reply 0xc000006d"])
def smb_moved(b):
    b.kinit()
    b.capture()
    smb(b, "moved-files.contoso.com", *with_cache(b))


@smb_scenario("smb-spn-missing", "the alias has no SPN and Kerberos is required", verdict="diverged", step=6, outcome="none", rules=["tgs-s-unknown"], code=7, host="alias-files.contoso.com",
              see=[*SETUP, "krb TGS-REQ .*cifs", "krb KRB-ERROR 7 "], never=["smb2 session-setup"])
def smb_spn(b):
    b.kinit()
    b.capture()
    smb(b, "alias-files.contoso.com", *with_cache(b))


@smb_scenario("smb-access-denied", "logged on, then the share is refused", rules=["smb-access-denied"], see=[*SETUP, "krb TGS-REP", "smb2 session-setup reply 0x00000000", "smb2 tree-connect reply 0xc0000022"])
def smb_denied(b):
    b.samba(shares="\n[secret]\n\tpath = /tmp\n\tvalid users = Jane\n")
    b.kinit()
    b.capture()
    smb(b, DCA, *with_cache(b), share="secret")


@smb_scenario("smb-bad-share-name", "logged on, then a share that does not exist", see=[*SETUP, "krb TGS-REP", "smb2 session-setup reply 0x00000000", "smb2 tree-connect reply 0xc00000cc"])
def smb_bad_share(b):
    b.kinit()
    b.capture()
    smb(b, DCA, *with_cache(b), share="nowhere")


@smb_scenario("smb-port-closed", "a host without a file server", verdict="diverged", step=3, outcome="none", rules=["tcp-rst"], host="other.contoso.com", spn=None, see=["dns answer A other", "tcp rst .*:445>"])
def smb_closed(b):
    b.kinit()
    b.capture()
    smb(b, "other.contoso.com", *with_cache(b))


@smb_scenario("smb-client-clock-skew", "the client's clock is 20 minutes ahead; the sign-on corrects itself after 37, the request for the ticket does not", verdict="diverged", step=6,
              outcome="none", rules=["tgs-skew"], code=37, see=[*SETUP, "krb KRB-ERROR 37 ", "krb AS-REP", "krb TGS-REQ .*cifs", "krb KRB-ERROR 37 "], never=["krb TGS-REP", "smb2 session-setup"])
def smb_skew(b):
    b.capture()
    smb(b, DCA, "--use-kerberos=required", f"-UJohn@CONTOSO.COM%{domain.PASSWORD}", env=b.faketime("+20m"))


# --- LDAP

def ldap_scenario(name, says, **more):
    more.setdefault("host", DCA)
    more.setdefault("spn", f"ldap/{more['host']}")
    return scenario(name, says, kind="ldap", **more)


def ldapsearch(b, host, *args):
    b.tool("ldapsearch", "-N", "-H", f"ldap://{host}", *args, "-b", "", "-s", "base", "defaultNamingContext", env={"LDAPNOINIT": "1"})


@ldap_scenario("ldap-success", "a bind with Kerberos", see=["krb TGS-REQ .*ldap", "krb TGS-REP", "ldap bind-request", "ldap bind-response 0"])
def ldap_success(b):
    b.kinit()
    b.capture()
    ldapsearch(b, DCA, "-Y", "GSSAPI")


@ldap_scenario("ldap-spn-missing", "the directory's alias has no SPN", verdict="diverged", step=6, outcome="none", rules=["ldap-spn", "tgs-s-unknown"], code=7, host="alias-ldap.contoso.com",
               see=["krb TGS-REQ .*ldap", "krb KRB-ERROR 7 "], never=["ldap bind-request"])
def ldap_spn(b):
    b.kinit()
    b.capture()
    ldapsearch(b, "alias-ldap.contoso.com", "-Y", "GSSAPI")


@ldap_scenario("ldap-simple-signing-required", "a simple bind without TLS; the directory requires signing (8)", verdict="diverged", step=8, outcome="refused", rules=["ldap-signing"], code=8, spn=None,
               see=["ldap bind-request", "ldap bind-response 8"], never=["krb"])
def ldap_signing(b):
    b.capture()
    ldapsearch(b, DCA, "-x", "-D", "John@CONTOSO.COM", "-w", domain.PASSWORD)


def ldap_simple(name, says, user, password=domain.PASSWORD):
    @ldap_scenario(name, says, verdict="diverged", step=8, outcome="refused", rules=["ldap-bad-cred"], code=49, user=user, spn=None,
                   see=["ldap bind-request", "ldap bind-response 49"], never=["krb"])
    def play(b):
        b.samba(options={"ldap server require strong auth": "no"})
        b.undo.callback(domain.samba_tool, "user", "unlock", user, check=False)
        b.capture()
        ldapsearch(b, DCA, "-x", "-D", f"{user}@CONTOSO.COM", "-w", password)


ldap_simple("ldap-simple-wrong-password", "a simple bind with a wrong password", "wronguser", "nonsense")
ldap_simple("ldap-simple-disabled", "a simple bind of a disabled account", "disabled")
ldap_simple("ldap-simple-expired", "a simple bind of an expired account", "expired")
ldap_simple("ldap-simple-must-change", "a simple bind of an account whose password must be changed", "mustchange")


@ldap_scenario("ldap-alias-other-account", "the directory's alias has its SPN on another account", verdict="diverged", step=8, outcome="refused",
               rules=["ap-modified", "ap-bad-integrity", "ldap-bad-cred", "ap-reject-negstate"], host="moved-ldap.contoso.com",
               see=["krb TGS-REQ .*ldap", "krb TGS-REP", "ldap bind-request", "ldap bind-response (49|1|80)"])
def ldap_moved(b):
    b.kinit()
    b.dnsmasq(f"--address=/moved-ldap.contoso.com/{DC}")
    b.resolv(OTHER)
    b.capture()
    ldapsearch(b, "moved-ldap.contoso.com", "-Y", "GSSAPI")


@ldap_scenario("ldap-ntlm", "a bind with NTLM (GSS-SPNEGO)", verdict="diverged", step=5, outcome="ntlm", rules=["neg-ntlm-no-tgs"], spn=None,
               see=["ntlm type1", "ldap bind-request", "ntlm type2", "ntlm type3", "ldap bind-response 0"], never=["krb TGS"])
def ldap_ntlm(b):
    b.capture()
    b.tool("ldbsearch", "-H", f"ldap://{DCA}", BY_NAME, "--use-kerberos=off", "-b", "DC=contoso,DC=com", "-s", "base", "dn")


@ldap_scenario("ldap-ntlm-wrong-password", "a bind with NTLM and a wrong password", verdict="diverged", step=5, outcome="refused", rules=["neg-ntlm-no-tgs", "ldap-bad-cred", "neg-ntlm-fail"], spn=None,
               see=["ntlm type1", "ldap bind-request", "ntlm type2", "ntlm type3", "ldap bind-response 49"], never=["krb TGS"])
def ldap_ntlm_wrong(b):
    b.undo.callback(domain.samba_tool, "user", "unlock", "wronguser", check=False)
    b.capture()
    b.tool("ldbsearch", "-H", f"ldap://{DCA}", "-UCONTOSO\\wronguser%nonsense", "--use-kerberos=off", "-b", "DC=contoso,DC=com", "-s", "base", "dn")


@ldap_scenario("ldap-port-blocked", "port 389 does not answer", verdict="diverged", step=3, outcome="none", rules=["tcp-syn-timeout"], spn=None, see=["dns answer A dca", r"tcp syn .*:389 again"], never=["syn-ack"])
def ldap_blocked(b):
    b.kinit()
    b.nft("dc", "tcp dport 389 drop")
    b.capture()
    b.tool("timeout", "8", "ldapsearch", "-N", "-H", f"ldap://{DCA}", "-Y", "GSSAPI", "-b", "", "-s", "base", "dn")


# --- the search for a domain controller

def locator(name, says, step, rules, **more):
    return scenario(name, says, kind="dc-locator", host=None, spn=None, user=None, verdict="diverged" if step else "ok", step=step,
                    outcome=more.pop("outcome", "kerberos" if not step else "none"), rules=rules, **more)


def look_up(b, what="lookup"):
    b.tool("net", "ads", what, "-s", b.samba_client(), timeout=60)


SRV = [r"dns query SRV _ldap\._tcp"]


@locator("locator-success", "SRV look-up and CLDAP ping", None, [], see=[*SRV, "dns answer SRV _ldap.*rcode=0", "ldap search cldap", "ldap entry.* cldap"])
def locator_ok(b):
    b.capture()
    look_up(b)


@locator("locator-srv-nxdomain", "the DNS server has no SRV records of the domain", 2, ["loc-srv-nxdomain"], see=[*SRV, "dns answer SRV _ldap.*rcode=3"], never=["cldap"])
def locator_nx(b):
    b.dnsmasq("--address=/contoso.com/")
    b.resolv(OTHER)
    b.capture()
    look_up(b)


@locator("locator-cldap-icmp", "the SRV records name a host that is no domain controller: ICMP port unreachable", 4, ["loc-cldap-icmp", "loc-srv-stale"],
         see=[*SRV, "dns answer SRV _ldap.*rcode=0", "ldap search cldap", "icmp 3/3"], never=["ldap entry"])
def locator_icmp(b):
    b.dnsmasq(f"--host-record=other.contoso.com,{OTHER}", "--local=/contoso.com/", "--srv-host=_ldap._tcp.dc._msdcs.CONTOSO.COM,other.contoso.com,389",
              "--srv-host=_ldap._tcp.CONTOSO.COM,other.contoso.com,389", "--srv-host=_kerberos._tcp.dc._msdcs.CONTOSO.COM,other.contoso.com,88")
    b.resolv(OTHER)
    b.capture()
    look_up(b)


@locator("locator-dns-silent", "the SRV look-up is never answered", 2, ["dns-timeout", "loc-srv-nxdomain"], see=SRV, never=["dns answer", "cldap"])
def locator_silent(b):
    b.nft("dc", "udp dport 53 drop", "tcp dport 53 drop")
    b.capture()
    look_up(b)
