/// Knows whose credentials are good, as of when its files were read.
package struct Authenticator: Sendable {
    /// Reads the files.
    package init(_ configuration: AuthConfiguration) throws(AdmissionError) {
        throw .setting(key: "tokens", problem: "is not offered yet")
    }

    func decide(_ request: AdmissionRequest, now: Int64) -> AdmissionVerdict {
        .refused(.credentials(missing: true, challenge: [], detail: "no credential can be good yet"))
    }
}
