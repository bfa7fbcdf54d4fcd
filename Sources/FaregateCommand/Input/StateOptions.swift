import ArgumentParser
import FaregateTasks

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Timestamp {
    /// By the system's clock.
    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// Where tasks are kept.
struct StateOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Where tasks, the ledger and budgets are kept. Otherwise FAREGATE_STATE, or faregate in XDG_STATE_HOME "
                + "(~/.local/state).", valueName: "folder"))
    var state: String?

    /// The folder, as an absolute path.
    func folder() throws -> String {
        if let state {
            if state.isEmpty {
                throw CommandFailure(
                    code: "usage.state", message: "--state names no folder",
                    hint: "It is empty, perhaps because a variable of the shell is not set.")
            }
            return Path.absolute(state)
        }
        if let named = Environment["FAREGATE_STATE"], !named.isEmpty { return Path.absolute(named) }
        if let home = Environment["XDG_STATE_HOME"], home.hasPrefix("/") { return home + "/faregate" }
        if let home = Environment["HOME"], !home.isEmpty { return home + "/.local/state/faregate" }
        throw CommandFailure(
            code: "state.not_found", message: "there is no place to keep tasks: neither XDG_STATE_HOME nor HOME is set",
            hint: "Name a folder with --state, or keep nothing with --ephemeral.")
    }

    /// Opens the folder for work.
    func open(for use: StateUse) throws -> TaskStore {
        do throws(StoreError) { return try TaskStore(folder: try absoluteFolder()) } catch {
            var failure = CommandFailure(error, consequence: use.consequence)
            if error.code == .folderUnwritable, case .run = use {
                failure.hint = use.consequence + " Name another folder with --state, or keep nothing with --ephemeral."
            }
            if error.code == .locked { failure.hint = use.consequence + " " + use.adviceWhenLocked(options: repeated) }
            throw failure
        }
    }

    /// What another command needs to find the same folder; nothing where it would anyway.
    var repeated: String { state.map { " --state \(Path.absolute($0).shellQuoted)" } ?? "" }

    /// Opens the folder for looking; `nil` where nothing was kept yet.
    func look() throws -> TaskStore? {
        do throws(StoreError) { return try TaskStore(lookingAt: try absoluteFolder()) } catch {
            throw CommandFailure(error)
        }
    }

    private func absoluteFolder() throws(StoreError) -> String {
        do { return try folder() } catch {
            throw StoreError(.folderUnwritable, (error as? CommandFailure)?.message ?? "no folder for the state")
        }
    }
}

/// What a state folder is opened for: what a refusal means then, and what to do about it.
enum StateUse {
    case run, resume
    case cancel(String)
    case resolve(String)
    case budget

    /// What did not happen.
    var consequence: String {
        switch self {
        case .run, .resume: "Nothing was sent."
        case .cancel: "The task was not cancelled; it goes on."
        case .resolve: "Nothing was changed."
        case .budget: "No budget was changed."
        }
    }

    /// What to do while another process works on the folder.
    func adviceWhenLocked(options: String) -> String {
        let ending = "Ctrl-C there ends its waiting and leaves its tasks as they are; then"
        return switch self {
        case .run:
            "Wait until it has ended. `faregate tasks list\(options)` and `tasks "
                + "watch` work meanwhile. Another folder (--state) has other budgets, and --ephemeral has none."
        case .resume:
            "It carries every open task of the folder on; `faregate tasks watch\(options)` shows them. \(ending) "
                + "`faregate run --resume\(options)` takes them up here."
        case .cancel(let id): "\(ending) `faregate tasks cancel \(id)\(options)` cancels it here."
        case .resolve(let id): "\(ending) `faregate tasks resolve \(id)\(options)` with the same word does it here."
        case .budget: "Wait until it has ended. \(ending) set the budget here again."
        }
    }
}

extension CommandFailure {
    /// What a problem with the store means, and what to do about it.
    ///
    /// - Parameter consequence: What certainly did not happen, where that is known.
    init(_ error: StoreError, consequence: String? = nil, options: String = "") {
        self.init(code: error.code.rawValue, message: error.message)
        let advice: String? =
            switch error.code {
            case .diskFull: "Make room, or name a folder elsewhere with --state."
            case .folderUnwritable, .tooNew: "Name another folder with --state."
            case .unreadable:
                "Restore the file from a backup; another folder (--state) knows neither its tasks nor its budgets."
            case .taskUnknown: "`faregate tasks list --all\(options)` shows what is known."
            default: nil
            }
        let parts = [consequence, advice].compactMap(\.self)
        hint = parts.isEmpty ? nil : parts.joined(separator: " ")
    }
}

/// Paths as the system sees them.
enum Path {
    /// The path from the root.
    static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        guard getcwd(&buffer, buffer.count) != nil else { return path }
        let folder = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path == "." ? folder : folder + "/" + path
    }

    /// The path as people wrote it: below the working directory without it.
    static func shown(_ path: String) -> String {
        let here = absolute(".") + "/"
        return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
    }
}
