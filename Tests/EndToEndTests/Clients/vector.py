"""Vector's websocket sink, imitated: a ping right after its handshake, then a text message for each event in one frame,
pings answered, a Close without a code at its end.

usage: vector.py HOST PORT PATH --run NAME --messages N [--size BYTES] [--ping-every EVENTS] [--header LINE] [--sent FILE]

Prints a JSON object when the server has answered the Close: pongs (with the payload that its pings had), closed (whether
that answer came).
"""

import argparse
import json
import select

import logs
import wire

HANDSHAKE = (
    "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)
PING = b"PING"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("path")
    parser.add_argument("--run", required=True)
    parser.add_argument("--messages", type=int, required=True)
    parser.add_argument("--size", type=int, default=200)
    parser.add_argument("--ping-every", type=int, default=1000)
    parser.add_argument("--header", action="append", default=[])
    parser.add_argument("--sent")
    arguments = parser.parse_args()

    lines = [*HANDSHAKE, *arguments.header]
    connection = wire.connect(arguments.host, arguments.port, arguments.path, lines)
    frames, result = wire.Frames(connection), {"pongs": 0, "closed": False}

    def listen(seconds):
        if not select.select([connection], [], [], seconds)[0]:
            return
        for opcode, payload in frames.read():
            if opcode == 9:
                connection.sendall(wire.frame(10, True, payload))
            elif opcode == 10:
                result["pongs"] += payload == PING
            elif opcode == 8:
                result["closed"] = True

    connection.sendall(wire.frame(9, True, PING))
    for number in range(arguments.messages):
        connection.sendall(wire.frame(1, True, logs.make(arguments.run, 0, number, arguments.size)))
        if number % arguments.ping_every == arguments.ping_every - 1:
            connection.sendall(wire.frame(9, True, PING))
            listen(0)
    connection.sendall(wire.frame(8, True, b""))
    while not frames.ended:
        listen(30)
    if arguments.sent:
        with open(arguments.sent, "w") as file:
            json.dump({"0": arguments.messages}, file)
    print(json.dumps(result), flush=True)


main()
