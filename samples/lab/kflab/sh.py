"""Running commands, inside and outside the lab's namespaces."""

import os
import signal
import subprocess
import time
from pathlib import Path

STATE = Path(os.environ.get("KFLAB_STATE", "/tmp/kflow-lab"))
HERE = Path(__file__).resolve().parent.parent
TOOLS = HERE / "tools"
PREFIX = "kf-"

FQDN = {
    "dc": "dca.contoso.com",
    "dc2": "dcb.fabrikam.com",
    "client": "client1.contoso.com",
    "client2": "client2.contoso.com",
    "web": "iisserver.contoso.com",
    "proxy": "proxy.contoso.com",
    "other": "other.contoso.com",
}


class Failed(Exception):
    """Something the lab needs did not work."""


def base_env(extra=None):
    env = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(STATE / "home"),
        "TMPDIR": "/tmp",
    }
    env.update(extra or {})
    return env


def inside(role, argv):
    """The command line that runs argv in the namespace of a role, under its own host name."""
    ns = PREFIX + role
    if role not in FQDN:
        return ["ip", "netns", "exec", ns, *argv]
    name = FQDN[role].split(".")[0]
    runtime = STATE / "run" / role
    script = f'hostname {name}; mkdir -p /run/samba; mount --bind "{runtime}" /run/samba; exec "$@"'
    return ["ip", "netns", "exec", ns, "unshare", "--uts", "sh", "-c", script, "sh", *map(str, argv)]


def run(argv, role=None, env=None, check=True, stdin=None, timeout=120):
    """Run to the end; returns (exit code, output of both kinds)."""
    line = inside(role, argv) if role else [str(a) for a in argv]
    done = subprocess.run(
        line, env=base_env(env), input=stdin, text=True, errors="replace", timeout=timeout,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **({} if stdin is not None else {"stdin": subprocess.DEVNULL}))
    if check and done.returncode:
        raise Failed(f"{' '.join(map(str, argv))}: exit {done.returncode}\n{done.stdout[-2000:]}")
    return done.returncode, done.stdout


def start(argv, role, log, env=None):
    """Start a server in its own session; its output goes to a log in the state folder."""
    (STATE / "log").mkdir(parents=True, exist_ok=True)
    with open(STATE / "log" / log, "ab") as out:
        return subprocess.Popen(
            inside(role, argv), env=base_env(env), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            start_new_session=True)


def stop(process, sig=signal.SIGTERM, grace=3.0):
    """End a process that start() gave, with its session."""
    if process.poll() is not None:
        return
    for kind in (sig, signal.SIGKILL):
        try:
            os.killpg(process.pid, kind)
        except ProcessLookupError:
            break
        try:
            process.wait(grace)
            break
        except subprocess.TimeoutExpired:
            continue
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def wait_port(role, port, proto="tcp", seconds=10.0):
    """Wait until something listens on a port of a namespace (looked up, not connected to)."""
    flag = "-Hlnt" if proto == "tcp" else "-Hlnu"
    until = time.time() + seconds
    while time.time() < until:
        _, text = run(["ip", "netns", "exec", PREFIX + role, "ss", flag, f"sport = :{port}"], check=False)
        if text.strip():
            return
        time.sleep(0.05)
    raise Failed(f"nothing listens on {proto}/{port} in {PREFIX}{role}")
