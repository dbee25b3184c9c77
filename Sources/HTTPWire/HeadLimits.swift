/// How large a request or response head may be.
package struct HeadLimits: Equatable, Sendable {
    /// Bytes of the whole head, first line and closing empty line included.
    package var maxBytes: Int
    /// Number of field lines.
    package var maxFields: Int

    package init(maxBytes: Int = 16 * 1024, maxFields: Int = 100) {
        self.maxBytes = maxBytes
        self.maxFields = maxFields
    }
}
