"""telegraf's websocket output, imitated: a binary message for each batch, in frames of 4,096 bytes as gorilla/websocket
writes them, pings answered by pongs without payload, ends without Close. When nothing has come from the server for
--read-timeout seconds it reads no more and fails here (the real one is deaf from then on).

usage: telegraf.py HOST PORT PATH --run NAME --messages N [--batch LINES] [--text] [--pings N] [--read-timeout SECONDS]
                   [--header LINE] [--lines FILE]

The lines are of influx's line protocol, a line feed after each. With --pings it goes on until it has had so many. Prints
`sent` then, waits for a line on standard input while it goes on answering, and closes. --lines names a file for the
lines sent.
"""

import argparse
import select
import sys
import time

import wire


def line(run, number):
    return f"log,run={run},host=größer value={number}i,text=\"a \\\"b\\\"\" {1_767_323_045_678_000_000 + number}".encode()


class Agent:
    def __init__(self, connection, patience):
        self.connection, self.frames, self.patience = connection, wire.Frames(connection), patience
        self.heard, self.pings = time.monotonic(), 0

    def listen(self, seconds, also=()):
        """Takes what has come, for at most so long; gives which of `also` can be read."""
        ready, _, _ = select.select([self.connection, *also], [], [], seconds)
        if self.connection in ready:
            for opcode, payload in self.frames.read():
                if opcode == 9:
                    self.heard, self.pings = time.monotonic(), self.pings + 1
                    self.connection.sendall(wire.frame(10, True, b""))
                elif opcode == 8:
                    raise SystemExit(f"closed with {payload!r}")
            if self.frames.ended:
                raise SystemExit("the server has ended the connection")
        if time.monotonic() - self.heard > self.patience:
            raise SystemExit(f"nothing heard for {self.patience} seconds, after {self.pings} pings")
        return [one for one in ready if one is not self.connection]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("path")
    parser.add_argument("--run", required=True)
    parser.add_argument("--messages", type=int, required=True)
    parser.add_argument("--batch", type=int, default=1000)
    parser.add_argument("--text", action="store_true")
    parser.add_argument("--pings", type=int, default=0)
    parser.add_argument("--read-timeout", type=float, default=30)
    parser.add_argument("--header", action="append", default=[])
    parser.add_argument("--lines")
    arguments = parser.parse_args()

    lines = [*wire.GO, *arguments.header]
    agent = Agent(wire.connect(arguments.host, arguments.port, arguments.path, lines), arguments.read_timeout)
    written = [line(arguments.run, number) for number in range(arguments.messages)]
    for start in range(0, len(written), arguments.batch):
        batch = b"".join(one + b"\n" for one in written[start : start + arguments.batch])
        agent.connection.sendall(wire.fragments(1 if arguments.text else 2, batch, 4096))
        agent.listen(0)
    if arguments.lines:
        with open(arguments.lines, "wb") as file:
            file.write(b"".join(one + b"\n" for one in written))
    while agent.pings < arguments.pings:
        agent.listen(1)
    print("sent", flush=True)
    while not agent.listen(1, [sys.stdin]):
        pass
    agent.connection.close()


main()
