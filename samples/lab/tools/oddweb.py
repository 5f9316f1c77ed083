"""A web server that misbehaves as told. oddweb.py PORT [--anonymous ACTION] [--token ACTION ...] [--delay SECONDS]

An ACTION is a status with optional headers after it, or one of:
  401:Negotiate,NTLM   that status with these WWW-Authenticate schemes
  302:/elsewhere       a redirect
  431, 503, 200 ...    that status
  reject               401 with a bare SPNEGO reject token
  ntlm                 the NTLM dance: a fixed challenge to type 1, content to type 3
  hang | close | reset | garbage
--token may be given several times: for the first, second ... request that carries Authorization (the last one stays).
"""

import argparse
import base64
import socket
import struct
import threading
import time

REASON = {200: "OK", 302: "Found", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
          413: "Payload Too Large", 431: "Request Header Fields Too Large", 500: "Internal Server Error",
          502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout", 407: "Proxy Authentication Required"}
REJECT = base64.b64encode(bytes.fromhex("a1073005a0030a0102")).decode()


def type2():
    name = "CONTOSO".encode("utf-16le")
    info = struct.pack("<HH", 2, len(name)) + name + struct.pack("<HH", 0, 0)
    head = b"NTLMSSP\0" + struct.pack("<IHHII", 2, len(name), len(name), 56, 0xA2898205) + b"\x11" * 8 + bytes(8)
    head += struct.pack("<HHI", len(info), len(info), 56 + len(name)) + bytes([10, 0, 0x39, 0x38, 0, 0, 0, 15])
    return base64.b64encode(head + name + info).decode()


class Server:
    def __init__(self, given):
        self.given, self.tokens, self.lock = given, 0, threading.Lock()

    def serve(self, sock):
        data = b""
        while True:
            while b"\r\n\r\n" not in data:
                more = sock.recv(65536)
                if not more:
                    sock.close()
                    return
                data += more
            head, data = data.split(b"\r\n\r\n", 1)
            fields = dict(line.split(": ", 1) for line in head.decode("latin-1").split("\r\n")[1:] if ": " in line)
            fields = {k.lower(): v for k, v in fields.items()}
            length = int(fields.get("content-length", 0))
            while len(data) < length:
                data += sock.recv(65536)
            data = data[length:]
            authorization = fields.get("authorization")
            if not self.answer(sock, self.action(authorization), authorization):
                return

    def action(self, authorization):
        if not authorization:
            return self.given.anonymous
        with self.lock:
            self.tokens += 1
            steps = self.given.token or ["200"]
            return steps[min(self.tokens, len(steps)) - 1]

    def answer(self, sock, action, authorization):
        time.sleep(self.given.delay)
        word, _, rest = action.partition(":")
        if word == "hang":
            time.sleep(600)
        if word == "reset":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if word in ("close", "reset", "hang"):
            sock.close()
            return False
        if word == "garbage":
            sock.sendall(b"\x15\x03\x01\x00\x02\x02\x46")
            sock.close()
            return False
        headers = []
        if word == "reject":
            status, headers = 401, [f"WWW-Authenticate: Negotiate {REJECT}"]
        elif word == "ntlm":
            scheme, token = authorization.split(" ", 1)
            kind = base64.b64decode(token)[8]
            status = 401 if kind == 1 else 200
            headers = [f"WWW-Authenticate: {scheme} {type2()}"] if kind == 1 else []
        else:
            status = int(word)
            if status in (301, 302, 307):
                headers = [f"Location: {rest}"]
            elif rest:
                headers = [f"WWW-Authenticate: {s}" + (' realm="lab"' if s in ("Basic", "Digest", "Bearer") else "")
                           for s in rest.split(",")]
        body = f"<html>{status}</html>\n".encode()
        lines = [f"HTTP/1.1 {status} {REASON.get(status, 'Odd')}", "Server: oddweb", *headers, "Content-Type: text/html",
                 f"Content-Length: {len(body)}"]
        sock.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        return True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--anonymous", default="401:Negotiate")
    parser.add_argument("--token", action="append")
    parser.add_argument("--delay", type=float, default=0)
    given = parser.parse_args()
    listener = socket.create_server(("0.0.0.0", given.port), backlog=20)
    server = Server(given)
    while True:
        sock, _ = listener.accept()
        threading.Thread(target=guarded, args=(server, sock), daemon=True).start()


def guarded(server, sock):
    try:
        server.serve(sock)
    except OSError:
        pass


main()
