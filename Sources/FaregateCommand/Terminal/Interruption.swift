import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What Ctrl-C and a closed output do while money is being spent: end the waiting, never the telling.
enum Interruption {
    private struct State {
        var cancel: (@Sendable () -> Void)?
        var signals: Signals?
    }

    /// Keeps a signal source alive. Unchecked: it is made once, resumed once and never touched again.
    private final class Signals: @unchecked Sendable {
        private let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())

        init(_ handler: @escaping @Sendable () -> Void) {
            source.setEventHandler(handler: handler)
            source.resume()
        }
    }

    private static let state = Mutex(State())

    /// The command that runs, for ``endsWaiting()`` to cancel.
    static func register(_ command: Task<Void, any Error>) {
        state.withLock { $0.cancel = { command.cancel() } }
    }

    /// From here on Ctrl-C cancels the command, which then says what it knows, and a closed output is ignored.
    static func endsWaiting() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGINT, SIG_IGN)
        state.withLock { state in
            let cancel = state.cancel
            state.signals = Signals { cancel?() }
        }
    }

    /// Whether a run is under way that must be told to its end.
    static var isRunUnderWay: Bool { state.withLock { $0.signals != nil } }
}
