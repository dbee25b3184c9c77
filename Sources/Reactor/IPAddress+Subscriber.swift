extension IPAddress {
    /// What counts as one client where clients are counted: an IPv4 address, or the /64 of an IPv6 one, of which any
    /// subscriber has all addresses for the asking.
    package var subscriber: IPAddress { isV4 ? self : IPAddress(bits: (bits >> 64) << 64) }
}
