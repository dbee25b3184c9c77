"""Changes the topics of a running Kafka within milliseconds, where Kafka's own tools take seconds to start.

usage: admin.py HOST:PORT,…

Reads commands from standard input and answers each with a line `ok` or `failed: REASON`:

    create TOPIC PARTITIONS [KEY=VALUE]…   makes a topic, a replica on every broker
    delete TOPIC                           deletes it
    grow TOPIC PARTITIONS                  gives it more partitions
    leader TOPIC PARTITION BROKER          moves a partition's leader
    whole TOPIC                            whether every broker is in sync in every partition, and each has a leader

It speaks Kafka's protocol in versions that both 3.9 and 4.1 know. Brokers that do not answer are passed over.
"""

import socket
import struct
import sys

METADATA, CREATE, DELETE, GROW, ELECT, REASSIGN = (3, 1), (19, 2), (20, 1), (37, 0), (43, 1), (45, 0)
NOT_NEEDED = 84  # ELECTION_NOT_NEEDED: it leads already


class Failed(Exception):
    pass


def text(value):
    return struct.pack(">h", -1) if value is None else struct.pack(">h", len(value.encode())) + value.encode()


def array(items):
    return struct.pack(">i", len(items)) + b"".join(items)


def int32(value):
    return struct.pack(">i", value)


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, form):
        values = struct.unpack_from(">" + form, self.data, self.at)
        self.at += struct.calcsize(">" + form)
        return values[0] if len(values) == 1 else values

    def text(self):
        size = self.take("h")
        if size < 0:
            return None
        self.at += size
        return self.data[self.at - size : self.at].decode()

    def array(self, element):
        return [element() for _ in range(self.take("i"))]


class Cluster:
    def __init__(self, addresses):
        self.addresses = [(host, int(port)) for host, port in (address.split(":") for address in addresses.split(","))]

    def ask(self, kind, body, flexible=False):
        """The answer of the first broker that gives one, after its header."""
        reason = None
        for address in self.addresses:
            try:
                with socket.create_connection(address, timeout=2) as connection:
                    # The client's name, and with flexible versions no tagged fields.
                    request = struct.pack(">hhi", *kind, 1) + text("faults") + (b"\0" if flexible else b"") + body
                    connection.sendall(int32(len(request)) + request)
                    size = struct.unpack(">i", self.read(connection, 4))[0]
                    return Reader(self.read(connection, size)[5 if flexible else 4 :])
            except OSError as error:
                reason = error
        raise Failed(f"no broker answers: {reason}")

    def read(self, connection, count):
        data = b""
        while len(data) < count:
            part = connection.recv(count - len(data))
            if not part:
                raise OSError("the broker ended the connection")
            data += part
        return data

    def metadata(self, topic):
        """How many brokers there are, and {partition: (leader, replicas, in sync)}; None where there is no topic."""
        answer = self.ask(METADATA, array([text(topic)]))
        brokers = answer.array(lambda: (answer.take("i"), answer.text(), answer.take("i"), answer.text()))
        answer.take("ii")  # the controller, and one topic
        code, _, _ = answer.take("h"), answer.text(), answer.take("b")
        numbers = lambda: answer.array(lambda: answer.take("i"))
        found = answer.array(lambda: (answer.take("hii"), numbers(), numbers()))
        partitions = {number: (leader, replicas, sync) for (_, number, leader), replicas, sync in found}
        return len(brokers), partitions if code == 0 else None

    def check(self, code, message=None):
        if code not in (0, NOT_NEEDED):
            raise Failed(f"error {code} {message or ''}")

    def create(self, topic, partitions, *settings):
        pairs = [text(key) + text(value) for key, value in (setting.split("=") for setting in settings)]
        wish = text(topic) + struct.pack(">ih", int(partitions), len(self.addresses)) + array([]) + array(pairs)
        answer = self.ask(CREATE, array([wish]) + struct.pack(">ib", 5000, 0))
        answer.take("i")
        for _, code, message in answer.array(lambda: (answer.text(), answer.take("h"), answer.text())):
            self.check(code, message)

    def delete(self, topic):
        answer = self.ask(DELETE, array([text(topic)]) + int32(5000))
        answer.take("i")
        for _, code in answer.array(lambda: (answer.text(), answer.take("h"))):
            self.check(code)

    def grow(self, topic, partitions):
        wish = text(topic) + struct.pack(">ii", int(partitions), -1)
        answer = self.ask(GROW, array([wish]) + struct.pack(">ib", 5000, 0))
        answer.take("i")
        for _, code, message in answer.array(lambda: (answer.text(), answer.take("h"), answer.text())):
            self.check(code, message)

    def leader(self, topic, partition, broker):
        partition, broker = int(partition), int(broker)
        _, partitions = self.metadata(topic)
        if not partitions or partition not in partitions:
            raise Failed("no such partition")
        replicas = partitions[partition][1]
        if broker not in replicas:
            raise Failed("no such replica")
        # The leader that Kafka prefers is the first replica.
        order = [broker] + [replica for replica in replicas if replica != broker]
        wish = int32(partition) + bytes([len(order) + 1]) + b"".join(map(int32, order)) + b"\0"
        name = bytes([len(topic) + 1]) + topic.encode()
        answer = self.ask(REASSIGN, int32(3000) + b"\2" + name + b"\2" + wish + b"\0" + b"\0", flexible=True)
        answer.take("i")
        self.check(answer.take("h"))
        wish = text(topic) + array([int32(partition)])
        answer = self.ask(ELECT, b"\0" + array([wish]) + int32(3000))
        answer.take("i")
        self.check(answer.take("h"))
        partition = lambda: (answer.take("ih"), answer.text())
        for _, results in answer.array(lambda: (answer.text(), answer.array(partition))):
            for (_, code), message in results:
                self.check(code, message)

    def whole(self, topic):
        count, partitions = self.metadata(topic)
        if count != len(self.addresses) or not partitions:
            raise Failed(f"{count} brokers, {partitions}")
        for number, (leader, replicas, sync) in partitions.items():
            if leader < 0 or len(sync) != len(replicas):
                raise Failed(f"partition {number}: leader {leader}, in sync {sync}")


def main():
    cluster = Cluster(sys.argv[1])
    for line in sys.stdin:
        name, *words = line.split()
        try:
            getattr(cluster, name)(*words)
            print("ok", flush=True)
        except Failed as failure:
            print(f"failed: {failure}", flush=True)


main()
