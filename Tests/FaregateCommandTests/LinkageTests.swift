import Foundation
import Testing

@Suite("The core stays light")
struct LinkageTests {
    /// Links a program that imports Faregate and nothing else, and looks at what it brings in.
    @Test("import Faregate links neither NIO nor Foundation")
    @MainActor func linkage() throws {
        try withTemporaryFolder { folder in
            let products = CommandRunner.executable.deletingLastPathComponent()
            let objects = try FileManager.default
                .contentsOfDirectory(
                    at: products.appendingPathComponent("Faregate.build"), includingPropertiesForKeys: nil
                )
                .filter { $0.pathExtension == "o" }.map(\.path)
            #expect(!objects.isEmpty)
            let source = folder.appendingPathComponent("main.swift")
            try Data("import Faregate\nprint(JSONValue.string(\"linked\").text())\n".utf8).write(to: source)
            let program = folder.appendingPathComponent("program")
            let build = try CommandRunner.run(
                [
                    "swiftc", "-I", products.appendingPathComponent("Modules").path, "-Xcc",
                    "-fmodule-map-file=\(CommandRunner.root.path)/Sources/CJansson/module.modulemap", source.path, "-o",
                    program.path,
                ] + objects,
                environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "HOME": folder.path],
                program: URL(fileURLWithPath: "/usr/bin/env"))
            #expect(build.status == 0, "\(build.errors)")
            #expect(try CommandRunner.run([], program: program).output == "\"linked\"\n")
            let libraries = try CommandRunner.run([program.path], program: URL(fileURLWithPath: "/usr/bin/ldd")).output
            #expect(libraries.contains("libjansson"))
            for heavy in ["Foundation", "curl", "libxml", "NIO", "ssl"] {
                #expect(!libraries.contains(heavy), "\(libraries)")
            }
        }
    }
}
