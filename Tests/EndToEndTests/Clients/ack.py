"""A client of sluice.v1 that does as it is told.

usage: ack.py URL RUN

Connects, prints `open`, then takes lines from standard input: `send N` sends N more logs, `bad` a message that is
dropped, `close` closes and ends. Prints every word of Sluice as it comes, and at the end `closed CODE`.
"""

import os
import sys
import threading

import websockets
import websockets.sync.client

import logs


def commands(socket, run):
    number = 0
    for line in sys.stdin:
        words = line.split()
        if words[0] == "close":
            break
        if words[0] == "bad":
            socket.send("{")
        else:
            for _ in range(int(words[1])):
                socket.send(logs.make(run, 0, number, 200).decode())
                number += 1
    socket.close()


def main():
    with websockets.sync.client.connect(sys.argv[1], subprotocols=["sluice.v1"]) as socket:
        assert socket.subprotocol == "sluice.v1"
        print("open", flush=True)
        threading.Thread(target=commands, args=(socket, sys.argv[2]), daemon=True).start()
        try:
            while True:
                print(socket.recv(), flush=True)
        except websockets.ConnectionClosed:
            print("closed", socket.protocol.close_code, flush=True)
    os._exit(0)


main()
