"""A proxy that posts one log for a client of its own, behind a PROXY header of v1 or v2, and prints the answer's status,
or how the connection ended."""

import argparse
import socket
import ssl
import struct
import sys

arguments = argparse.ArgumentParser()
arguments.add_argument("port", type=int)
arguments.add_argument("--header", choices=["v1", "v2", "local", "none"], required=True)
arguments.add_argument("--client", default="203.0.113.7")
arguments.add_argument("--ca", help="speak TLS behind the header, and believe this authority")
arguments.add_argument("--text", default="log")
options = arguments.parse_args()


def header() -> bytes:
    here = "192.0.2.1"
    if options.header == "v1":
        return f"PROXY TCP4 {options.client} {here} 5555 443\r\n".encode()
    addresses = socket.inet_aton(options.client) + socket.inet_aton(here) + struct.pack(">HH", 5555, 443)
    # A further field that nobody here knows: PP2_TYPE_NOOP.
    addresses += b"\x04\x00\x03abc"
    if options.header == "v2":
        command = 0x21
    elif options.header == "local":
        command = 0x20
    else:
        return b""
    return b"\r\n\r\n\x00\r\nQUIT\n" + bytes([command, 0x11]) + struct.pack(">H", len(addresses)) + addresses


body = options.text.encode()
request = (
    f"POST /logs HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n"
    "Connection: close\r\n\r\n"
).encode() + body
try:
    connection = socket.create_connection(("127.0.0.1", options.port), timeout=60)
    connection.sendall(header())
    if options.ca:
        context = ssl.create_default_context(cafile=options.ca)
        connection = context.wrap_socket(connection, server_hostname="localhost")
    connection.sendall(request)
    answer = b""
    while piece := connection.recv(4096):
        answer += piece
    print(answer.split(b" ")[1].decode() if answer else "ended")
except (ConnectionError, ssl.SSLError):
    print("ended")
sys.exit(0)
