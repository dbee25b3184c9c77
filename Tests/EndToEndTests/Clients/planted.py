"""A relay between WebSocket clients and a gateway that plants faults: of every thousand messages of a connection, in the
order in which they come and counted from 1, it drops one, repeats one, lets one and the next change places, and changes
one byte of one.

usage: planted.py GATEWAY_PORT [--drop N] [--repeat N] [--swap N] [--damage N]

N is which of each thousand. A message has to be one frame. Prints the port that it listens on.
"""

import argparse
import asyncio


async def frame(reader):
    """A client's frame: opcode, its bytes up to the payload, and these."""
    start = await reader.readexactly(2)
    size = start[1] & 0x7F
    if size >= 126:
        more = await reader.readexactly(2 if size == 126 else 8)
        start, size = start + more, int.from_bytes(more, "big")
    head = start + await reader.readexactly(4)
    return start[0] & 0x0F, head, await reader.readexactly(size)


class Faults:
    """What becomes of a connection's messages."""

    def __init__(self, places):
        self.places, self.count, self.held = places, 0, b""

    def pass_on(self, head, payload):
        self.count += 1
        place = self.count % 1000
        if place == self.places.drop:
            return b""
        if place == self.places.damage:
            # Near the end of the padding; masked or not, the same bit changes.
            payload = payload[:-10] + bytes([payload[-10] ^ 1]) + payload[-9:]
        if place == self.places.swap:
            self.held = head + payload
            return b""
        after, self.held = self.held, b""
        return (head + payload) * (2 if place == self.places.repeat else 1) + after


async def upwards(reader, writer, faults):
    try:
        writer.write(await reader.readuntil(b"\r\n\r\n"))
        while True:
            opcode, head, payload = await frame(reader)
            writer.write(faults.pass_on(head, payload) if opcode < 8 else head + payload)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    writer.close()


async def downwards(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    writer.close()


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    for name in ("drop", "repeat", "swap", "damage"):
        parser.add_argument(f"--{name}", type=int)
    arguments = parser.parse_args()

    async def serve(reader, writer):
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", arguments.port)
        await asyncio.gather(upwards(reader, to_writer, Faults(arguments)), downwards(to_reader, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
