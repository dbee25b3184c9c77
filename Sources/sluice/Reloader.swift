import Gateway
import Reactor
import Settings
import Telemetry

/// What takes certificates and tokens that were read again.
protocol ReloadTarget: Sendable {
    func replaceSecurity(listener: Int, with context: TLSContext)
    func replaceAdmission(_ table: AdmissionTable)
}

extension Gateway: ReloadTarget {}

/// Reads certificates and tokens again, when their files have changed or when somebody says so, and hands them on.
/// What cannot be used changes nothing.
actor Reloader {
    /// How long a file must stay as it is, and how often one looks.
    static let interval = Duration.seconds(1)

    private let settings: Settings
    private let target: any ReloadTarget
    private let logger: Logger
    private var watch: FileWatch

    init(_ settings: Settings, watch: FileWatch, target: any ReloadTarget, logger: Logger) {
        self.settings = settings
        self.watch = watch
        self.target = target
        self.logger = logger
    }

    /// Looks at the files until cancelled.
    func run() async {
        guard !watch.isEmpty else { return }
        while (try? await Task.sleep(for: Self.interval)) != nil { lookAgain() }
    }

    /// Reads what has changed and has stopped changing.
    func lookAgain() {
        for change in watch.changes(FileStamp.of) where make(change) {
            logger.info("reloaded", ["what": change.part.name, "files": change.files.joined(separator: ", ")])
        }
    }

    /// SIGHUP: reads everything, changed or not.
    func readEverything() {
        let changes = watch.everything(FileStamp.of)
        let made = changes.filter(make)
        guard made.count == changes.count else { return }
        let what = made.isEmpty ? "none are set" : "certificates and tokens were read again"
        logger.info(
            "reloaded",
            [
                "what": made.map(\.part.name).joined(separator: ", "),
                "detail": "\(what); other settings are read at start only",
            ]
        )
    }

    /// - Returns: whether what the files hold could be used.
    private func make(_ change: FileWatch.Change) -> Bool {
        do throws(ConfigurationFaults) {
            switch change.part {
            case .security(let listener): try replaceSecurity(listener)
            case .admission: target.replaceAdmission(try AdmissionTable(settings))
            }
            return true
        } catch {
            for fault in error.faults {
                logger.error("reload.failed", ["setting": fault.setting, "detail": fault.detail])
            }
            return false
        }
    }

    private func replaceSecurity(_ listener: Int) throws(ConfigurationFaults) {
        guard let tls = settings.listeners[listener].tls else { return }
        let context: TLSContext
        do throws(ConfigurationFault) {
            context = try TLSContext.server(tls, listener: listener)
        } catch {
            throw ConfigurationFaults(faults: [error])
        }
        for warning in context.warnings {
            logger.warning("settings.warning", ["setting": "listeners[\(listener)].ssl", "detail": warning])
        }
        target.replaceSecurity(listener: listener, with: context)
    }
}

extension FileWatch.Part {
    /// As the settings call it.
    var name: String {
        switch self {
        case .security(let listener): "listeners[\(listener)].ssl"
        case .admission: "auth"
        }
    }
}
