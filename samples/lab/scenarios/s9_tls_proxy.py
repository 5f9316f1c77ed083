"""TLS, proxies and browsers."""

import time

from kflab import domain
from kflab.net import ADDRESS
from kflab.scenario import HOST, scenario
from kflab.sh import STATE, run, stop

from .steps import CHALLENGE, DNS, DONE, TGS, TOKEN

WEB, PROXY, OTHER = ADDRESS["web"], ADDRESS["proxy"], ADDRESS["other"]
HELLO = [r"tls handshake 1 ", r"tls handshake 2"]


@scenario("https", "the logon inside TLS 1.3: only look-up and ticket are visible", verdict="incomplete", outcome="unknown", see=[*DNS, *HELLO, *TGS], never=["http"], rules=["cap-tls"])
def https(b):
    b.apache(port=443, tls=True)
    b.kinit()
    b.capture()
    b.curl(f"https://{HOST}/", "-k")


@scenario("https-12", "the logon inside TLS 1.2", verdict="incomplete", outcome="unknown", see=[*DNS, *HELLO, *TGS], never=["http"], rules=["cap-tls"])
def https12(b):
    b.apache(port=443, tls="1.2")
    b.kinit()
    b.capture()
    b.curl(f"https://{HOST}/", "-k")


def with_keys(b, **apache):
    b.work.mkdir(parents=True, exist_ok=True)
    keys = b.work / "tls.keys"
    keys.unlink(missing_ok=True)
    b.apache(port=443, tls=True, **apache)
    b.kinit()
    b.capture()
    b.curl(f"https://{HOST}/", "-k", env={"SSLKEYLOGFILE": str(keys)})
    b.inject_keys(keys)


@scenario("https-with-keys", "the logon inside TLS 1.3, the keys in the capture file (pcapng)", see=[*DNS, *HELLO, *CHALLENGE, *TGS, *DONE])
def https_keys(b):
    with_keys(b)


@scenario("https-with-keys-refused", "inside TLS 1.3, the keys in the capture file: the token is refused (31)", verdict="diverged", step=8, outcome="refused",
          rules=["ap-bad-integrity", "ap-modified"], code=31, see=[*DNS, *HELLO, *CHALLENGE, *TGS, *TOKEN, "krb KRB-ERROR 31 in http"])
def https_keys_refused(b):
    with_keys(b, keytab_path=b.keytab([e.spoiled() for e in domain.keys("iissvc", [f"HTTP/{HOST}"])]))


@scenario("https-spn-missing", "a host without SPN behind TLS: the KDC's refusal is visible", verdict="diverged", step=6, outcome="unknown", rules=["tgs-s-unknown"], code=7,
          host="nospn.contoso.com", see=[*DNS, *HELLO, "krb TGS-REQ", "krb KRB-ERROR 7 "], never=["http"])
def https_nospn(b):
    b.apache(port=443, tls=True)
    b.kinit()
    b.capture()
    b.curl("https://nospn.contoso.com/", "-k")


@scenario("https-certificate-refused", "the client does not trust the certificate and ends the handshake", verdict="incomplete", outcome="unknown", spn=None, see=[*DNS, *HELLO], never=["krb", "http"],
          rules=["cap-tls"], notes=["no authentication evidence: a weak candidate; the alert is encrypted in TLS 1.3"])
def https_certificate(b):
    b.apache(port=443, tls="1.2")
    b.kinit()
    b.capture()
    b.curl(f"https://{HOST}/")


@scenario("https-port-closed", "nothing listens on 443", verdict="diverged", step=3, outcome="none", rules=["tcp-rst"], spn=None, see=[*DNS, r"tcp rst .*:443>"])
def https_closed(b):
    b.apache()
    b.kinit()
    b.capture()
    b.curl(f"https://{HOST}/", "-k")


# --- squid

def squid(b, keytab=None, spn="HTTP/proxy.contoso.com"):
    root = STATE / "squid"
    root.mkdir(parents=True, exist_ok=True)
    path = keytab or b.keytab(domain.keys("proxysvc", ["HTTP/proxy.contoso.com"]))
    conf = root / "squid.conf"
    conf.write_text(f"""http_port 3128
auth_param negotiate program /usr/lib/squid/negotiate_kerberos_auth -k {path} -s {'GSS_C_NO_NAME' if not spn else spn + '@CONTOSO.COM'}
auth_param negotiate children 2
acl users proxy_auth REQUIRED
http_access allow users
http_access deny all
cache deny all
access_log none
cache_log {root}/cache.log
pid_filename {root}/pid
coredump_dir {root}
netdb_filename none
pinger_enable off
shutdown_lifetime 0 seconds
dns_nameservers {ADDRESS['dc']}
visible_hostname proxy.contoso.com
""")
    run(["chown", "-R", "proxy", root])
    (root / "pid").unlink(missing_ok=True)
    b.server(["squid", "-N", "-f", conf], "proxy", 3128, env={"KRB5RCACHETYPE": "none"})


def via(b, url, *args, proxy="proxy.contoso.com", user="John", auth=()):
    b.curl(url, "--proxy", f"http://{proxy}:3128", "--proxy-anyauth", "-U", ":", *args, auth=auth, user=user)


P407 = [r"http GET [^+]*$", r"http 407 offers \[Negotiate"]
PTOKEN = [r"http GET .*\+proxy-auth:Negotiate Y"]


def proxied(name, says, **more):
    more.setdefault("host", "proxy.contoso.com")
    more.setdefault("spn", f"HTTP/{more['host']}")
    return scenario(name, says, kind="http-proxy", **more)


@proxied("proxy-407-success", "the proxy asks for authentication and lets the request through", see=[*DNS, *P407, *TGS, *PTOKEN, "http 200"])
def proxy_ok(b):
    squid(b)
    b.apache(body="Require all granted")
    b.kinit()
    b.capture()
    via(b, "http://plain.contoso.com/")


@proxied("proxy-407-connect", "CONNECT through the proxy with authentication, then TLS to the site", see=[*DNS, "http CONNECT", r"http 407 offers \[Negotiate", *TGS, r"http CONNECT .*\+proxy-auth:Negotiate", "http 200"])
def proxy_connect(b):
    squid(b)
    b.apache(body="Require all granted", port=443, tls=True)
    b.kinit()
    b.capture()
    via(b, "https://plain.contoso.com/", "-k")


@proxied("proxy-407-no-tgt", "the proxy asks for authentication; the client has no TGT", verdict="diverged", step=5, outcome="refused", rules=["http-401-ignored", "tgs-no-request", "http-407-loop"],
         see=[*DNS, *P407], never=["krb TGS-REQ", *PTOKEN])
def proxy_no_tgt(b):
    squid(b)
    b.capture()
    via(b, "http://plain.contoso.com/")


@proxied("proxy-407-spn-missing", "the proxy is addressed by a name without SPN", verdict="diverged", step=6, outcome="refused", rules=["tgs-s-unknown", "http-407-loop"], code=7, host="webproxy.contoso.com",
         see=[*DNS, *P407, "krb TGS-REQ .*webproxy", "krb KRB-ERROR 7 "], never=PTOKEN)
def proxy_spn(b):
    squid(b)
    b.kinit()
    b.capture()
    via(b, "http://plain.contoso.com/", proxy="webproxy.contoso.com")


@proxied("proxy-407-wrong-key", "the proxy's keytab has the wrong key", verdict="diverged", step=8, outcome="refused", rules=["http-407-loop", "ap-401-bare", "ap-bad-integrity", "ap-modified", "ap-reject-negstate"],
         see=[*DNS, *P407, *TGS, *PTOKEN, "http 407"])
def proxy_key(b):
    squid(b, b.keytab([e.spoiled() for e in domain.keys("proxysvc", ["HTTP/proxy.contoso.com"])]))
    b.kinit()
    b.capture()
    via(b, "http://plain.contoso.com/")


@proxied("proxy-407-then-401", "the proxy authenticates, then the site behind it does too", see=[*DNS, *P407, *TGS, *PTOKEN, r"http 401 offers \[Negotiate", "krb TGS-REQ .*iisserver", "krb TGS-REP", "http 200"],
         more=[{"kind": "http", "host": HOST, "verdict": "ok", "divergedAt": None, "outcome": "kerberos", "rules": [], "code": None}])
def proxy_then_401(b):
    squid(b)
    b.apache()
    b.kinit()
    b.capture()
    via(b, f"http://{HOST}/", auth=("--anyauth", "-u", ":"))


@proxied("proxy-ok-site-spn-missing", "the proxy authenticates; the site behind it has no SPN", see=[*P407, *TGS, *PTOKEN, r"http 401 offers \[Negotiate", "krb TGS-REQ .*nospn", "krb KRB-ERROR 7 "],
         more=[{"kind": "http", "host": "nospn.contoso.com", "verdict": "diverged", "divergedAt": 6, "outcome": "refused", "rules": ["tgs-s-unknown"], "code": 7}])
def proxy_site(b):
    squid(b)
    b.apache()
    b.kinit()
    b.capture()
    via(b, "http://nospn.contoso.com/", auth=("--anyauth", "-u", ":"))


@proxied("proxy-port-closed", "nothing listens on the proxy's port", verdict="diverged", step=3, outcome="none", rules=["tcp-rst"], spn=None, see=["dns answer A proxy", r"tcp rst .*:3128>"],
         notes=["nothing shows that 3128 is a proxy: kind http is as good"])
def proxy_closed(b):
    b.kinit()
    b.capture()
    via(b, "http://plain.contoso.com/")


@scenario("proxy-site-503", "the proxy lets the user in but cannot reach the site", kind="http-proxy", host="proxy.contoso.com", spn="HTTP/proxy.contoso.com", rules=["http-gateway-error"],
          see=[*P407, *TGS, *PTOKEN, "http 503"])
def proxy_503(b):
    squid(b)
    b.kinit()
    b.capture()
    via(b, "http://plain.contoso.com/")


# --- Chromium

def chromium(b, page, allow="*.contoso.com", seconds=8, user="John"):
    """Open a page in Chromium. Its GSS library is loaded by a first protected page (second.contoso.com), whose 401 leads on to `page`."""
    import shutil
    b.apache(extra='<If "%{HTTP_HOST} =~ /^second/">\n ErrorDocument 401 "<meta http-equiv=refresh content=\'2;url=' + page + '\'>"\n</If>')
    b.kinit(user)
    b.capture()
    profile = b.work / "chromium"
    shutil.rmtree(profile, ignore_errors=True)
    profile.mkdir(parents=True)
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--disable-default-apps", "--disable-extensions", "--disable-dev-shm-usage", "--remote-debugging-port=0",
             "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,OptimizationHints,MediaRouter,Translate", f"--user-data-dir={profile}"]
    if allow:
        flags.append(f"--auth-server-allowlist={allow}")
    process = b.background("chromium", *flags, "http://second.contoso.com/", user=user, env={"HOME": str(b.work)})
    time.sleep(seconds)
    stop(process)


@scenario("chromium", "Chromium opens the page, with its look-ups and favicon, after another protected page",
          see=["http 401", "http GET iisserver[^+]*$", "http 401", "krb TGS-REQ .*iisserver", r"http GET iisserver.contoso.com/ \+auth:Negotiate Y", "http 200"])
def chromium_page(b):
    chromium(b, f"http://{HOST}/")


@scenario("chromium-first-page", "a fresh Chromium: its first page stays at 401, only the favicon is authenticated (404)", host="second.contoso.com",
          see=["http GET second.contoso.com/ ", "http 401", "krb TGS-REQ .*second", r"http GET second.contoso.com/favicon.ico \+auth:Negotiate Y", "http 404"],
          never=[r"second.contoso.com/ \+auth"], notes=["the service accepted Kerberos, the page itself was never asked for again: ok with a warning, by the words of the contract"])
def chromium_first(b):
    chromium(b, "about:blank")


@scenario("chromium-spn-missing", "Chromium opens a host without SPN", verdict="diverged", step=6, outcome="refused", rules=["tgs-s-unknown"], code=7, host="nospn.contoso.com",
          see=["http 401", "krb TGS-REQ .*nospn", "krb KRB-ERROR 7 "])
def chromium_nospn(b):
    chromium(b, "http://nospn.contoso.com/")


@scenario("chromium-one-host-not-allowed", "Chromium may authenticate to one host only and opens another", verdict="diverged", step=5, outcome="refused", spn=None,
          rules=["http-401-ignored", "tgs-no-request"], see=["http 401", "http GET iisserver", "http 401"], never=["krb TGS-REQ .*iisserver", r"iisserver.*\+auth"],
          more=[{"kind": "http", "host": "second.contoso.com", "verdict": "ok", "divergedAt": None, "outcome": "kerberos", "rules": [], "code": None}])
def chromium_not_allowed(b):
    chromium(b, f"http://{HOST}/", allow="second.contoso.com")
