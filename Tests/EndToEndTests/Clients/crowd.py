"""Many connections that do as little as they can.

usage: crowd.py HOST PORT COUNT KIND [PATH] [BYTES]

KIND  silent    connects and sends nothing
      half      sends the first half of a handshake
      idle      completes the handshake, then nothing
      withheld  completes it and sends a message of BYTES without its last byte

Prints a JSON object when all are made: opened (connections that got as far as KIND says) and failed. Then it takes
lines from standard input: `count` answers with a JSON object that tells how many the gateway has `ended` and with
which `codes` of Close, `finish` sends what is missing and closes with a Close frame, `reset` resets every connection, anything else closes.
"""

import collections
import json
import resource
import select
import socket
import struct
import sys

HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: gateway\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
MASK = b"\0\0\0\0"


def head_of(connection):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        part = connection.recv(1024)
        if not part:
            return b""
        head += part
    return head


def open_one(host, port, kind, path, size):
    connection = socket.create_connection((host, port), timeout=60)
    handshake = HANDSHAKE.format(path=path).encode()
    if kind == "half":
        connection.sendall(handshake[: len(handshake) // 2])
    elif kind != "silent":
        connection.sendall(handshake)
        if not head_of(connection).startswith(b"HTTP/1.1 101"):
            raise OSError("refused")
        if kind == "withheld":
            payload = b'{"timestamp":"2026-01-02T03:04:05Z","message":"' + b"x" * (size - 49) + b'"}'
            length = b"\xfe" + struct.pack(">H", size) if size < 65536 else b"\xff" + struct.pack(">Q", size)
            connection.sendall(b"\x81" + length + MASK + payload[:-1])
    return connection


def note_ended(connections, ended, codes):
    """Adds to `ended` the connections that the gateway has closed: by a Close frame, the end of file or an error."""
    poller = select.poll()
    by_number = {connection.fileno(): connection for connection in connections if connection not in ended}
    for number in by_number:
        poller.register(number, select.POLLIN)
    for number, _ in poller.poll(0):
        connection = by_number[number]
        try:
            connection.setblocking(False)
            while data := connection.recv(65536):
                if data[0] == 0x88:
                    codes[int.from_bytes(data[2:4], "big")] += 1
                    break
            ended.add(connection)
        except BlockingIOError:
            pass
        except OSError:
            ended.add(connection)


def main():
    host, port, count, kind = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    path = sys.argv[5] if len(sys.argv) > 5 else "/logs"
    size = int(sys.argv[6]) if len(sys.argv) > 6 else 1024
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    connections, failed = [], 0
    for _ in range(count):
        try:
            connections.append(open_one(host, port, kind, path, size))
        except OSError:
            failed += 1
    print(json.dumps({"opened": len(connections), "failed": failed}), flush=True)
    ended, codes = set(), collections.Counter()
    while (wish := sys.stdin.readline().strip()) == "count":
        note_ended(connections, ended, codes)
        print(json.dumps({"ended": len(ended), "codes": codes}), flush=True)
    for connection in connections:
        try:
            connection.setblocking(True)
            connection.settimeout(60)
            if wish == "finish":
                if kind == "withheld":
                    connection.sendall(b"}")
                connection.sendall(b"\x88\x82" + MASK + struct.pack(">H", 1000))
                while connection.recv(65536):
                    pass
            if wish == "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except OSError:
            pass
        connection.close()


main()
