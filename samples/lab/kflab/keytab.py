"""Reading and writing keytabs, to make the wrong ones on purpose."""

import os
import struct
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Entry:
    realm: str
    parts: tuple
    name_type: int
    time: int
    kvno: int
    etype: int
    key: bytes

    @property
    def name(self):
        return "/".join(self.parts)

    def but(self, **changes):
        return replace(self, **changes)

    def spoiled(self):
        """The same entry with another key."""
        return replace(self, key=os.urandom(len(self.key)))


def read(path):
    data = Path(path).read_bytes()
    at, found = 2, []
    while at + 4 <= len(data):
        size = struct.unpack_from(">i", data, at)[0]
        at += 4
        if size > 0:
            found.append(_entry(data[at:at + size]))
        at += abs(size)
    return found


def _entry(data):
    at = 0

    def counted():
        nonlocal at
        n = struct.unpack_from(">H", data, at)[0]
        at += 2 + n
        return data[at - n:at]

    count = struct.unpack_from(">H", data, at)[0]
    at += 2
    realm = counted().decode()
    parts = tuple(counted().decode() for _ in range(count))
    name_type, time, kvno, etype = struct.unpack_from(">IIBH", data, at)
    at += 11
    key = counted()
    if len(data) - at >= 4:
        kvno = struct.unpack_from(">I", data, at)[0] or kvno
    return Entry(realm, parts, name_type, time, kvno, etype, key)


def write(path, entries, owner=None):
    out = b"\x05\x02"
    for e in entries:
        body = struct.pack(">H", len(e.parts)) + _counted(e.realm.encode())
        body += b"".join(_counted(p.encode()) for p in e.parts)
        body += struct.pack(">IIBH", e.name_type, e.time, e.kvno & 255, e.etype) + _counted(e.key)
        body += struct.pack(">I", e.kvno)
        out += struct.pack(">i", len(body)) + body
    path = Path(path)
    path.write_bytes(out)
    path.chmod(0o644)
    return path


def _counted(b):
    return struct.pack(">H", len(b)) + b
