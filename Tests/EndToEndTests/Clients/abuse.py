"""Clients that mean no good.

usage: abuse.py KIND PORT PATH --seconds S [--connections N]

KIND: handshakes (a request head, a byte at a time), tls (half a ClientHello and silence), bodies (a POST whose body
comes a byte at a time), idle (connections that say nothing), churn (connections opened and closed), pings, empty
(messages of zero bytes), fragments (of one byte), bombs (compressed messages of zeros). Prints a JSON object: done
(connections or frames), refused (connections that the gateway ended).
"""

import argparse
import base64
import errno
import json
import os
import select
import socket
import struct
import time
import zlib

# Not named by Python 3.11.
IP_BIND_ADDRESS_NO_PORT = 24


def connect(port):
    """From an address of its own: what is counted by address must not be taken from the well-behaved client."""
    connection = socket.socket()
    connection.settimeout(60)
    connection.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
    connection.bind(("127.0.0.2", 0))
    try:
        connection.connect(("127.0.0.1", port))
    except OSError:
        connection.close()
        raise
    return connection


def upgraded(port, path, extensions=""):
    connection = connect(port)
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall(
        f"GET {path} HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{extensions}"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += connection.recv(1)
    assert b" 101 " in answer.split(b"\r\n")[0], answer
    return connection


def slowly(port, count, end, first, drip):
    """Opens connections that send `first` and then `drip` again and again; those that end are opened anew."""
    connections, done, refused = [], 0, 0
    while time.monotonic() < end:
        while len(connections) < count and time.monotonic() < end:
            try:
                connection = connect(port)
                connection.sendall(first)
                connection.setblocking(False)
                connections.append(connection)
                done += 1
            except OSError:
                refused += 1
                break
        alive = []
        for connection in connections:
            try:
                if drip:
                    connection.send(drip)
                try:
                    ended = connection.recv(4096) == b""
                except BlockingIOError:
                    ended = False
            except OSError:
                ended = True
            if ended:
                connection.close()
                refused += 1
            else:
                alive.append(connection)
        connections = alive
        time.sleep(0.2)
    return done, refused


def churn(port, end):
    done = 0
    while time.monotonic() < end:
        try:
            connect(port).close()
            done += 1
        except OSError as error:
            # Ports of connections that were closed are free again after a second.
            if error.errno != errno.EADDRNOTAVAIL:
                raise
            time.sleep(0.01)
    return done, 0


def flood(connections, block, frames, end):
    """Sends a block of frames over and over as fast as it is taken."""
    done = {connection: 0 for connection in connections}
    refused = 0
    for connection in connections:
        connection.setblocking(False)
    while time.monotonic() < end and done:
        readable, writable, _ = select.select(list(done), list(done), [], 0.5)
        for connection in readable:
            try:
                if connection.recv(1 << 16):
                    continue
            except OSError:
                pass
            refused += 1
            total[0] += done.pop(connection)
        for connection in writable:
            if connection in done:
                try:
                    offset = done[connection] % len(block)
                    done[connection] += connection.send(block[offset:])
                except OSError:
                    pass
    total[0] += sum(done.values())
    return total[0] * frames // len(block), refused


total = [0]


def frame(first, payload):
    if len(payload) < 126:
        head = bytes([first, 0x80 | len(payload)])
    elif len(payload) < 65536:
        head = bytes([first, 0xFE]) + struct.pack(">H", len(payload))
    else:
        head = bytes([first, 0xFF]) + struct.pack(">Q", len(payload))
    return head + bytes(4) + payload


def bomb(size):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(size >> 20)) + packer.flush(zlib.Z_SYNC_FLUSH)
    return frame(0xC2, packed[:-4])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind")
    parser.add_argument("port", type=int)
    parser.add_argument("path")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--connections", type=int, default=4)
    arguments = parser.parse_args()
    port, path, count = arguments.port, arguments.path, arguments.connections
    blocks = {
        "pings": (frame(0x89, b"") * 1000, 1000),
        "empty": (frame(0x81, b"") * 1000, 1000),
        "fragments": (frame(0x01, b"x") + frame(0x00, b"x") * 998 + frame(0x80, b"x"), 1000),
    }
    if arguments.kind == "bombs":
        blocks["bombs"] = (bomb(64 << 20), 1)
    offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
    end = time.monotonic() + arguments.seconds
    if arguments.kind == "handshakes":
        done, refused = slowly(port, count, end, f"GET {path} HTTP/1.1\r\nHost: h\r\nX-Slow: ".encode(), b"x")
    elif arguments.kind == "bodies":
        head = f"POST {path} HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 1000000\r\n\r\n"
        done, refused = slowly(port, count, end, head.encode(), b"x")
    elif arguments.kind == "tls":
        done, refused = slowly(port, count, end, bytes([0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3]), b"")
    elif arguments.kind == "idle":
        done, refused = slowly(port, count, end, b"", b"")
    elif arguments.kind == "churn":
        done, refused = churn(port, end)
    else:
        block, frames = blocks[arguments.kind]
        connections = [upgraded(port, path, offer if arguments.kind == "bombs" else "") for _ in range(count)]
        done, refused = flood(connections, block, frames, end)
    print(json.dumps({"done": done, "refused": refused}))


main()
