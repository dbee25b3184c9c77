/// What `sluice send` is told.
package struct SendArguments: Equatable, Sendable {
    /// One of `--header`.
    package struct Header: Equatable, Sendable {
        package let name: String
        package let value: Secret

        /// Reads `Name: value`.
        ///
        /// - Returns: nil for what is no header, or one that the handshake itself sets.
        package init?(_ text: String) {
            guard let colon = text.firstIndex(of: ":") else { return nil }
            let name = String(text[..<colon])
            let isName = name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"()<>@,;:\\\"/[]?={}".utf8.contains($0) }
            var value = text[text.index(after: colon)...]
            while let first = value.first, first == " " || first == "\t" { value.removeFirst() }
            let taken = ["host", "upgrade", "connection", "content-length", "transfer-encoding"]
            let lower = name.lowercased()
            guard isName, !name.isEmpty, !taken.contains(lower), !lower.hasPrefix("sec-websocket-"),
                value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
            else { return nil }
            self.name = name
            self.value = Secret(String(value))
        }
    }

    /// `ws://` or `wss://`.
    package var url: String
    /// Empty: lines of standard input.
    package var texts: [String] = []
    /// `--ca`: who may have signed the server's certificate; nil: those of the system.
    package var authorities: String?
    /// `--insecure`: whatever certificate the server shows.
    package var isInsecure = false
    /// `--cert` and `--key`: what to show to a server that asks for a client's certificate; both or neither.
    package var certificate: String?
    package var key: String?
    /// `--token`.
    package var token: Secret?
    /// `--header`, in their order.
    package var headers: [Header] = []

    package init(url: String, texts: [String] = []) {
        self.url = url
        self.texts = texts
    }
}
