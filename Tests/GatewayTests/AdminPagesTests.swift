import HTTPWire
import LogPipeline
import Telemetry
import Testing

@testable import Gateway

private let stuck = TopicHealth.unhealthy(reason: "brokers_down", detail: #"no "broker" answers"#)

@Suite struct AdminPagesTests {
    private func readyz(isDraining: Bool, topics: [(String, TopicHealth)]) -> Response {
        let states = topics.enumerated().map { TopicState(index: $0.offset, name: $0.element.0, health: $0.element.1) }
        return AdminPages.readyz(Readiness(isDraining: isDraining, topics: states))
    }

    private func page(_ target: String, _ headers: String = "") throws -> AdminPages.Page {
        var reader = RequestHeadReader()
        let bytes = Array("GET \(target) HTTP/1.1\r\nHost: a\r\n\(headers)\r\n".utf8)
        var offset = 0
        guard case .head(let head) = reader.next(bytes.span.bytes, at: &offset) else {
            throw CancellationError()
        }
        return AdminPages.page(head)
    }

    @Test func pagesAreFoundByTheirPath() throws {
        #expect(try page("/") == .home)
        #expect(try page("/?x=y") == .home)
        #expect(try page("/status") == .status)
        #expect(try page("/livez") == .livez)
        #expect(try page("/readyz") == .readyz)
        #expect(try page("/nothing") == .notFound)
        #expect(try page("/status/") == .notFound)
    }

    @Test func theFormatOfMetricsIsAskedForByNameOrByAccept() throws {
        let openMetrics = "Accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5\r\n"
        #expect(try page("/metrics") == .metrics(.prometheus))
        #expect(try page("/metrics", "Accept: */*\r\n") == .metrics(.prometheus))
        #expect(try page("/metrics", openMetrics) == .metrics(.openMetrics))
        #expect(try page("/metrics?format=prometheus", openMetrics) == .metrics(.prometheus))
        #expect(try page("/metrics?a=b&format=influx") == .metrics(.influx))
        #expect(try page("/metrics?format=openmetrics") == .metrics(.openMetrics))
        #expect(try page("/metrics?format=xml") == .unknownFormat)
        #expect(try page("/metrics?format=") == .unknownFormat)
        #expect(AdminPages.refusal(.unknownFormat, keepAlive: true).status == 400)
    }

    @Test func readyWhenEveryTopicIs() {
        let response = readyz(isDraining: false, topics: [("logs", .healthy)])
        #expect(response.status == 200)
        #expect(String(decoding: response.body, as: UTF8.self) == #"{"ready":true,"reasons":[]}"#)
    }

    @Test func oneStuckTopicOfSeveralIsReadyAndSaysSo() {
        let response = readyz(isDraining: false, topics: [("a", .healthy), ("b", stuck)])
        #expect(response.status == 200)
        let body = String(decoding: response.body, as: UTF8.self)
        let expected =
            #"{"ready":true,"reasons":[{"topic":"b","reason":"brokers_down","detail":"no \"broker\" answers"}]}"#
        #expect(body == expected)
    }

    @Test func unreadyWhenNoTopicCanBeDeliveredTo() {
        #expect(readyz(isDraining: false, topics: [("a", stuck), ("b", stuck)]).status == 503)
    }

    @Test func unreadyUntilKafkaHasAnsweredForEveryTopic() {
        let starting = TopicHealth.unhealthy(reason: "starting", detail: "no answer yet")
        #expect(readyz(isDraining: false, topics: [("a", .healthy), ("b", starting)]).status == 503)
    }

    @Test func aTopicThatCameLaterIsOneOfSeveral() {
        let starting = TopicState(index: 1, name: "b", health: .unhealthy(reason: "starting", detail: "no answer yet"))
        let topics = [TopicState(index: 0, name: "a", health: .healthy), starting]
        #expect(Readiness(isDraining: false, hasStarted: true, topics: topics).isReady)
        #expect(!Readiness(isDraining: false, hasStarted: true, topics: [starting]).isReady)
        #expect(!Readiness(isDraining: false, topics: topics).isReady)
    }

    @Test func unreadyWhileDraining() {
        let response = readyz(isDraining: true, topics: [("a", .healthy)])
        #expect(response.status == 503)
        #expect(String(decoding: response.body, as: UTF8.self).contains(#""reason":"draining""#))
    }

    @Test func aGatewayWithoutTopicsIsReady() {
        #expect(readyz(isDraining: false, topics: []).status == 200)
    }

    @Test func theLastReloadIsAmongTheMetrics() {
        let page = MetricsPage(routes: [], topics: [], buildInfo: [:])
        let set = LoopSnapshot(ledger: LedgerSnapshot(routes: 0, topics: 0), routes: 0)
        func text(_ reload: ReloadStatus?) -> String {
            let families = page.families(set, FlusherCounters(), sessions: 0, states: [], reload: reload)
            return MetricsFormat.prometheus.text(families)
        }
        let refused = text(ReloadStatus(isSuccessful: false, succeededAt: 1_700_000_000.25))
        #expect(refused.contains("\nsluice_config_last_reload_successful 0\n"))
        #expect(refused.contains("\nsluice_config_last_reload_success_timestamp_seconds 1700000000.25\n"))
        #expect(text(ReloadStatus(isSuccessful: true, succeededAt: 1)).contains("_reload_successful 1\n"))
        #expect(!text(nil).contains("sluice_config"))
    }

    @Test func textsAreEscapedAsJSON() {
        var object = JSONObject()
        object.add("a\"b", "c\n\u{1}é")
        object.add("list", ["\\", "\u{2028}"])
        #expect(object.text == #"{"a\"b":"c\n\u0001é","list":["\\","\u2028"]}"#)
    }
}
