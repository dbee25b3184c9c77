"""Plain connections that come and go: each sends numbered logs without acknowledgement until it is broken, by command
(see fleet.py) or by the gateway; then the next one begins, with a number of its own.

usage: flaky.py --run NAME --clients N --rate LOGS_PER_SECOND --seed S --journal FILE [--path PATH]

The journal, written at the end: a JSON object with `connections`, each with
    id       as in its logs
    port     of the gateway that it was with
    offered  how many logs it has sent at most: the last few may not have left this process
    whole    the gateway has answered its Close, and so has read everything before
    code     of the gateway's Close, or null
    last     its client made none after it
"""

import argparse
import asyncio
import json
import random

import fleet
import logs


class Flaky:
    def __init__(self, arguments, slot, journal):
        self.run, self.path, self.rate = arguments.run, arguments.path, arguments.rate / arguments.clients
        self.random = random.Random(f"{arguments.seed} {slot}")
        self.journal = journal
        self.entry = None
        self.done = False

    def is_done(self):
        return self.done

    async def connect(self, port):
        line = await fleet.Line.open(port, self.path)
        if self.entry:
            self.entry["last"] = False
        self.entry = {"id": len(self.journal), "port": port, "offered": 0, "whole": False, "code": None, "last": True}
        self.journal.append(self.entry)
        return line

    async def use(self, line, wish):
        loop = asyncio.get_running_loop()
        due = loop.time()
        while not wish.is_set() and not line.closing.is_set():
            count = self.random.choice((1, 1, 2, 5, 20, 60))
            first = self.entry["offered"]
            self.entry["offered"] += count
            connection = self.entry["id"]
            try:
                await line.send(b"".join(logs.mixed_message(self.run, connection, first + i) for i in range(count)))
            except OSError:
                return
            # A client that was held up does not make up for it: pressure slows it down.
            due = max(due + count / self.rate, loop.time() - 0.1)
            await asyncio.sleep(max(0, due - loop.time()))

    async def leave(self, line, wanted):
        if wanted:
            self.entry["whole"] = await line.close()
        elif line.code is not None:
            await line.close()
        else:
            await line.end()
        self.entry["code"] = line.code
        self.done = True


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--run", required=True)
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--seed", required=True)
    parser.add_argument("--journal", required=True)
    parser.add_argument("--path", default="/logs")
    arguments = parser.parse_args()
    journal = []
    await fleet.Fleet([Flaky(arguments, slot, journal) for slot in range(arguments.clients)]).run()
    with open(arguments.journal, "w") as file:
        json.dump({"connections": journal}, file)


asyncio.run(main())
