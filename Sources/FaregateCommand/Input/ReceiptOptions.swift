import ArgumentParser
import Faregate
import FaregateProviders

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Whether a receipt is written, and how long it holds.
struct ReceiptOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Write what the quote rests on to this new file, the whole request included; `run --receipt` does exactly that.",
            valueName: "file"))
    var receipt: String?

    @Option(
        name: .long, help: ArgumentHelp("How long the receipt can be run: 30m, 24h or 7d.", valueName: "time"))
    var validFor = "24h"

    /// Refuses a receipt with something else than one quote.
    func check(isAlone: Bool) throws {
        if receipt != nil, !isAlone {
            throw CommandFailure(
                code: "usage.receipt", message: "--receipt is for one request, without --batch, --live and --repair")
        }
        _ = try seconds()
    }

    /// Refuses a receipt of a request that only says what is wanted: what was found is a request of its own.
    func refuse(wanted best: SearchResult.Choice) throws {
        guard receipt != nil else { return }
        throw CommandFailure(
            code: "usage.receipt", message: "a receipt is of one exact request, not of what is wanted",
            hint:
                "Quote the request that was found: faregate quote -p \(best.provider.id) -m \(best.offering.id) --receipt FILE"
        )
    }

    /// The seconds that a receipt holds.
    func seconds() throws -> Int64 {
        let units: [Character: Int64] = ["m": 60, "h": 3_600, "d": 86_400]
        guard let unit = validFor.last.flatMap({ units[$0] }), let count = Int64(validFor.dropLast()), count > 0,
            count <= 3_650
        else {
            throw CommandFailure(
                code: "usage.valid_for", message: "\"\(validFor)\" is no length of time",
                hint: "Write it like 30m, 24h or 7d.")
        }
        return count * unit
    }

    /// A length of time in one unit, rounded up: `24 h`.
    static func shown(_ seconds: Int64) -> String {
        for (unit, length) in [("days", Int64(86_400)), ("h", 3_600), ("min", 60)] where seconds > 2 * length {
            return "\((seconds + length - 1) / length) \(unit)"
        }
        return "\(max(0, seconds)) s"
    }

    /// Writes a receipt where one was asked for.
    func write(_ make: (UTCTime, Int64) -> Receipt?) throws {
        guard let receipt, let made = make(.current, try seconds()) else { return }
        try ReceiptFile(path: receipt).write(made)
        let lines = TextLayout.hanging(
            "",
            "receipt \(receipt): `faregate run --receipt` does exactly this for \(Self.shown(try seconds())); it holds "
                + "the whole request and is readable to you alone", indent: 0, width: Terminal.errors.width)
        for line in lines { Terminal.errors.line(Terminal.errors.style.dim(line)) }
    }
}

/// What `run` does with a receipt.
struct RunReceiptOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Run exactly what this receipt quoted, or say what is different and send nothing.", valueName: "file"))
    var receipt: String?
}

extension UTCTime {
    /// The second by the system's clock, UTC.
    static var current: UTCTime { UTCTime(secondsSince1970: Int64(time(nil))) }
}

/// A receipt's file: for its owner's eyes only.
struct ReceiptFile {
    let path: String

    /// Receipts larger than that are refused.
    private static let bytesMax = 16 << 20

    /// Makes the file; one that is there is not overwritten.
    func write(_ receipt: Receipt) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let isThere = errno == EEXIST
            throw CommandFailure(
                code: "receipt.unwritable", message: "the receipt \(path) cannot be written: \(Self.reason)",
                hint: isThere ? "A receipt is not overwritten; name another file." : nil)
        }
        defer { close(descriptor) }
        var bytes = Array((receipt.json.text(pretty: true) + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let reason = Self.reason
                unlink(path)
                throw CommandFailure(
                    code: "receipt.unwritable", message: "the receipt \(path) cannot be written: \(reason)")
            }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Reads the file; everything that is wrong with it is reported.
    func read() throws -> Receipt {
        let bytes = try InputReader(path).document(bytesMax: Self.bytesMax)
        let problems = DocumentProblems()
        let document: JSONValue
        do throws(JSONError) {
            document = try JSONValue(parsing: bytes)
        } catch {
            throw CommandFailure(code: "receipt.unreadable", message: "\(path) is no receipt: \(error.message)")
        }
        guard let receipt = Receipt(document, problems: problems) else {
            for problem in problems.all { Terminal.errors.line("\(path)\(problem.pointer): \(problem.message)") }
            throw CommandFailure(
                code: problems.all.first { $0.code == "receipt.version" }?.code ?? "receipt.unreadable",
                message: "\(path) is no receipt that this program understands")
        }
        return receipt
    }

    private static var reason: String { String(cString: strerror(errno)) }
}
