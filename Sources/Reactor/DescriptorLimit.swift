internal import CLinux

/// How many descriptors the process may have open.
package enum DescriptorLimit {
    /// Raises the soft limit to the hard one.
    /// - Returns: the limit now in force.
    @discardableResult package static func raise() -> Int {
        var limit = rlimit()
        guard unsafe cl_descriptor_limit(&limit) == 0 else { return 0 }
        let soft = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        let raised = unsafe cl_set_descriptor_limit(&limit) == 0
        return Int(clamping: raised ? limit.rlim_cur : soft)
    }
}
