"""tcpdump at a stated point, and a short account of a capture as tshark reads it."""

import re
import signal
import subprocess
import time

from .sh import Failed, base_env, inside, run

FIELDS = """frame.number frame.len frame.cap_len arp.opcode arp.dst.proto_ipv4 arp.src.proto_ipv4 ip.src ip.dst ipv6.src
ipv6.dst icmp.type icmp.code icmpv6.type icmpv6.code icmpv6.nd.ns.target_address dns.flags.response dns.qry.name dns.qry.type dns.flags.rcode dns.a dns.aaaa
dns.cname dns.flags.truncated tcp.srcport tcp.dstport tcp.flags tcp.len udp.srcport udp.dstport http.request.method
http.request.uri http.host http.response.code http.www_authenticate http.proxy_authenticate http.authorization
http.proxy_authorization kerberos.msg_type kerberos.error_code kerberos.CNameString kerberos.SNameString
ntlmssp.messagetype smb2.cmd smb2.flags.response smb2.nt_status ldap.protocolOp ldap.resultCode tls.handshake.type
tls.handshake.extensions_server_name ip.frag_offset vlan.id spnego.negResult spnego.negState tcp.analysis.retransmission
kerberos.e_text""".split()

KRB = {10: "AS-REQ", 11: "AS-REP", 12: "TGS-REQ", 13: "TGS-REP", 14: "AP-REQ", 15: "AP-REP", 20: "SAFE", 21: "PRIV",
       22: "CRED", 30: "KRB-ERROR"}
SMB2 = {0: "negotiate", 1: "session-setup", 3: "tree-connect"}
LDAP = {0: "bind-request", 1: "bind-response", 3: "search", 4: "entry", 5: "done"}
NTLM = {"0x00000001": "type1", "0x00000002": "type2", "0x00000003": "type3"}


class Tcpdump:
    """One running capture."""

    def __init__(self, role, path, filter="", interface="eth0", snaplen=0, extra=()):
        self.path = path
        argv = ["tcpdump", "-i", interface, "-n", "-U", "--immediate-mode", "-Z", "root", "-w", str(path), *extra]
        argv += ["-s", str(snaplen)] if snaplen else []
        argv += filter.split() if filter else []
        self.process = subprocess.Popen(inside(role, argv), env=base_env(), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True)
        for line in self.process.stderr:
            if "listening on" in line:
                return
        raise Failed("tcpdump did not start")

    def stop(self, settle=0.4):
        if self.process.poll() is not None:
            return
        time.sleep(settle)
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.process.stderr.close()


def timeline(path, keylog=None):
    """One line of text per frame that matters: "12 krb TGS-REQ HTTP/iisserver.contoso.com"."""
    argv = ["tshark", "-n", "-r", path, "-T", "fields", "-E", "separator=|", "-E", "aggregator=;",
            "-o", "tcp.desegment_tcp_streams:TRUE"]
    if keylog:
        argv += ["-o", f"tls.keylog_file:{keylog}"]
    for name in known_fields():
        argv += ["-e", name]
    _, text = run(argv, check=False)
    lines = []
    for row in text.splitlines():
        cells = row.split("|")
        if len(cells) != len(known_fields()) or not cells[0].isdigit():
            continue
        lines += [f"{cells[0]} {what}" for what in describe(dict(zip(known_fields(), cells)))]
    return lines


_known = []


def known_fields():
    if not _known:
        _, text = run(["tshark", "-G", "fields"], check=False)
        names = {line.split("\t")[2] for line in text.splitlines() if line.startswith("F\t")}
        _known.extend(f for f in FIELDS if f in names)
    return _known


def first(text):
    return text.split(";")[0]


def describe(f):
    g = lambda k: f.get(k, "")  # noqa: E731
    src, dst = first(g("ip.src") or g("ipv6.src")), first(g("ip.dst") or g("ipv6.dst"))
    cut = " cut" if g("frame.cap_len") != g("frame.len") else ""
    cut += " giant" if int(g("frame.len") or 0) > 1600 else ""
    cut += " vlan" if g("vlan.id") else ""
    if g("arp.opcode"):
        yield f"arp {'who-has' if g('arp.opcode') == '1' else 'reply'} {g('arp.dst.proto_ipv4')} from {g('arp.src.proto_ipv4')}"
        return
    if g("icmp.type"):
        yield f"icmp {first(g('icmp.type'))}/{first(g('icmp.code'))} {src}>{dst}"
        return
    if g("icmpv6.type"):
        if first(g("icmpv6.type")) == "135":
            yield f"ndp who-has {g('icmpv6.nd.ns.target_address')} from {src}"
        elif first(g("icmpv6.type")) in "1234":
            yield f"icmp6 {first(g('icmpv6.type'))}/{first(g('icmpv6.code'))} {src}>{dst}"
        return
    if g("tcp.flags"):
        flags = int(g("tcp.flags"), 16)
        ends = f"{src}:{g('tcp.srcport')}>{dst}:{g('tcp.dstport')}"
        again = " again" if g("tcp.analysis.retransmission") else ""
        if flags & 2:
            yield f"tcp {'syn-ack' if flags & 16 else 'syn'} {ends}{again}"
        elif flags & 4:
            yield f"tcp rst {ends}"
        elif flags & 1:
            yield f"tcp fin {ends}"
        elif again and int(g("tcp.len") or 0):
            yield f"tcp data {g('tcp.len')} {ends} again"
        elif cut and int(g("tcp.len") or 0):
            yield f"tcp data {g('tcp.len')} {ends}{cut}"
    elif g("ip.frag_offset") not in ("", "0"):
        yield f"ip fragment {src}>{dst}"
    if g("tls.handshake.type"):
        yield f"tls handshake {g('tls.handshake.type')} {g('tls.handshake.extensions_server_name')}"
    if g("dns.flags.response"):
        over = " tcp" if g("tcp.flags") else ""
        names = f"{g('dns.qry.type')} {g('dns.qry.name')}".replace("28 ", "AAAA ").replace("33 ", "SRV ")
        names = re.sub(r"^1 ", "A ", re.sub(r"^12 ", "PTR ", names))
        if g("dns.flags.response") in ("1", "True"):
            found = ";".join(x for x in (g("dns.cname"), g("dns.a"), g("dns.aaaa")) if x)
            tc = " TC" if g("dns.flags.truncated") in ("1", "True") else ""
            yield f"dns{over} answer {names} rcode={g('dns.flags.rcode')}{tc} [{found[:100]}]"
        else:
            yield f"dns{over} query {names} to {dst}"
    if g("http.request.method"):
        auth = " ".join(f"+{w}:{g(k)[:14]}" for w, k in (("auth", "http.authorization"), ("proxy-auth", "http.proxy_authorization")) if g(k))
        yield f"http {g('http.request.method')} {g('http.host')}{g('http.request.uri')} {auth}".rstrip() + f" to {dst}"
    if g("http.response.code"):
        offered = "; ".join(x.split(" ")[0] + ("+token" if " " in x and "=" not in x.split(" ")[1][:6] else "")
                            for x in (g("http.www_authenticate") + ";" + g("http.proxy_authenticate")).split(";") if x.strip())
        yield f"http {g('http.response.code')} offers [{offered}] from {src}"
    if g("kerberos.msg_type"):
        kinds = [KRB.get(int(x), x) for x in g("kerberos.msg_type").split(";")]
        via = " in http" if g("http.response.code") or g("http.request.method") else ""
        via = via or (" in smb" if g("smb2.cmd") else "") or (" in ldap" if g("ldap.protocolOp") else "")
        names = g("kerberos.CNameString"), g("kerberos.SNameString").replace(";", "/")
        error = f" {g('kerberos.error_code')}" if g("kerberos.error_code") else ""
        over = " tcp" if g("tcp.flags") else " udp"
        yield f"krb {kinds[0]}{error}{via} c={names[0]} s={names[1]}{'' if via else over}"
    if g("ntlmssp.messagetype"):
        yield "ntlm " + ";".join(NTLM.get(x, x) for x in g("ntlmssp.messagetype").split(";"))
    if g("smb2.cmd") and any(int(x) in SMB2 for x in g("smb2.cmd").split(";")):
        reply = g("smb2.flags.response").split(";")[0] in ("1", "True")
        name = SMB2.get(int(first(g("smb2.cmd"))), "")
        yield f"smb2 {name} {'reply ' + g('smb2.nt_status') if reply else 'request'}"
    if g("ldap.protocolOp"):
        ops = [LDAP.get(int(x), x) for x in g("ldap.protocolOp").split(";")]
        if ops[0] in LDAP.values():
            code = f" {g('ldap.resultCode')}" if g("ldap.resultCode") else ""
            yield f"ldap {ops[0]}{code}{' cldap' if g('udp.srcport') else ''}"


def judge(lines, see, never):
    """What is wrong with a capture: patterns that do not follow one another in it, or are there and must not be."""
    wrong, at = [], 0
    for pattern in see:
        hit = next((i for i in range(at, len(lines)) if re.search(pattern, lines[i].split(" ", 1)[1])), None)
        if hit is None:
            wrong.append(f"not seen (in this order): {pattern}")
        else:
            at = hit + 1
    for pattern in never:
        hits = [line for line in lines if re.search(pattern, line.split(" ", 1)[1])]
        wrong += [f"must not be there: {pattern}: {hits[0]}"] if hits else []
    return wrong
