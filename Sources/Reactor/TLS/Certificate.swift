internal import COpenSSL

/// A certificate that is read.
@safe final class Certificate {
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) { unsafe self.pointer = pointer }

    deinit { unsafe X509_free(pointer) }

    /// The names of servers that it is for (RFC 6125): its subject alternative names, else its common name.
    var serverNames: [String] {
        let names = alternativeNames
        return unsafe names.isEmpty ? Self.commonName(of: X509_get_subject_name(pointer)).map { [$0] } ?? [] : names
    }

    private var alternativeNames: [String] {
        guard let extensions = unsafe X509_get_ext_d2i(pointer, NID_subject_alt_name, nil, nil) else { return [] }
        let names = OpaquePointer(extensions)
        defer { unsafe GENERAL_NAMES_free(names) }
        return unsafe (0..<co_name_count(names)).compactMap { index in
            var length: Int32 = 0
            guard let text = unsafe co_dns_name(names, index, &length) else { return nil }
            return unsafe String(decoding: UnsafeBufferPointer(start: text, count: Int(length)), as: UTF8.self)
        }
    }

    /// Common name, else everything, of a subject; at most 255 bytes of it.
    static func text(ofSubject name: OpaquePointer?) -> String? {
        guard let name = unsafe name else { return nil }
        if let common = unsafe commonName(of: name) { return common }
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
            guard unsafe X509_NAME_oneline(name, text.baseAddress!, Int32(text.count)) != nil else { return nil }
            let subject = unsafe String(cString: text.baseAddress!)
            return subject.isEmpty ? nil : subject
        }
    }

    private static func commonName(of name: OpaquePointer?) -> String? {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
            let length = unsafe X509_NAME_get_text_by_NID(name, NID_commonName, text.baseAddress!, Int32(text.count))
            guard length > 0 else { return nil }
            return unsafe String(cString: text.baseAddress!)
        }
    }

    var notBefore: CertificateTime { unsafe CertificateTime(X509_get0_notBefore(pointer)) }
    var notAfter: CertificateTime { unsafe CertificateTime(X509_get0_notAfter(pointer)) }
}

/// A moment in a certificate.
struct CertificateTime {
    /// 0 when it cannot be read.
    let unixSeconds: Int64
    /// `2026-11-21`.
    let day: String

    init(_ time: UnsafePointer<ASN1_TIME>?) {
        var parts = unsafe tm()
        guard unsafe ASN1_TIME_to_tm(time, &parts) == 1 else {
            unixSeconds = 0
            day = "an unknown day"
            return
        }
        unixSeconds = unsafe Int64(timegm(&parts))
        func digits(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        day = unsafe "\(1900 + parts.tm_year)-\(digits(parts.tm_mon + 1))-\(digits(parts.tm_mday))"
    }
}
