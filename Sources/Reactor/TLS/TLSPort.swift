internal import COpenSSL

/// What OpenSSL reads from and writes to during one call.
@unsafe struct TLSTransfer {
    /// Ciphertext that it has not taken.
    var input: UnsafeRawBufferPointer
    /// Where its ciphertext goes, and the memory for it.
    var output: UnsafeMutablePointer<OutputQueue>?
    var pool: UnsafeMutablePointer<OutputPool>?
    /// Messages of the handshake protocol that were begun.
    var messages = 0
}

/// A loop's end of all of its TLS connections: one BIO, which every call lends the bytes and the queue of its own
/// connection.
///
/// Reading is from memory, and writing is never refused: so OpenSSL never waits to write, a read never waits for a write
/// nor the other way round, and all system calls stay with the transports.
@safe final class TLSPort {
    /// Bytes that one read takes from a socket at most. What they hold, and what of a record has come before, fit
    /// into 64 KiB.
    static let readSize = 46 * 1024
    /// More than OpenSSL may hold of a record that is not whole: 16 KiB, header, authentication and padding.
    static let recordSize = 18 * 1024
    /// Messages of the handshake protocol that one read may bring once TLS is agreed on. New keys are due every 2^24
    /// records; each costs us as much as a hundred logs.
    static let messageLimit = 32
    /// Bytes that TLS may answer to such messages while the peer reads nothing.
    static let answerLimit = 4096

    let bio: OpaquePointer
    /// What was received.
    let ciphertext: UnsafeMutableRawBufferPointer
    private let transfer: UnsafeMutablePointer<TLSTransfer>

    init() {
        unsafe transfer = .allocate(capacity: 1)
        unsafe transfer.initialize(to: TLSTransfer(input: UnsafeRawBufferPointer(start: nil, count: 0)))
        guard let bio = unsafe BIO_new(TLSMethod.shared.pointer) else { fatalError("OpenSSL has no memory") }
        unsafe self.bio = bio
        unsafe BIO_set_data(bio, transfer)
        unsafe ciphertext = .allocate(byteCount: Self.readSize, alignment: 64)
        unsafe ciphertext.initializeMemory(as: UInt8.self, repeating: 0)
    }

    // Connections that are freed later hold the BIO, but do not use it any more.
    deinit {
        unsafe BIO_free(bio)
        unsafe transfer.deallocate()
        unsafe ciphertext.deallocate()
    }

    /// Messages of the handshake protocol that the last call has begun to read.
    var messages: Int { unsafe transfer.pointee.messages }

    /// Makes one call of OpenSSL with a connection's bytes.
    /// - Parameter input: what it has not taken is left.
    @inline(__always)
    func call<Result>(
        input: inout UnsafeRawBufferPointer,
        output: inout OutputQueue,
        pool: inout OutputPool,
        _ body: () -> Result
    ) -> Result {
        unsafe withUnsafeMutablePointer(to: &output) { output in
            unsafe withUnsafeMutablePointer(to: &pool) { pool in
                unsafe transfer.pointee = TLSTransfer(input: input, output: output, pool: pool)
                OpenSSLErrors.clear()
                let result = body()
                unsafe input = transfer.pointee.input
                unsafe transfer.pointee.output = nil
                unsafe transfer.pointee.pool = nil
                return result
            }
        }
    }
}

/// The functions behind the BIOs of all loops.
///
/// `@unchecked Sendable` because it is never changed after it is made.
@safe private final class TLSMethod: @unchecked Sendable {
    static let shared = TLSMethod()

    let pointer: OpaquePointer

    private init() {
        let kind = BIO_get_new_index() | BIO_TYPE_SOURCE_SINK
        guard let method = unsafe BIO_meth_new(kind, "sluice") else { fatalError("OpenSSL has no memory") }
        unsafe pointer = method
        unsafe BIO_meth_set_create(method) { bio in
            unsafe BIO_set_init(bio, 1)
            return 1
        }
        unsafe BIO_meth_set_read_ex(method) { unsafe readInput($0, $1, $2, $3) }
        unsafe BIO_meth_set_write_ex(method) { unsafe appendOutput($0, $1, $2, $3) }
        // Nothing is buffered here; every other question has no for an answer.
        unsafe BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
    }
}

private func readInput(
    _ bio: OpaquePointer?,
    _ target: UnsafeMutablePointer<CChar>?,
    _ room: Int,
    _ count: UnsafeMutablePointer<Int>?
) -> Int32 {
    // Left set by an earlier call, it would say that there is nothing although there is.
    unsafe co_bio_clear_retry(bio)
    guard let transfer = unsafe BIO_get_data(bio)?.assumingMemoryBound(to: TLSTransfer.self), let target = unsafe target
    else { return 0 }
    let isFlood = unsafe transfer.pointee.messages > TLSPort.messageLimit
    let taken = unsafe isFlood ? 0 : min(room, transfer.pointee.input.count)
    guard taken > 0, let source = unsafe transfer.pointee.input.baseAddress else {
        unsafe co_bio_retry_read(bio)
        return 0
    }
    unsafe UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: taken)
    unsafe transfer.pointee.input = UnsafeRawBufferPointer(rebasing: transfer.pointee.input[taken...])
    unsafe count?.pointee = taken
    return 1
}

private func appendOutput(
    _ bio: OpaquePointer?,
    _ source: UnsafePointer<CChar>?,
    _ length: Int,
    _ count: UnsafeMutablePointer<Int>?
) -> Int32 {
    unsafe co_bio_clear_retry(bio)
    guard let transfer = unsafe BIO_get_data(bio)?.assumingMemoryBound(to: TLSTransfer.self),
        let output = unsafe transfer.pointee.output, let pool = unsafe transfer.pointee.pool
    else { return 0 }
    unsafe output.pointee.append(UnsafeRawBufferPointer(start: source, count: length).bytes, from: &pool.pointee)
    unsafe count?.pointee = length
    return 1
}

/// Counts messages of the handshake protocol: after the handshake each of them costs us a key.
func countMessage(_ ssl: OpaquePointer?, _ place: Int32, _ value: Int32) {
    guard place & SSL_CB_LOOP != 0, let bio = unsafe SSL_get_rbio(ssl),
        let transfer = unsafe BIO_get_data(bio)?.assumingMemoryBound(to: TLSTransfer.self)
    else { return }
    unsafe transfer.pointee.messages += 1
}
