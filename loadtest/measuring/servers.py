"""sluice, as it is started and asked."""

import json
import pathlib
import subprocess
import time
import urllib.request

from measuring import machine
from measuring.failed import fail
from measuring.metrics import Metrics


class Server:
    """A sluice process with a configuration of its own."""

    def __init__(self, program, configuration, folder, name, cpus, words=()):
        file = folder / f"{name}.yml"
        file.write_text(configuration)
        self.errors = open(folder / f"{name}.log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [program, "serve", "--config", file, *words], stdout=subprocess.DEVNULL, stderr=self.errors,
            preexec_fn=machine.entering(cpus),
        )
        try:
            self.wait_for("started", "loops")
        except BaseException:
            self.stop()
            raise

    def events(self):
        text = pathlib.Path(self.errors.name).read_text(encoding="utf-8")
        for line in text.splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                pass

    def wait_for(self, event, field, place=0):
        for _ in range(300):
            found = [line[field] for line in self.events() if line.get("event") == event and field in line]
            if len(found) > place:
                return found[place]
            if self.process.poll() is not None:
                fail(f"sluice ended: {pathlib.Path(self.errors.name).read_text(encoding='utf-8')[-2000:]}")
            time.sleep(0.1)
        fail(f"sluice does not say {event}")

    def seconds(self):
        """CPU so far."""
        return machine.process_seconds(self.process.pid)

    def memory(self, name):
        """Bytes, of a line of /proc/PID/status."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1]) * 1024
        return 0

    def metrics(self):
        address = self.wait_for("admin.listening", "address")
        with urllib.request.urlopen(f"http://{address}/metrics", timeout=10) as answer:
            return Metrics(answer.read().decode())

    def ready(self):
        address = self.wait_for("admin.listening", "address")
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://{address}/readyz", timeout=10).close()
                return
            except OSError:
                time.sleep(0.1)
        fail("the gateway does not become ready")

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.errors.close()


BROKER = ("listeners:\n  - address: 127.0.0.1:0\nadmin: 127.0.0.1:0\nlogging.json: true\nloops: 1\n"
          "output.kafka:\n  embedded: true\n")


def gateway_configuration(brokers, settings, loops, certificates, more_routes):
    """`certificates`: the folder that has one, for TLS; `more_routes`: path and topic."""
    tls = f"    ssl: {{ certificate: {certificates}/tls.crt, key: {certificates}/tls.key }}\n" if certificates else ""
    # Every second, so that a short run sees its requests to Kafka.
    properties = {"statistics.interval.ms": 1_000}
    if settings == "lean":
        properties["enable.idempotence"] = False
    return (
        f"listeners:\n  - address: 127.0.0.1:0\n{tls}admin: 127.0.0.1:0\nlogging.json: true\nloops: {loops}\n"
        "routes:\n  - path: /logs\n  - path: /echo\n    reply: echo\n  - path: /none\n    topic: none\n"
        "  - path: /mirror\n    topic: none\n    reply: echo\n"
        + "".join(f"  - path: {path}\n    topic: {topic}\n" for path, topic in more_routes)
        + f"output.kafka:\n  hosts: [{', '.join(json.dumps(host) for host in brokers.split(','))}]\n  topic: logs\n"
        + ("  compression: none\n" if settings == "lean" else "")
        + f"  librdkafka: {json.dumps(properties)}\n"
    )


def certificate(folder):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "tls.key", "-out",
         folder / "tls.crt"],
        check=True, capture_output=True,
    )
    return folder
