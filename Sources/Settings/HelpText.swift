/// What `--help` prints.
package enum HelpText {
    package static func of(_ name: CommandLineArguments.Name?) -> String {
        switch name {
        case nil: overview
        case .serve: serve
        case .check: check
        case .reload: reload
        case .ready: ready
        case .send: send
        }
    }

    private static let overview = """
        sluice: WebSocket logs in, Kafka records out.

          sluice serve [--config FILE] [-E key=value]...   run the gateway
          sluice check [--config FILE] [-E key=value]...   say what is wrong with the settings, and what a
                                                           reload would change
          sluice reload [--config FILE] [--admin ADDRESS]  have the gateway that runs read them again
          sluice ready [--config FILE] [--admin ADDRESS]   ask it whether it takes logs, for health checks
          sluice send URL [TEXT...]                        send logs, for trying and for scripts
          sluice --version
          sluice COMMAND --help                            more about one of them

        Try it, with nothing else installed:

          sluice serve
          sluice send ws://127.0.0.1:8080/logs 'hello'

        Exit status: 0 everything received was settled; 1 it failed, or logs were left unsettled; 2 the
        command line or the settings are wrong.
        """

    private static let settings = """
          -c, --config FILE    settings in YAML; without it every setting has its default: clients on
                               0.0.0.0:8080, paths /logs and /echo, admin pages on 127.0.0.1:9600, and an
                               embedded Kafka that keeps nothing
          -E key=value         one setting over the file's; the key with dots, the value in YAML; repeatable
          -h, --help           this

        Each setting can come from the environment too: output.kafka.hosts is SLUICE_OUTPUT_KAFKA_HOSTS.
        The file is weakest, then the environment, then -E. ${NAME:default} in a value is the variable NAME.
        """

    private static let serve = """
        sluice serve [--config FILE] [-E key=value]...

        Accepts WebSocket clients and relays every log into Kafka, until SIGTERM or SIGINT: then it takes
        in what is on its way, waits up to 30 s (drain) for Kafka to have it, and leaves. A second signal
        ends it at once.

        \(settings)

        Example:

          sluice serve --config sluice.yml -E 'output.kafka.hosts=[kafka1:9092, kafka2:9092]' -E max_len=64KiB

        With TLS, and for those who show a token (TOKENS=one,another in the environment):

          listeners:
            - address: 0.0.0.0:8443
              ssl: {certificate: chain.pem, key: key.pem}
          auth.tokens: ${TOKENS}

        A change of these files reads certificates and tokens again; SIGHUP or "sluice reload" reads all
        settings. No connection is dropped, and what is wrong changes nothing.
        """

    private static let check = """
        sluice check [--config FILE] [-E key=value]...

        Reads the settings as "sluice serve" would and names everything that is wrong, each with file, line
        and key; starts nothing. Exit status 0 when they are right, 2 when not.

          --against FILE       say what changes from FILE to these settings, and which of it takes a restart
          --running            ask the gateway that runs what "sluice reload" would change; it has its own
                               file, environment and -E
        \(settings)

        Examples:

          sluice check --config sluice.yml
          sluice check --config new.yml --against sluice.yml
        """

    private static let reload = """
        sluice reload [--config FILE] [-E key=value]... [--admin HOST:PORT]

        Asks the gateway that runs on this machine to read its settings and the files they name again, and
        says what has changed, what takes a restart, or what is wrong: then nothing has changed. No
        connection is dropped. Exit status 0 when the settings are in use, 1 when not.

        It is found by the "admin" of these settings; it reads the file that it was started with.

          --admin HOST:PORT    where it is found, or unix:/path; then no settings are read here
        \(settings)

        Example:

          sluice reload --config sluice.yml

        SIGHUP does the same; what comes of it is in Sluice's log.
        """

    private static let ready = """
        sluice ready [--config FILE] [-E key=value]... [--admin HOST:PORT] [--live]

        Asks the gateway that runs whether it takes logs (/readyz), and says what keeps it from that. Exit
        status 0 when it does, 1 when not or when nobody answers. For health checks in images without curl.

          --live               ask only whether its event loops turn (/livez): whether a restart would help
          --admin HOST:PORT    where it is found, or unix:/path; else by "admin" of these settings
        \(settings)

        Example:

          sluice ready --config sluice.yml
        """

    private static let send = """
        sluice send URL [TEXT...]

        Connects, sends each TEXT as one log and leaves when they are on their way. Without TEXT, each line
        of standard input is one.

          URL                  ws://HOST:PORT/PATH or wss://HOST:PORT/PATH
                               (ws://USER:PASSWORD@HOST… for HTTP basic authentication)
          --token TOKEN        what the server asks for; better in SLUICE_TOKEN, which no list of processes shows
          --header 'NAME: VALUE'
                               one more header of the handshake; repeatable
          --ca FILE            who has signed the server's certificate (PEM); else those of the system
          --insecure           whatever certificate the server shows
          --cert FILE, --key FILE
                               our own certificate and its key (PEM), for a server that asks for one
          --                   what follows is TEXT, also where it begins with "-"
          -h, --help           this

        Examples:

          sluice send ws://127.0.0.1:8080/logs 'hello' '{"message":"world"}'
          tail -f app.log | sluice send ws://127.0.0.1:8080/logs
          SLUICE_TOKEN=... sluice send wss://logs.example:8443/logs --ca ca.pem 'hello'
        """
}
