/// Whether a request may come in.
package enum AdmissionVerdict: Sendable, Equatable {
    /// The identity is nil where nobody has to say who they are.
    case admitted(Identity?)
    case refused(AdmissionRefusal)
}
