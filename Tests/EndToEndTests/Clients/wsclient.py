"""Sends logs with the websocket-client library.

usage: wsclient.py URL --run NAME --messages N [--header LINE]... [--protocol NAME]... [--cookie TEXT] [--ca FILE]

Prints a JSON object: sent, protocol (the one agreed on), pong (what a message `ping` is answered with).
"""

import argparse
import json
import ssl

import websocket

import logs


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--run", required=True)
    parser.add_argument("--messages", type=int, required=True)
    parser.add_argument("--header", action="append", default=[])
    parser.add_argument("--protocol", action="append")
    parser.add_argument("--cookie")
    parser.add_argument("--ca")
    arguments = parser.parse_args()
    connection = websocket.create_connection(
        arguments.url,
        timeout=60,
        header=arguments.header,
        subprotocols=arguments.protocol,
        cookie=arguments.cookie,
        sslopt={"ca_certs": arguments.ca, "cert_reqs": ssl.CERT_REQUIRED} if arguments.ca else None,
    )
    for number in range(arguments.messages):
        connection.send(logs.make(arguments.run, 0, number, 200).decode())
    connection.send("ping")
    pong = connection.recv()
    protocol = connection.getsubprotocol()
    connection.close()
    print(json.dumps({"sent": arguments.messages, "protocol": protocol, "pong": pong}))


main()
