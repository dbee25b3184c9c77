"""A beat-style agent, written out by hand: one text message for each log, in fragments of 4,096 bytes, a ping now and
then, never reads its socket, never sends Close, waits two seconds at its end and closes TCP.

usage: agent.py HOST PORT PATH --run NAME --messages N [--ping-every LOGS] [--large-every LOGS] [--empty-every LOGS]
                [--sent FILE]

With --empty-every it also sends what the seed plugin sends for a log over its own max_len: a message of no bytes.
"""

import argparse
import json
import time

import logs
import wire

FRAGMENT = 4096


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("path")
    parser.add_argument("--run", required=True)
    parser.add_argument("--messages", type=int, required=True)
    parser.add_argument("--ping-every", type=int, default=10_000)
    parser.add_argument("--large-every", type=int, default=50)
    parser.add_argument("--empty-every", type=int, default=0)
    parser.add_argument("--sent")
    arguments = parser.parse_args()

    connection = wire.connect(arguments.host, arguments.port, arguments.path, wire.GO)
    for number in range(arguments.messages):
        size = 10_000 if number % arguments.large_every == 0 else 150 + number % 100
        connection.sendall(wire.fragments(1, logs.make(arguments.run, 0, number, size), FRAGMENT))
        if arguments.empty_every and number % arguments.empty_every == arguments.empty_every - 1:
            connection.sendall(wire.fragments(1, b"", FRAGMENT))
        if number % arguments.ping_every == arguments.ping_every - 1:
            connection.sendall(wire.frame(9, True, b""))
    if arguments.sent:
        with open(arguments.sent, "w") as file:
            json.dump({"0": arguments.messages}, file)
    time.sleep(2)
    connection.close()


main()
