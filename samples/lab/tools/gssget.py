"""An HTTP client with Negotiate for what curl cannot do (needs python3-gssapi).

gssget.py URL [--host NAME] [--port N] [--spn NAME] [--mech spnego|krb5|ntlm] [--user NAME] ...
"""

import argparse
import base64
import socket
import sys
import time
from urllib.parse import urlsplit

import gssapi
import gssapi.raw

MECH = {
    "spnego": gssapi.OID.from_int_seq("1.3.6.1.5.5.2"),
    "krb5": gssapi.OID.from_int_seq("1.2.840.113554.1.2.2"),
    "ntlm": gssapi.OID.from_int_seq("1.3.6.1.4.1.311.2.2.10"),
}


class Client:
    def __init__(self, given):
        url = urlsplit(given.url)
        self.given, self.name, self.port, self.path = given, url.hostname, url.port or 80, url.path or "/"

    def connect(self):
        return socket.create_connection((self.given.address or self.name, self.port), timeout=self.given.wait)

    def context(self):
        name = gssapi.Name(f"HTTP@{self.given.spn or self.name}", gssapi.NameType.hostbased_service)
        mech, creds = MECH[self.given.mech], None
        if self.given.mech == "ntlm":
            user = gssapi.Name(self.given.user, gssapi.NameType.user)
            creds = gssapi.Credentials(name=user, usage="initiate", mechs=[mech])
        return gssapi.SecurityContext(name=name, mech=mech, creds=creds, usage="initiate",
                                      flags=gssapi.RequirementFlag.mutual_authentication)

    def ask(self, sock, authorization=None, path=None):
        lines = [f"GET {path or self.path} HTTP/1.1", f"Host: {self.name}", "User-Agent: gssget", "Accept: */*"]
        if authorization:
            lines.append(f"Authorization: {authorization}")
        sock.sendall("\r\n".join([*lines, "", ""]).encode())
        return self.answer(sock)

    def answer(self, sock):
        data = b""
        while b"\r\n\r\n" not in data:
            more = sock.recv(65536)
            if not more:
                raise SystemExit("closed without an answer")
            data += more
        head, body = data.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        fields = {}
        for line in lines[1:]:
            k, _, v = line.partition(": ")
            fields.setdefault(k.lower(), []).append(v)
        length = int(fields.get("content-length", ["0"])[0])
        while len(body) < length:
            body += sock.recv(65536)
        status = int(lines[0].split()[1])
        print(status, [v[:40] for v in fields.get("www-authenticate", [])])
        token = next((v.split(" ", 1)[1] for v in fields.get("www-authenticate", []) if v.startswith("Negotiate ")), None)
        return status, token

    def token(self, context, received=None):
        out = context.step(base64.b64decode(received) if received else None)
        if out and self.given.truncate:
            out = out[:self.given.truncate]
        return "Negotiate " + base64.b64encode(out).decode() if out else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--address")
    parser.add_argument("--spn", help="ask a ticket for this host instead")
    parser.add_argument("--mech", default="spnego")
    parser.add_argument("--user", default="John@CONTOSO")
    parser.add_argument("--wait", type=float, default=12)
    parser.add_argument("--sockets", type=int, default=1, help="parallel connections, each challenged, then each authorised")
    parser.add_argument("--requests", type=int, default=1, help="further requests on the connection")
    parser.add_argument("--per-request", action="store_true", help="with a fresh token each")
    parser.add_argument("--other-connection", action="store_true", help="send the token on a new connection")
    parser.add_argument("--replay", action="store_true", help="send the same token again on a new connection")
    parser.add_argument("--then-ntlm", action="store_true", help="fall back to NTLM on a new connection when the token is refused")
    parser.add_argument("--truncate", type=int, help="cut the token to this many bytes")
    parser.add_argument("--basic", help="answer the challenge with Basic user:password")
    parser.add_argument("--ticket-only", action="store_true", help="get the ticket after the challenge, never present it")
    parser.add_argument("--preempt", action="store_true", help="send a token at once, and a second one after a 401")
    parser.add_argument("--pause", type=float, default=0, help="seconds between challenge, ticket and token")
    parser.add_argument("--signal", help="append a line to this file before each pause")
    given = parser.parse_args()
    client = Client(given)

    def pause(at):
        if given.signal:
            with open(given.signal, "a") as f:
                f.write(at + "\n")
        time.sleep(given.pause)

    socks = [client.connect() for _ in range(given.sockets)]
    if given.preempt:
        if client.ask(socks[0], client.token(client.context()))[0] == 401:
            client.ask(socks[0], client.token(client.context()))
        return
    for sock in socks:
        client.ask(sock)
    pause("challenged")
    if given.basic:
        client.ask(socks[0], "Basic " + base64.b64encode(given.basic.encode()).decode())
        return
    contexts = [client.context() for _ in socks]
    tokens = [client.token(c) for c in contexts]
    pause("ticket")
    if given.ticket_only:
        time.sleep(given.wait)
        return
    if given.other_connection:
        for sock in socks:
            sock.close()
        socks = [client.connect() for _ in socks]
    for i, sock in enumerate(socks):
        status, reply = client.ask(sock, tokens[i])
        while status == 401 and reply and not contexts[i].complete:
            try:
                following = client.token(contexts[i], reply)
            except gssapi.exceptions.GSSError:
                break
            if not following:
                break
            status, reply = client.ask(sock, following)
    if given.then_ntlm and status == 401:
        given.mech, sock = "ntlm", client.connect()
        context = client.context()
        status, reply = client.ask(sock, client.token(context))
        if reply:
            client.ask(sock, client.token(context, reply))
    if given.replay:
        again = client.connect()
        client.ask(again, tokens[0])
    for i in range(1, given.requests):
        client.ask(socks[0], client.token(client.context()) if given.per_request else None, f"{client.path}?n={i}")
    pause("done")
    for sock in socks:
        sock.close()


try:
    main()
except (gssapi.exceptions.GSSError, OSError) as error:
    sys.exit(f"{type(error).__name__}: {error}")
