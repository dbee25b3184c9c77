"""Sends logs with the websockets library, as a service would: over many connections at once.

usage: relay.py URL --run NAME [--connections N] [--messages N] [--size BYTES] [--rate LOGS_PER_SECOND]
                [--until-closed] [--sent FILE] [--compression] [--ca FILE] [--token TOKEN]

With --until-closed it goes on until the gateway closes the connections or a line arrives on standard input. A log
counts as sent when send() has returned. Prints a JSON object at the end: sent, codes (of the Close frames received),
broken (connections that ended without one).
"""

import argparse
import asyncio
import collections
import json
import ssl
import sys

import websockets

import logs


async def send(arguments, connection, sent, ends, stop):
    async with websockets.connect(
        arguments.url,
        compression="deflate" if arguments.compression else None,
        ssl=ssl.create_default_context(cafile=arguments.ca) if arguments.ca else None,
        additional_headers={"Authorization": f"Bearer {arguments.token}"} if arguments.token else None,
        ping_interval=None,
        open_timeout=60,
        close_timeout=60,
    ) as socket:
        if arguments.compression and not socket.protocol.extensions:
            raise SystemExit("no compression was agreed on")
        try:
            number = 0
            while not stop.is_set() and (arguments.until_closed or number < arguments.messages):
                await socket.send(logs.make(arguments.run, connection, number, arguments.size).decode())
                number += 1
                sent[connection] = number
                if arguments.rate:
                    await asyncio.sleep(arguments.connections / arguments.rate)
                elif number % 16 == 0:
                    await asyncio.sleep(0)
            await socket.close()
        except websockets.ConnectionClosed:
            pass
        await socket.wait_closed()
        ends[socket.close_code] += 1


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--run", required=True)
    parser.add_argument("--connections", type=int, default=1)
    parser.add_argument("--messages", type=int, default=0)
    parser.add_argument("--size", type=int, default=200)
    parser.add_argument("--rate", type=float, default=0)
    parser.add_argument("--until-closed", action="store_true")
    parser.add_argument("--sent")
    parser.add_argument("--compression", action="store_true")
    parser.add_argument("--ca")
    parser.add_argument("--token")
    arguments = parser.parse_args()

    stop = asyncio.Event()
    if arguments.until_closed:
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        listening = asyncio.create_task(reader.readline())
        listening.add_done_callback(lambda _: stop.set())

    sent, ends = {}, collections.Counter()
    await asyncio.gather(*(send(arguments, c, sent, ends, stop) for c in range(arguments.connections)))
    if arguments.sent:
        with open(arguments.sent, "w") as file:
            json.dump(sent, file)
    codes = {str(code): count for code, count in ends.items() if code not in (None, 1006)}
    print(json.dumps({"sent": sum(sent.values()), "codes": codes, "broken": ends[1006] + ends[None]}))


asyncio.run(main())
