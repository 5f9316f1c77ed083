"""Namespaces, the bridge between them, and the files of /etc that each host sees."""

import os
import shutil
import signal
import time
from pathlib import Path

from .sh import PREFIX, STATE, run

ADDRESS = {
    "dc": "192.168.2.1",
    "dc2": "192.168.2.2",
    "client": "192.168.2.101",
    "client2": "192.168.2.102",
    "web": "192.168.2.104",
    "proxy": "192.168.2.105",
    "other": "192.168.2.150",
}
ADDRESS6 = {role: "fd00:192:168:2::" + address.rsplit(".", 1)[1] for role, address in ADDRESS.items()}
ROLES = list(ADDRESS)
ETC = Path("/etc/netns")


def krb5_conf(libdefaults=None, realms=None, domain_realm=None, extra=""):
    """A quiet krb5.conf: fixed KDC, no canonicalisation; every line can be replaced."""
    lib = {
        "default_realm": "CONTOSO.COM",
        "dns_lookup_kdc": "false",
        "dns_lookup_realm": "false",
        "dns_canonicalize_hostname": "false",
        "rdns": "false",
        "kdc_timesync": "0",
    }
    lib.update(libdefaults or {})
    realms = realms or {"CONTOSO.COM": [ADDRESS["dc"]], "FABRIKAM.COM": [ADDRESS["dc2"]]}
    mapping = {".contoso.com": "CONTOSO.COM", "contoso.com": "CONTOSO.COM"}
    mapping.update(domain_realm or {})
    text = "[libdefaults]\n" + "".join(f" {k} = {v}\n" for k, v in lib.items() if v is not None)
    text += "[realms]\n"
    for realm, kdcs in realms.items():
        text += f" {realm} = {{\n" + "".join(f"  kdc = {k}\n" for k in kdcs)
        text += "".join(f"  admin_server = {k}\n  kpasswd_server = {k}\n" for k in kdcs[:1]) + " }\n"
    text += "[domain_realm]\n" + "".join(f" {k} = {v}\n" for k, v in mapping.items())
    return text + extra


def resolv_conf(servers=(ADDRESS["dc"],), search="contoso.com", options="timeout:2 attempts:2"):
    lines = [f"nameserver {s}" for s in servers]
    if search:
        lines.append(f"search {search}")
    if options:
        lines.append(f"options {options}")
    return "\n".join(lines) + "\n"


def write_etc(role, name, text):
    """Replace a file of a host in place, so that running processes see it too."""
    path = ETC / (PREFIX + role) / name
    old = path.read_text() if path.exists() else ""
    with open(path, "r+" if path.exists() else "w") as f:
        f.truncate()
        f.write(text)
    return old


def up():
    sw = PREFIX + "sw"
    run(["ip", "netns", "add", sw])
    run(["ip", "-n", sw, "link", "set", "lo", "up"])
    run(["ip", "netns", "exec", sw, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1",
         "net.ipv6.conf.default.disable_ipv6=1"])
    run(["ip", "-n", sw, "link", "add", "br0", "type", "bridge", "forward_delay", "0", "mcast_snooping", "0"])
    run(["ip", "-n", sw, "link", "set", "br0", "up"])
    if not Path("/etc/krb5.conf").exists():
        Path("/etc/krb5.conf").touch()
    for number, role in enumerate(ROLES):
        ns = PREFIX + role
        etc = ETC / ns
        (etc / "gss" / "mech.d").mkdir(parents=True, exist_ok=True)
        (STATE / "run" / role).mkdir(parents=True, exist_ok=True)
        write_etc(role, "resolv.conf", resolv_conf())
        write_etc(role, "krb5.conf", krb5_conf())
        write_etc(role, "hosts", "127.0.0.1 localhost\n")
        write_etc(role, "nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n")
        run(["ip", "netns", "add", ns])
        run(["ip", "netns", "exec", ns, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1",
             "net.ipv6.conf.default.disable_ipv6=1"])
        run(["ip", "-n", ns, "link", "set", "lo", "up"])
        run(["ip", "-n", sw, "link", "add", f"p{number}", "type", "veth", "peer", "name", "eth0", "netns", ns])
        run(["ip", "-n", sw, "link", "set", f"p{number}", "master", "br0", "up"])
        run(["ip", "-n", ns, "link", "set", "eth0", "address", f"00:15:5d:02:00:{number + 1:02x}"])
        run(["ip", "-n", ns, "address", "add", ADDRESS[role] + "/24", "dev", "eth0"])
        run(["ip", "-n", ns, "link", "set", "eth0", "up"])
        offload(role, False)
        run(["ip", "netns", "exec", sw, "ethtool", "-K", f"p{number}", "tx", "off", "rx", "off", "tso", "off",
             "gso", "off", "gro", "off"], check=False)


def offload(role, on):
    word = "on" if on else "off"
    args = [x for kind in ("rx", "tx", "tso", "gso", "gro") for x in (kind, word)]
    run(["ip", "netns", "exec", PREFIX + role, "ethtool", "-K", "eth0", *args], check=False)


def is_up():
    return Path(f"/run/netns/{PREFIX}client").exists()


def flush():
    for role in ROLES:
        run(["ip", "-n", PREFIX + role, "neigh", "flush", "all"], check=False)


def down():
    spaces = [PREFIX + r for r in ["sw", *ROLES] if Path(f"/run/netns/{PREFIX}{r}").exists()]
    for sig in (signal.SIGTERM, signal.SIGKILL):
        pids = [int(p) for ns in spaces for p in run(["ip", "netns", "pids", ns], check=False)[1].split()]
        for pid in pids:
            try:
                os.kill(pid, sig)
            except ProcessLookupError:
                pass
        if pids:
            time.sleep(1)
    for ns in spaces:
        run(["ip", "netns", "del", ns], check=False)
    for role in ROLES:
        shutil.rmtree(ETC / (PREFIX + role), ignore_errors=True)
    if ETC.exists() and not any(ETC.iterdir()):
        ETC.rmdir()
