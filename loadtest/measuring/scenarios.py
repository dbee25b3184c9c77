"""What is measured. Each scenario: what it is called, its options of sluice-load (None: it has a sender of its own), and
what is particular about it:

messages   logs of sluice-load, before --scale
seconds    how long it takes, before --scale: idle connections, or a flood
path       the route
tls        over TLS
neighbour  one more client of sluice.v1: it "reads" or "never reads"
flood      one that writes what it has made before, as fast as it is taken: form, path, number of connections
storm      one that opens and closes connections as fast as it can
quiet      what counts is how long these few echoes take, beside the flood or the storm
base       which scenario these latencies are held against
"""

QUIET = {"messages": 10_000, "path": "/echo", "quiet": True}
APART = {"messages": 10_000, "path": "/mirror", "quiet": True}
ECHO = ["--profile", "echo", "--connections", 50, "--rate", 1_000]

SCENARIOS = {
    "A": ("many logs a read", ["--connections", 50, "--batch", 50], {"messages": 2_000_000}),
    "B": ("one log a read", ["--connections", 1_000, "--rate", 20_000], {"messages": 200_000}),
    "C": ("idle connections", ["--profile", "idle", "--connections", 10_000], {"seconds": 5}),
    "D": ("echo", ["--profile", "echo", "--connections", 50, "--rate", 5_000], {"messages": 50_000, "path": "/echo"}),
    "E2": ("2 KiB logs", ["--connections", 50, "--batch", 10, "--size", 2_048], {"messages": 200_000}),
    "E16": ("16 KiB logs", ["--connections", 50, "--batch", 2, "--size", 16_384], {"messages": 30_000}),
    "N": ("A without Kafka", ["--connections", 50, "--batch", 50], {"messages": 4_000_000, "path": "/none"}),
    "F": ("flood without Kafka", None, {"seconds": 5, "flood": ("logs", "/none", 50)}),
    "FK": ("flood", None, {"seconds": 5, "flood": ("logs", "/logs", 50)}),
    "AT": ("A over TLS", ["--connections", 50, "--batch", 50], {"messages": 1_000_000, "tls": True}),
    "DT": ("echo over TLS", ["--profile", "echo", "--connections", 50, "--rate", 5_000],
           {"messages": 50_000, "path": "/echo", "tls": True}),
    "CT": ("idle over TLS", ["--profile", "idle", "--connections", 2_000], {"seconds": 5, "tls": True}),
    "AZ": ("A compressed", ["--connections", 50, "--batch", 50, "--deflate"], {"messages": 300_000}),
    "BK": ("B with acks", ["--profile", "ack", "--connections", 1_000, "--rate", 20_000], {"messages": 200_000}),
    "TK": ("thin traffic with acks", ["--profile", "ack", "--connections", 50, "--rate", 1_000], {"messages": 10_000}),
    "BR": ("BK, one more reads", ["--profile", "ack", "--connections", 1_000, "--rate", 20_000],
           {"messages": 200_000, "neighbour": "reads"}),
    "BU": ("BK, one never reads", ["--profile", "ack", "--connections", 1_000, "--rate", 20_000],
           {"messages": 200_000, "neighbour": "never reads"}),
    "AK": ("A with acks", ["--profile", "ack", "--connections", 50, "--batch", 50], {"messages": 2_000_000}),
    "S": ("quiet echoes, alone", ECHO, QUIET),
    "SB": ("S beside a busy one", ECHO, QUIET | {"flood": ("logs", "/logs", 1), "base": "S"}),
    "SO": ("S, the busy one has another topic", ECHO, QUIET | {"flood": ("logs", "/busy", 1), "base": "S"}),
    "ST": ("S beside tiny logs", ECHO, QUIET | {"flood": ("tiny", "/logs", 1), "base": "S"}),
    "SM": ("S beside 960 KiB logs", ECHO, QUIET | {"flood": ("long", "/logs", 1), "base": "S"}),
    "SX": ("S beside 16 MiB messages, all refused", ECHO, QUIET | {"flood": ("refused", "/logs", 1), "base": "S"}),
    "SC": ("S beside a storm of connections", ECHO, QUIET | {"storm": True, "base": "S"}),
    "SN": ("S without Kafka", ECHO, APART),
    "SNB": ("SN beside a busy one", ECHO, APART | {"flood": ("logs", "/none", 1), "base": "SN"}),
    "SNT": ("SN beside tiny messages", ECHO, APART | {"flood": ("tiny", "/none", 1), "base": "SN"}),
}
DEFAULT = "A,B,C,D,E2,E16"
