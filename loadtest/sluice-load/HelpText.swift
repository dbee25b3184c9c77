/// What `--help` prints.
enum HelpText {
    static let text = """
        sluice-load URL [options]

        Opens WebSocket connections, sends numbered logs, and says what became of them.

          --connections N        how many (10)
          --messages N           over all connections (10000; no bound when --duration is given)
          --duration S           nothing more is due after so many seconds
          --rate N               messages a second over all connections, at times fixed beforehand (0: each connection
                                 sends its next write when the kernel has taken the last one)
          --size BYTES           of a message, at least \(LogForm.minSize) (200)
          --batch N              messages that go out with one write (1)
          --fragment BYTES       of payload per frame (one frame a message)
          --subprotocol NAME     offered in the handshake; may be given several times
          --stall S              give up when no server takes or ends anything for so long (120)
          --verify HOSTS/TOPIC   follow this Kafka topic and hold it against what was sent
          --verify-timeout S     without a record for so long, what is missing is lost (15)
          --kafka NAME=VALUE     property of librdkafka for --verify; may be given several times
          --json                 the result as one JSON object
          --help                 this text

        Only ws:// for now.

        A log is {"timestamp":"…","message":"sluice-load RUN CONNECTION NUMBER SUM …"}: connections count from 0,
        numbers from 1 on each connection, SUM covers every byte of the log. Each connection ends with a Close frame,
        and what the server has not answered with its own counts as a failed connection.

        --verify reads every partition from where it ended before the first log was sent, and tells
          lost               sent, and not in the topic
          repeated           in the topic more than once
          damaged            in the topic, but not byte for byte as it was sent
          out of order       behind a later log of the same connection, in the same partition
          moved too early    stored in another partition before an earlier log of its connection was; seen only where
                             the topic's timestamps are the broker's (message.timestamp.type=LogAppendTime), to the
                             millisecond. With the producer's timestamps only the order within a partition is judged,
                             and changes of partition are counted.
        by connection and numbers, the first \(LogNames.limit) of each. What is damaged beyond recognition is counted
        as damaged and its number as lost.

        Exit status: 0; 1 when a connection failed, or a log was not sent, lost, repeated, damaged or out of order, or
        the topic could not be read; 2 when the command line is wrong.

        Example: sluice-load ws://127.0.0.1:8080/logs --connections 50 --messages 100000 --verify 127.0.0.1:9092/logs

        """
}
