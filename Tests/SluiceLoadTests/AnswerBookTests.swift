import Testing

@testable import sluice_load

struct AnswerBookTests {
    private func settled(_ book: inout AnswerBook, _ messages: Int) -> [AnswerBook.Answered] {
        var all: [AnswerBook.Answered] = []
        book.settled(messages) { all.append($0) }
        return all
    }

    @Test func acksSettleWhatWasSentBeforeThem() {
        var book = AnswerBook()
        book.sent(upTo: 10, since: 100)
        book.sent(upTo: 15, since: 200)
        #expect(settled(&book, 4) == [.init(count: 4, since: 100)])
        #expect(settled(&book, 4) == [])
        #expect(settled(&book, 12) == [.init(count: 6, since: 100), .init(count: 2, since: 200)])
        #expect(book.waiting == 3)
        // More than was sent is no more than that.
        #expect(settled(&book, 99) == [.init(count: 3, since: 200)])
        #expect(book.waiting == 0 && book.again.isEmpty)
    }

    @Test func whatIsSentAgainCountsFromItsFirstTime() {
        var book = AnswerBook()
        book.sent(upTo: 10, since: 100)
        _ = settled(&book, 4)
        let last = book.startAgain()
        #expect(last == 4 && book.again == [5...10])
        book.sent(upTo: 10, since: 900)
        book.sent(upTo: 12, since: 950)
        // The server counts from 1 on the new connection.
        #expect(book.number(ofMessage: 1) == 5)
        #expect(settled(&book, 7) == [.init(count: 6, since: 100), .init(count: 1, since: 950)])
    }

    @Test func inASessionTheServerGoesOnCounting() {
        var book = AnswerBook()
        book.sent(upTo: 10, since: 100)
        _ = settled(&book, 4)
        let last = book.startAgain(goesOn: true)
        #expect(last == 4 && book.number(ofMessage: 5) == 5)
        #expect(settled(&book, 10) == [.init(count: 6, since: 100)])
    }

    @Test func anEchoThatIsLeftOutIsNotWaitedFor() {
        var book = AnswerBook()
        for number in 1...5 { book.sent(upTo: number, since: UInt64(number)) }
        let first = book.echoed(1)
        let third = book.echoed(3)
        let late = book.echoed(2)
        #expect(first == 1 && third == 3 && late == nil && book.waiting == 2)
        let unsent = book.echoed(6)
        #expect(unsent == nil)
    }

    @Test(arguments: [
        (#"{"ack":1200}"#, Reply.ack(1_200)),
        (
            #"{"drop":{"message":1187,"reason":"max_len","size":70213,"limit":65536}}"#,
            .drop(message: 1_187, reason: "max_len")
        ),
        (#"{"pause":true}"#, .pause(true)), (#"{"pause":false}"#, .pause(false)), ("pong", .other), ("", .other),
        (#"{"ack":}"#, .other),
    ])
    func whatAServerSaysIsUnderstood(text: String, reply: Reply) {
        let reader = ReplyReader(listening: .acks, run: sluiceRun)
        #expect(reader.read(text.utf8.span.bytes) == reply)
    }

    @Test func anEchoIsKnownByItsName() {
        let reader = ReplyReader(listening: .echoes, run: sluiceRun)
        #expect(reader.read(log().span.bytes) == .echo(LogName(connection: 3, number: 17)))
        #expect(reader.read(Array("pong".utf8).span.bytes) == .other)
    }
}
