import Foundation

/// Runs the real program.
///
/// It is waited for where the call stands. Tests that run it are on the main actor, so that the few threads that tests
/// share are not all waiting while others have to answer in time.
enum CommandRunner {
    /// What a run of the program left.
    struct Result {
        let status: Int32
        let output: String
        let errors: String
        var lines: [String] {
            output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
        }
    }

    /// The program that was built with these tests.
    static let executable: URL = {
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appendingPathComponent("faregate")
    }()

    /// The top of the project.
    static let root: URL = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// - Parameters:
    ///   - input: What stands on standard input; none is an empty one.
    ///   - environment: On top of a bare environment: no keys, no colours, 80 columns.
    static func run(
        _ arguments: [String], input: Data = Data(), environment: [String: String] = [:], program: URL = executable,
        folder: URL? = nil
    ) throws -> Result {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = folder }
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        process.environment = [
            "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "COLUMNS": "80", "FAREGATE_STATE": scratch.path + "/state",
        ].merging(environment) { _, new in new }
        func file(_ name: String, _ contents: Data = Data()) throws -> FileHandle {
            let url = scratch.appendingPathComponent(name)
            try contents.write(to: url)
            return name == "in" ? try FileHandle(forReadingFrom: url) : try FileHandle(forWritingTo: url)
        }
        process.standardInput = try file("in", input)
        process.standardOutput = try file("out")
        process.standardError = try file("err")
        try process.run()
        process.waitUntilExit()
        func text(_ name: String) throws -> String {
            String(decoding: try Data(contentsOf: scratch.appendingPathComponent(name)), as: UTF8.self)
        }
        return Result(status: process.terminationStatus, output: try text("out"), errors: try text("err"))
    }

    private static let queue = DispatchQueue(label: "faregate.commands")

    /// The same, one program at a time, on a thread of its own: tests that hold to deadlines are not kept waiting.
    static func runAside(
        _ arguments: [String], input: String = "", environment: [String: String] = [:], program: URL = executable,
        folder: URL? = nil
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(
                    with: Swift.Result {
                        try run(
                            arguments, input: Data(input.utf8), environment: environment, program: program,
                            folder: folder)
                    })
            }
        }
    }

    static func run(
        _ arguments: [String], input: String, environment: [String: String] = [:]
    ) throws -> Result {
        try run(arguments, input: Data(input.utf8), environment: environment)
    }
}

/// A folder for one test that waits.
func withTemporaryFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("faregate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}

/// A folder for one test.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("faregate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}
