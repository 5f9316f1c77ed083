"""Logons that work, in their many shapes."""

from kflab.net import ADDRESS
from kflab.scenario import HOST, scenario
from kflab.web import GSSAPI

from .steps import ASKED, CHALLENGE, DNS, DONE, FULL, TGS, TOKEN

WEB = ADDRESS["web"]


@scenario("success", "the whole documented sequence, once", see=FULL, never=["KRB-ERROR"])
def success(b):
    b.apache()
    b.kinit()
    b.capture()
    b.curl()


@scenario("success-offload", "as success, with the offloads of the network cards on: frames above the MTU, wrong checksums",
          user="hugejohn", see=[*DNS, *CHALLENGE, "giant", *DONE], notes=["a user with 700 groups, so that messages exceed the MTU"])
def success_offload(b):
    b.offload("client", "web", "dc")
    b.apache(options="KeepAliveTimeout 5\nLimitRequestFieldSize 65536")
    b.kinit("hugejohn")
    b.capture()
    b.curl(user="hugejohn")


@scenario("success-big-token", "a token of many segments (700 groups), accepted", user="hugejohn",
          see=[*DNS, *CHALLENGE, r"krb TGS-REP", *DONE])
def success_big_token(b):
    b.apache(options="KeepAliveTimeout 5\nLimitRequestFieldSize 65536")
    b.kinit("hugejohn")
    b.capture()
    b.curl(user="hugejohn")


@scenario("success-404", "authenticated, then 404: the name of the page is wrong, not the logon", see=[*DNS, *CHALLENGE, *TGS, *TOKEN, "http 404"])
def success_404(b):
    b.apache()
    b.kinit()
    b.capture()
    b.curl(f"http://{HOST}/nowhere")


@scenario("success-500", "authenticated, then 500 from the application (AP-REP in it)", see=[*DNS, *CHALLENGE, *TGS, *TOKEN, r"http 500 offers \[Negotiate\+token"])
def success_500(b):
    b.apache()
    b.kinit()
    b.capture()
    b.curl(f"http://{HOST}/status/500")


@scenario("success-302", "authenticated, then redirected to another protected page, which authenticates again or goes on",
          see=[*DNS, *CHALLENGE, *TGS, *TOKEN, "http 302", "http 200"])
def success_302(b):
    b.apache()
    b.kinit()
    b.capture()
    b.curl(f"http://{HOST}/status/302/index.html", "-L")


@scenario("success-304", "authenticated, then 304 to a conditional request", see=[*DNS, *CHALLENGE, *TGS, *TOKEN, "http 304"])
def success_304(b):
    b.apache()
    b.kinit()
    b.capture()
    b.curl(f"http://{HOST}/", "-H", "If-None-Match: *")


@scenario("redirect-before-401", "an open page redirects to the protected one on the same host", see=[*DNS, *ASKED, "http 302", *CHALLENGE, *TGS, *DONE])
def redirect_before(b):
    b.apache(location="/app", extra="RedirectMatch 302 ^/$ /app/", options="KeepAliveTimeout 5")
    b.kinit()
    b.capture()
    b.curl(f"http://{HOST}/", "-L")


@scenario("redirect-other-host", "plain.contoso.com redirects without authentication to the protected host",
          see=["dns query A plain", *ASKED, "http 302", "dns query A iisserver", *CHALLENGE, *TGS, *DONE])
def redirect_other(b):
    b.apache(extra=f'RewriteEngine on\nRewriteCond %{{HTTP_HOST}} ^plain\nRewriteRule ^ http://{HOST}/ [R=302,L]\n'
             '<If "%{HTTP_HOST} =~ /^plain/">\n Require all granted\n</If>')
    b.kinit()
    b.capture()
    b.curl("http://plain.contoso.com/", "-L", "--location-trusted")


@scenario("post-with-body", "a POST is challenged and repeated with its body and the token",
          see=[*DNS, r"http POST [^+]*$", "http 401", *TGS, r"http POST .*\+auth:Negotiate", "http 200"])
def post(b):
    b.apache()
    b.kinit()
    b.capture()
    b.curl(f"http://{HOST}/post", "--data", "name=value&" * 60)


@scenario("post-large-body", "a POST of 64 kB: the body travels although the first answer is 401", see=[*DNS, "http 401", *TGS, "http 200"])
def post_large(b):
    b.apache()
    b.kinit()
    b.work.mkdir(parents=True, exist_ok=True)
    (b.work / "body").write_bytes(b"x" * 65536)
    b.capture()
    b.curl(f"http://{HOST}/post", "--data-binary", f"@{b.work}/body")


@scenario("head-request", "HEAD instead of GET: answers have a length but no body", see=[*DNS, r"http HEAD [^+]*$", "http 401", *TGS, r"http HEAD .*\+auth", "http 200"])
def head(b):
    b.apache()
    b.kinit()
    b.capture()
    b.curl(f"http://{HOST}/", "--head")


@scenario("keepalive-several", "one authenticated connection, five requests", see=[*FULL, "http GET .*n=1", "http 200", "http GET .*n=4", "http 200"])
def keepalive(b):
    b.apache(body=GSSAPI + "GssapiConnectionBound On")
    b.kinit()
    b.capture()
    b.get(f"http://{HOST}/", "--requests", "5")


@scenario("keepalive-token-each", "five requests on one connection, each with a fresh token of the same ticket", rules=["perf-per-request-auth"],
          see=[*FULL, r"http GET .*n=1.*\+auth", "http 200", r"http GET .*n=4.*\+auth", "http 200"])
def keepalive_each(b):
    b.apache()
    b.kinit()
    b.capture()
    b.get(f"http://{HOST}/", "--requests", "5", "--per-request")


@scenario("parallel-sockets", "six connections, each challenged, each authenticated with the same ticket",
          see=["http 401"] * 6 + TGS + ["http 200"] * 6)
def parallel(b):
    b.apache()
    b.kinit()
    b.capture()
    b.get(f"http://{HOST}/", "--sockets", "6")


@scenario("token-other-connection", "the challenge comes on one connection, the token on another", see=FULL)
def other_connection(b):
    b.apache()
    b.kinit()
    b.capture()
    b.get(f"http://{HOST}/", "--other-connection")


@scenario("short-host-qualified", "URL with the short name; the client completes it to HTTP/iisserver.contoso.com", host="iisserver",
          spn="HTTP/iisserver.contoso.com", see=FULL)
def short_qualified(b):
    b.apache()
    b.kinit()
    b.capture()
    b.curl("http://iisserver/")


@scenario("suffix-second", "short name: the first search suffix gives NXDOMAIN, the second finds the host", host="iisserver",
          spn="HTTP/iisserver.contoso.com", see=[r"dns answer A iisserver.corp.contoso.com rcode=3", *FULL])
def suffix_second(b):
    b.apache()
    b.kinit()
    b.resolv(ADDRESS["dc"], search="corp.contoso.com contoso.com")
    b.krb5(libdefaults={"qualify_shortname": "contoso.com"})
    b.capture()
    b.curl("http://iisserver/")


@scenario("cname-canonical-spn", "alias; the client canonicalises and asks for the canonical name, which has the SPN",
          host="portal.contoso.com", spn="HTTP/cname-target.contoso.com", rules=["tgs-spn-name-differs"],
          see=[*DNS, *CHALLENGE, "krb TGS-REQ .*HTTP/cname-target", "krb TGS-REP", *DONE])
def cname_canonical(b):
    b.apache()
    b.krb5(libdefaults={"dns_canonicalize_hostname": "true"})
    b.kinit()
    b.capture()
    b.curl("http://portal.contoso.com/")


@scenario("dns-tcp-after-truncation", "40 addresses: the UDP answer is truncated, the client asks again over TCP",
          host="web40.contoso.com", see=[r"dns answer A web40.* TC", "dns tcp query .*A.* web40", "dns tcp answer A web40", *CHALLENGE, *TGS, *DONE])
def dns_tcp(b):
    many(b)
    b.apache()
    b.kinit()
    b.capture()
    b.curl("http://web40.contoso.com/")


def many(b):
    addresses = [f"192.168.2.{n}" for n in range(201, 241)]
    for a in addresses:
        b.address("web", a)
    b.dnsmasq(*(f"--address=/web40.contoso.com/{a}" for a in addresses))
    b.resolv(ADDRESS["other"])


@scenario("dns-first-silent-second-ok", "the first DNS server never answers, the second does", see=[f"dns query A .* to {ADDRESS['other']}", f"dns query A .* to {ADDRESS['dc']}", *FULL[1:]])
def dns_second(b):
    b.nft("other", "udp dport 53 drop")
    b.resolv(ADDRESS["other"], ADDRESS["dc"], options="timeout:1")
    b.apache()
    b.kinit()
    b.capture()
    b.curl()


@scenario("dns-first-refused-second-ok", "the first DNS server refuses, the second answers", see=["dns answer .*rcode=5", *FULL[1:]])
def dns_refused_second(b):
    b.dnsmasq()
    b.resolv(ADDRESS["other"], ADDRESS["dc"])
    b.apache()
    b.kinit()
    b.capture()
    b.curl()


@scenario("aaaa-unused", "the name has A and AAAA; the client has no IPv6 and uses A", host="v64.contoso.com",
          see=[r"dns answer AAAA .*fd00", *CHALLENGE, *TGS, *DONE])
def aaaa_unused(b):
    b.apache()
    b.kinit()
    b.capture()
    b.curl("http://v64.contoso.com/")


@scenario("ipv6-broken-ipv4-works", "the AAAA address of the web server is unreachable, IPv4 connects", host="v64.contoso.com",
          rules=["dns-wrong-addr"], see=["tcp syn fd00.*>fd00:192:168:2::104:80", *CHALLENGE, *TGS, *DONE])
def ipv6_broken(b):
    b.ipv6("client", "web")
    b.nft("web", "meta nfproto ipv6 tcp dport 80 drop")
    b.apache()
    b.kinit()
    b.capture()
    b.curl("http://v64.contoso.com/")


@scenario("multi-address-one-dead", "two A records, the first host does not exist, the second answers", host="multi.contoso.com",
          rules=["dns-wrong-addr"], see=[*DNS, r"arp who-has 192\.168\.2\.100", *CHALLENGE, *TGS, *DONE])
def multi(b):
    b.apache()
    b.kinit()
    b.capture()
    b.curl("http://multi.contoso.com/")


@scenario("syn-lost-once", "the first SYN is lost, the repeated one answered", see=[*DNS, r"tcp syn .*:80", r"tcp syn .*:80 again", *CHALLENGE, *TGS, *DONE])
def syn_lost(b):
    import time
    b.apache()
    b.kinit()
    b.nft("web", "tcp dport 80 drop")
    b.capture()
    going = b.background("curl", "-sS", "-o", "/dev/null", "--anyauth", "-u", ":", f"http://{HOST}/")
    time.sleep(0.6)
    b.un_nft("web")
    going.wait(10)


@scenario("kdc-silent-two-seconds", "the KDC is unreachable for two seconds, then answers",
          see=[*DNS, *CHALLENGE, r"tcp syn .*:88", *TGS, *DONE])
def kdc_slow(b):
    import time
    b.apache()
    b.kinit()
    b.nft("dc", "tcp dport 88 drop", "udp dport 88 drop")
    b.capture()
    going = b.background("curl", "-sS", "-o", "/dev/null", "--anyauth", "-u", ":", f"http://{HOST}/")
    time.sleep(2)
    b.un_nft("dc")
    going.wait(20)


@scenario("kdc-srv-lookup", "the client finds its KDC by SRV records (URI asked first, NXDOMAIN)",
          see=[*DNS, *CHALLENGE, r"dns query .*_kerberos\.CONTOSO", r"dns answer SRV _kerberos\._(tcp|udp)", *TGS, *DONE])
def kdc_srv(b):
    b.apache()
    b.krb5(libdefaults={"dns_lookup_kdc": "true"}, realms={"OTHER.TEST": ["127.0.0.1"]})
    b.kinit()
    b.capture()
    b.curl()


@scenario("kdc-first-refuses-second-ok", "the first KDC's ports are closed (RST, ICMP), the second answers", rules=["perf-kdc-failover"],
          see=[*DNS, *CHALLENGE, rf"tcp rst {ADDRESS['other']}:88", *TGS, *DONE])
def kdc_first_refuses(b):
    b.apache()
    b.krb5(realms={"CONTOSO.COM": [ADDRESS["other"], ADDRESS["dc"]]})
    b.kinit()
    b.capture()
    b.curl()


@scenario("basic-and-negotiate-offered", "Negotiate and Basic are offered; the client takes Negotiate",
          see=[*DNS, *ASKED, r"http 401 offers \[Negotiate;? Basic", *TGS, *DONE])
def several_offered(b):
    b.apache(body=GSSAPI + "GssapiBasicAuth On")
    b.kinit()
    b.capture()
    b.curl(f"http://{HOST}/", auth=("--anyauth", "-u", ":"))


@scenario("stale-keepalive-repeated", "the server closes the idle connection; the client repeats its request on a new one",
          see=[*CHALLENGE, "tcp fin 192.168.2.104:80", *TGS, *TOKEN, "tcp syn .*:80", *DONE])
def stale_keepalive(b):
    b.apache(options="KeepAliveTimeout 1")
    b.kinit()
    b.krb5(realms={"CONTOSO.COM": ["192.168.2.100", "192.168.2.99", ADDRESS["dc"]]})
    b.capture()
    b.curl(seconds=25)
