"""Sends logs by HTTP POST, as scripts do, and browsers when a page unloads.

usage: post.py HOST PORT PATH --run NAME [--requests N] [--logs N] [--size BYTES] [--form object|array|lines|text]
               [--type CONTENT_TYPE] [--gzip] [--chunked] [--expect] [--beacon] [--close] [--header LINE] [--sent FILE]
       post.py HOST PORT PATH --preflight ORIGIN

A request has so many logs (`object` and `text`: one). All go over one connection as long as the server keeps it.
  --expect   waits for `100 Continue` before each body
  --beacon   as navigator.sendBeacon: each over a connection of its own, closed without a look at the answer
  --close    asks the server to close after each
Prints a JSON object: statuses, connections (how many it took), continued (how often `100 Continue` came), retry_after,
bodies (of answers that are no 204). With --preflight: status and headers of the answer to OPTIONS.
"""

import argparse
import collections
import gzip
import http.client
import json

import logs
import wire

TYPES = {
    "object": "application/json", "array": "application/json", "lines": "application/x-ndjson",
    "text": "text/plain;charset=UTF-8",
}


def body(arguments, request):
    count = arguments.logs if arguments.form in ("array", "lines") else 1
    first = request * count
    made = [logs.make(arguments.run, 0, number, arguments.size) for number in range(first, first + count)]
    if arguments.form == "array":
        return count, b"[" + b",".join(made) + b"]"
    return count, b"".join(one + b"\n" for one in made) if arguments.form == "lines" else made[0]


def chunked(data):
    parts = [data[at : at + 1000] for at in range(0, len(data), 1000)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def send(connection, arguments, data):
    """Writes a request; gives whether the server said to go on."""
    if arguments.gzip:
        data = gzip.compress(data)
    connection.putrequest("POST", arguments.path, skip_accept_encoding=True)
    connection.putheader("Content-Type", arguments.type or TYPES[arguments.form])
    for line in arguments.header:
        name, value = line.split(": ", 1)
        connection.putheader(name, value)
    if arguments.gzip:
        connection.putheader("Content-Encoding", "gzip")
    if arguments.close:
        connection.putheader("Connection", "close")
    if arguments.expect:
        connection.putheader("Expect", "100-continue")
    if arguments.chunked:
        connection.putheader("Transfer-Encoding", "chunked")
        data = chunked(data)
    else:
        connection.putheader("Content-Length", str(len(data)))
    connection.endheaders()
    continued = False
    if arguments.expect:
        answer = wire.head(connection.sock)
        continued = answer.startswith(b"HTTP/1.1 100 ")
        if not continued:
            raise SystemExit(f"no 100 Continue but {answer!r}")
    connection.send(data)
    return continued


def preflight(arguments):
    connection = http.client.HTTPConnection(arguments.host, arguments.port, timeout=60)
    connection.request("OPTIONS", arguments.path, headers={
        "Origin": arguments.preflight, "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    })
    answer = connection.getresponse()
    answer.read()
    print(json.dumps({"status": answer.status, "headers": {k.lower(): v for k, v in answer.getheaders()}}))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("path")
    parser.add_argument("--run", default="post")
    parser.add_argument("--requests", type=int, default=1)
    parser.add_argument("--logs", type=int, default=1)
    parser.add_argument("--size", type=int, default=200)
    parser.add_argument("--form", choices=tuple(TYPES), default="object")
    parser.add_argument("--type")
    for flag in ("--gzip", "--chunked", "--expect", "--beacon", "--close"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--header", action="append", default=[])
    parser.add_argument("--sent")
    parser.add_argument("--preflight")
    arguments = parser.parse_args()
    if arguments.preflight:
        return preflight(arguments)

    connection = http.client.HTTPConnection(arguments.host, arguments.port, timeout=60)
    result = {"connections": 0, "continued": 0, "retry_after": [], "bodies": []}
    statuses, sent = collections.Counter(), 0
    for request in range(arguments.requests):
        result["connections"] += connection.sock is None
        count, data = body(arguments, request)
        result["continued"] += send(connection, arguments, data)
        sent += count
        if arguments.beacon:
            connection.close()
            continue
        answer = connection.getresponse()
        text = answer.read().decode()
        statuses[str(answer.status)] += 1
        if answer.status != 204:
            result["bodies"].append(text)
        if answer.getheader("Retry-After"):
            result["retry_after"].append(answer.getheader("Retry-After"))
        if arguments.close:
            connection.close()
    if arguments.sent:
        with open(arguments.sent, "w") as file:
            json.dump({"0": sent}, file)
    print(json.dumps({**result, "statuses": statuses}), flush=True)


main()
