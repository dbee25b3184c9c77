"""What is in a file that kcat wrote with -f '%p %o %s\\n': counts it and says it as JSON.

usage: verify.py FILE RUN [FILE_OF_SENT]

FILE_OF_SENT holds a JSON object of how many logs each connection has sent, numbered from 0: {"0":2000,"1":1999}.
"""

import collections
import json
import sys

import logs


def main():
    sent = json.load(open(sys.argv[3])) if len(sys.argv) > 3 else {}
    times = collections.Counter()
    last = {}
    result = collections.Counter(count=0, damaged=0, disordered=0)
    partitions = set()
    for line in open(sys.argv[1], "rb"):
        partition, _, record = line.rstrip(b"\n").split(b" ", 2)
        result["count"] += 1
        log = logs.parse(record)
        if log is None:
            result["damaged"] += 1
            continue
        run, connection, number = log
        if run != sys.argv[2]:
            continue
        partitions.add(partition)
        times[connection, number] += 1
        if times[connection, number] == 1:
            result["disordered"] += number < last.get((partition, connection), -1)
            last[partition, connection] = number
    expected = {(int(c), n) for c, count in sent.items() for n in range(count)}
    result["distinct"] = len(times)
    result["repeated"] = sum(times.values()) - len(times)
    result["missing"] = sum(1 for log in expected if log not in times)
    result["unexpected"] = sum(1 for log in times if log not in expected)
    result["partitions"] = len(partitions)
    print(json.dumps(result))


main()
