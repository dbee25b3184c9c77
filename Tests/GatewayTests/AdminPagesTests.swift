import HTTPWire
import LogPipeline
import Testing

@testable import Gateway

private let stuck = TopicHealth.unhealthy(reason: "brokers_down", detail: #"no "broker" answers"#)

@Suite struct AdminPagesTests {
    @Test func readyWhenEveryTopicIs() {
        let response = AdminPages.readyz(isDraining: false, topics: [("logs", .healthy)])
        #expect(response.status == 200)
        #expect(String(decoding: response.body, as: UTF8.self) == #"{"ready":true,"reasons":[]}"#)
    }

    @Test func oneStuckTopicOfSeveralIsReadyAndSaysSo() {
        let response = AdminPages.readyz(isDraining: false, topics: [("a", .healthy), ("b", stuck)])
        #expect(response.status == 200)
        let body = String(decoding: response.body, as: UTF8.self)
        let expected =
            #"{"ready":true,"reasons":[{"topic":"b","reason":"brokers_down","detail":"no \"broker\" answers"}]}"#
        #expect(body == expected)
    }

    @Test func unreadyWhenNoTopicCanBeDeliveredTo() {
        #expect(AdminPages.readyz(isDraining: false, topics: [("a", stuck), ("b", stuck)]).status == 503)
    }

    @Test func unreadyUntilKafkaHasAnsweredForEveryTopic() {
        let starting = TopicHealth.unhealthy(reason: "starting", detail: "no answer yet")
        #expect(AdminPages.readyz(isDraining: false, topics: [("a", .healthy), ("b", starting)]).status == 503)
    }

    @Test func unreadyWhileDraining() {
        let response = AdminPages.readyz(isDraining: true, topics: [("a", .healthy)])
        #expect(response.status == 503)
        #expect(String(decoding: response.body, as: UTF8.self).contains(#""reason":"draining""#))
    }

    @Test func aGatewayWithoutTopicsIsReady() {
        #expect(AdminPages.readyz(isDraining: false, topics: []).status == 200)
    }

    @Test func textsAreEscapedAsJSON() {
        #expect(AdminPages.quoted("a\"b\\c\n\u{1}é") == #""a\"b\\c\n\u0001é""#)
    }
}
