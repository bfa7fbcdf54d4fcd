import GRDB

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Everything that must outlive the process, in one SQLite file: tasks, attempts, events, the ledger, budgets, keys,
/// tokens, the outbox.
///
/// Guarantees: what a call returned as stored is on the disk (WAL, `synchronous` FULL). A transition and its ledger
/// lines are stored together or not at all. One process works on a file; any number may look.
public final class TaskStore: Sendable {
    /// The file's folder; `nil` where nothing outlives the process.
    public let folder: String?
    private let writer: any DatabaseWriter
    private let committer: GroupCommit
    private let lock: StateLock?
    private let probe: StoreProbe?

    /// Opens a folder for work; makes it where it does not exist.
    ///
    /// - Throws: ``StoreError``: another process has it, it cannot be written to, it is none of ours.
    public convenience init(folder: String) throws(StoreError) { try self.init(folder: folder, probe: nil) }

    /// - Parameter probe: Called at every step, for tests of crashes.
    package init(folder: String, probe: StoreProbe?) throws(StoreError) {
        lock = try StateLock(folder: folder)
        let path = folder + "/" + Self.fileName
        StateLock.makePrivateFile(path)
        do {
            let pool = try DatabasePool(path: path, configuration: Self.configuration)
            // The pool sets NORMAL when it enters WAL, after it has prepared the connection: FULL comes after that.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try Self.migrate(pool, path)
            writer = pool
        } catch {
            throw StoreError(opening: path, error)
        }
        (self.folder, self.probe) = (folder, probe)
        committer = GroupCommit(writer, probe: probe)
    }

    /// A store that ends with the process.
    public init(ephemeral: Void = ()) throws(StoreError) {
        do {
            let queue = try DatabaseQueue(configuration: Self.configuration)
            try Self.migrate(queue, "memory")
            writer = queue
        } catch {
            throw StoreError(opening: "memory", error)
        }
        (folder, lock, probe) = (nil, nil, nil)
        committer = GroupCommit(writer, probe: nil)
    }

    /// Opens a folder for looking only, whoever works on it. `nil` where no tasks were kept there yet.
    public init?(lookingAt folder: String) throws(StoreError) {
        let path = folder + "/" + Self.fileName
        guard access(path, F_OK) == 0 else { return nil }
        var configuration = Self.configuration
        configuration.readonly = true
        do {
            let pool = try DatabasePool(path: path, configuration: configuration)
            guard try !pool.read(Schema.migrator.hasBeenSuperseded) else { throw StoreError.tooNew(path) }
            writer = pool
        } catch {
            throw StoreError(opening: path, error)
        }
        (self.folder, lock, probe) = (folder, nil, nil)
        committer = GroupCommit(writer, probe: nil)
    }

    /// The name of the file in its folder.
    static let fileName = "tasks.sqlite"

    private static var configuration: GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.label = "faregate.tasks"
        configuration.maximumReaderCount = 2
        // Another process may be opening or closing the file.
        configuration.busyMode = .timeout(10)
        return configuration
    }

    private static func migrate(_ writer: any DatabaseWriter, _ path: String) throws {
        let migrator = Schema.migrator
        guard try !writer.read(migrator.hasBeenSuperseded) else {
            throw StoreError.tooNew(path)
        }
        try migrator.migrate(writer)
    }

    /// Runs a transaction and returns when it is on the disk. Transactions that come together share one wait.
    ///
    /// - Throws: What the body throws, after which nothing of it is stored; ``StoreError`` where the disk is full or
    ///   the write fails.
    func transact<Result: Sendable>(
        at now: Timestamp, _ body: @escaping @Sendable (StoreTransaction) throws -> Result
    ) async throws -> Result {
        do {
            return try await committer.commit { try body(StoreTransaction(db: $0, now: now)) }
        } catch let error as DatabaseError {
            throw StoreError(writing: error)
        }
    }

    /// Looks, without waiting for writers.
    func read<Result: Sendable>(_ body: @escaping @Sendable (StoreReader) throws -> Result) async throws -> Result {
        do {
            try probe?(.beforeRead)
            let result = try await writer.read { try body(StoreReader(db: $0)) }
            try probe?(.afterRead)
            return result
        } catch let error as DatabaseError {
            throw StoreError(.unreadable, "the tasks cannot be read: \(error.message ?? "\(error.resultCode)")")
        }
    }

    /// Whether this or another process works on the tasks now. Without one they go on at their providers alone.
    public var isWorkedOn: Bool { folder.map { lock != nil || StateLock.isHeld($0) } ?? true }

    /// Ends all work on the file and lets other processes in.
    public func close() throws {
        defer { lock?.release() }
        try writer.close()
    }

    /// Makes the disk seem full beyond what is used now, or not any more. For tests.
    package func limitSize(_ isLimited: Bool) async throws {
        try await writer.writeWithoutTransaction { db in
            let used = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            // SQLite answers with the limit it set.
            _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(isLimited ? used : 0xFFFF_FFFE)")
        }
    }

    /// The value of a setting of the file, as the writing connection has it. For tests.
    package func pragma(_ name: String) async throws -> String? {
        try await writer.writeWithoutTransaction { try String.fetchOne($0, sql: "PRAGMA " + name) }
    }

    /// Runs any statement. For tests of what the file itself refuses.
    package func execute(_ sql: String) async throws {
        try await writer.writeWithoutTransaction { try $0.execute(sql: sql) }
    }
}

extension StoreError {
    fileprivate static func tooNew(_ path: String) -> StoreError {
        StoreError(.tooNew, "\(path) was written by a later release of faregate; update this one")
    }

    /// A failed write, in words that say what it means.
    init(writing error: DatabaseError) {
        let isFull = error.resultCode == .SQLITE_FULL
        self.init(
            isFull ? .diskFull : .writeFailed,
            isFull ? "there is no room on the disk for the state" : "the state could not be written: \(error)")
    }

    /// A file that cannot be opened.
    init(opening path: String, _ error: any Error) {
        if let error = error as? StoreError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self.init(.unreadable, "\(path) cannot be opened: \(error)")
            return
        }
        if error.resultCode == .SQLITE_FULL {
            self.init(writing: error)
        } else {
            self.init(.unreadable, "\(path) cannot be opened: \(error.message ?? "\(error.resultCode)")")
        }
    }
}
