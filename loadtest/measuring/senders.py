"""Senders beside sluice-load, each in a process of its own until it is told to end."""

import multiprocessing
import random
import select
import socket
import struct
import time

from measuring import machine
from measuring.failed import fail

MASK = b"\x12\x34\x56\x78"
CLOSE = bytes([0x88, 0x82]) + MASK + bytes([0x03 ^ MASK[0], 0xE8 ^ MASK[1]])


class Sender:
    """`work` is what the process does; it says a word once it has begun, and hands over what came of it."""

    # Whoever measures comes first on the CPU that it shares with one of these.
    NICENESS = 10

    def __init__(self, address, cpus, *more):
        self.pipe, end = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=self.begin, args=(address, cpus, end, *more), daemon=True)
        self.process.start()
        # Or nobody would hear that it has ended.
        end.close()
        self.hear("begin")

    def begin(self, address, cpus, pipe, *more):
        machine.enter(cpus, self.NICENESS)
        host, port = address.rsplit(":", 1)
        try:
            self.work((host, int(port)), pipe, *more)
        except OSError as error:
            pipe.send({"failed": f"{type(error).__name__}: {error}"})

    def hear(self, what):
        if not self.pipe.poll(90):
            fail(f"the {type(self).__name__.lower()} does not {what}")
        try:
            found = self.pipe.recv()
        except EOFError:
            fail(f"the {type(self).__name__.lower()} ended by itself")
        if isinstance(found, dict) and "failed" in found:
            fail(f"the {type(self).__name__.lower()}: {found['failed']}")
        return found

    def finish(self):
        """Tells it to end, and returns what it did."""
        self.pipe.send("end")
        return self.hear("end")

    def end(self):
        self.process.kill()
        self.process.join()


class Neighbour(Sender):
    """One more client of sluice.v1 that sends 2,000 logs a second."""

    RATE = 2_000
    NICENESS = 0

    def work(self, address, pipe, reads):
        line = upgraded(address, "/logs", "sluice.v1", receive_buffer=4_096)
        # With a timeout Python waits even where MSG_DONTWAIT says not to.
        line.settimeout(None)
        pipe.send("begun")
        sent, heard, begin = 0, 0, time.monotonic()
        while not pipe.poll():
            payload = b'{"timestamp":"2026-01-02T03:04:05Z","message":"%06d"}' % sent
            line.sendall(bytes([0x81, 0x80 | len(payload)]) + bytes(4) + payload)
            sent += 1
            if reads:
                heard += received(line)
            time.sleep(max(0, begin + sent / self.RATE - time.monotonic()))
        pipe.recv()
        time.sleep(1)
        left = received(line)
        pipe.send((sent, heard, left))
        # To end with acks unread would be a reset, which destroys what the gateway has not read yet.
        pipe.recv()


class Flood(Sender):
    """Connections that write the same block of logs again and again, as fast as it is taken: what it costs to send is
    the system's calls alone, so that one core can feed several."""

    def work(self, address, pipe, form, path, count):
        block, logs, payload = blocks(form)
        lines = [upgraded(address, path) for _ in range(count)]
        pipe.send("begun")
        begin, used = time.monotonic(), time.process_time()
        done = pour(lines, memoryview(block), pipe)
        for line in lines:
            line.sendall(CLOSE)
        # Its Close says that the gateway has read everything before ours.
        for line in lines:
            while line.recv(65_536):
                pass
        seconds = time.monotonic() - begin
        pipe.send({"logs": done * logs, "bytes": done * payload, "seconds": seconds, "rate": done * logs / seconds,
                   "cpu_seconds": time.process_time() - used})


class Storm(Sender):
    """Opens connections, 32 at a time, has them upgraded and resets them: closed in order, each would keep its port for
    a while."""

    def work(self, address, pipe):
        done, begin = 0, time.monotonic()
        pipe.send("begun")
        while not pipe.poll():
            lines = [opened(address, "/logs") for _ in range(32)]
            for line in lines:
                accept(line)
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                line.close()
            done += len(lines)
        seconds = time.monotonic() - begin
        pipe.send({"connections": done, "seconds": seconds, "rate": done / seconds, "cpu_seconds": time.process_time()})


def pour(lines, block, pipe):
    """Writes until something is said, each connection to the end of a block then. Returns how many blocks went out."""
    poller, places, done = select.epoll(), {}, 0
    for line in lines:
        line.setblocking(False)
        poller.register(line, select.EPOLLOUT)
        places[line.fileno()] = [line, 0]
    poller.register(pipe, select.EPOLLIN)
    while True:
        for number, _ in poller.poll():
            if number == pipe.fileno():
                pipe.recv()
                for line, offset in places.values():
                    line.settimeout(60)
                    if offset:
                        line.sendall(block[offset:])
                        done += 1
                return done
            place = places[number]
            place[1] += place[0].send(block[place[1]:place[1] + (1 << 18)])
            if place[1] == len(block):
                place[1] = 0
                done += 1


def opened(address, path, subprotocol=None, receive_buffer=None):
    """A connection that has asked for its upgrade."""
    line = socket.socket()
    if receive_buffer:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.settimeout(60)
    line.connect(address)
    protocol = f"Sec-WebSocket-Protocol: {subprotocol}\r\n" if subprotocol else ""
    line.sendall((f"GET {path} HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                  f"{protocol}\r\n").encode())
    return line


def accept(line):
    """Reads the answer."""
    answer = line.recv(1_024)
    if not answer.startswith(b"HTTP/1.1 101"):
        raise OSError(f"not upgraded: {answer[:60]}")
    return line


def upgraded(*words, **options):
    return accept(opened(*words, **options))


def received(line):
    """Bytes that are there to be read, which are then gone."""
    count = 0
    try:
        while part := line.recv(65_536, socket.MSG_DONTWAIT):
            count += len(part)
    except BlockingIOError:
        pass
    return count


def blocks(form):
    """A block of frames, how many logs are in it, and how many bytes of payload."""
    if form == "tiny":
        payloads = [b'{"m":1}'] * 16_384
    elif form == "long":
        # The longest that the default `max_len` lets pass.
        payloads = [log(0, 960 << 10)]
    elif form == "refused":
        payloads = [log(0, 16 << 20)]
    else:
        payloads = [log(number, 200) for number in range(1_280)]
    return b"".join(map(frame, payloads)), len(payloads), sum(map(len, payloads))


def log(number, size):
    """About as hard to compress as logs are, and different from its neighbours."""
    chance = random.Random(number)
    begin = b'{"timestamp":"2026-01-02T03:04:05.678Z","message":"%010d ' % number
    left = size - len(begin) - 2
    words = ["request", "connection", "from", "timeout", "user", "session", "closed", "after", "error", "retry"]
    count = min(left, 1 << 20) // 8 + 1
    text = " ".join(f"{chance.choice(words)} {chance.randrange(100_000)}" for _ in range(count)).encode()
    return begin + (text * (left // len(text) + 1))[:left] + b'"}'


def frame(payload):
    """A whole text message, masked (RFC 6455 section 5.2)."""
    size = len(payload)
    if size < 126:
        head = bytes([0x81, 0x80 | size])
    elif size < 65_536:
        head = struct.pack("!BBH", 0x81, 0xFE, size)
    else:
        head = struct.pack("!BBQ", 0x81, 0xFF, size)
    mask = int.from_bytes((MASK * (size // 4 + 1))[:size], "big")
    return head + MASK + (int.from_bytes(payload, "big") ^ mask).to_bytes(size, "big")
