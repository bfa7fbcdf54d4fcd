import Synchronization

/// Wakes one waiter. Signals that come before it waits, or together, count as one.
final class WakeSignal: Sendable {
    private struct State {
        var isSet = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func set() {
        let waiter = state.withLock { state in
            let waiter = state.waiter
            state.isSet = waiter == nil
            state.waiter = nil
            return waiter
        }
        waiter?.resume()
    }

    /// Returns when it is signalled, or the task is cancelled.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isSet = state.withLock { state in
                    precondition(state.waiter == nil, "one waits at a time")
                    if !state.isSet && !Task.isCancelled { state.waiter = continuation }
                    defer { state.isSet = false }
                    return state.waiter == nil
                }
                if isSet { continuation.resume() }
            }
        } onCancel: {
            set()
        }
    }
}
