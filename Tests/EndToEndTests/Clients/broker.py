"""A Kafka that can be broken: librdkafka's mock cluster in a process of its own, told what to do over standard input.

Prints its bootstrap.servers on a line, then reads commands and answers each with a line `ok` or `error N`:

    down N | up N                          a broker refuses connections | takes them again
    leader TOPIC PARTITION N               moves a partition's leader; -1: it has none
    fail API CODE COUNT                    the next COUNT requests of API (0 produce) are answered with CODE
    heal API                               the rest of these errors is forgotten
    delay N MILLISECONDS                   a broker's answers take so long
    topic TOPIC CODE                       metadata of TOPIC carries the error CODE (0: none)
    create TOPIC PARTITIONS                makes a topic

usage: broker.py [BROKERS]
"""

import ctypes
import ctypes.util
import sys

library = ctypes.CDLL(ctypes.util.find_library("rdkafka") or "librdkafka.so.1")
handle, text, int16, int32 = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int16, ctypes.c_int32


def function(name, result, *arguments):
    found = getattr(library, name)
    found.restype, found.argtypes = result, list(arguments)
    return found


conf_new = function("rd_kafka_conf_new", handle)
client_new = function("rd_kafka_new", handle, ctypes.c_int, handle, text, ctypes.c_size_t)
cluster_new = function("rd_kafka_mock_cluster_new", handle, handle, ctypes.c_int)
bootstraps = function("rd_kafka_mock_cluster_bootstraps", text, handle)
set_down = function("rd_kafka_mock_broker_set_down", ctypes.c_int, handle, int32)
set_up = function("rd_kafka_mock_broker_set_up", ctypes.c_int, handle, int32)
set_leader = function("rd_kafka_mock_partition_set_leader", ctypes.c_int, handle, text, int32, int32)
create = function("rd_kafka_mock_topic_create", ctypes.c_int, handle, text, ctypes.c_int, ctypes.c_int)
set_error = function("rd_kafka_mock_topic_set_error", None, handle, text, ctypes.c_int)
set_rtt = function("rd_kafka_mock_broker_set_rtt", ctypes.c_int, handle, int32, ctypes.c_int)
clear_errors = function("rd_kafka_mock_clear_request_errors", None, handle, int16)
push_errors = function(
    "rd_kafka_mock_push_request_errors_array", None, handle, int16, ctypes.c_size_t, ctypes.POINTER(ctypes.c_int)
)


def perform(cluster, words):
    match words:
        case ["down", number]:
            return set_down(cluster, int(number))
        case ["up", number]:
            return set_up(cluster, int(number))
        case ["leader", topic, partition, number]:
            return set_leader(cluster, topic.encode(), int(partition), int(number))
        case ["fail", api, code, count]:
            return push_errors(cluster, int(api), int(count), (ctypes.c_int * int(count))(*[int(code)] * int(count)))
        case ["heal", api]:
            return clear_errors(cluster, int(api))
        case ["delay", number, milliseconds]:
            return set_rtt(cluster, int(number), int(milliseconds))
        case ["topic", topic, code]:
            return set_error(cluster, topic.encode(), int(code))
        case ["create", topic, partitions]:
            return create(cluster, topic.encode(), int(partitions), 1)
    return -1


def main():
    reason = ctypes.create_string_buffer(512)
    client = client_new(0, conf_new(), reason, 512)
    if not client:
        raise SystemExit(reason.value.decode())
    cluster = cluster_new(client, int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    print(bootstraps(cluster).decode(), flush=True)
    for line in sys.stdin:
        failure = perform(cluster, line.split())
        print(f"error {failure}" if failure else "ok", flush=True)


main()
