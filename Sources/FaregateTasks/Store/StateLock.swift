import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Keeps every other process out of a state folder until it is released. The system lets go of it when the process
/// ends, however it ends.
final class StateLock: Sendable {
    /// `nil` once it is released.
    private let held: Mutex<Int32?>

    /// - Parameter flock: The system's, or another in tests.
    /// - Throws: `StoreError.Code.locked`, which names the other process; `.folderUnwritable`.
    init(folder: String, flock: (Int32, Int32) -> Int32 = flock) throws(StoreError) {
        try Self.makeFolder(folder)
        let path = folder + "/lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .folder(folder) }
        if let reason = Self.lock(descriptor, flock) {
            defer { close(descriptor) }
            guard reason == EWOULDBLOCK else { throw .unlockable(folder, reason) }
            let owner = Self.owner(of: descriptor)
            throw StoreError(
                .locked, "the state folder \(folder) is in use by \(owner); one process works on it at a time")
        }
        let line = Array("\(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        _ = pwrite(descriptor, line, line.count, 0)
        held = Mutex(descriptor)
    }

    deinit { release() }

    /// Somebody who looks whether the folder is worked on holds the lock for an instant: that is waited out.
    ///
    /// - Returns: Why it cannot be had, as an error number of the system; `nil` where it is had.
    private static func lock(_ descriptor: Int32, _ flock: (Int32, Int32) -> Int32) -> Int32? {
        var reason: Int32?
        for attempt in 1...5 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return nil }
            reason = errno
            if attempt < 5 { usleep(10_000) }
        }
        return reason
    }

    /// Whether a process works on a folder now.
    static func isHeld(_ folder: String) -> Bool {
        let descriptor = open(folder + "/lock", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return errno != ENOENT }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { return errno == EWOULDBLOCK }
        flock(descriptor, LOCK_UN)
        return false
    }

    /// Lets others in.
    func release() {
        held.withLock { descriptor in
            if let descriptor {
                // A child that is just being started still has a copy of the descriptor: closing ours would not do.
                flock(descriptor, LOCK_UN)
                close(descriptor)
            }
            descriptor = nil
        }
    }

    private static func owner(of descriptor: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        let text = String(decoding: buffer.prefix(max(count, 0)).prefix { $0 != 10 }, as: UTF8.self)
        return Int(text).map { "process \($0)" } ?? "another process"
    }

    /// Makes the file for its owner alone where it does not exist; SQLite's other files follow it. It holds prompts.
    static func makePrivateFile(_ path: String) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
    }

    /// Makes the folder, for its owner alone: it holds prompts.
    private static func makeFolder(_ path: String) throws(StoreError) {
        var partial = path.hasPrefix("/") ? "/" : ""
        for name in path.split(separator: "/") {
            partial += name + "/"
            if mkdir(partial, 0o700) != 0, errno != EEXIST { throw .folder(path) }
        }
    }
}

extension StoreError {
    /// A folder that does not serve, with the system's reason.
    fileprivate static func folder(_ path: String) -> StoreError {
        let reason = String(cString: strerror(errno))
        return StoreError(.folderUnwritable, "tasks cannot be kept in \(path): \(reason)")
    }

    /// A folder that cannot be kept from other processes, as on some network file systems.
    fileprivate static func unlockable(_ path: String, _ reason: Int32) -> StoreError {
        StoreError(
            .folderUnwritable,
            "tasks cannot be kept in \(path): it cannot be locked: \(String(cString: strerror(reason))); "
                + "a folder on a local disk can")
    }
}
