"""Apache httpd with mod_auth_gssapi, started afresh with the configuration a scenario wants."""

import os

from . import domain, keytab
from .net import ADDRESS
from .sh import FQDN, STATE, run, start, wait_port

MODULES = ["mpm_event", "authn_core", "authz_core", "authz_user", "auth_gssapi", "headers", "rewrite", "alias", "proxy",
           "proxy_http", "auth_basic", "authn_file", "dir", "mime", "ssl", "socache_shmcb", "setenvif", "cgid"]

GSSAPI = """
  AuthType GSSAPI
  AuthName "kflow lab"
  GssapiAllowedMech {mech}
  GssapiCredStore keytab:{keytab}
  Require valid-user
"""


class Keep(dict):
    def __missing__(self, key):
        return "{" + key + "}"


def apache(role="web", port=80, body=None, extra="", keytab_path=None, env=None, tls=False, mech="krb5", name="httpd",
           location="/", options="KeepAliveTimeout 5", user="www-data"):
    """Start httpd in a host; `body` replaces what stands inside <Location>, `extra` is put outside it."""
    root = STATE / "www" / role / name
    docs = root / "docs"
    docs.mkdir(parents=True, exist_ok=True)
    (docs / "index.html").write_text("<html><title>lab</title>Protected page\n</html>\n")
    (docs / "big.txt").write_text("0123456789abcdef" * 4096)
    (docs / "app").mkdir(exist_ok=True)
    (docs / "app/index.html").write_text("<html>Application\n</html>\n")
    status = root / "status.cgi"  # /status/500, /status/302/where
    status.write_text('#!/bin/sh\nIFS=/; set -- $PATH_INFO\necho "Status: $2"\n[ -n "$3" ] && echo "Location: /$3"\n'
                      "echo 'Content-Type: text/plain'\necho\necho $2\n")
    status.chmod(0o755)
    post = root / "post.cgi"
    post.write_text("#!/bin/sh\necho 'Content-Type: text/plain'\necho\nwc -c\n")
    post.chmod(0o755)
    if keytab_path is None:
        keytab_path = default_keytab()
    values = Keep(keytab=keytab_path, mech=mech, docs=docs, root=root, dc=ADDRESS["dc"], other=ADDRESS["other"],
                  web=ADDRESS["web"], state=STATE)
    body = (GSSAPI if body is None else body).format_map(values)
    lines = [f"LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so" for m in MODULES]
    lines += [f'ServerRoot "{root}"', f"ServerName {FQDN[role]}", f'PidFile "{root}/pid"', f'ErrorLog "{root}/error.log"',
              "LogLevel info", f"User {user}", f"Group {user}", f'DefaultRuntimeDir "{root}"', f'ScriptSock "{root}/cgisock"',
              f"Listen {port}", f'DocumentRoot "{docs}"', "ServerTokens Prod", options, "StartServers 1",
              "MinSpareThreads 5", "MaxSpareThreads 10", "ThreadsPerChild 10",
              'TypesConfig /dev/null', 'ThreadLimit 10', 'MaxRequestWorkers 40', 'AddType text/html .html', "DirectoryIndex index.html", f'ScriptAlias /post "{post}"', f'ScriptAlias /status "{status}"',
              f"<Directory \"{root}\">\n Require all granted\n</Directory>"]
    if tls:
        cert = certificate(role)
        lines += ["SSLEngine on", f'SSLCertificateFile "{cert}"', f'SSLCertificateKeyFile "{cert}"',
                  "SSLProtocol TLSv1.2" if tls == "1.2" else "SSLProtocol all -SSLv3"]
    lines += [extra.format_map(values), f"<Location {location}>\n{body}\n</Location>" if body else ""]
    conf = root / "httpd.conf"
    conf.write_text("\n".join(lines) + "\n")
    run(["chown", "-R", user, root])
    variables = {"KRB5RCACHETYPE": "none", **(env or {})}
    process = start(["apache2", "-f", conf, "-DFOREGROUND"], role, f"apache-{role}-{name}.log", variables)
    wait_port(role, port)
    return process


def default_keytab():
    path = STATE / "keytabs" / "web.keytab"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        keytab.write(path, domain.keys("iissvc", domain.WEB_SPNS))
    return path


def certificate(role):
    path = STATE / "tls" / f"{role}.pem"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", f"/CN={FQDN[role]}",
             "-addext", f"subjectAltName=DNS:{FQDN[role]}", "-keyout", f"{path}.key", "-out", f"{path}.crt"])
        path.write_text(open(f"{path}.key").read() + open(f"{path}.crt").read())
        os.chmod(path, 0o600)
    return path
