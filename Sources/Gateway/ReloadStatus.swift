/// How the last reading of the settings, and of files that have changed by themselves, went.
package struct ReloadStatus: Equatable, Sendable {
    /// Whether everything could be used.
    package var isSuccessful: Bool
    /// When something was last read and used; the start counts. Seconds since 1970.
    package var succeededAt: Double

    package init(isSuccessful: Bool, succeededAt: Double) {
        self.isSuccessful = isSuccessful
        self.succeededAt = succeededAt
    }
}
