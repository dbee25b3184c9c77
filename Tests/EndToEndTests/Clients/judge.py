"""Holds what is in a topic after a run with faults against what the clients and the gateway say about it.

usage: judge.py CASE

CASE is a JSON object:
    records    a file that kcat wrote with -f '%p %o %T %s\\n', every partition from its beginning
    grown      how many times the topic may have got more partitions
    sequences  the brokers check sequence numbers and stamp records when they append them (a real Kafka does)
    plain      {run: journal of flaky.py}
    acked      {run: journal of acked.py}
    short      null, or `records` and `plain` of a topic that was deleted and made again while the clients sent
    letters    null, or a file like `records` of the topic that tells of dropped logs, with 200 bytes of each
    lives      each time that the gateway ran: `port`; `received`, `delivered` and `dropped`, from its last words or
               else the last scrape; `unsettled` from its last words (null without); `exit`, its status (null: it was
               killed); from the last scrape `reasons` {reason: dropped}, `uncertain`, `reordered`, and how many dropped
               logs are `told` of, or `untold` for good; and `here`: how many of those delivered must be in the topic
               of `records`

Prints a JSON object: `faults`, each a sentence, and `counts`. No fault is found where everything is as promised.
"""

import collections
import hashlib
import json
import sys

import logs

REFUSALS = ("record_too_large", "record_refused")


class Topic:
    """The records: where each log stands for the first time, and what stands there more than once."""

    def __init__(self, path, faults):
        self.places = collections.defaultdict(dict)  # (run, connection) -> {number: (partition, offset, time)}
        self.repeated = collections.Counter()  # (run, connection) -> how many
        self.count = 0
        next_offsets = collections.Counter()
        for line in open(path, "rb"):
            partition, offset, time, record = line.rstrip(b"\n").split(b" ", 3)
            partition, offset = int(partition), int(offset)
            self.count += 1
            if offset != next_offsets[partition]:
                faults.append(f"partition {partition} was not read whole: {offset}, not {next_offsets[partition]}")
            next_offsets[partition] = offset + 1
            log = logs.parse(record)
            if log is None:
                faults.append(f"damaged: {partition}/{offset} {record[:80]!r}")
                continue
            run, connection, number = log
            found = self.places[run, connection]
            if number in found:
                self.repeated[run, connection] += 1
            else:
                found[number] = (partition, offset, int(time))


def disordered(places, by_time):
    """Logs that stand behind a later one of their connection: [number]."""
    late, last = [], {}
    for number, (partition, offset, _) in sorted(places.items(), key=lambda item: item[1][:2]):
        if number < last.get(partition, -1):
            late.append(number)
        last[partition] = max(number, last.get(partition, -1))
    if by_time:
        # Between partitions: nothing was appended before what its connection sent earlier.
        newest, where = 0, None
        for number in sorted(places):
            partition, _, time = places[number]
            if partition != where and time < newest:
                late.append(number)
            newest, where = max(newest, time), partition
    return late


def wanted(number):
    return logs.mixed_size(number) <= logs.MAX_LEN


class Judge:
    def __init__(self, case):
        self.faults = []
        self.case, self.sequences = case, case["sequences"]
        self.lives = {life["port"]: life for life in case["lives"]}
        self.topic = Topic(case["records"], self.faults)
        # By port: logs that are there, logs twice, logs late, holes, and bounds of what was dropped for its length.
        self.stored, self.repeated, self.late, self.holes = (collections.Counter() for _ in range(4))
        self.too_long_read, self.too_long_sent = collections.Counter(), collections.Counter()
        self.known = set()
        # Of whoever sent: the port of the gateway, and the numbers that it may have sent.
        self.senders = {}  # (run, connection) -> (port, first, last)
        # (run, slot, {number: reason}) of each client that was told of drops
        self.told = []
        self.sessions = set()  # runs
        self.counts = collections.Counter()

    def blame(self, text):
        self.faults.append(text)

    def judge(self):
        for run, path in self.case["plain"].items():
            for entry in json.load(open(path))["connections"]:
                self.plain(run, entry)
        for run, path in self.case["acked"].items():
            journal = json.load(open(path))
            if journal["session"]:
                self.sessions.add(run)
            for slot, client in enumerate(journal["clients"]):
                self.acked(run, slot, client, journal["session"])
        for run, connection in self.topic.places:
            if (run, connection) not in self.known:
                self.blame(f"{run} c{connection}: logs of a connection that never was")
        if short := self.case["short"]:
            self.short(short)
        if path := self.case["letters"]:
            self.letters(path)
        for life in self.case["lives"]:
            self.life(life)
        counts = self.counts
        counts["records"], counts["repeated"] = self.topic.count, sum(self.topic.repeated.values())
        return {"faults": self.faults, "counts": counts}

    def connection(self, run, connection, port, first, last, counted=None):
        """What holds for every connection; `last` is the last number that it may have sent. Gives its places.

        `counted` has, by port, the numbers of a session that need not be counted again when they are sent again."""
        name = f"{run} c{connection}"
        self.known.add((run, connection))
        self.senders[run, connection] = (port, first, last)
        places = self.topic.places.get((run, connection), {})
        self.counts["connections"] += 1
        self.stored[port] += len(places)
        self.repeated[port] += self.topic.repeated[run, connection]
        if strange := [n for n in places if not (first <= n <= last and wanted(n))]:
            self.blame(f"{name}: there, but not sent or not wanted: {strange[:5]}")
        late = disordered(places, self.sequences)
        self.late[port] += len(late)
        if len(late) > self.lives[port]["reordered"]:
            self.blame(f"{name}: {len(late)} logs stand behind later ones: {late[:5]}")
        self.too_long_sent[port] += sum(1 for n in range(first, last + 1) if not wanted(n))
        read = {n for n in range(first, max(places, default=first)) if not wanted(n)}
        if counted is not None:
            read -= counted[port]
            counted[port] |= read
        self.too_long_read[port] += len(read)
        return places

    def plain(self, run, entry):
        places = self.connection(run, entry["id"], entry["port"], 0, entry["offered"] - 1)
        life = self.lives[entry["port"]]
        # Whatever ended it, what the gateway took is a beginning of what was sent.
        is_whole = entry["whole"] and life["exit"] == 0
        end = entry["offered"] if is_whole else max(places, default=0)
        holes = [n for n in range(end) if wanted(n) and n not in places]
        self.holes[entry["port"]] += len(holes)
        if len(holes) > self.refused(life):
            kind = "answered Close, but not there" if is_whole else "not there, but later ones are"
            self.blame(f"{run} c{entry['id']} ({len(places)} of {entry['offered']}): {kind}: {len(holes)} {holes[:5]}")
        self.counts["sent"] += entry["offered"]
        self.counts["whole"] += is_whole

    def refused(self, life):
        """Logs at most that Kafka is said to have refused for their own fault, as injected errors make it look."""
        # What was dropped after the last scrape may have been for that.
        since = life["dropped"] - sum(life["reasons"].values())
        return since + sum(life["reasons"].get(reason, 0) for reason in REFUSALS)

    def acked(self, run, slot, client, session):
        name = f"{run} client {slot}"
        for fault in client["faults"]:
            self.blame(f"{name}: {fault}")
        if client["acked"] != client["sent"]:
            self.blame(f"{name}: {client['sent']} sent, {client['acked']} acknowledged at the end")
        dropped = {int(number): reason for number, reason in client["dropped"].items()}
        seen = {}  # number -> ports of the lives that stored it
        together = {}  # port -> {number: place}
        counted = collections.defaultdict(set) if session else None
        for index, epoch in enumerate(client["epochs"]):
            connection = 1000 * slot + index
            places = self.connection(run, connection, epoch["port"], epoch["first"], epoch["offered"], counted)
            for number, place in places.items():
                seen.setdefault(number, []).append(epoch["port"])
                earlier = together.setdefault(epoch["port"], {}).get(number, place)
                together[epoch["port"]][number] = min(earlier, place, key=lambda p: p[1:])
            lost = [n for n in range(1, epoch["acked"] + 1) if n not in seen and n not in dropped]
            if lost:
                self.blame(f"{name}: acknowledged by connection {index} and not there: {len(lost)} {lost[:5]}")
                break
            self.counts["sent again"] += max(0, min(epoch["offered"], client["epochs"][index - 1]["offered"])
                                             - epoch["first"] + 1) if index else 0
        for number, reason in dropped.items():
            if reason not in REFUSALS and (reason != "max_len" or wanted(number)):
                self.blame(f"{name}: {number} dropped for {reason}")
        self.told.append((run, slot, dropped))
        if session:
            self.session(name, seen, together)
        self.counts["acked"] += client["acked"]

    def session(self, name, seen, together):
        """As long as the gateway lives, a session loses no order, repeats nothing and keeps its partition."""
        for port, places in together.items():
            used = {partition for partition, _, _ in places.values()}
            # The first log of a gateway that began without Kafka may go before the number of partitions is known.
            begun_without = port != self.case["lives"][0]["port"]
            if len(used) > 1 + self.case["grown"] + begun_without:
                self.blame(f"{name}: in partitions {sorted(used)} of one life")
            self.counts["session partitions"] = max(self.counts["session partitions"], len(used))
            late = disordered(places, False)
            if len(late) > self.lives[port]["reordered"]:
                self.blame(f"{name}: {len(late)} logs behind later ones of the session: {late[:5]}")
            twice = [n for n, ports in seen.items() if ports.count(port) > 1]
            self.counts["session twice"] += len(twice)
            if twice:
                self.blame(f"{name}: stored again in the same life: {len(twice)} {twice[:5]}")

    def short(self, short):
        """What is there of a connection is its end: what came before went with the topic."""
        topic = Topic(short["records"], self.faults)
        self.counts["short-lived"] = topic.count
        for run, path in short["plain"].items():
            entries = json.load(open(path))["connections"]
            for entry in entries:
                name = f"{run} c{entry['id']}"
                places = topic.places.get((run, entry["id"]), {})
                self.senders[run, entry["id"]] = (entry["port"], 0, entry["offered"] - 1)
                self.too_long_sent[entry["port"]] += sum(1 for n in range(entry["offered"]) if not wanted(n))
                is_whole = entry["whole"] and self.lives[entry["port"]]["exit"] == 0
                # The clients sent for a while after the topic was there for good.
                if is_whole and entry["last"] and not places:
                    self.blame(f"{name}: nothing is there of the last connection")
                if not places:
                    continue
                end = entry["offered"] if is_whole else max(places)
                if holes := [n for n in range(min(places), end) if wanted(n) and n not in places]:
                    self.blame(f"{name}: missing, but earlier ones are there: {len(holes)} {holes[:5]}")
                if late := disordered(places, False):
                    self.blame(f"{name}: {len(late)} logs stand behind later ones: {late[:5]}")
                if strange := [n for n in places if n >= entry["offered"] or not wanted(n)]:
                    self.blame(f"{name}: there, but not sent or not wanted: {strange[:5]}")

    def letters(self, path):
        """What tells of dropped logs: it is true, everything that is said to be stored of it is, and a session's log is
        told of once."""
        there = collections.defaultdict(set)  # port -> {(run, connection, number)}
        for line in open(path, "rb"):
            letter = json.loads(line.split(b" ", 3)[3])
            found = logs.stamp(letter.get("content", "").encode())
            if found is None or found[:2] not in self.senders:
                self.blame(f"a dead letter of a log that never was: {letter}")
                continue
            run, connection, number, _ = found
            port, first, last = self.senders[run, connection]
            if fault := self.untrue(letter, *found) or (None if first <= number <= last else "not sent"):
                self.blame(f"{run} c{connection} n{number}: {fault}: {letter}")
            if (run, connection, number) in there[port]:
                self.repeated[port] += 1
            there[port].add((run, connection, number))
        self.counts["letters"] = sum(map(len, there.values()))
        for port, life in self.lives.items():
            if not life["told"] <= len(there[port]):
                self.blame(f"gateway at {port}: {life['told']} dead letters stored, {len(there[port])} there")
            if life["exit"] is not None and len(there[port]) > life["dropped"]:
                self.blame(f"gateway at {port}: {life['dropped']} dropped, {len(there[port])} dead letters there")
        self.untold(there)

    def untrue(self, letter, run, connection, number, size):
        log = logs.make(run, connection, number, size)
        reason, seen = letter["reason"], letter["size"]
        if size != logs.mixed_size(number) or reason not in REFUSALS and (reason != "max_len" or wanted(number)):
            return "no such drop"
        if seen > len(log) or letter["whole"] != (seen == len(log)):
            return f"{len(log)} bytes"
        return None if hashlib.sha256(log[:seen]).hexdigest() == letter["sha256"] else "another digest"

    def untold(self, there):
        """Each drop that a client was told of has its dead letter, but for those that may have found no room, and those
        of a gateway that was killed."""
        spare = sum(life["dropped"] - life["told"] for life in self.lives.values())
        missing = []
        for run, slot, dropped in self.told:
            connections = [c for (name, c) in self.senders if name == run and c // 1000 == slot]
            for number in dropped:
                ports = {p for p, first, last in (self.senders[run, c] for c in connections) if first <= number <= last}
                found = {port: [c for c in connections if (run, c, number) in there[port]] for port in ports}
                if not any(found.values()) and all(self.lives[port]["exit"] is not None for port in ports):
                    missing.append(f"{run} client {slot}: {number}")
                # Once in the life of a gateway, whichever of its connections it was.
                if run in self.sessions:
                    for port, twice in found.items():
                        if len(twice) > 1:
                            self.blame(f"{run} client {slot}: {number} told of by connections {twice} to {port}")
        self.counts["told of"] = sum(len(dropped) for _, _, dropped in self.told) - len(missing)
        if len(missing) > spare:
            self.blame(f"dropped, without a dead letter: {len(missing)} {missing[:5]}, {spare} may be lost")

    def life(self, life):
        port, dropped = life["port"], life["dropped"]
        name = f"gateway at {port}"
        stored, received, delivered = self.stored[port], life["received"], life["delivered"]
        if life["exit"] == 0 and (received != delivered + dropped or life["unsettled"] != 0):
            self.blame(f"{name}: exit 0 with {received} received, {delivered} delivered, {dropped} dropped")
        if life["exit"] == 1 and life["unsettled"] != received - delivered - dropped:
            self.blame(f"{name}: says {life['unsettled']} unsettled of {received - delivered - dropped}")
        if life["exit"] not in (0, 1, None):
            self.blame(f"{name}: exit {life['exit']}")
        if stored < life["here"]:
            self.blame(f"{name}: {life['here']} delivered, {stored} there")
        if life["exit"] is not None and stored > received - dropped:
            self.blame(f"{name}: {received - dropped} received and not dropped, {stored} there")
        if self.sequences and self.repeated[port] > life["uncertain"]:
            self.blame(f"{name}: {self.repeated[port]} repeated, {life['uncertain']} uncertain")
        if self.late[port] > life["reordered"]:
            self.blame(f"{name}: {self.late[port]} out of order, {life['reordered']} counted")
        if self.holes[port] > self.refused(life):
            self.blame(f"{name}: {self.holes[port]} missing, {self.refused(life)} refused")
        if life["reasons"].get("max_len", 0) > self.too_long_sent[port]:
            self.blame(f"{name}: {life['reasons']} dropped, {self.too_long_sent[port]} were too long")
        if life["exit"] is not None and dropped < self.too_long_read[port]:
            self.blame(f"{name}: {dropped} dropped, {self.too_long_read[port]} were too long")
        if unknown := {reason for reason, count in life["reasons"].items() if count} - {"max_len", *REFUSALS}:
            self.blame(f"{name}: dropped for {unknown}")


def main():
    with open(sys.argv[1]) as file:
        print(json.dumps(Judge(json.load(file)).judge()))


if __name__ == "__main__":
    main()
