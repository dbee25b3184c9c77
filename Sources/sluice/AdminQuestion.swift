import Foundation
import Settings

/// What is asked of a gateway that runs, by its admin pages.
struct AdminQuestion {
    /// Where its admin pages are.
    enum Place {
        /// `--admin`.
        case address(ListenAddress)
        /// As its settings say.
        case settings(Configuration)
    }

    /// How long a reload may take, seconds: the gateway answers within a minute, and what it says is worth more than that
    /// it took too long.
    private static let reloadPatience = 65

    private let place: Place

    init(_ place: Place) { self.place = place }

    /// Nil after what is wrong with the settings has been said.
    init?(_ target: CommandLineArguments.Target) {
        if let address = target.admin {
            place = .address(address)
        } else if let configuration = Configuration.loadAdmin(target.source) {
            place = .settings(configuration)
        } else {
            return nil
        }
    }

    /// `sluice reload`; as a trial it changes nothing and says what it would change.
    func reload(isTrial: Bool = false) -> ExitStatus {
        ask("POST", isTrial ? "/reload?dry_run" : "/reload", within: Self.reloadPatience) { answer in
            if answer.status == 200 {
                print(answer.body, terminator: "")
                return .success
            }
            let body = answer.status == 404 ? "this Sluice cannot read its settings again while it runs\n" : answer.body
            StandardError.write(body.isEmpty ? "sluice: answered with \(answer.status)" : body)
            return .failure
        }
    }

    /// `sluice ready`.
    func ready() -> ExitStatus {
        ask("GET", "/readyz", within: 10) { answer in
            guard let report = try? JSONDecoder().decode(Readiness.self, from: Data(answer.body.utf8)) else {
                StandardError.write("sluice: answered with \(answer.status) and no reasons: is this a Sluice?")
                return .failure
            }
            print(report.description)
            return report.ready ? .success : .failure
        }
    }

    /// `sluice ready --live`.
    func live() -> ExitStatus {
        ask("GET", "/livez", within: 10) { answer in
            print(answer.body, terminator: "")
            return answer.status == 200 ? .success : .failure
        }
    }

    private func ask(
        _ method: String,
        _ target: String,
        within seconds: Int,
        _ answered: (AdminClient.Answer) -> ExitStatus
    ) -> ExitStatus {
        do throws(AdminClient.Problem) {
            return answered(try AdminClient(address(), seconds: seconds).ask(method, target))
        } catch {
            StandardError.write("sluice: \(error)")
            return .failure
        }
    }

    private func address() throws(AdminClient.Problem) -> ListenAddress {
        switch place {
        case .address(let address): return address
        case .settings(let configuration):
            switch configuration.settings.admin {
            case nil: throw .noAdmin(configuration.name)
            case .systemd: throw .unknownPlace(configuration.name)
            case .tcp(_, port: 0): throw .unknownPlace(configuration.name)
            case let address?: return address
            }
        }
    }
}

/// `/readyz`.
struct Readiness: Decodable, CustomStringConvertible {
    struct Reason: Decodable {
        let topic: String?
        let reason: String
        let detail: String
    }

    let ready: Bool
    let reasons: [Reason]

    /// A line for each reason behind the verdict; one that is ready may have reasons too.
    var description: String {
        let lines = reasons.map { reason in
            (reason.topic.map { "topic \($0): " } ?? "") + "\(reason.reason): \(reason.detail)"
        }
        return ([ready ? "ready" : "not ready"] + lines).joined(separator: "\n")
    }
}
