"""Writes records as kcat -f '%p %o %T %s\\n' would. Each line on standard input: RUN CONNECTION NUMBER PARTITION OFFSET,
and behind that the words `letter REASON` for what a dead letter topic says of that log.
"""

import hashlib
import json
import sys

import logs

for line in sys.stdin:
    run, connection, number, partition, offset, *letter = line.split()
    log = logs.make(run, int(connection), int(number), logs.mixed_size(int(number)))
    if letter:
        told = {"reason": letter[1], "size": len(log), "whole": True, "sha256": hashlib.sha256(log).hexdigest()}
        log = json.dumps(told | {"content": log[:200].decode(errors="ignore")}).encode()
    sys.stdout.buffer.write(b"%s %s %s " % (partition.encode(), offset.encode(), offset.encode()) + log + b"\n")
