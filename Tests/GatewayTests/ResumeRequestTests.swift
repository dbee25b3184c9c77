import Testing

@testable import Gateway

@Suite struct ResumeRequestTests {
    private func read(_ query: String?) -> Result<ResumeRequest, ResumeRequest.Fault> {
        do throws(ResumeRequest.Fault) { return .success(try ResumeRequest(query: query)) } catch {
            return .failure(error)
        }
    }

    @Test(
        arguments: [
            (nil, nil, 1), ("", nil, 1), ("token=x&a=b&&", nil, 1), ("session=a", "a", 1), ("from=7", nil, 7),
            ("session=A-z_0.9~&from=9007199254740991", "A-z_0.9~", 9_007_199_254_740_991),
            ("token=x&session=%61b%2d&from=%31%32", "ab-", 12), ("from=007", nil, 7), ("sessions=%&fromage=x", nil, 1),
            ("session=" + String(repeating: "s", count: 128), String(repeating: "s", count: 128), 1),
        ] as [(String?, String?, UInt64)]
    )
    func whatIsAskedForIsUnderstood(query: String?, session: String?, from: UInt64) throws {
        let request = try ResumeRequest(query: query)
        #expect(request.session == session)
        #expect(request.from == from)
    }

    @Test(
        arguments: [
            ("session=", .session), ("session", .none), ("session=a%20b", .session), ("session=a/b", .session),
            ("session=%C3%A4", .session), ("session=%4", .session), ("session=%", .session), ("session=a+b", .session),
            ("session=" + String(repeating: "s", count: 129), .session), ("from=", .from), ("from=0", .from),
            ("from=-1", .from), ("from=1.0", .from), ("from=x", .from), ("from=9007199254740992", .from),
            ("from=99999999999999999", .from), ("from=18446744073709551617", .from), ("from=1&from=1", .repeated),
            ("session=a&session=a", .repeated),
        ] as [(String, ResumeRequest.Fault?)]
    )
    func whatIsWrongIsRefused(query: String, fault: ResumeRequest.Fault?) {
        switch (read(query), fault) {
        case (.failure(let found), let fault?): #expect(found == fault)
        case (.success, nil): break
        case (let found, _): Issue.record("\(found)")
        }
    }
}
