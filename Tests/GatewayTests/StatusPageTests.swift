import HTTPWire
import Testing

@testable import Gateway

@Suite struct StatusPageTests {
    @Test func onePageHoldsStyleAndScript() {
        let html = StatusPage.html
        #expect(html.contains("<style>\(StatusPage.style)</style>"))
        #expect(html.contains("<script>\(StatusPage.script)</script>"))
        #expect(html.ranges(of: "<script").count == 1 && html.ranges(of: "<style").count == 1)
        #expect(html.utf8.count < 32 * 1024)
    }

    @Test func nothingIsFetchedFromElsewhereAndNothingIsMarkup() {
        let html = StatusPage.html.replacing("http://www.w3.org/2000/svg", with: "")
        #expect(!html.contains("http://") && !html.contains("https://") && !html.contains("//cdn"))
        // An attribute of style or a handler in the markup would be refused by the policy.
        #expect(!StatusPage.markup.contains(" style=") && !StatusPage.markup.contains(" onclick="))
        for way in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
            #expect(!StatusPage.script.contains(way), "\(way)")
        }
    }

    @Test func thePolicyNamesThisScriptAndThisStyle() throws {
        let policy = try #require(StatusPage.response.headers.first { $0.name == "Content-Security-Policy" }?.value)
        #expect(policy.contains("default-src 'none'"))
        #expect(policy.ranges(of: "'sha256-").count == 2)
        #expect(!policy.contains("unsafe"))
    }
}
