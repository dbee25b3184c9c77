/// Who can tell what happened when a test has failed.
protocol Witness: AnyObject, Sendable {
    /// Who has a lower one is heard first.
    var rank: Int { get }
    /// A few lines, the first of which says who speaks.
    ///
    /// - Parameter isLeaving: asked for the last time: nothing is waited for.
    func testimony(isLeaving: Bool) -> [String]
}
