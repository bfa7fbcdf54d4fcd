/// A table that fits the terminal: columns shrink and their text wraps before anything is cut.
struct Table {
    struct Column {
        let title: String
        var isRight = false
        /// The columns of text that it may shrink to; `nil`: it keeps its width.
        var shrinksTo: Int?
    }

    struct Cell {
        let text: String
        /// Colours a line of it, after wrapping.
        var paint: @Sendable (String) -> String = { $0 }
    }

    let columns: [Column]
    private(set) var rows: [[Cell]] = []

    init(_ columns: [Column]) { self.columns = columns }

    mutating func add(_ cells: [Cell]) {
        precondition(cells.count == columns.count, "a row has a cell for every column")
        rows.append(cells)
    }

    /// The lines of the table, without a frame. Columns with nothing in them are left out.
    func lines(width: Int, style: Style, indent: Int = 0) -> [String] {
        let used = columns.indices.filter { index in rows.contains { !$0[index].text.isEmpty } }
        guard used.count == columns.count else {
            var table = Table(used.map { columns[$0] })
            for row in rows { table.add(used.map { row[$0] }) }
            return table.lines(width: width, style: style, indent: indent)
        }
        let widths = widths(within: width - indent)
        let margin = String(repeating: " ", count: indent)
        let header = zip(columns, widths).map { TextLayout.padded($0.title, to: $1, right: $0.isRight) }
        return [margin + style.dim(header.joined(separator: "  ").trimmingTrailingBlanks())]
            + rows.flatMap { row in lines(of: row, widths).map { margin + $0 } }
    }

    private func lines(of row: [Cell], _ widths: [Int]) -> [String] {
        let wrapped = zip(row, widths).map { TextLayout.wrapped($0.text, to: $1) }
        let height = wrapped.map(\.count).max() ?? 0
        return (0..<height).map { index in
            let cells = row.indices.map { number in
                let text = index < wrapped[number].count ? wrapped[number][index] : ""
                let blanks = String(repeating: " ", count: max(0, widths[number] - TextLayout.width(text)))
                return columns[number].isRight ? blanks + row[number].paint(text) : row[number].paint(text) + blanks
            }
            return cells.joined(separator: "  ").trimmingTrailingBlanks()
        }
    }

    /// Natural widths; where they are too much, the widest column that may shrink gives way.
    private func widths(within available: Int) -> [Int] {
        var widths = columns.indices.map { index in
            rows.map { row in
                row[index].text.split(separator: "\n").map { TextLayout.width($0) }.max() ?? 0
            }.reduce(TextLayout.width(columns[index].title), max)
        }
        while widths.reduce(0, +) + 2 * (widths.count - 1) > available {
            let shrinkable = widths.indices.filter { index in
                columns[index].shrinksTo.map { widths[index] > max($0, 8) } ?? false
            }
            guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
        }
        return widths
    }
}

extension String {
    fileprivate func trimmingTrailingBlanks() -> String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
