"""One run of one scenario."""

import dataclasses
import json
import pathlib
import subprocess
import time

from measuring import machine
from measuring.failed import fail
from measuring.scenarios import SCENARIOS
from measuring.senders import Flood, Neighbour, Storm
from measuring.servers import Server, gateway_configuration


@dataclasses.dataclass(frozen=True)
class Case:
    """What is run."""

    scenario: str
    settings: str
    loops: int
    variant: str
    words: tuple

    def __str__(self):
        return " ".join(filter(None, [self.scenario, self.settings, f"{self.loops} loops" if self.loops > 1 else "",
                                      self.variant]))


@dataclasses.dataclass
class Bench:
    """With what it is run."""

    sluice: str
    load: str
    scale: float
    placement: machine.Placement
    folder: pathlib.Path
    hosts: str = ""
    broker: Server | None = None


def measure(bench, case):
    """What came of one run; fails where anything is lost."""
    return Run(bench, case).measure()


class Run:
    def __init__(self, bench, case):
        self.bench, self.case = bench, case
        _, self.options, self.more = SCENARIOS[case.scenario]
        self.elsewhere = bench.placement.elsewhere
        self.gateway, self.sender, self.load = None, None, None
        self.found = {"scenario": case.scenario, "settings": case.settings, "loops": case.loops,
                      "variant": case.variant, "words": case.words}

    def measure(self):
        case, tls = self.case, self.more.get("tls")
        routes = [("/busy", "busy")] if self.more.get("flood", ("", ""))[1] == "/busy" else []
        configuration = gateway_configuration(
            self.bench.hosts, case.settings, case.loops, self.bench.folder if tls else None, routes
        )
        self.gateway = Server(self.bench.sluice, configuration, self.bench.folder, f"gateway-{case.scenario}",
                              self.bench.placement.gateway(case.loops), case.words)
        try:
            self.gateway.ready()
            self.first = self.gateway.metrics()
            if "seconds" in self.more and self.options:
                self.idle()
            elif not self.options:
                self.flood()
            elif "quiet" in self.more:
                self.beside()
            else:
                self.loaded()
            self.found["peak_bytes"] = self.gateway.memory("VmHWM")
            return self.found
        finally:
            if self.load and self.load.poll() is None:
                self.load.kill()
                self.load.communicate()
            if self.sender:
                self.sender.end()
            self.gateway.stop()

    # What the scenarios do.

    def idle(self):
        """Connections that say nothing: weighed while they are there."""
        before, empty = self.gateway.seconds(), self.gateway.memory("VmRSS")
        self.start_load()
        full, busy = 0, 0
        while self.load.poll() is None:
            open_now = self.gateway.metrics().get("sluice_connections", 0)
            if open_now >= full:
                full, busy = open_now, self.gateway.memory("VmRSS")
            time.sleep(1)
        result = self.finish_load()
        count = result["connections"]
        self.found |= {"connections": count, "connect_rate": count / max(result["connect_seconds"], 1e-9),
                       "bytes_per_connection": (busy - empty) / max(full, 1),
                       "cpu_us": (self.gateway.seconds() - before) * 1e6 / count}

    def loaded(self):
        """Logs of sluice-load, with whatever it costs until the last of them is stored."""
        before = self.usage()
        if "neighbour" in self.more:
            self.sender = Neighbour(self.address(), self.elsewhere, self.more["neighbour"] == "reads")
        self.start_load()
        self.count_connections()
        result = self.finish_load()
        ended, after = time.monotonic(), self.usage()
        self.note_usage(after, before, result["cpu_seconds"])
        sent = result["sent"]
        if self.sender:
            self.found["neighbour"] = self.sender.finish()
            sent += self.found["neighbour"][0]
        self.conclude(sent, result["bytes"])
        if not self.sender:
            self.found["stored_rate"] = sent / max(time.monotonic() - ended + result["seconds"], 1e-9)
        self.found["cpu_us"] = (self.gateway.seconds() - before.gateway) * 1e6 / sent
        self.note_requests(sent)

    def flood(self):
        """A flood alone."""
        form, path, count = self.more["flood"]
        before = self.usage()
        self.sender = Flood(self.address(), self.elsewhere, form, path, count)
        begun = self.usage()
        self.wait(self.more["seconds"] * self.bench.scale)
        self.note_usage(self.usage(), begun)
        flood = self.sender.finish()
        ended = time.monotonic()
        self.conclude(flood["logs"], flood["bytes"])
        self.found |= {"sent": flood["logs"], "rate": flood["rate"], "flood": flood, "latency_ms": {}}
        self.found["stored_rate"] = flood["logs"] / (flood["seconds"] + time.monotonic() - ended)
        self.found["cpu_us"] = (self.gateway.seconds() - before.gateway) * 1e6 / max(flood["logs"], 1)
        self.note_requests(flood["logs"])

    def beside(self):
        """Quiet echoes, with or without somebody busy beside them who began earlier and ends later."""
        other = {}
        if "flood" in self.more:
            self.sender = Flood(self.address(), self.elsewhere, *self.more["flood"])
        elif "storm" in self.more:
            self.sender = Storm(self.address(), self.elsewhere)
        if self.sender:
            time.sleep(1)
        before = self.usage()
        self.start_load()
        self.count_connections()
        result = self.finish_load()
        self.note_usage(self.usage(), before, result["cpu_seconds"])
        if self.sender:
            other = self.sender.finish()
            self.found["storm" if "storm" in self.more else "flood"] = other
        if result["answered"] != result["sent"]:
            fail(f"{result['sent']} sent, {result['answered']} echoed")
        refused = other.get("logs", 0) if self.more.get("flood", [""])[0] == "refused" else 0
        metrics = self.conclude(result["sent"] + other.get("logs", 0), result["bytes"] + other.get("bytes", 0), refused)
        accepted = metrics.get("sluice_connections_accepted_total", 0)
        if accepted < other.get("connections", 0):
            fail(f"{other['connections']} connections were upgraded, {accepted} are counted")

    # Their parts.

    def address(self):
        return self.gateway.wait_for("listening", "address")

    def usage(self):
        return machine.Usage(self.gateway, self.bench.broker, self.sender)

    def note_usage(self, after, before, load=0):
        self.found["usage"] = after.since(before, load)
        self.found["ticks"] = after.metrics.histogram("sluice_loop_tick_seconds", before.metrics)

    def start_load(self):
        more = self.more
        scheme = "wss" if more.get("tls") else "ws"
        words = [self.bench.load, f"{scheme}://{self.address()}{more.get('path', '/logs')}"]
        words += [str(option) for option in self.options] + ["--json", "--stall", "60"]
        if more.get("tls"):
            words += ["--ca", str(self.bench.folder / "tls.crt")]
        if "messages" in more:
            words += ["--messages", str(max(1_000, int(more["messages"] * self.bench.scale)))]
        else:
            words += ["--duration", str(more["seconds"])]
        self.load = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                     preexec_fn=machine.entering(self.elsewhere))

    def finish_load(self):
        output, errors = self.load.communicate()
        if self.load.returncode != 0:
            fail(f"sluice-load ended with {self.load.returncode}: {output[:2000]} {errors[-500:]}")
        result = json.loads(output)
        self.found |= {"sent": result["sent"], "rate": result["rate"], "latency_ms": result["latency_ms"],
                       "load_cpu_seconds": result["cpu_seconds"]}
        return result

    def wait(self, seconds):
        end = time.monotonic() + seconds
        self.count_connections()
        time.sleep(max(0, end - time.monotonic()))

    def count_connections(self):
        """Once they are all there. Not without need: the kernel keeps the loop waiting while it tells."""
        if self.case.loops == 1:
            return
        try:
            self.load.wait(0.5) if self.load else time.sleep(0.5)
        except subprocess.TimeoutExpired:
            pass
        self.found["loop_connections"] = machine.loop_connections(self.gateway.process.pid, self.case.loops)

    def conclude(self, sent, payload, refused=0):
        """Waits until everything that was sent is accounted for, so that its cost is in what is measured."""
        path = self.more["flood"][1] if self.sender and "flood" in self.more else self.more.get("path", "/logs")
        is_relayed = path not in ("/none", "/mirror")
        for _ in range(1_200):
            metrics = self.gateway.metrics()
            if not is_relayed and metrics.get("sluice_received_bytes_total", 0) >= payload:
                break
            if is_relayed and metrics.get("sluice_logs_received_total", 0) >= sent \
                    and metrics.get("sluice_logs_in_flight", 0) == 0:
                break
            time.sleep(0.05)
        else:
            fail(f"after a minute {sent} logs of {payload} bytes are not settled: "
                 f"{ {name: metrics.get(name) for name in ACCOUNT} }")
        wrong = metrics.get("sluice_received_bytes_total", 0) != payload if not is_relayed else (
            metrics.get("sluice_logs_delivered_total", 0) != sent - refused
            or metrics.get("sluice_logs_dropped_total", 0) != refused)
        if wrong:
            fail(f"{sent} logs of {payload} bytes sent, {refused} to be refused: "
                 f"{ {name: metrics.get(name) for name in ACCOUNT} }")
        if is_relayed:
            self.found["stored"] = metrics.histogram("sluice_delivery_seconds", self.first)
        return metrics

    def note_requests(self, sent):
        """What went to Kafka; librdkafka says it every second."""
        if self.found.get("stored") is None:
            return
        time.sleep(1.2)
        metrics = self.gateway.metrics()

        def since(name):
            return metrics.get(name, 0) - self.first.get(name, 0)

        requests = since("sluice_kafka_broker_requests_total")
        if requests > 0:
            sent_bytes = since("sluice_kafka_broker_sent_bytes_total")
            self.found["kafka"] = {"requests": requests, "bytes": sent_bytes, "logs_per_request": sent / requests,
                                   "bytes_per_request": sent_bytes / requests, "bytes_per_log": sent_bytes / sent}


ACCOUNT = ("sluice_logs_received_total", "sluice_logs_delivered_total", "sluice_logs_dropped_total",
           "sluice_logs_in_flight", "sluice_received_bytes_total")
