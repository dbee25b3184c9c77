"""A server of sluice.v1 that stores what it acknowledges in a file, as kcat would write a topic: so that Clients/acked.py
and Clients/judge.py can be tried without a gateway.

usage: ackserver.py RECORDS SEED [LIE]

It cuts connections at random, after which a client has to send again what was not acknowledged; with ?session=ID&from=N
it stores nothing twice. LIE, one of `lose`, `repeat`, `disorder`, `forget` (sessions) and `move` (sessions to
other partitions), is what it does wrong now and then. Prints its port; then each line on standard input is answered with how many logs it has received and stored: a
JSON object.
"""

import asyncio
import collections
import json
import random
import sys
import time
import urllib.parse

import logs

PARTITIONS = 3


class Server:
    def __init__(self, path, seed, lie):
        self.file = open(path, "wb", buffering=0)
        self.random, self.lie = random.Random(seed), lie
        self.offsets, self.sessions = collections.Counter(), collections.Counter()
        self.counts = {"received": 0, "delivered": 0, "dropped": 0}

    def lies(self, kind):
        return kind == self.lie and self.random.random() < 0.02

    def store(self, partition, payload):
        self.file.write(b"%d %d %d " % (partition, self.offsets[partition], time.time() * 1000) + payload + b"\n")
        self.offsets[partition] += 1

    async def serve(self, reader, writer):
        request = (await reader.readuntil(b"\r\n\r\n")).decode()
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlparse(request.split()[1]).query))
        writer.write(b"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Protocol: sluice.v1\r\n\r\n")
        talk = Talk(self, writer, query)
        try:
            await talk.run(reader)
        except (OSError, asyncio.IncompleteReadError):
            pass
        talk.end()
        writer.close()


class Talk:
    """One connection."""

    def __init__(self, server, writer, query):
        self.server, self.writer = server, writer
        self.session = query.get("session")
        self.number = int(query.get("from", 1)) - 1
        stays = self.session and server.lie != "move"
        self.partition = sum(map(ord, self.session)) % PARTITIONS if stays else server.random.randrange(PARTITIONS)
        self.held = None
        self.settled = self.number
        self.parts = b""

    def say(self, **what):
        payload = json.dumps(what).encode()
        self.writer.write(bytes([0x81, len(payload)]) + payload)

    async def run(self, reader):
        until = self.server.random.randrange(20, 400)
        while until := until - 1:
            try:
                first, second = await asyncio.wait_for(reader.readexactly(2), 0.05)
            except TimeoutError:
                self.say(ack=self.settled)
                continue
            size = second & 0x7F
            if size >= 126:
                size = int.from_bytes(await reader.readexactly(2 if size == 126 else 8), "big")
            mask = await reader.readexactly(4)
            data = await reader.readexactly(size)
            data = bytes(byte ^ mask[i & 3] for i, byte in enumerate(data))
            if first & 0x0F == 8:
                self.end()
                self.writer.write(bytes([0x88, len(data)]) + data)
                return
            self.parts += data
            if first & 0x80:
                self.take(self.parts)
                self.parts = b""
            if self.server.random.random() < 0.1:
                self.say(ack=self.settled)
                await self.writer.drain()

    def take(self, payload):
        server = self.server
        self.number += 1
        if self.session and self.number <= server.sessions[self.session] and not server.lies("forget"):
            # What was dropped may not have been heard before the connection was cut.
            if len(payload) > logs.MAX_LEN:
                self.drop(payload)
            self.settled = self.number
            return
        if self.session:
            server.sessions[self.session] = self.number
        server.counts["received"] += 1
        if len(payload) > logs.MAX_LEN:
            server.counts["dropped"] += 1
            self.drop(payload)
        else:
            self.keep(payload)
        self.settled = self.number

    def drop(self, payload):
        self.say(drop={"message": self.number, "reason": "max_len", "size": len(payload), "limit": logs.MAX_LEN})

    def keep(self, payload):
        server = self.server
        server.counts["delivered"] += 1
        if server.lies("lose"):
            return
        if self.held is None and server.lies("disorder"):
            self.held = payload
            return
        server.store(self.partition, payload)
        if server.lies("repeat"):
            server.store(self.partition, payload)
        self.end()

    def end(self):
        if self.held is not None:
            self.server.store(self.partition, self.held)
        self.held = None


async def main():
    server = Server(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None)
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    print(listener.sockets[0].getsockname()[1], flush=True)
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.readline():
        print(json.dumps(server.counts), flush=True)


asyncio.run(main())
