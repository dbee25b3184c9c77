import LogPipeline
import Testing

@testable import Gateway

@Suite struct BookTests {
    private func route(_ path: String, maxLen: Int = 1) -> LogRoute { LogRoute(path: path, maxLen: maxLen, topic: nil) }

    @Test func aRouteThatChangesIsAnotherVersionOfTheSamePath() throws {
        var book = RouteBook([route("/a"), route("/b")])
        try book.adopt([route("/b"), route("/a", maxLen: 2)])
        #expect(book.current == [1, 2])
        #expect(book.labels == [0, 1, 0])
        #expect(book.paths == ["/a", "/b"])
    }

    @Test func aRouteThatComesBackIsWhatItWas() throws {
        var book = RouteBook([route("/a"), route("/b")])
        try book.adopt([route("/b")])
        #expect(book.current == [1] && book.paths == ["/a", "/b"])
        for maxLen in [2, 1, 2, 1] {
            try book.adopt([route("/b"), route("/a", maxLen: maxLen)])
            #expect(book.current == [1, maxLen == 1 ? 0 : 2])
        }
        #expect(book.versions.count == 3)
        try book.adopt([route("/c")])
        #expect(book.current == [3] && book.labels == [0, 1, 0, 2])
    }

    @Test func tooManyVersionsChangeNothing() throws {
        var book = RouteBook([route("/a")])
        for maxLen in 2...RouteBook.most { try book.adopt([route("/a", maxLen: maxLen)]) }
        #expect(throws: RouteBook.Full.self) { try book.adopt([route("/b")]) }
        #expect(book.current == [RouteBook.most - 1] && book.paths == ["/a"])
    }

    @Test func asManyRoutesAsThereCanBeCanAllChangeOnce() throws {
        var book = RouteBook((0..<RouteBook.most / 2).map { route("/\($0)") })
        try book.adopt((0..<RouteBook.most / 2).map { route("/\($0)", maxLen: 2) })
        #expect(book.current.first == RouteBook.most / 2 && book.versions.count == RouteBook.most)
    }

    @Test func aTopicIsOfLogsOrOfDeadLetters() throws {
        func topic(_ index: Int) -> TopicIndex { TopicIndex(rawValue: index) }
        var book = TopicBook()
        try book.adopt(logs: [(topic(0), "a"), (topic(1), "b")], letters: [(topic(2), "dead")])
        #expect(book.labels == [0, 1, -1] && book.names == ["a", "b"])
        // One that no route used lies between.
        try book.adopt(logs: [(topic(1), "b"), (topic(4), "c")], letters: [])
        #expect(book.labels == [0, 1, -1, -1, 2] && book.names == ["a", "b", "c"])
        #expect(throws: TopicBook.Conflict(topic: "dead", isOfLogs: false)) {
            try book.adopt(logs: [(topic(5), "d"), (topic(2), "dead")], letters: [])
        }
        #expect(throws: TopicBook.Conflict(topic: "a", isOfLogs: true)) {
            try book.adopt(logs: [], letters: [(topic(0), "a")])
        }
        #expect(book.names == ["a", "b", "c"] && book.labels.count == 5)
    }
}
