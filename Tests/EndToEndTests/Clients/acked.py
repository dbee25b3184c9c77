"""Clients of the subprotocol sluice.v1: each keeps what is not acknowledged and sends it again over its next connection.

usage: acked.py --run NAME --clients N --rate LOGS_PER_SECOND --seed S --journal FILE [--path PATH] [--session]
                [--window N]

With --session a client offers a name and the number of the first message that it will send (?session=ID&from=N), so
that messages which the gateway has already are not stored again. Commands: see fleet.py; at `finish` each client waits
until everything is acknowledged. A log is number N of connection 1000 * client + how many connections it had before.

The journal, written at the end: a JSON object with `session` and `clients`, each with
    sent      logs made; they are numbered from 1
    acked     how many of them are acknowledged
    dropped   {number: reason} as the gateway named them
    faults    what was wrong with what the gateway said, in words
    epochs    each connection: `port`, `first` (number of the log that it began with), `offered` (the last one that it
              sent at most), `acked` (when it ended), `code` (of the gateway's Close, or null), `selected`
"""

import argparse
import asyncio
import json
import random

import fleet
import logs

SUBPROTOCOL = "sluice.v1"


class Acked:
    def __init__(self, arguments, slot):
        self.arguments, self.slot = arguments, slot
        self.rate = arguments.rate / arguments.clients
        self.random = random.Random(f"{arguments.seed} acked {slot}")
        self.sent = self.acked = 0
        self.dropped, self.faults, self.epochs = {}, [], []
        self.paused = False
        self.news = asyncio.Event()

    def is_done(self):
        return self.acked == self.sent

    async def connect(self, port):
        path, first = self.arguments.path, self.acked + 1
        if self.arguments.session:
            path += f"?session={self.arguments.run}-{self.slot}&from={first}"
        line = await fleet.Line.open(port, path, [f"Sec-WebSocket-Protocol: {SUBPROTOCOL}"])
        selected = line.header("Sec-WebSocket-Protocol")
        self.paused = False
        self.epochs.append({"port": port, "first": first, "offered": first - 1, "acked": self.acked, "code": None})
        self.epochs[-1]["selected"] = selected
        if selected != SUBPROTOCOL:
            self.faults.append(f"selected {selected}")
        line.on_text = lambda text: self._hear(json.loads(text))
        return line

    def _hear(self, said):
        """One object with one member: `ack`, `drop` or `pause`."""
        epoch, session = self.epochs[-1], self.arguments.session
        # Without a session the first message of a connection is its number 1. With one the gateway may speak of what an
        # earlier connection sent.
        before, last = (0, self.sent) if session else (epoch["first"] - 1, epoch["offered"])
        match said:
            case {"ack": number}:
                acked = before + number
                if not self.acked <= acked <= last:
                    self.faults.append(f"ack {acked} after {self.acked}, sent {last}: {epoch}")
                self.acked = epoch["acked"] = max(self.acked, acked)
            case {"drop": {"message": number, "reason": reason}}:
                if not (session or self.acked < before + number) or before + number > last:
                    self.faults.append(f"drop of {before + number} with {self.acked} acknowledged: {epoch}")
                self.dropped[before + number] = reason
            case {"pause": bool(paused)}:
                if paused == self.paused:
                    self.faults.append(f"pause is {paused} twice")
                self.paused = paused
            case _:
                self.faults.append(f"not understood: {said}")
        self.news.set()

    async def use(self, line, wish):
        loop = asyncio.get_running_loop()
        due = loop.time()
        epoch = self.epochs[-1]
        while not line.closing.is_set():
            if wish.is_set() and (not self.finishing.is_set() or (self.is_done() and epoch["offered"] == self.sent)):
                return
            count = self._next_burst(epoch, wish)
            if count == 0:
                await self._hear_more(line)
                continue
            first = epoch["offered"] + 1
            epoch["offered"] += count
            self.sent = max(self.sent, epoch["offered"])
            connection = 1000 * self.slot + len(self.epochs) - 1
            run = self.arguments.run
            try:
                await line.send(b"".join(logs.mixed_message(run, connection, first + i) for i in range(count)))
            except OSError:
                return
            due = max(due + count / self.rate, loop.time() - 0.1)
            await asyncio.sleep(max(0, due - loop.time()))

    def _next_burst(self, epoch, wish):
        """How many logs to send now: what is not acknowledged first, then new ones as far as the window allows."""
        again = self.sent - epoch["offered"]
        if again > 0:
            return min(again, 100)
        if wish.is_set():
            return 0
        return min(self.random.choice((1, 1, 2, 5, 20, 60)), self.arguments.window - (self.sent - self.acked))

    async def _hear_more(self, line):
        self.news.clear()
        waits = [asyncio.create_task(event.wait()) for event in (self.news, line.closing)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED, timeout=0.2)
        for wait in waits:
            wait.cancel()

    async def leave(self, line, wanted):
        if wanted or line.code is not None:
            await line.close()
        else:
            await line.end()
        self.epochs[-1]["code"] = line.code

    def journal(self):
        return {name: getattr(self, name) for name in ("sent", "acked", "dropped", "faults", "epochs")}


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--run", required=True)
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--seed", required=True)
    parser.add_argument("--journal", required=True)
    parser.add_argument("--path", default="/logs")
    parser.add_argument("--session", action="store_true")
    parser.add_argument("--window", type=int, default=2000)
    arguments = parser.parse_args()
    clients = [Acked(arguments, slot) for slot in range(arguments.clients)]
    await fleet.Fleet(clients).run()
    with open(arguments.journal, "w") as file:
        json.dump({"session": arguments.session, "clients": [client.journal() for client in clients]}, file)


asyncio.run(main())
