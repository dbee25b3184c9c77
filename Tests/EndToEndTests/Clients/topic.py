"""Writes records as kcat -f '%p %o %T %s\\n' would. Each line on standard input: RUN CONNECTION NUMBER PARTITION OFFSET."""

import sys

import logs

for line in sys.stdin:
    run, connection, number, partition, offset = line.split()
    log = logs.make(run, int(connection), int(number), logs.mixed_size(int(number)))
    sys.stdout.buffer.write(b"%s %s %s " % (partition.encode(), offset.encode(), offset.encode()) + log + b"\n")
