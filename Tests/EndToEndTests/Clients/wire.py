"""What imitations of agents have in common: the request that opens the connection, as each of them writes it, frames
in both directions, and the end."""

import os
import socket
import struct
import sys

GO = (
    "User-Agent: Go-http-client/1.1", "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13", "Upgrade: websocket",
)


def frame_head(opcode, final, size, mask):
    """A frame's bytes up to its payload."""
    head = bytes([opcode | (0x80 if final else 0)])
    if size < 126:
        return head + bytes([0x80 | size]) + mask
    if size < 65536:
        return head + b"\xfe" + struct.pack(">H", size) + mask
    return head + b"\xff" + struct.pack(">Q", size) + mask


def masked(payload, mask):
    repeated = int.from_bytes((mask * (len(payload) // 4 + 1))[: len(payload)], "little")
    return (int.from_bytes(payload, "little") ^ repeated).to_bytes(len(payload), "little")


def frame(opcode, final, payload):
    mask = os.urandom(4)
    return frame_head(opcode, final, len(payload), mask) + masked(payload, mask)


def fragments(opcode, payload, size):
    """A message as gorilla/websocket writes it: in frames of at most `size` bytes of payload."""
    parts = [payload[at : at + size] for at in range(0, len(payload), size)] or [b""]
    return b"".join(frame(0 if i else opcode, i == len(parts) - 1, part) for i, part in enumerate(parts))


def head(connection):
    """The head of an answer, and not a byte more; empty when the connection ended within it."""
    found = b""
    while not found.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte:
            return b""
        found += byte
    return found


def connect(host, port, path, lines):
    """A connection after its opening handshake, whose request has these lines after its first and `Host`."""
    connection = socket.create_connection((host, port), timeout=60)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall("\r\n".join([f"GET {path} HTTP/1.1", f"Host: {host}:{port}", *lines, "", ""]).encode())
    answer = head(connection)
    if not answer.startswith(b"HTTP/1.1 101 "):
        raise SystemExit(f"the handshake was refused: {answer!r}")
    connection.settimeout(None)
    return connection


class Frames:
    """The frames that the server sends, taken apart as they arrive."""

    def __init__(self, connection):
        self.connection, self.bytes, self.ended = connection, b"", False

    def read(self):
        """Reads once; gives the whole frames so far as (opcode, payload)."""
        data = self.connection.recv(65536)
        self.ended = not data
        self.bytes += data
        frames = []
        while len(self.bytes) >= 2:
            size, start = self.bytes[1], 2
            if size == 126:
                size, start = int.from_bytes(self.bytes[2:4], "big"), 4
            elif size == 127:
                size, start = int.from_bytes(self.bytes[2:10], "big"), 10
            if len(self.bytes) < start + size:
                break
            frames.append((self.bytes[0] & 0x0F, self.bytes[start : start + size]))
            self.bytes = self.bytes[start + size :]
        return frames


def until_told():
    """Waits for a line on standard input, or its end."""
    sys.stdin.readline()
