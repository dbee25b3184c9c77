"""A well-behaved client of an echo route: a message every few milliseconds, and how long each takes to come back.

usage: neighbour.py PORT PATH --seconds S [--rate PER_SECOND]

Prints a JSON object: count, lost, p50 and p99 in microseconds.
"""

import argparse
import base64
import json
import os
import socket
import struct
import time


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("path")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--rate", type=float, default=200)
    arguments = parser.parse_args()
    connection = socket.create_connection(("127.0.0.1", arguments.port), timeout=120)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall(
        f"GET {arguments.path} HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    stream = connection.makefile("rb")
    assert b" 101 " in stream.readline()
    while stream.readline() != b"\r\n":
        pass
    times, lost = [], 0
    due = begin = time.perf_counter()
    number = 0
    while due < begin + arguments.seconds:
        time.sleep(max(0, due - time.perf_counter()))
        payload = b'{"message":"%08d"}' % number
        start = time.perf_counter()
        connection.sendall(bytes([0x81, 0x80 | len(payload)]) + bytes(4) + payload)
        head = stream.read(2)
        while head[0] != 0x81:
            stream.read(head[1])
            head = stream.read(2)
        lost += stream.read(head[1]) != payload
        times.append(time.perf_counter() - start)
        number += 1
        due += 1 / arguments.rate
    connection.sendall(bytes([0x88, 0x82]) + bytes(4) + struct.pack(">H", 1000))
    times.sort()
    print(
        json.dumps(
            {
                "count": len(times),
                "lost": lost,
                "p50": round(times[len(times) // 2] * 1e6),
                "p99": round(times[len(times) * 99 // 100] * 1e6),
            }
        )
    )


main()
