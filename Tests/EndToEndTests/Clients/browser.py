"""A page in headless Chromium that sends logs, as a page of a web site would.

usage: browser.py CHROMIUM PROFILE_FOLDER

Serves the page on a port of its own, which it prints. Then each line on standard input, a JSON object with `origin`
(a name that ends in .localhost), `socket` (URL), `protocols` (a list), `count`, and, if they are wanted, `beacon` and
`fetch` (URLs), is one visit of the page from that origin; its result is a JSON object on a line of standard output.
"""

import http.server
import json
import queue
import subprocess
import sys
import threading
import urllib.parse

PAGE = """<!doctype html><meta charset="utf-8"><title>page</title><script>
const plan = %s, result = {};
function report() { fetch('/result', {method: 'POST', body: JSON.stringify(result)}); }
async function posts() {
  if (plan.fetch) {
    try {
      const answer = await fetch(plan.fetch, {method: 'POST', headers: {'Content-Type': 'application/json'},
        body: JSON.stringify({message: 'fetched', from: location.origin})});
      result.fetch = answer.status;
    } catch (error) { result.fetch = 'blocked'; }
  }
  if (plan.beacon) result.beacon = navigator.sendBeacon(plan.beacon, JSON.stringify({message: 'beacon'}));
  report();
}
try {
  const socket = new WebSocket(plan.socket, plan.protocols);
  socket.onopen = () => {
    result.opened = true;
    result.protocol = socket.protocol;
    result.extensions = socket.extensions;
    for (let i = 0; i < plan.count; i++)
      socket.send(JSON.stringify({timestamp: new Date().toISOString(), message: 'page ' + i + ' \\u00e9\\u{1F680}'}));
    socket.send('ping');
  };
  socket.onmessage = event => { result.answer = event.data; socket.close(1000); };
  socket.onclose = event => { result.code = event.code; posts(); };
} catch (error) { result.error = String(error); report(); }
</script>"""


class Handler(http.server.BaseHTTPRequestHandler):
    plan = {}
    results = queue.Queue()

    def do_GET(self):
        body = (PAGE % json.dumps(Handler.plan)).encode() if self.path == "/" else b""
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        Handler.results.put(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def main():
    chromium, profile = sys.argv[1:]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    print(port, flush=True)
    browser = None
    for line in sys.stdin:
        # Until now it may have been sending what a beacon carries, which goes out after the page's script has ended.
        if browser:
            browser.terminate()
            browser.wait()
        Handler.plan = json.loads(line)
        page = f"http://{Handler.plan['origin']}:{port}/"
        browser = subprocess.Popen(
            [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server",
             f"--user-data-dir={profile}", page],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        try:
            print(Handler.results.get(timeout=240), flush=True)
        except queue.Empty:
            print(json.dumps({"error": "the page did not answer"}), flush=True)


main()
