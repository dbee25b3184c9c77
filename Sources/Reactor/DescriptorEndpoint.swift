internal import CLinux

/// An open socket without an owner yet.
package struct DescriptorEndpoint: ReactorEndpoint, Equatable {
    package let descriptor: Int32

    package init(descriptor: Int32) { self.descriptor = descriptor }

    /// Not tried again after EINTR: Linux has freed the number by then, and it may be somebody else's.
    package func close() { _ = CLinux.close(descriptor) }
}
