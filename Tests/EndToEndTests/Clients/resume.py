"""A client of sluice.v1 with a session, whose connections are cut while it sends.

usage: resume.py URL RUN LOGS CUTS

Sends LOGS logs, all as connection 0, keeps at most 3000 that are not acknowledged, and cuts its connection CUTS times
(RST, or without a word), each time after another part of the logs. Ends when all are acknowledged; exit status 1 if the
gateway said something that it may not say.
"""

import json
import os
import random
import socket
import struct
import sys
import threading
import uuid

import websockets
import websockets.sync.client

import logs

WINDOW = 3000


class Client:
    def __init__(self, url, run, count, cuts):
        self.url, self.run, self.count = url, run, count
        self.session = uuid.uuid4()
        self.acked = 0
        self.random = random.Random(6)
        self.cuts = sorted(self.random.randrange(1, count) for _ in range(cuts))
        self.left = []
        self.news = threading.Condition()

    def run_all(self):
        while self.acked < self.count:
            url = f"{self.url}?session={self.session}&from={self.acked + 1}"
            line = websockets.sync.client.connect(url, subprotocols=["sluice.v1"], max_queue=None)
            assert line.subprotocol == "sluice.v1"
            self.use(line)

    def use(self, line):
        self.line, self.ended = line, False
        self.sent = self.acked
        reading = threading.Thread(target=self.read, args=(line,), daemon=True)
        reading.start()
        while self.acked < self.count:
            with self.news:
                self.news.wait_for(lambda: self.ended or self.may_send() or self.acked == self.count)
                if self.ended or self.acked == self.count:
                    break
            try:
                line.send(logs.make(self.run, 0, self.sent, 200).decode())
            except websockets.ConnectionClosed:
                break
            self.sent += 1
            if self.cuts and self.sent >= self.cuts[0]:
                self.cuts.pop(0)
                self.cut(line, reading)
                return
        line.close()
        reading.join()

    def may_send(self):
        return self.sent < min(self.count, self.acked + WINDOW)

    def cut(self, line, reading):
        if self.random.random() < 0.3:
            # The gateway learns of it by the next connection only. What it says meanwhile is not heard.
            with self.news:
                self.line = None
            self.left.append(line)
            return
        line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.socket.shutdown(socket.SHUT_RD)
        line.socket.close()
        reading.join()

    def read(self, line):
        try:
            while True:
                said = json.loads(line.recv())
                with self.news:
                    if self.line is not line:
                        return
                    if "ack" in said:
                        if not self.acked < said["ack"] <= self.sent + 1:
                            print(f"ack {said['ack']} after {self.acked}, sent {self.sent}", file=sys.stderr)
                            sys.stderr.flush()
                            os._exit(1)
                        self.acked = said["ack"]
                        self.news.notify_all()
        except (websockets.ConnectionClosed, OSError):
            with self.news:
                if self.line is line:
                    self.ended = True
                    self.news.notify_all()


Client(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])).run_all()
