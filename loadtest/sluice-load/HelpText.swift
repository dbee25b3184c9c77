/// What `--help` prints.
enum HelpText {
    static let text = """
        sluice-load URL [options]

        Opens WebSocket connections to any server, sends numbered logs, and says how fast it went, how long it took, and
        with --verify what became of every one of them.

        What is sent
          --profile NAME         which kind of sender (plain); see below
          --connections N        how many (10)
          --messages N           over all connections (10000; no bound when --duration is given)
          --duration S           nothing more is due after so many seconds; idle connections are kept so long (10)
          --rate N               messages a second over all connections, at times fixed beforehand: open loop
                                 (0: closed loop, each connection sends its next write when the kernel has taken the
                                 last one, or when an answer has made room in its window)
          --arrivals HOW         of --rate: constant or poisson (constant)
          --size SIZE            bytes of a log, from \(LogForm.minSize) on: 200; 100-2000, each length as likely;
                                 exp:400, exponential with this mean; p50=200,p99=16384, log-normal through these (200)
          --batch N              logs that go out with one write (1; in one message with the profiles that join: 50)
          --window N             closed loop: messages of a connection that may be unanswered (echo 1, ack 1000)
          --fragment BYTES       of payload per frame (one frame a message; beats, telegraf 4096)
          --seed N               what random sizes and times follow from (1)

        How it connects
          --ramp-up S            the connections are opened over so many seconds (as fast as they stand: 200 at a time, 32 with TLS)
          --reconnect S          a connection that broke is made anew after so long (never; ack 1; beats, fluent-bit,
                                 telegraf 10)
          --sessions             ack: a connection that comes back goes on with its session, so that nothing is stored
                                 twice; a log that is there twice is a finding then
          --ping S               a ping on every connection so often (never; beats 30)
          --source ADDRESSES     of this machine to come from in turns, as 127.0.0.1-127.0.0.9: each has some 28,000
                                 ports
          --subprotocol NAME     offered in the handshake; may be given several times
          --header "NAME: VALUE" of the handshake; may be given several times
          --token TOKEN          "Authorization: Bearer TOKEN" in the handshake
          --deflate              offers compression, and compresses what it sends if that is taken up
          --ca FILE              wss://: PEM of who may have signed the server's certificate (the system's)
          --insecure             wss://: takes any certificate
          --cert FILE            wss://: PEM of a certificate to show, with its
          --key FILE             private key
          --threads N            event loops that share the connections, each with a core's worth of work (1)
          --stall S              give up when no server takes or ends anything for so long (120)

        What is checked and shown
          --verify HOSTS/TOPIC   follow this Kafka topic and hold it against what was sent
          --verify-timeout S     without a record for so long, what is missing is lost (15)
          --kafka NAME=VALUE     property of librdkafka for --verify; may be given several times
          --json                 the result as one JSON object
          --report FILE          the result as one HTML page with charts
          --help                 this text

        Profiles
          plain        text messages, one frame each
          echo         the server sends every message back: round trips are measured
          ack          speaks sluice.v1: what is not acknowledged is kept and sent again over a new connection
          idle         connects and stays silent
          beats        as the filebeat output plugin for WebSockets does: frames of 4096 bytes, pings, never reads, ends
                       without Close, returns 10 s after a failure
          browser      headers and compression as Chromium has them, an Origin
          fluent-bit   many logs in one message, a JSON array; always the same mask; never reads; ends without Close
          telegraf     many logs in one binary message, a line each, in frames of 4096 bytes; ends without Close

        Latency counts from when a message was due, not from when it could be sent: a server that stands still for a
        second is seen in every message of that second. In a closed loop there is no such time, and it counts from when
        the message was made. Percentiles have three significant digits. "due to read from the topic" is what the
        verifier saw, so it includes its own fetching.

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
        as damaged and its number as lost. Of what had to be sent again after a connection broke a second one is no
        fault, and counted apart.

        Ctrl-C ends a run early, with its report.

        Exit status: 0; 1 when a connection failed, or a log was not sent, lost, repeated, damaged or out of order, or
        the topic could not be read; 2 when the command line is wrong.

        Examples
          sluice-load ws://127.0.0.1:8080/logs --connections 50 --messages 100000 --verify 127.0.0.1:9092/logs
          sluice-load ws://127.0.0.1:8080/logs --rate 20000 --connections 1000 --duration 30 --report load.html
          sluice-load wss://logs.example.com/echo --profile echo --rate 5000 --duration 10 --token "$TOKEN"
          sluice-load ws://127.0.0.1:8080/logs --profile idle --connections 100000 --source 127.0.0.1-127.0.0.4

        """
}
