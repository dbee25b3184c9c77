import HTTPWire
import Reactor
import Testing
import WebSocketWire

@testable import sluice_load

struct ClientConnectionTests {
    private static let key = "dGhlIHNhbXBsZSBub25jZQ=="

    /// A connection that has sent its request.
    private func asking() throws -> ClientConnection {
        var connection = ClientConnection()
        connection.begin(ConnectionID(slot: 0, generation: 1), ClientHandshake(key: Self.key))
        let request = connection.connected(to: try TargetURL("ws://a:81/logs"))
        #expect(request.hasPrefix("GET /logs HTTP/1.1\r\nHost: a:81\r\n"))
        #expect(connection.phase == .handshaking)
        return connection
    }

    private func answer(_ status: String = "101 Switching Protocols", accept: String? = nil) -> [UInt8] {
        let accept = accept ?? Handshake.accept(key: Self.key)
        let lines = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: \(accept)", "", ""]
        return Array("HTTP/1.1 \(status)\r\n\(lines.joined(separator: "\r\n"))".utf8)
    }

    /// What follows from bytes that come in pieces of `step`.
    private func actions(
        _ connection: inout ClientConnection,
        _ bytes: [UInt8],
        step: Int = .max
    ) -> [ClientConnection.Action] {
        var actions: [ClientConnection.Action] = []
        var start = 0
        while start < bytes.count {
            let piece = Array(bytes[start..<min(bytes.count, start + min(step, bytes.count))])
            start += piece.count
            var offset = 0
            while offset < piece.count {
                let action = connection.next(piece.span.bytes, at: &offset)
                if action != .none { actions.append(action) }
                if case .fail = action { return actions }
            }
        }
        return actions
    }

    private func frame(_ write: (inout [UInt8]) -> Void) -> [UInt8] {
        var bytes: [UInt8] = []
        write(&bytes)
        return bytes
    }

    @Test(arguments: [1, 7, .max])
    func aConnectionOpensAnswersPingsAndCloses(step: Int) throws {
        var connection = try asking()
        let ping = frame { FrameWriter.append(ping: ControlPayload(), to: &$0) }
        let text = frame { FrameWriter.append(text: "pong", to: &$0) }
        #expect(actions(&connection, answer() + ping + text, step: step) == [.opened, .pong(ControlPayload())])
        #expect(connection.phase == .open && connection.heard == 1)
        connection.closeSent()
        let close = frame { FrameWriter.append(close: .normal, to: &$0) }
        #expect(actions(&connection, text + close, step: step) == [.closed])
        #expect(connection.heard == 2)
        connection.peerEnded()
        connection.ended(.finished)
        #expect(connection.phase == .ended && connection.failure == nil)
    }

    @Test func aRefusalIsNamed() throws {
        var connection = try asking()
        let refused = ConnectionFailure.handshake(.refused(status: 503))
        #expect(actions(&connection, answer("503 Service Unavailable")) == [.fail(refused)])
        connection.ended(.finished)
        #expect(connection.failure == refused)
        var other = try asking()
        #expect(actions(&other, answer(accept: "x")) == [.fail(.handshake(.wrongAccept))])
        var third = try asking()
        #expect(actions(&third, Array("SSH-2.0-x\r\n\r\n".utf8)) == [.fail(.noHTTP(.malformedStatusLine))])
    }

    @Test func aCloseBeforeOursIsAFailure() throws {
        var connection = try asking()
        let close = frame { FrameWriter.append(close: .goingAway, reason: "bye", to: &$0) }
        let failure = ConnectionFailure.closedByServer(.goingAway, "bye")
        #expect(actions(&connection, answer() + close) == [.opened, .fail(failure)])
        #expect("\(failure)" == "closed by the server, code 1001: bye")
        #expect(!connection.mayBeSentTo)
    }

    @Test func aMaskedFrameOfAServerIsAViolation() throws {
        var connection = try asking()
        let masked = frame { FrameWriter.append(text: "x", mask: 1, to: &$0) }
        let found = actions(&connection, answer() + masked)
        guard case .fail(.violation(.protocolError, _))? = found.last else {
            Issue.record("\(found)")
            return
        }
    }

    @Test func hangingUpWithoutACloseIsAFailure() throws {
        var connection = try asking()
        _ = actions(&connection, answer())
        connection.closeSent()
        connection.peerEnded()
        connection.ended(.finished)
        #expect(connection.failure == .noClose)
        var reset = try asking()
        reset.ended(.reset)
        #expect(reset.failure == .broken(.reset))
    }

    @Test func everyAddressOfTheHostIsTried() {
        var connection = ClientConnection()
        connection.begin(ConnectionID(slot: 0, generation: 1), ClientHandshake(key: Self.key))
        let goesOn = connection.triesNext(of: 2)
        #expect(goesOn)
        connection.begin(ConnectionID(slot: 0, generation: 2), ClientHandshake(key: Self.key))
        #expect(connection.address == 1)
        let goesOnAgain = connection.triesNext(of: 2)
        #expect(!goesOnAgain)
        connection.ended(.connectFailed(.connectionRefused))
        #expect(connection.failure == .connect(.connectionRefused))
    }
}
