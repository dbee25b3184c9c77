"""The status page in headless Chromium, asked and photographed through its debugging port.

usage: statuspage.py CHROMIUM PROFILE_FOLDER URL

Each line on standard input is a JSON object and is answered with one on a line of standard output:

    {"evaluate": EXPRESSION}        {"value": what it is in the page}; `faults` in it stands for the list of errors and
                                    violations of the policy so far
    {"picture": FILE, "width": W, "height": H, "scheme": "light" or "dark", "scale": N}
                                    {"value": "ok"}; writes a PNG
"""

import base64
import json
import pathlib
import subprocess
import sys
import time
import urllib.request

from websockets.sync.client import connect


class Page:
    def __init__(self, address):
        self.socket = connect(address, max_size=None, open_timeout=120)
        self.number = 0
        self.faults = []
        for domain in ("Runtime", "Log", "Page"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv(timeout=120))
            self.note(message)
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]

    def note(self, message):
        parameters = message.get("params", {})
        if message.get("method") == "Runtime.exceptionThrown":
            self.faults.append(parameters["exceptionDetails"]["text"])
        elif message.get("method") == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.faults.append(parameters["entry"]["text"])

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression.replace("faults", json.dumps(json.dumps(self.faults))))
        if "exceptionDetails" in answer:
            return {"error": str(answer["exceptionDetails"])}
        return {"value": answer["result"].get("value")}

    def await_loading(self, url):
        """A tab is there, and can be asked, before its page is."""
        until = time.monotonic() + 240
        answer = None
        while time.monotonic() < until:
            try:
                answer = self.evaluate("`${document.readyState} ${location.href}`")
                if answer.get("value") == f"complete {url}":
                    return
            except RuntimeError as error:
                # The context that was asked in has just given way to the page's.
                answer = error
            time.sleep(0.1)
        raise RuntimeError(f"{url} is not loaded: {answer}")

    def picture(self, plan):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": plan["scheme"]}])
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=plan["width"],
            height=plan["height"],
            deviceScaleFactor=plan.get("scale", 1),
            mobile=False,
        )
        image = self.call("Page.captureScreenshot", format="png")
        pathlib.Path(plan["picture"]).write_bytes(base64.b64decode(image["data"]))
        return {"value": "ok"}


def target(profile, browser):
    """The page's debugging address, once the browser has said on which port it listens."""
    until = time.monotonic() + 240
    while time.monotonic() < until and browser.poll() is None:
        try:
            port = (profile / "DevToolsActivePort").read_text().split("\n")[0]
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            for entry in json.load(opener.open(f"http://127.0.0.1:{port}/json/list", timeout=10)):
                if entry["type"] == "page":
                    return entry["webSocketDebuggerUrl"]
        except (OSError, ValueError):
            pass
        time.sleep(0.1)
    raise RuntimeError(f"the browser does not open its debugging port (status {browser.poll()})")


def main():
    chromium, folder, url = sys.argv[1:]
    profile = pathlib.Path(folder)
    browser = subprocess.Popen(
        [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server",
         "--remote-debugging-port=0", f"--user-data-dir={profile}", url],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    try:
        page = Page(target(profile, browser))
        page.await_loading(url)
        for line in sys.stdin:
            plan = json.loads(line)
            answer = page.picture(plan) if "picture" in plan else page.evaluate(plan["evaluate"])
            print(json.dumps(answer), flush=True)
    finally:
        browser.terminate()
        browser.wait()


main()
