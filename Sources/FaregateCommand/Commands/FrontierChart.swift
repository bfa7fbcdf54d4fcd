import Faregate

/// The frontier as a picture: length or resolution to the right, price upwards, a number for every choice and a legend.
struct FrontierChart {
    let frontier: Frontier
    let title: String

    private let width = 760.0
    private let plot = (left: 72.0, top: 72.0, right: 728.0, bottom: 372.0)
    private static let palette = [
        "#2563eb", "#c2410c", "#047857", "#7e22ce", "#b91c1c", "#0e7490", "#4d7c0f", "#6b7280",
    ]
    /// Above this many providers colours repeat; the legend names them all the same.
    private var providers: [String] { frontier.points.map(\.choice.provider.id).uniqued() }

    /// The picture as SVG.
    var svg: String {
        let height = plot.bottom + 76 + 22 * Double(frontier.points.count)
        var lines = [
            ##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \##(number(width)) \##(number(height))" "##
                + ##"font-family="system-ui, sans-serif" font-size="13" fill="#1f2937">"##,
            ##"<rect width="100%" height="100%" fill="#ffffff"/>"##,
            text(title, 24, 30, size: 16, weight: "600"),
            text(
                "what nothing else beats: price, length, resolution and usual time together", 24, 50, colour: "#6b7280"),
        ]
        lines += grid()
        lines += frontier.points.indices.flatMap(marker)
        lines += frontier.points.indices.map { legend($0, y: plot.bottom + 72 + 22 * Double($0)) }
        return (lines + ["</svg>", ""]).joined(separator: "\n")
    }

    // MARK: Axes

    /// The place to the right, and its label, of a choice: its length, or its resolution where none has a length.
    private func column(_ point: Frontier.Point) -> String {
        point.seconds.map { "\(number($0)) s" } ?? point.resolution?.shown ?? "any"
    }

    private var columns: [String] {
        let sorted = frontier.points.sorted { ($0.seconds ?? 0) < ($1.seconds ?? 0) }
        return sorted.map(column).uniqued()
    }

    private func x(_ point: Frontier.Point) -> Double {
        let index = columns.firstIndex(of: column(point)) ?? 0
        return plot.left + (plot.right - plot.left) * (Double(index) + 0.5) / Double(max(1, columns.count))
    }

    /// Dollars at the top of the axis: a round number above the dearest choice.
    private var top: Double {
        let dearest = frontier.points.map(\.dollars).max() ?? 1
        let steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000]
        let step = steps.first { dearest * 1.05 / $0 <= 5 } ?? dearest
        return (dearest * 1.05 / step).rounded(.up) * step
    }

    private func y(_ dollars: Double) -> Double {
        plot.bottom - (plot.bottom - plot.top) * dollars / max(top, 0.000_001)
    }

    private func grid() -> [String] {
        let count = 5
        let prices = (0...count).map { Double($0) * top / Double(count) }
        let rows = prices.flatMap { price in
            [
                ##"<line x1="\##(number(plot.left))" x2="\##(number(plot.right))" y1="\##(number(y(price)))" "##
                    + ##"y2="\##(number(y(price)))" stroke="#e5e7eb"/>"##,
                text("$" + money(price), plot.left - 8, y(price) + 4, colour: "#6b7280", anchor: "end"),
            ]
        }
        let labels = columns.enumerated().map { index, label in
            let place = plot.left + (plot.right - plot.left) * (Double(index) + 0.5) / Double(max(1, columns.count))
            return text(label, place, plot.bottom + 22, colour: "#6b7280", anchor: "middle")
        }
        return rows + labels
    }

    // MARK: Choices

    /// A numbered disc; choices at the same place stand beside each other.
    private func marker(_ index: Int) -> [String] {
        let point = frontier.points[index]
        let twins = frontier.points[..<index].filter {
            column($0) == column(point) && abs(y($0.dollars) - y(point.dollars)) < 20
        }
        let (centre, height) = (x(point) + 22 * Double(twins.count), y(point.dollars))
        return [
            ##"<circle cx="\##(number(centre))" cy="\##(number(height))" r="10" fill="\##(colour(point))"/>"##,
            text("\(index + 1)", centre, height + 4.5, colour: "#ffffff", anchor: "middle", weight: "600"),
        ]
    }

    private func legend(_ index: Int, y: Double) -> String {
        let point = frontier.points[index]
        let made = [point.seconds.map { "\(number($0)) s" }, point.resolution?.shown, point.shownTime].compactMap(
            \.self)
        return [
            ##"<circle cx="34" cy="\##(number(y - 4.5))" r="9" fill="\##(colour(point))"/>"##,
            text("\(index + 1)", 34, y, colour: "#ffffff", anchor: "middle", weight: "600"),
            text("$" + point.usd.text(decimalsMin: 2), 112, y, anchor: "end", weight: "600"),
            text("\(point.choice.provider.id) \(point.choice.offering.id)", 124, y),
            text(made.joined(separator: ", "), width - 32, y, colour: "#6b7280", anchor: "end"),
        ].joined()
    }

    private func colour(_ point: Frontier.Point) -> String {
        Self.palette[(providers.firstIndex(of: point.choice.provider.id) ?? 0) % Self.palette.count]
    }

    // MARK: Writing

    private func text(
        _ words: String, _ x: Double, _ y: Double, size: Int? = nil, colour: String? = nil, anchor: String? = nil,
        weight: String? = nil
    ) -> String {
        let attributes = [
            ("font-size", size.map(String.init)), ("fill", colour), ("text-anchor", anchor), ("font-weight", weight),
        ].compactMap { name, value in value.map { " \(name)=\"\($0)\"" } }
        return "<text x=\"\(number(x))\" y=\"\(number(y))\"\(attributes.joined())>\(escaped(words))</text>"
    }

    private func escaped(_ text: String) -> String {
        text.map { ["&": "&amp;", "<": "&lt;", ">": "&gt;"][$0] ?? String($0) }.joined()
    }

    /// With one decimal where there is one.
    private func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
    }

    private func money(_ dollars: Double) -> String {
        let thousandths = Int((dollars * 1_000).rounded())
        let digits = String(1_000 + thousandths % 1_000).dropFirst()
        return "\(thousandths / 1_000)." + (digits.hasSuffix("0") ? digits.dropLast() : digits)
    }
}

extension Frontier.Point {
    /// For drawing only: prices are compared exactly before.
    fileprivate var dollars: Double { Double(usd.billionths) / 1e9 }

    /// `about 2 to 4 min`.
    var shownTime: String? {
        typical.map { span in
            let (low, high) = (Int(span.lowerBound.rounded()), Int(span.upperBound.rounded()))
            if high < 120 { return low == high ? "about \(low) s" : "about \(low) to \(high) s" }
            let (from, to) = ((low + 30) / 60, (high + 59) / 60)
            return from == to ? "about \(to) min" : "about \(from) to \(to) min"
        }
    }
}
