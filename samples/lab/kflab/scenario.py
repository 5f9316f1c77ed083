"""What a scenario is, and the bench it works on: every change it makes is undone when it ends."""

import contextlib
import json
import time
from pathlib import Path

from . import capture, domain, keytab, net, sh, web
from .net import ADDRESS, ADDRESS6
from .sh import FQDN, STATE, TOOLS, run

ALL = {}
HOST = FQDN["web"]


class Scenario:
    def __init__(self, name, do, about):
        self.name, self.do, self.about = name, do, about


def scenario(name, says, kind="http", verdict="ok", step=None, outcome="kerberos", rules=(), code=None, host=HOST,
             spn="", user="John", point="client", see=(), never=(), realm=domain.REALM, notes=(), more=()):
    """Register a scenario. `see` are patterns its timeline must show in this order, `never` those it must not."""
    about = {
        "description": says,
        "capturePoint": point,
        "host": host,
        "spn": spn if spn or spn is None else f"HTTP/{host}" if kind == "http" else None,
        "realm": realm,
        "user": user,
        "expect": {
            "kind": kind,
            "host": host,
            "verdict": verdict,
            "divergedAt": step,
            "outcome": outcome,
            "rules": list(rules),
            "code": code,
        },
        "see": list(see),
        "never": list(never),
        "notes": list(notes),
    }
    if more:
        about["expectAlso"] = list(more)

    def register(do):
        assert name not in ALL, name
        ALL[name] = Scenario(name, do, about)
        return do

    return register


class Bench:
    """Servers, clients and obstacles for one scenario."""

    def __init__(self, name, out):
        self.name, self.out = name, Path(out)
        self.work = STATE / "work" / name
        self.undo = contextlib.ExitStack()
        self.dump = None
        self.suffix = ".pcap"
        self.log = []
        self.notes = []

    # --- servers

    def apache(self, **options):
        """httpd on the web server unless `role` names another host."""
        process = web.apache(**options)
        self.undo.callback(sh.stop, process)
        return process

    def server(self, argv, role, port=None, proto="tcp", env=None, log=None):
        process = sh.start(argv, role, log or f"{self.name}-{role}.log", env)
        self.undo.callback(sh.stop, process)
        if port:
            sh.wait_port(role, port, proto)
        return process

    def odd(self, *args, role="web", port=80):
        """The web server that misbehaves as told; see tools/oddweb.py."""
        return self.server(["/usr/bin/python3", TOOLS / "oddweb.py", str(port), *args], role, port)

    def dnsmasq(self, *args, role="other"):
        return self.server(["dnsmasq", "--no-daemon", "--no-hosts", "--no-resolv", "--conf-file=/dev/null", "--user=root",
                            "--pid-file=", *args], role, 53, "udp")

    def samba(self, env=None, options=None, shares=""):
        """Restart the domain controller with another environment or other smb.conf lines, and back at the end."""
        text = domain.CONF.read_text()
        if options:
            lines = "".join(f"\t{k} = {v}\n" for k, v in options.items())
            domain.CONF.write_text(text.replace("[global]\n", "[global]\n" + lines, 1))
        if shares:
            with domain.CONF.open("a") as f:
                f.write(shares)
        restart_samba(env)

        def back():
            domain.CONF.write_text(text)
            restart_samba()
        self.undo.callback(back)

    def no_samba(self):
        stop_samba()
        self.undo.callback(domain.start_samba)

    # --- settings

    def etc(self, role, name, text):
        old = net.write_etc(role, name, text)
        self.undo.callback(net.write_etc, role, name, old)

    def krb5(self, role="client", **options):
        self.etc(role, "krb5.conf", net.krb5_conf(**options))

    def resolv(self, *servers, role="client", **options):
        self.etc(role, "resolv.conf", net.resolv_conf(servers, **options))

    def nft(self, role, *rules, hook="input"):
        """Filter rules in a host, e.g. nft("dc", "tcp dport 88 drop")."""
        text = f"table inet kflab {{ chain c {{ type filter hook {hook} priority 0; policy accept;\n"
        text += "\n".join(rules) + "\n}\n}\n"
        run(["nft", "-f", "-"], role, stdin=text)
        self.undo.callback(run, ["nft", "delete", "table", "inet", "kflab"], role, check=False)

    def un_nft(self, role):
        run(["nft", "delete", "table", "inet", "kflab"], role, check=False)

    def address(self, role, address):
        run(["ip", "address", "add", address + "/24", "dev", "eth0"], role)
        self.undo.callback(run, ["ip", "address", "del", address + "/24", "dev", "eth0"], role, check=False)

    def ipv6(self, *roles):
        for role in roles:
            run(["sysctl", "-qw", "net.ipv6.conf.eth0.disable_ipv6=0", "net.ipv6.conf.eth0.accept_dad=0",
                 "net.ipv6.conf.eth0.router_solicitations=0"], role)
            run(["ip", "-6", "address", "add", ADDRESS6[role] + "/64", "dev", "eth0", "nodad"], role, check=False)
            self.undo.callback(run, ["sysctl", "-qw", "net.ipv6.conf.eth0.disable_ipv6=1"], role, check=False)
        time.sleep(2.5)

    def offload(self, *roles):
        for role in roles:
            net.offload(role, True)
            self.undo.callback(net.offload, role, False)

    def ntlm(self, *roles, password=domain.PASSWORD, users=("John", "Jane")):
        """Show gss-ntlmssp to these hosts, with the passwords it shall know; returns its environment."""
        plugin = Path("/etc/gss/mech.d/mech.ntlmssp.conf").read_text()
        for role in roles:
            path = net.ETC / (sh.PREFIX + role) / "gss/mech.d/mech.ntlmssp.conf"
            path.write_text(plugin)
            self.undo.callback(path.unlink, missing_ok=True)
        self.work.mkdir(parents=True, exist_ok=True)
        file = self.work / "ntlm-users"
        file.write_text("".join(f"CONTOSO:{u}:{password}\n" for u in users))
        return {"NTLM_USER_FILE": str(file)}

    def modify(self, ldif, undo):
        """Change the directory now, change it back at the end."""
        self.undo.callback(domain.modify, undo)
        domain.modify(ldif)

    def keytab(self, entries, name="scenario.keytab"):
        self.work.mkdir(parents=True, exist_ok=True)
        for folder in (STATE, STATE / "work", self.work):
            folder.chmod(0o755)
        return keytab.write(self.work / name, entries)

    def faketime(self, offset):
        return {"LD_PRELOAD": "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", "FAKETIME": offset,
                "FAKETIME_DONT_FAKE_MONOTONIC": "1"}

    # --- the capture

    def capture(self, role="client", filter="", **options):
        """From here on everything is recorded; neighbour tables are emptied first."""
        time.sleep(0.15)
        net.flush()
        self.out.mkdir(parents=True, exist_ok=True)
        self.dump = capture.Tcpdump(role, self.path, filter, **options)
        self.undo.callback(self.dump.stop)

    def stop_capture(self, settle=0.4):
        self.dump.stop(settle)

    @property
    def path(self):
        return self.out / f"{self.name}{self.suffix}"

    def inject_keys(self, keys):
        """End the capture and put the TLS keys into it (pcapng with a decryption secrets block)."""
        self.stop_capture()
        plain, self.suffix = self.path, ".pcapng"
        run(["editcap", "--inject-secrets", f"tls,{keys}", plain, self.path])
        plain.unlink()

    # --- clients

    def cc(self, role="client", user="John"):
        (STATE / "cc").mkdir(parents=True, exist_ok=True)
        return f"FILE:{STATE}/cc/{self.name}-{role}-{user}"

    def env(self, role="client", user="John"):
        return {"KRB5CCNAME": self.cc(role, user)}

    def tool(self, *argv, role="client", user="John", env=None, stdin=None, timeout=90, check=False):
        code, text = run(argv, role, env={**self.env(role, user), **(env or {})}, check=check, stdin=stdin, timeout=timeout)
        self.log.append(f"$ {' '.join(map(str, argv))}  [{role}, {user}] -> {code}\n{text[-1500:]}")
        return code, text

    def kinit(self, user="John", *args, password=domain.PASSWORD, role="client", check=True, realm=None, env=None):
        name = user if realm is None else f"{user}@{realm}"
        code, text = self.tool("kinit", *args, name, role=role, user=user, stdin=f"{password}\n" * 3, env=env)
        if check and code:
            raise sh.Failed(f"kinit {name}: {text}")
        return code

    def ticket(self, spn, user="John", role="client"):
        """Have the ticket in the cache before the capture starts."""
        self.tool("kvno", spn, user=user, role=role, check=True)

    def curl(self, url=f"http://{HOST}/", *args, user="John", role="client", auth=("--anyauth", "-u", ":"), seconds=12, env=None):
        return self.tool("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}\\n", "--max-time", str(seconds), *auth, *args,
                         url, role=role, user=user, env=env)

    def get(self, *args, user="John", role="client", env=None):
        """The client of tools/gssget.py, for what curl cannot do."""
        return self.tool("/usr/bin/python3", TOOLS / "gssget.py", *args, user=user, role=role, env=env)

    def samba_client(self):
        """An smb.conf for smbclient and net, with empty caches."""
        root = STATE / "smbclient"
        root.mkdir(parents=True, exist_ok=True)
        for f in root.glob("*.tdb"):
            f.unlink()
        conf = root / "smb.conf"
        kinds = ("private dir", "lock directory", "state directory", "cache directory", "pid directory", "ncalrpc dir")
        conf.write_text("[global]\nworkgroup = CONTOSO\nrealm = CONTOSO.COM\nsecurity = ads\ndisable netbios = yes\nname resolve order = host\n" + "".join(f"{k} = {root}\n" for k in kinds))
        return conf

    def background(self, *argv, role="client", user="John", env=None):
        process = sh.start(argv, role, f"{self.name}-bg.log", {**self.env(role, user), **(env or {})})
        self.undo.callback(sh.stop, process)
        return process


def stop_samba():
    pidfile = STATE / "samba-dc.pid"
    pids = run(["ip", "netns", "pids", sh.PREFIX + "dc"], check=False)[1].split()
    import os
    import signal
    if pidfile.exists():
        with contextlib.suppress(ProcessLookupError):
            os.killpg(int(pidfile.read_text()), signal.SIGTERM)
    until = time.time() + 5
    while pids and time.time() < until:
        time.sleep(0.1)
        pids = run(["ip", "netns", "pids", sh.PREFIX + "dc"], check=False)[1].split()
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGKILL)


def restart_samba(env=None):
    stop_samba()
    domain.start_samba(env=env)
    time.sleep(1)


def perform(item, out):
    """Run one scenario; returns what is wrong with its capture (nothing, if all is well)."""
    bench = Bench(item.name, out)
    for f in (out, out / "log"):
        f.mkdir(parents=True, exist_ok=True)
    for old in (STATE / "cc").glob(f"{item.name}-*"):
        old.unlink()
    wrong = []
    began = time.time()
    try:
        with bench.undo:
            item.do(bench)
            if bench.dump:
                bench.dump.stop()
    except Exception as error:  # a failed scenario must not stop the others
        wrong.append(f"{type(error).__name__}: {error}")
    lines = []
    if bench.path.exists():
        lines = capture.timeline(bench.path)
        about = dict(item.about)
        see, never = about.pop("see"), about.pop("never")
        wrong += capture.judge(lines, see, never)
        truth = {
            "schema": "kflow-lab/1",
            "name": item.name,
            "capture": bench.path.name,
            **about,
            "addresses": {r: ADDRESS[r] for r in ADDRESS},
            "notes": about["notes"] + bench.notes,
            "verified": not wrong,
            "wrong": wrong,
            "timeline": lines[:400],
        }
        (out / f"{item.name}.json").write_text(json.dumps(truth, indent=1) + "\n")
    (out / "log" / f"{item.name}.txt").write_text("\n".join(bench.log) + "\n")
    return wrong, len(lines), time.time() - began
