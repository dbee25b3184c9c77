"""Who runs where, and what the processors do meanwhile."""

import os
import pathlib
import re
import time

TICKS = os.sysconf("SC_CLK_TCK")
TOKEN = re.compile(r"^tfd:.*data:\s*([0-9a-f]+)", re.MULTILINE)


def enter(cpus, niceness=0):
    """Keeps this process to some CPUs."""
    if cpus:
        os.sched_setaffinity(0, cpus)
    if niceness:
        os.nice(niceness)


def entering(cpus):
    """The same, for a process that is about to begin."""
    return lambda: enter(cpus)


class Placement:
    """Which CPUs the gateway has, and which everything else."""

    def __init__(self, usable, loops, given, others, is_free):
        """`given`, `others`: what the command line says, or None; `is_free`: nothing is kept to any CPU."""
        self.usable, self.given, self.most = sorted(usable), given, max(loops)
        self.is_free = is_free or not given and len(self.usable) <= self.most
        left = set(self.usable) - set(given) if given else set(self.usable[self.most:])
        self.elsewhere = others or (None if self.is_free else left)

    def gateway(self, loops):
        if self.given or self.is_free:
            return self.given
        return set(self.usable[:loops])

    def words(self):
        if self.given is None and self.is_free:
            return f"all processes share the CPUs {listed(self.usable)}"
        gateway = listed(self.given or self.usable[:self.most])
        each = ", one for each loop" if self.most > 1 and not self.given else ""
        return f"CPUs of the gateway: {gateway}{each}; of everything else: {listed(self.elsewhere or self.usable)}"


def listed(cpus):
    return ",".join(str(cpu) for cpu in sorted(cpus))


def process_seconds(pid):
    """CPU of a process so far, of threads that have ended too; counted in nanoseconds."""
    # The clock of another process has this number on Linux (clock_getcpuclockid).
    return time.clock_gettime(~pid << 3 | 2)


def thread_seconds(pid):
    """CPU of its threads so far, by their names; it is counted in nanoseconds."""
    found = {}
    for thread in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            name = (thread / "comm").read_text().strip()
            seconds = int((thread / "schedstat").read_text().split()[0]) / 1e9
        except OSError:
            continue
        found[name] = found.get(name, 0) + seconds
    return found


def idle_seconds(cpus):
    """Of these CPUs: how long they had nothing to do, and how long the host gave them to others."""
    idle, stolen = 0, 0
    for line in pathlib.Path("/proc/stat").read_text().splitlines():
        name, *fields = line.split()
        if name.startswith("cpu") and name[3:].isdigit() and int(name[3:]) in cpus:
            idle += int(fields[3]) + int(fields[4])
            stolen += int(fields[7]) if len(fields) > 7 else 0
    return idle / TICKS, stolen / TICKS


def loop_connections(pid, loops):
    """How many connections each event loop has: what its epoll watches, less its own descriptors with their small tokens."""
    counts = []
    for entry in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            if os.readlink(entry) == "anon_inode:[eventpoll]":
                text = pathlib.Path(f"/proc/{pid}/fdinfo/{entry.name}").read_text()
                counts.append(sum(int(token, 16) >> 32 > 0 for token in TOKEN.findall(text)))
        except OSError:
            continue
    # The loop of the admin pages has none or one.
    return sorted(counts, reverse=True)[:loops]


class Usage:
    """The processors at one moment."""

    def __init__(self, gateway, broker, sender=None):
        self.metrics = gateway.metrics()
        self.time = time.monotonic()
        self.cpus = os.sched_getaffinity(0)
        self.gateway = gateway.seconds()
        self.threads = thread_seconds(gateway.process.pid)
        self.broker = broker.seconds() if broker else None
        self.sender = process_seconds(sender.process.pid) if sender else 0
        self.idle, self.stolen = idle_seconds(self.cpus)

    def since(self, before, load=0):
        """How many CPUs each had on average; `load`: seconds that sluice-load had."""
        seconds = max(self.time - before.time, 1e-9)

        def share(value):
            return round(value / seconds, 3)

        loops = {name: value - before.threads.get(name, 0) for name, value in self.threads.items()}
        return {
            "seconds": round(seconds, 3), "cpus": len(self.cpus), "gateway": share(self.gateway - before.gateway),
            "loops": [share(loops[name]) for name in sorted(loops) if name.startswith("loop-")],
            "threads": {name: share(value) for name, value in sorted(loops.items())},
            "broker": None if self.broker is None else share(self.broker - before.broker),
            "senders": share(load + self.sender - before.sender),
            "idle": share(self.idle - before.idle), "stolen": share(self.stolen - before.stolen),
        }
