"""Names: look-ups that fail, and host names that lead to the wrong SPN."""

from kflab import domain
from kflab.net import ADDRESS
from kflab.scenario import HOST, scenario

from .s1_success import many
from .steps import CHALLENGE, DNS, TGS, TOKEN

OTHER, DC, WEB = ADDRESS["other"], ADDRESS["dc"], ADDRESS["web"]
NO_SYN = [r"tcp syn .*:80"]


def dns_fails(name, says, rule, **more):
    return scenario(name, says, verdict="diverged", step=2, outcome="none", rules=[rule], spn=None, **more)


@dns_fails("dns-refused", "the only DNS server refuses (RCODE 5)", "dns-refused", see=["dns query A", "dns answer .*rcode=5"], never=NO_SYN)
def dns_refused(b):
    b.dnsmasq()
    b.resolv(OTHER)
    b.kinit()
    b.capture()
    b.curl()


@dns_fails("dns-nodata", "the name exists but has no address record (only TXT)", "dns-nodata", host="text.contoso.com",
           see=["dns query A text", r"dns answer A text.*rcode=0 \[\]"], never=NO_SYN)
def dns_nodata(b):
    b.kinit()
    b.capture()
    b.curl("http://text.contoso.com/")


@dns_fails("dns-aaaa-only", "the name has only AAAA and the client has no IPv6", "dns-nodata", host="six.contoso.com",
           see=[r"dns answer A six.*rcode=0 \[\]", r"dns answer AAAA six.*fd00"], never=NO_SYN,
           notes=["an address came, but of a family this client cannot use: packets show only that it never tried to connect"])
def dns_aaaa_only(b):
    b.kinit()
    b.capture()
    b.curl("http://six.contoso.com/")


@dns_fails("dns-icmp", "nothing listens on port 53 of the only DNS server: ICMP port unreachable", "dns-icmp",
           see=["dns query A", "icmp 3/3"], never=NO_SYN)
def dns_icmp(b):
    b.resolv(OTHER)
    b.kinit()
    b.capture()
    b.curl()


@dns_fails("dns-icmp-prohibited", "a firewall rejects port 53: ICMP administratively prohibited", "dns-icmp",
           see=["dns query A", "icmp 3/13"], never=NO_SYN)
def dns_icmp_prohibited(b):
    b.nft("dc", "udp dport 53 reject with icmpx type admin-prohibited")
    b.kinit()
    b.capture()
    b.curl()


@dns_fails("dns-two-servers-silent", "two DNS servers, neither answers", "dns-timeout",
           see=[f"dns query A .* to {OTHER}", f"dns query A .* to {DC}"], never=[*NO_SYN, "dns answer"])
def dns_two_silent(b):
    b.nft("other", "udp dport 53 drop")
    b.nft("dc", "udp dport 53 drop")
    b.resolv(OTHER, DC, options="timeout:1 attempts:2")
    b.kinit()
    b.capture()
    b.curl(seconds=15)


@dns_fails("dns-server-down", "the DNS server's address is not answered by ARP", "dns-timeout",
           see=[r"arp who-has 192\.168\.2\.100"], never=[*NO_SYN, "dns answer"], notes=["no DNS query ever leaves: the frames are ARP only"])
def dns_server_down(b):
    b.resolv("192.168.2.100", options="timeout:1 attempts:2")
    b.kinit()
    b.capture()
    b.curl(seconds=15)


@dns_fails("dns-tc-no-tcp", "the UDP answer is truncated and TCP 53 is blocked", "dns-tc-no-tcp", host="web40.contoso.com",
           see=["dns answer A web40.* TC", r"tcp syn .*:53", r"tcp syn .*:53 again"], never=NO_SYN)
def dns_tc_no_tcp(b):
    many(b)
    b.nft("other", "tcp dport 53 drop")
    b.kinit()
    b.capture()
    b.curl("http://web40.contoso.com/", seconds=9)


@dns_fails("dns-suffix-nxdomain-then-refused", "short name: NXDOMAIN with the search suffix, then refused without", "dns-refused",
           host="intranet", see=["dns answer A intranet.contoso.com rcode=3", "dns answer A intranet rcode=5"], never=NO_SYN)
def dns_suffix_refused(b):
    b.dnsmasq("--address=/contoso.com/")
    b.resolv(OTHER)
    b.kinit()
    b.capture()
    b.curl("http://intranet/")


@dns_fails("dns-short-nxdomain", "short name that no suffix completes: NXDOMAIN for every form", "dns-nxdomain", host="intranet",
           see=["dns answer A intranet.corp.contoso.com rcode=3", "dns answer A intranet.contoso.com rcode=3", "dns answer A intranet rcode=3"], never=NO_SYN)
def dns_short_nxdomain(b):
    b.resolv(DC, search="corp.contoso.com contoso.com")
    b.kinit()
    b.capture()
    b.curl("http://intranet/")


# --- the wrong SPN from the right name

def spn_unknown(name, says, rules, host, spn, **more):
    more.setdefault("see", [*DNS, *CHALLENGE, rf"krb TGS-REQ .*{spn}", "krb KRB-ERROR 7 ", "http 401"])
    more.setdefault("never", TOKEN[:1])
    return scenario(name, says, verdict="diverged", step=6, outcome="refused", rules=rules, code=7, host=host, spn=spn, **more)


@spn_unknown("short-name-spn-missing", "URL with the short name, asked for as HTTP/iisserver, registered only in full",
             ["tgs-spn-short", "tgs-s-unknown"], "iisserver", "HTTP/iisserver")
def short_name(b):
    b.apache()
    b.krb5(libdefaults={"qualify_shortname": '""'})
    b.kinit()
    b.capture()
    b.curl("http://iisserver/")


@spn_unknown("fqdn-spn-only-short", "SPN registered only for the short name, URL with the full one", ["tgs-s-unknown"],
             "short.contoso.com", "HTTP/short.contoso.com")
def fqdn_only_short(b):
    b.apache()
    b.kinit()
    b.capture()
    b.curl("http://short.contoso.com/")


@spn_unknown("short-name-wrong-suffix", "two search suffixes: the host is found with the second, the SPN is built with the first",
             ["tgs-s-unknown", "tgs-spn-name-differs"], "iisserver", "HTTP/iisserver.corp.contoso.com")
def wrong_suffix(b):
    b.apache()
    b.resolv(DC, search="corp.contoso.com contoso.com")
    b.kinit()
    b.capture()
    b.curl("http://iisserver/")


@spn_unknown("spn-missing-nospn-host", "a host name without SPN beside others that have one", ["tgs-s-unknown"],
             "nospn.contoso.com", "HTTP/nospn.contoso.com")
def nospn(b):
    b.apache()
    b.kinit()
    b.capture()
    b.curl("http://nospn.contoso.com/")


@spn_unknown("spn-duplicate", "the SPN is registered on two accounts", ["tgs-s-unknown", "tgs-not-unique"],
             "dup.contoso.com", "HTTP/dup.contoso.com", notes=["Samba answers 7 here; some Windows KDCs 8"])
def spn_duplicate(b):
    from kflab.scenario import stop_samba
    from kflab.sh import STATE, run
    raw = f"tdb://{STATE}/dc/private/sam.ldb.d/DC=CONTOSO,DC=COM.ldb"

    def change(word):
        stop_samba()
        for account in ("iissvc", "othersvc"):
            ldif = f"dn: CN={account},CN=Users,DC=contoso,DC=com\nchangetype: modify\n{word}: servicePrincipalName\nservicePrincipalName: HTTP/dup.contoso.com\n"
            run(["ldbmodify", "-H", raw], "dc", stdin=ldif)
        domain.start_samba()
    b.undo.callback(change, "delete")
    change("add")
    b.apache()
    b.kinit()
    b.capture()
    b.curl("http://dup.contoso.com/")


@spn_unknown("ip-literal", "URL with the address: the client asks for HTTP/192.168.2.104", ["tgs-spn-ip", "tgs-s-unknown"], WEB, f"HTTP/{WEB}",
             see=[*CHALLENGE, rf"krb TGS-REQ .*HTTP/{WEB}", "krb KRB-ERROR 7 "], never=["dns query", *TOKEN[:1]])
def ip_literal(b):
    b.apache()
    b.kinit()
    b.capture()
    b.curl(f"http://{WEB}/")


@scenario("ip-literal-ntlm", "URL with the address: no ticket asked for, NTLM used and accepted", verdict="diverged", step=5, outcome="ntlm",
          rules=["tgs-spn-ip", "neg-ntlm-no-tgs", "tgs-no-request"], host=WEB, spn=None, see=[*CHALLENGE, "ntlm type1", "ntlm type2", "ntlm type3", "http 200"], never=["krb", "dns query"])
def ip_literal_ntlm(b):
    env = b.ntlm("web", "client")
    ntlm_apache(b, env)
    b.capture()
    b.get(f"http://{WEB}/", "--mech", "ntlm", env=env)


def ntlm_apache(b, env, **options):
    body = "AuthType GSSAPI\nAuthName lab\nGssapiAllowedMech krb5\nGssapiAllowedMech ntlmssp\nGssapiConnectionBound On\nRequire valid-user\n"
    b.apache(body=body, env={**env, "KRB5_KTNAME": str(default_keytab())}, **options)


def default_keytab():
    from kflab.web import default_keytab as path
    return path()


@spn_unknown("ptr-wrong-spn-missing", "rdns = true and a wrong PTR record: the SPN is asked for a name without one",
             ["dns-ptr-spn", "tgs-s-unknown"], HOST, "HTTP/old-server.contoso.com",
             see=[*CHALLENGE, "dns query PTR", "krb TGS-REQ .*HTTP/old-server", "krb KRB-ERROR 7 "])
def ptr_missing(b):
    wrong_ptr(b, "old-server.contoso.com")
    b.capture()
    b.curl()


@scenario("ptr-wrong-other-account", "rdns = true and a wrong PTR record: the ticket is for another account's SPN", verdict="diverged",
          step=8, outcome="refused", rules=["dns-ptr-spn", "ap-not-us"], code=35, spn="HTTP/other.contoso.com",
          see=[*CHALLENGE, "dns query PTR", "krb TGS-REQ .*HTTP/other", "krb TGS-REP", *TOKEN, "krb KRB-ERROR 35 in http"])
def ptr_other(b):
    wrong_ptr(b, "other.contoso.com")
    b.capture()
    b.curl()


def wrong_ptr(b, name):
    b.apache()
    b.dnsmasq(f"--address=/iisserver.contoso.com/{WEB}", f"--address=/{name}/{WEB}", f"--ptr-record=104.2.168.192.in-addr.arpa,{name}")
    b.resolv(OTHER)
    b.krb5(libdefaults={"dns_canonicalize_hostname": "true", "rdns": "true"})
    b.kinit()


@scenario("dns-wrong-server", "DNS names another web server, which asks for Negotiate too but has other keys", verdict="diverged", step=8,
          outcome="refused", rules=["ap-not-us"], code=35,
          see=[rf"dns answer A .*{OTHER}", *CHALLENGE, *TGS, *TOKEN, "krb KRB-ERROR 35 in http"])
def wrong_server(b):
    b.dnsmasq(f"--address=/iisserver.contoso.com/{OTHER}", role="dc2")
    keytab = b.keytab(domain.keys("othersvc", ["HTTP/other.contoso.com"]))
    b.apache(role="other", keytab_path=keytab)
    b.resolv(ADDRESS["dc2"])
    b.kinit()
    b.capture()
    b.curl()
