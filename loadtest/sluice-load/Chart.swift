/// Lines over two axes, as SVG that takes its colours from the page.
struct Chart {
    struct Series {
        let name: String
        /// 1 to 5: which of the page's colours.
        let colour: Int
        let points: [(x: Double, y: Double)]
    }

    private static let width = 720.0
    private static let height = 260.0
    private static let left = 64.0
    private static let right = 12.0
    private static let top = 10.0
    private static let bottom = 42.0

    let title: String
    let across: ChartAxis
    let acrossUnit: String
    let up: ChartAxis
    let upUnit: String
    let series: [Series]

    /// A figure with its caption and legend.
    var html: String {
        let legend = series.map { "<span><i class=\"c\($0.colour)\"></i>\(HTMLText.escaped($0.name))</span>" }.joined()
        return """
            <figure><figcaption><b>\(HTMLText.escaped(title))</b><span class="unit">\(HTMLText.escaped(upUnit))</span>\
            <span class="legend">\(legend)</span></figcaption>
            <svg viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" role="img" \
            aria-label="\(HTMLText.escaped(title))">
            \(grid)\(series.map(line).joined(separator: "\n"))
            </svg></figure>

            """
    }

    private var grid: String {
        var text = ""
        for mark in up.marks {
            let y = place(0, mark.value).y
            text += "<line class=\"grid\" x1=\"\(Int(Self.left))\" x2=\"\(Int(Self.width - Self.right))\" y1=\"\(y)\" "
            text += "y2=\"\(y)\"/><text class=\"up\" x=\"\(Int(Self.left - 8))\" y=\"\(y)\">\(mark.text)</text>\n"
        }
        let base = Int(Self.height - Self.bottom)
        for mark in across.marks {
            let x = place(mark.value, 0).x
            text += "<line class=\"tick\" x1=\"\(x)\" x2=\"\(x)\" y1=\"\(base)\" y2=\"\(base + 4)\"/>"
            text += "<text class=\"across\" x=\"\(x)\" y=\"\(base + 18)\">\(mark.text)</text>\n"
        }
        let end = Int(Self.width - Self.right)
        text += "<text class=\"name\" x=\"\(end)\" y=\"\(Int(Self.height) - 6)\">\(acrossUnit)</text>\n"
        return text
    }

    private func line(_ series: Series) -> String {
        let points = series.points.map { point in
            let place = place(point.x, point.y)
            return "\(place.x),\(place.y)"
        }
        return "<polyline class=\"c\(series.colour)\" points=\"\(points.joined(separator: " "))\"/>"
    }

    private func place(_ x: Double, _ y: Double) -> (x: String, y: String) {
        let across = Self.left + across.position(x) * (Self.width - Self.left - Self.right)
        let down = Self.height - Self.bottom - up.position(y) * (Self.height - Self.top - Self.bottom)
        return (Report.fixed(across, 1), Report.fixed(down, 1))
    }
}
