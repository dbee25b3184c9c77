internal import Synchronization

/// Where logs came from, as the headers of their records: one for each connection, shared by its records.
package final class RecordSource: Sendable {
    package let headers: [(name: String, value: [UInt8])]
    /// Bytes of all names and values.
    package let byteCount: Int
    private let form = AtomicLazyReference<any AnyObject & Sendable>()

    package init(headers: [(name: String, value: [UInt8])]) {
        self.headers = headers
        byteCount = headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.count }
    }

    /// The flusher's own form of the headers, made once, by whichever thread comes first; meaningless elsewhere.
    package func form<Form: AnyObject & Sendable>(_ make: () -> Form) -> Form {
        if let known = form.load() as? Form { return known }
        let made = make()
        return form.storeIfNil(made) as? Form ?? made
    }
}
