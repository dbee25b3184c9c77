"""Fluent Bit's websocket output, imitated to the byte: the same key and mask every time, a text frame for each chunk, its
header and its body in two writes, never reads but the answer to its handshake, ends without Close.

usage: fluentbit.py HOST PORT PATH --run NAME --messages N [--size BYTES] [--chunk BYTES]
                    [--format json|json_lines|json_stream] [--handshake-again] [--header LINE] [--sent FILE]

With --handshake-again it does in the middle what it does after 25 idle seconds: it sends the handshake once more on the
connection that is open, which fails, and goes on over a new one. Prints `sent` when all is written, waits for a line on
standard input, and closes.
"""

import argparse
import json

import logs
import wire

MASK = b"\x12\x34\x56\x78"
HANDSHAKE = (
    "Content-Length: 0", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
)
KEEP_ALIVE = ("Connection: keep-alive",)


def body(records, form):
    if form == "json":
        return b"[" + b",".join(records) + b"]"
    return b"".join(record + (b"\n" if form == "json_lines" else b"") for record in records)


def chunks(arguments):
    """The records of one frame after the other: at least so many bytes, but for the last."""
    records, size = [], 0
    for number in range(arguments.messages):
        records.append(logs.make(arguments.run, 0, number, arguments.size))
        size += len(records[-1])
        if size >= arguments.chunk:
            yield records
            records, size = [], 0
    if records:
        yield records


def send(connection, payload):
    connection.sendall(wire.frame_head(1, True, len(payload), MASK))
    connection.sendall(wire.masked(payload, MASK))


def handshake_again(connection, arguments, lines):
    """The request goes into the middle of a stream of frames: the gateway ends that connection."""
    request = [f"GET {arguments.path} HTTP/1.1", f"Host: {arguments.host}:{arguments.port}", *lines, "", ""]
    connection.sendall("\r\n".join(request).encode())
    while connection.recv(65536):
        pass
    connection.close()
    return wire.connect(arguments.host, arguments.port, arguments.path, lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("path")
    parser.add_argument("--run", required=True)
    parser.add_argument("--messages", type=int, required=True)
    parser.add_argument("--size", type=int, default=200)
    parser.add_argument("--chunk", type=int, default=2_000_000)
    parser.add_argument("--format", choices=("json", "json_lines", "json_stream"), default="json")
    parser.add_argument("--handshake-again", action="store_true")
    parser.add_argument("--header", action="append", default=[])
    parser.add_argument("--sent")
    arguments = parser.parse_args()

    lines = [*HANDSHAKE, *arguments.header, *KEEP_ALIVE]
    connection = wire.connect(arguments.host, arguments.port, arguments.path, lines)
    for number, records in enumerate(chunks(arguments)):
        if arguments.handshake_again and number == 1:
            connection = handshake_again(connection, arguments, lines)
        send(connection, body(records, arguments.format))
    if arguments.sent:
        with open(arguments.sent, "w") as file:
            json.dump({"0": arguments.messages}, file)
    print("sent", flush=True)
    wire.until_told()
    connection.close()


main()
