import Faregate
import FaregateProviders
import Synchronization

/// The state of a run that is shown while it lasts: events change it, a ticker draws it.
final class RunProgress: Sendable {
    private struct State {
        var bar = ProgressBar()
        var phase: Phase = .none
        var isOver = false
    }

    private enum Phase {
        case none
        case generating(since: ContinuousClock.Instant, fraction: Double?, typical: ClosedRange<Duration>?)
        case fetching(name: String, bytes: Int, total: Int?)
    }

    private let state = Mutex(State())
    /// How much faster than life the provider is.
    private let pace: Double
    private let isLive = Terminal.errors.isTerminal

    init(pace: Double) { self.pace = pace }

    /// The task was accepted: generating begins.
    func begin(typical: ClosedRange<Duration>?) {
        state.withLock {
            $0.phase = .generating(since: .now, fraction: nil, typical: typical)
            draw(&$0)
        }
    }

    func update(fraction: Double?) {
        state.withLock {
            guard case .generating(let since, _, let typical) = $0.phase else { return }
            $0.phase = .generating(since: since, fraction: fraction, typical: typical)
            draw(&$0)
        }
    }

    func fetch(_ name: String, bytes: Int, total: Int?) {
        state.withLock {
            if case .generating = $0.phase {
                $0.bar.show(1, "generating", detail: "done")
                $0.bar.finish()
            }
            $0.phase = .fetching(name: name, bytes: bytes, total: total)
            draw(&$0)
        }
    }

    /// Makes room for a line of text.
    func interrupt() { state.withLock { $0.bar.finish() } }

    /// Nothing is under way for now: an attempt ended, and another follows.
    func pause() {
        state.withLock {
            $0.bar.finish()
            $0.phase = .none
        }
    }

    func end() {
        state.withLock {
            $0.bar.finish()
            $0.isOver = true
        }
    }

    /// Draws as time goes by, on a terminal. Ends when cancelled.
    func tick() async {
        guard isLive else { return }
        while (try? await Task.sleep(for: .milliseconds(200))) != nil {
            state.withLock { if !$0.isOver { draw(&$0) } }
        }
    }

    private func draw(_ state: inout State) {
        switch state.phase {
        case .none: break
        case .generating(let since, let stated, let typical):
            let elapsed = (ContinuousClock.now - since) * pace
            // Nobody says how far it is: time tells as far as it usually takes, and never that it is done.
            let guessed = typical.map { min(0.95, elapsed / $0.upperBound) }
            let usual = typical.map { range in
                range.lowerBound == range.upperBound
                    ? "usually about \(range.upperBound.shown)"
                    : "usually \(range.lowerBound.shown) to \(range.upperBound.shown)"
            }
            let detail = [elapsed.shown, stated == nil ? usual : nil].compactMap(\.self).joined(separator: ", ")
            state.bar.show(stated ?? guessed, "generating", detail: detail)
        case .fetching(let name, let bytes, let total):
            let fraction = total.map { $0 == 0 ? 1 : Double(bytes) / Double($0) }
            state.bar.show(fraction, "fetching \(name)", detail: bytes.shownBytes)
        }
    }
}
