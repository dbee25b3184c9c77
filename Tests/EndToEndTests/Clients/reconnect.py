"""Opens connections one after the other beside a few that stay, sends on all of them. A line `count` on standard input
is answered with a line of how many connections there were so far, any other line ends it.

usage: reconnect.py URL --ca FILE

Prints `ready`, and at the end a JSON object: connections, sent, failed.
"""

import argparse
import asyncio
import json
import ssl
import sys

import websockets


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--ca", required=True)
    arguments = parser.parse_args()
    context = ssl.create_default_context(cafile=arguments.ca)
    counts = {"connections": 0, "sent": 0, "failed": 0}
    stop = asyncio.Event()

    async def connection(lasting):
        try:
            async with websockets.connect(arguments.url, ssl=context, ping_interval=None, open_timeout=60) as socket:
                counts["connections"] += 1
                while True:
                    await socket.send('{"message":"hello"}')
                    counts["sent"] += 1
                    if not lasting or stop.is_set():
                        break
                    await asyncio.sleep(0.05)
        except Exception as error:
            counts["failed"] += 1
            print(repr(error), file=sys.stderr)

    async def one_after_the_other():
        while not stop.is_set():
            await connection(False)
            await asyncio.sleep(0.01)

    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    tasks = [asyncio.create_task(connection(True)) for _ in range(5)]
    tasks += [asyncio.create_task(one_after_the_other()) for _ in range(3)]
    print("ready", flush=True)
    while await reader.readline() == b"count\n":
        print(counts["connections"], flush=True)
    stop.set()
    await asyncio.gather(*tasks)
    print(json.dumps(counts), flush=True)


asyncio.run(main())
