"""What was found, as tables."""

import statistics

from measuring.scenarios import SCENARIOS


class Group:
    """All runs of one case."""

    def __init__(self, case, runs):
        self.case, self.runs = case, runs

    def middle(self, value):
        """The median of what the runs have; None where one has nothing."""
        found = [value(run) for run in self.runs]
        return None if None in found else statistics.median(found)

    def latency(self, name):
        return self.middle(lambda run: (latency(run)[1] or {}).get(name))

    def reach(self, *path):
        """The same of what is nested."""
        def value(run):
            for name in path:
                run = run.get(name) if isinstance(run, dict) else None
            return run

        return self.middle(value)


def latency(run):
    """The one that the scenario is about."""
    for kind in ("echo", "ack", "write"):
        if kind in run.get("latency_ms", {}):
            return kind, run["latency_ms"][kind]
    return None, None


def number(value, form=",.0f", unit="", factor=1):
    return "" if value is None else f"{value * factor:{form}}{unit}"


def times(value, before):
    return f"{value / before:.2f} ×" if value is not None and before else "?"


class Tables:
    """Of groups, in their order."""

    def __init__(self, groups):
        self.groups = groups
        self.has_loops = len({group.case.loops for group in groups}) > 1
        self.has_variants = any(group.case.variant for group in groups)

    def show(self):
        against = [self.against(group) for group in self.groups]
        head = ["throughput", "CPU µs", "memory", "latency", "p50 µs", "p99 µs", "max µs"]
        rows = [row(group) for group in self.groups]
        if any(against):
            head.append("against")
            rows = [cells + [word] for cells, word in zip(rows, against)]
        self.table(["scenario", "settings"], head, rows)
        self.more("Processors in use, on average, while it was loaded; ticks are turns of an event loop", [
            ("gateway", lambda group: number(group.reach("usage", "gateway"), ".2f")),
            ("its loops", loops),
            ("its busiest other thread", other_thread),
            ("Kafka", lambda group: number(group.reach("usage", "broker"), ".2f")),
            ("senders", lambda group: number(group.reach("usage", "senders"), ".2f")),
            ("idle", lambda group: number(group.reach("usage", "idle"), ".2f")),
            ("stolen", lambda group: number(group.reach("usage", "stolen"), ".2f")),
            ("of", lambda group: number(group.reach("usage", "cpus"))),
            ("connections a loop", connections),
            ("tick mean µs", lambda group: number(group.reach("ticks", "mean"), factor=1e6)),
            ("p99 µs", lambda group: number(group.reach("ticks", "p99"), factor=1e6)),
            ("at most µs", lambda group: number(group.reach("ticks", "at_most"), factor=1e6)),
            ("sent late, p99 µs", lambda group: number(group.reach("latency_ms", "write", "p99"), factor=1e3)),
        ], lambda group: group.reach("usage", "gateway"))
        self.more("Towards Kafka; from received to stored, of everybody's logs, read off a histogram", [
            ("stored/s", lambda group: number(group.reach("stored_rate"))),
            ("requests", lambda group: number(group.reach("kafka", "requests"))),
            ("logs a request", lambda group: number(group.reach("kafka", "logs_per_request"), ",.1f")),
            ("bytes a request", lambda group: number(group.reach("kafka", "bytes_per_request"))),
            ("bytes a log", lambda group: number(group.reach("kafka", "bytes_per_log"), ",.1f")),
            ("stored p50 ms", lambda group: number(group.reach("stored", "p50"), ",.1f", factor=1e3)),
            ("p99 ms", lambda group: number(group.reach("stored", "p99"), ",.1f", factor=1e3)),
        ], lambda group: group.reach("stored", "p50"))

    def more(self, title, columns, is_known):
        """A table of those that have anything to say."""
        groups = [group for group in self.groups if is_known(group) is not None]
        if not groups:
            return
        print(f"\n{title}:\n")
        rows = [names(group) + [column(group) for _, column in columns] for group in groups]
        self.table(["settings"], [name for name, _ in columns], rows, groups)

    def table(self, first, head, rows, groups=None):
        for position, (group, cells) in enumerate(zip(groups or self.groups, rows)):
            rows[position] = self.named(group, cells, len(first) + 1)
        head = [""] + first + (["loops"] if self.has_loops else []) + (["variant"] if self.has_variants else []) + head
        print("| " + " | ".join(head) + " |")
        print("|" + "---|" * len(head))
        for cells in rows:
            print("| " + " | ".join(cells) + " |")

    def named(self, group, cells, place):
        loops = [str(group.case.loops)] if self.has_loops else []
        variant = [group.case.variant] if self.has_variants else []
        return cells[:place] + loops + variant + cells[place:]

    def against(self, group):
        """What a figure is held against: the scenario's base, fewer loops, or the first variant."""
        base = SCENARIOS[group.case.scenario][2].get("base")
        words = [quieter(group, self.find(group, base), base) if base else ""]
        for what in ("loops", "variant"):
            other = self.first_of(group, what)
            if other is None or other is group:
                continue
            count = other.case.loops
            name = other.case.variant if what == "variant" else f"{count} loop{'s' if count > 1 else ''}"
            compare = quieter if "quiet" in SCENARIOS[group.case.scenario][2] else faster
            words.append(compare(group, other, name))
        return "; ".join(filter(None, words))

    def first_of(self, group, what):
        """The first group that differs from this one in nothing else."""
        return next((other for other in self.groups if like(other.case, group.case, what)), None)

    def find(self, group, scenario):
        return next((other for other in self.groups
                     if other.case.scenario == scenario and like(other.case, group.case, "scenario")), None)


def quieter(group, other, name):
    """The latencies of the few, and how much the busy one got through."""
    if other is None:
        return ""
    parts = [f"{part} {times(group.latency(part), other.latency(part))}" for part in ("p50", "p99", "max")]
    if group.reach("flood", "rate") is not None and other.reach("flood", "rate") is not None:
        parts.append(f"{times(group.reach('flood', 'rate'), other.reach('flood', 'rate'))} the flood")
    return f"{', '.join(parts)} of {name}"


def faster(group, other, name):
    return (f"{times(group.reach('rate'), other.reach('rate'))} the logs, "
            f"{times(group.reach('cpu_us'), other.reach('cpu_us'))} the CPU a log of {name}")


def like(one, other, apart_from):
    return all(getattr(one, name) == getattr(other, name)
               for name in ("scenario", "settings", "loops", "variant") if name != apart_from)


def names(group):
    return [group.case.scenario, group.case.settings]


def loops(group):
    """Each loop's share."""
    count = min(len(run["usage"]["loops"]) for run in group.runs)
    return " + ".join(f"{group.middle(lambda run, at=at: run['usage']['loops'][at]):.2f}" for at in range(count))


def other_thread(group):
    """The one that is no loop and had the most: where it has a whole CPU, more loops do not help."""
    shares = {name: share for name, share in group.runs[-1]["usage"]["threads"].items() if not name.startswith("loop-")}
    name = max(shares, key=shares.get, default=None)
    return f"{name} {shares[name]:.2f}" if name else ""


def connections(group):
    return " / ".join(str(count) for count in group.runs[-1].get("loop_connections", []))


def row(group):
    first = group.runs[0]
    kind, _ = latency(first)
    cpu = number(group.reach("cpu_us"), ".3f")
    spread = [run["cpu_us"] for run in group.runs if "cpu_us" in run]
    if len(spread) > 1:
        cpu += f" ({min(spread):.3f}..{max(spread):.3f})"
    if "connections" in first:
        unit = number(group.reach("connect_rate"), ",.0f", " conn/s")
        memory = f"{group.reach('bytes_per_connection') / 1024:.2f} KiB/conn"
    else:
        unit = number(group.reach("rate"), ",.0f", " logs/s")
        memory = f"{group.reach('peak_bytes') / (1 << 20):.0f} MiB peak"
    if kind and "flood" in first:
        unit += f" beside {group.reach('flood', 'rate'):,.0f}"
    if "storm" in first:
        unit += f" beside {group.reach('storm', 'rate'):,.0f} conn/s"
    found = [number(group.latency(name), factor=1e3) for name in ("p50", "p99", "max")]
    scenario, settings = names(group)
    return [scenario, SCENARIOS[scenario][0], settings, unit, cpu, memory, kind or "", *found]
