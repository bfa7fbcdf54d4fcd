import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a signal to end and a closed output do while money is being spent: end the waiting, never the telling.
///
/// Signals to end are Ctrl-C, SIGTERM (kill, service managers, containers) and SIGHUP (a closed terminal).
enum Interruption {
    private struct State {
        var cancel: (@Sendable () -> Void)?
        var signals: Signals?
    }

    /// Keeps signal sources alive. Unchecked: they are made once, resumed once and never touched again.
    private final class Signals: @unchecked Sendable {
        private let sources: [any DispatchSourceSignal]

        init(_ numbers: [Int32], _ handler: @escaping @Sendable () -> Void) {
            sources = numbers.map { DispatchSource.makeSignalSource(signal: $0, queue: .global()) }
            for source in sources {
                source.setEventHandler(handler: handler)
                source.resume()
            }
        }
    }

    private static let state = Mutex(State())

    /// The command that runs, for ``endsWaiting()`` to cancel.
    static func register(_ command: Task<Void, any Error>) {
        state.withLock { $0.cancel = { command.cancel() } }
    }

    /// From here on a signal to end cancels the command, which then says what it knows, and a closed output is ignored.
    static func endsWaiting() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGINT, SIG_IGN)
        signal(SIGTERM, SIG_IGN)
        // Who starts it with nohup wants it to outlive the terminal.
        let outlivesTerminal = isIgnored(signal(SIGHUP, SIG_IGN))
        state.withLock { state in
            let cancel = state.cancel
            state.signals = Signals([SIGINT, SIGTERM] + (outlivesTerminal ? [] : [SIGHUP])) {
                cancel?()
                // Only a submit that is under way takes so long.
                DispatchQueue.global().asyncAfter(deadline: .now() + 1) {
                    Terminal.errors.line(
                        "waiting for the answer to what was sent: killed now, a paid task may be lost")
                }
            }
        }
    }

    private static func isIgnored(_ handler: (@convention(c) (Int32) -> Void)?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// Whether a run is under way that must be told to its end.
    static var isRunUnderWay: Bool { state.withLock { $0.signals != nil } }
}
