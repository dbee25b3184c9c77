"""The logs that the clients send: each is a function of its run, connection and number, so that a reader can tell
what was sent without having been told."""

import re

import wire

WORDS = ("disk", "größer", "queue", "延迟", "retry", "naïve", "socket", "🚀", "timeout", "cache", "\\\"quoted\\\"")
STAMP = re.compile(rb'"message":"(\w+) c(\d+) n(\d+) s(\d+) ')


def make(run, connection, number, size):
    """One log as bytes: a JSON object of at least `size` bytes with a timestamp and a message."""
    head = '{"timestamp":"2026-01-02T03:04:05.678Z","message":"%s c%d n%d s%d ' % (run, connection, number, size)
    body = bytearray(head.encode())
    step = connection * 7 + number
    while len(body) < size - 2:
        body += (WORDS[step % len(WORDS)] + " ").encode()
        step += 1 + number % 3
    return bytes(body + b'"}')


def parse(record):
    """(run, connection, number) of a record that is byte for byte a log of `make`; None for any other."""
    found = STAMP.search(record)
    if not found:
        return None
    run, connection, number, size = found[1].decode(), int(found[2]), int(found[3]), int(found[4])
    return (run, connection, number) if make(run, connection, number, size) == record else None


def stamp(text):
    """(run, connection, number, size) of a log of which this is the beginning; None where it is none."""
    found = STAMP.search(text)
    return (found[1].decode(), int(found[2]), int(found[3]), int(found[4])) if found else None


MAX_LEN = 8192  # of the route that mixed logs are sent to


def mixed_size(number):
    """What clients under faults send: mostly short ones, some of several KiB, now and then one over MAX_LEN."""
    if number % 211 == 17:
        return MAX_LEN + 800
    return 3000 if number % 53 == 5 else 120 + number * 17 % 200


def mixed_message(run, connection, number):
    """A log of that size as a text message, a long one in fragments."""
    return wire.fragments(1, make(run, connection, number, mixed_size(number)), 4096)
