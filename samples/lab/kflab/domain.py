"""The Samba domain controller of CONTOSO.COM: provisioning, accounts, names, keytabs."""

import json
import shutil
import time

from . import keytab
from .net import ADDRESS
from .sh import HERE, STATE, Failed, run, start, wait_port

REALM = "CONTOSO.COM"
PASSWORD = "Passw0rd.Kflow"
WEB_NAMES = ["iisserver", "second", "cname-target", "web40", "multi", "v64"]

# SPNs of the account whose key the web server holds.
WEB_SPNS = [f"HTTP/{n}.contoso.com" for n in WEB_NAMES] + ["HTTP/short"]

ACCOUNTS = [
    *({"name": n} for n in ("John", "Jane", "locked", "wronguser", "victim")),
    {"name": "disabled", "disabled": True},
    {"name": "expired", "expired": True},
    {"name": "mustchange", "mustchange": True, "noexpire": False},
    {"name": "sensitive", "uac_on": 0x100000},
    {"name": "hugejohn", "groups": 700},
    {"name": "iissvc", "etypes": 24, "spns": WEB_SPNS, "set": {"userPrincipalName": ["HTTP/iisserver.contoso.com@CONTOSO.COM"]}},
    {"name": "othersvc", "etypes": 24, "spns": ["HTTP/moved.contoso.com", "HTTP/other.contoso.com"]},
    {"name": "rc4svc", "etypes": 4, "spns": ["HTTP/rc4.contoso.com"]},
    {"name": "backendsvc", "etypes": 24, "spns": ["HTTP/backend.contoso.com"]},
    {"name": "proxysvc", "etypes": 24, "spns": ["HTTP/proxy.contoso.com"]},
    {"name": "filesvc", "etypes": 24, "spns": ["cifs/moved-files.contoso.com", "ldap/moved-ldap.contoso.com"]},
]

# name, type, data: everything the scenarios look up in contoso.com
RECORDS = [
    *((n, "A", ADDRESS["web"]) for n in ("iisserver", "second", "cname-target", "short", "nospn", "moved", "rc4",
                                         "shortonly", "dup", "plain", "v64")),
    ("www", "CNAME", "iisserver.contoso.com"),
    ("portal", "CNAME", "cname-target.contoso.com"),
    ("client1", "A", ADDRESS["client"]),
    ("client2", "A", ADDRESS["client2"]),
    ("proxy", "A", ADDRESS["proxy"]),
    ("webproxy", "A", ADDRESS["proxy"]),
    ("other", "A", ADDRESS["other"]),
    ("backend", "A", ADDRESS["other"]),
    ("dead", "A", "192.168.2.100"),
    ("multi", "A", "192.168.2.100"),
    ("multi", "A", ADDRESS["web"]),
    ("stale", "A", ADDRESS["other"]),
    ("text", "TXT", "no address here"),
    ("six", "AAAA", "fd00:192:168:2::104"),
    ("v64", "AAAA", "fd00:192:168:2::104"),
    ("moved-files", "A", ADDRESS["dc"]),
    ("alias-files", "A", ADDRESS["dc"]),
    ("alias-ldap", "A", ADDRESS["dc"]),
    ("web40", "A", ADDRESS["web"]),
]

CONF = STATE / "dc/etc/smb.conf"
SAM = STATE / "dc/private/sam.ldb"


def provision(role="dc", realm=REALM, short="CONTOSO", host="DCA", folder="dc"):
    target = STATE / folder
    shutil.rmtree(target, ignore_errors=True)
    run_dir = STATE / "run" / role
    (STATE / "log").mkdir(parents=True, exist_ok=True)
    run_dir.mkdir(parents=True, exist_ok=True)
    options = {
        "interfaces": "eth0 lo",
        "bind interfaces only": "yes",
        "dns forwarder": "",
        "pid directory": run_dir,
        "ncalrpc dir": run_dir / "ncalrpc",
        "ntp signd socket directory": run_dir / "ntp",
        "log file": STATE / "log" / f"samba-{role}.log",
        "max log size": 0,
    }
    argv = ["samba-tool", "domain", "provision", f"--realm={realm}", f"--domain={short}", "--server-role=dc",
            "--dns-backend=SAMBA_INTERNAL", f"--host-name={host}", f"--host-ip={ADDRESS[role]}",
            f"--adminpass={PASSWORD}", f"--targetdir={target}"]
    argv += [f"--option={k}={v}" for k, v in options.items()]
    run(argv, role)


def fill(accounts=ACCOUNTS, role="dc", folder="dc"):
    plan = [{"password": PASSWORD, **a} for a in accounts]
    root = STATE / folder
    run(["samba-tool", "domain", "passwordsettings", "set", "--account-lockout-threshold=3", "--complexity=off",
         "--history-length=0", "--min-pwd-age=0", "-s", root / "etc/smb.conf", "-H", f"tdb://{root}/private/sam.ldb"], role)
    run(["/usr/bin/python3", HERE / "kflab/accounts.py", root / "etc/smb.conf", root / "private/sam.ldb"],
        role, stdin=json.dumps(plan))


def start_samba(role="dc", folder="dc", env=None):
    process = start(["samba", "--foreground", "--no-process-group", "-s", STATE / folder / "etc/smb.conf"],
                    role, f"samba-{role}.out", env)
    for port, proto in ((88, "tcp"), (88, "udp"), (53, "udp"), (389, "tcp"), (445, "tcp"), (135, "tcp")):
        wait_port(role, port, proto, 30)
    (STATE / f"samba-{role}.pid").write_text(str(process.pid))
    return process


def add_records(records=RECORDS):
    for name, kind, data in records:
        run(["samba-tool", "dns", "add", ADDRESS["dc"], "contoso.com", name, kind, data,
             f"-UAdministrator%{PASSWORD}", "-s", CONF], "dc")


def samba_tool(*args, role="dc", folder="dc", check=True, stdin=None):
    return run(["samba-tool", *args, "-s", STATE / folder / "etc/smb.conf"], role, check=check, stdin=stdin)


def export_keytab(folder="dc", role="dc", name="all.keytab"):
    """Every key of the domain; the scenarios pick what they need."""
    path = STATE / name
    path.unlink(missing_ok=True)
    samba_tool("domain", "exportkeytab", str(path), role=role, folder=folder)
    return path


def keys(account, spns, etypes=(17, 18), name="all.keytab"):
    """Keytab entries of an account under the names of its SPNs."""
    found = [e for e in keytab.read(STATE / name) if e.name.lower() == account.lower() and e.etype in etypes]
    if not found:
        raise Failed(f"no keys of {account}")
    return [e.but(parts=tuple(spn.split("/")), name_type=1) for spn in spns for e in found]


def modify(ldif, folder="dc", role="dc"):
    run(["ldbmodify", "-H", STATE / folder / "private/sam.ldb"], role, stdin=ldif)


def up():
    if not SAM.exists():
        provision()
        fill()
        fresh = True
    else:
        fresh = False
    start_samba()
    if fresh:
        time.sleep(1)
        add_records()
        export_keytab()
