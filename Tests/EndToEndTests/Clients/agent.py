"""A beat-style agent, written out by hand: one text message for each log, in fragments of 4,096 bytes, a ping now and
then, never reads its socket, never sends Close, waits two seconds at its end and closes TCP.

usage: agent.py HOST PORT PATH --run NAME --messages N [--ping-every LOGS] [--large-every LOGS] [--sent FILE]
"""

import argparse
import json
import os
import socket
import struct
import time

import logs

FRAGMENT = 4096


def frame(opcode, final, payload):
    mask = os.urandom(4)
    head = bytes([opcode | (0x80 if final else 0)])
    if len(payload) < 126:
        head += bytes([0x80 | len(payload)])
    else:
        head += bytes([0x80 | 126]) + struct.pack(">H", len(payload))
    repeated = int.from_bytes((mask * (len(payload) // 4 + 1))[: len(payload)], "little")
    masked = (int.from_bytes(payload, "little") ^ repeated).to_bytes(len(payload), "little")
    return head + mask + masked


def message(log):
    parts = [log[at : at + FRAGMENT] for at in range(0, len(log), FRAGMENT)]
    return b"".join(frame(1 if i == 0 else 0, i == len(parts) - 1, part) for i, part in enumerate(parts))


def connect(host, port, path):
    """A connection after its opening handshake. The answer's head is the only thing that is ever read."""
    connection = socket.create_connection((host, port), timeout=30)
    connection.sendall(
        f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUser-Agent: Go-http-client/1.1\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Version: 13\r\nUpgrade: websocket\r\n\r\n".encode()
    )
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte:
            raise SystemExit(f"the handshake ended early: {head!r}")
        head += byte
    if not head.startswith(b"HTTP/1.1 101 "):
        raise SystemExit(f"the handshake was refused: {head!r}")
    connection.settimeout(None)
    return connection


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("path")
    parser.add_argument("--run", required=True)
    parser.add_argument("--messages", type=int, required=True)
    parser.add_argument("--ping-every", type=int, default=10_000)
    parser.add_argument("--large-every", type=int, default=50)
    parser.add_argument("--sent")
    arguments = parser.parse_args()

    connection = connect(arguments.host, arguments.port, arguments.path)
    for number in range(arguments.messages):
        size = 10_000 if number % arguments.large_every == 0 else 150 + number % 100
        connection.sendall(message(logs.make(arguments.run, 0, number, size)))
        if number % arguments.ping_every == arguments.ping_every - 1:
            connection.sendall(frame(9, True, b""))
    if arguments.sent:
        with open(arguments.sent, "w") as file:
            json.dump({"0": arguments.messages}, file)
    time.sleep(2)
    connection.close()


main()
