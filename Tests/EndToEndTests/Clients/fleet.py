"""What clients that lose their connections have in common: connections that can be broken on command, and the commands.

Commands arrive as lines on standard input:

    port N       the gateway is there from now on; 0: it is nowhere
    reset K      client K resets its connection (RST) and makes a new one
    cut K        client K ends its connection without Close (FIN) and makes a new one
    close K      client K closes as RFC 6455 has it, and makes a new one
    finish       every client sends no more, sees to what it has sent, closes and ends
"""

import asyncio
import os
import socket
import struct
import sys

import wire

HEAD = (
    "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)
NORMAL = 1000


class Refused(Exception):
    """The handshake was answered, but not with 101."""


class Line:
    """One WebSocket connection that may be broken at any moment."""

    def __init__(self, reader, writer, answer):
        self.reader, self.writer, self.answer = reader, writer, answer
        self.on_text = lambda text: None
        self.code = None  # of the Close frame that came
        self.closing = asyncio.Event()  # a Close has come, or the end
        self.over = asyncio.Event()  # nothing more will come
        self.broken_by_us = False
        self.reading = None

    @classmethod
    async def open(cls, port, path, lines=()):
        reader, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), 10)
        writer.transport.set_write_buffer_limits(0)
        try:
            request = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *HEAD, *lines, "", ""]
            writer.write("\r\n".join(request).encode())
            answer = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)).decode()
            if not answer.startswith("HTTP/1.1 101 "):
                raise Refused(answer.split("\r\n")[0])
        except (Exception, asyncio.CancelledError) as error:
            writer.transport.abort()
            raise OSError(f"{port}: {error!r}") from error
        line = cls(reader, writer, answer)
        line.reading = asyncio.create_task(line._read())
        return line

    def header(self, name):
        """The value of a field of the answer to the handshake; None where there is none."""
        for field in self.answer.split("\r\n")[1:]:
            key, _, value = field.partition(":")
            if key.lower() == name.lower():
                return value.strip()
        return None

    async def _read(self):
        try:
            while True:
                first, second = await self.reader.readexactly(2)
                size = second & 0x7F
                if size >= 126:
                    size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), "big")
                self._take(first & 0x0F, await self.reader.readexactly(size))
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.closing.set()
            self.over.set()

    def _take(self, opcode, payload):
        if opcode == 1:
            self.on_text(payload.decode())
        elif opcode == 8:
            self.code = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else 1005
            self.closing.set()
        elif opcode == 9 and not self.writer.is_closing():
            self.writer.write(wire.frame(10, True, payload))

    async def send(self, data):
        """Gives bytes to the kernel. Raises when some of them may not have got there."""
        self.writer.write(data)
        await self.writer.drain()
        if self.broken_by_us or self.writer.is_closing():
            raise ConnectionResetError

    def reset(self):
        self.broken_by_us = True
        if not self.writer.is_closing():
            raw = self.writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    def cut(self):
        self.broken_by_us = True
        self.writer.transport.abort()

    async def close(self):
        """Sends Close and waits for the end; gives whether the server answered with the same code."""
        try:
            await self.send(wire.frame(8, True, struct.pack(">H", NORMAL)))
            await self.closing.wait()
        except OSError:
            pass
        await self.end()
        return self.code == NORMAL and not self.broken_by_us

    async def end(self):
        """Waits a little for the server to end TCP first (RFC 6455 section 7.1.1), then lets go."""
        try:
            await asyncio.wait_for(self.over.wait(), 5)
        except TimeoutError:
            pass
        self.writer.transport.abort()
        self.reading.cancel()


class Fleet:
    """Clients numbered from 0, each of which keeps one connection, and makes a new one when that ends.

    A client has `async def connect(port)`, which gives a Line; `async def use(line, wish)`, which sends until the line
    is over or `wish` is set; `async def leave(line, wanted)`, which ends the line, as a client that wants to if
    `wanted`; `is_done()` after the last; and `finishing`, an event that is set when no new logs are wanted.
    """

    def __init__(self, clients):
        self.clients = clients
        self.port = 0
        self.finishing = asyncio.Event()
        for client in clients:
            client.finishing = self.finishing
        self.lines = [None] * len(clients)
        self.wishes = [asyncio.Event() for _ in clients]

    async def run(self):
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(self._listen())
            await asyncio.wait([group.create_task(self._keep(k)) for k in range(len(self.clients))])
            listening.cancel()

    async def _keep(self, k):
        client = self.clients[k]
        while not (self.finishing.is_set() and client.is_done()):
            line = await self._connect(client)
            if line is None:
                continue
            self.lines[k] = line
            self.wishes[k].clear()
            if self.finishing.is_set():
                self.wishes[k].set()
            await client.use(line, self.wishes[k])
            await client.leave(line, self.wishes[k].is_set() and not line.closing.is_set())
            self.lines[k] = None

    async def _connect(self, client):
        if self.port:
            try:
                return await client.connect(self.port)
            except OSError:
                pass
        await asyncio.sleep(0.05)
        return None

    async def _listen(self):
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := (await reader.readline()).decode().split():
            self._perform(*line)
        os._exit(1)  # Whoever started this has gone.

    def _perform(self, command, number="0"):
        number = int(number)
        if command == "port":
            self.port = number
        elif command == "finish":
            self.finishing.set()
            for wish in self.wishes:
                wish.set()
        elif line := self.lines[number % len(self.lines)]:
            if command == "close":
                self.wishes[number % len(self.lines)].set()
            else:
                getattr(line, command)()
