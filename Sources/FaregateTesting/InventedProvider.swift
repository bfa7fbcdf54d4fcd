package import FaregateProviders

/// A provider that nobody runs, for what no real one offers yet: keys that make a submit repeatable, a search, a stop,
/// callbacks.
package enum InventedProvider {
    /// Its manifest.
    ///
    /// - Parameters:
    ///   - idempotency: As a manifest says it.
    ///   - statesCharge: A task that is done says what it cost.
    ///   - operations: More operations, as members.
    package static func manifest(
        idempotency: String = #"{"kind": "none", "source": "p"}"#, limits: String? = nil, statesCharge: Bool = false,
        operations: String = ""
    ) throws -> Manifest {
        let text = text(idempotency: idempotency, limits: limits, statesCharge: statesCharge, operations: operations)
        return try Manifest(parsing: Array(text.utf8), id: "acme")
    }

    /// The text of the same manifest.
    package static func text(
        idempotency: String = #"{"kind": "none", "source": "p"}"#, limits: String? = nil, statesCharge: Bool = false,
        operations: String = ""
    ) -> String {
        """
        {
          "protocol": 1, "name": "Acme", "pages": {"p": {"title": "P", "url": "https://acme.example/docs", "checked_on": "2026-11-21"}},
          "base_url": "https://api.acme.example", "hosts": ["api.acme.example"],
          "auth": {"scheme": "bearer", "source": "p"}, "idempotency": \(idempotency),
          \(limits.map { "\"limits\": \($0)," } ?? "")
          "billing": {"unit": "USD", "succeeded": "charged", "failed": "refunded", "rejected": "not_charged",
                      "cancelled": "not_charged", "source": "p"},
          "polling": {"video": {"first_after_seconds": 5, "every_seconds": 5, "timeout_seconds": 600, "source": "p"}},
          "refusals": [
            {"id": "refused", "when": {"at": "/error/kind", "present": true}, "outcome": "rejected",
             "kind": "invalid_request",
             "kinds": {"at": "/error/kind", "words": {"money": "insufficient_balance", "nobody": "not_found", "key": "unauthorized"}},
             "message_at": ["/error/text"], "source": "p",
             "examples": [{"status": 400, "body": {"error": {"kind": "bad", "text": "no"}}},
                          {"status": 402, "body": {"error": {"kind": "money", "text": "no"}}},
                          {"status": 401, "body": {"error": {"kind": "key", "text": "no"}}},
                          {"status": 404, "body": {"error": {"kind": "nobody", "text": "no"}}}]},
            {"id": "busy", "when": {"http_status": [429]}, "outcome": "rejected", "kind": "rate_limited", "retryable": true,
             "message_at": ["/busy"], "source": "p", "examples": [{"status": 429, "body": {"busy": "later"}}]}
          ],
          "operations": {
            "submit": {"request": {"method": "POST", "path": "/tasks", "body": "task"},
              "replies": [{"id": "accepted", "when": {"at": "/task", "type": "string"}, "outcome": "accepted",
                "task_id_at": "/task", "source": "p", "examples": [{"body": {"task": "acme-1"}}]}]},
            "poll": {"request": {"method": "GET", "path": "/tasks/{task_id}"},
              "replies": [
                {"id": "running", "when": {"at": "/state", "equals": "running"}, "outcome": "running", "task_id_at": "/id",
                 "source": "p", "examples": [{"body": {"id": "acme-1", "state": "running"}}]},
                {"id": "done", "when": {"at": "/state", "equals": "done"}, "outcome": "succeeded", "task_id_at": "/id",
                 "addresses_at": ["/files"], \(statesCharge ? charge : "") "source": "p",
                 "examples": [{"body": {"id": "acme-1", "state": "done", "cost": 0.4,
                                        "files": ["https://cdn.acme.example/1.mp4"]}}]},
                {"id": "failed", "when": {"at": "/state", "equals": "failed"}, "outcome": "failed", "kind": "provider_error",
                 "task_id_at": "/id", "message_at": ["/why"], "source": "p",
                 "examples": [{"body": {"id": "acme-1", "state": "failed", "why": "broken"}}]}]}\(operations)
          }
        }
        """
    }

    private static let charge = #""charge": {"at": ["/cost"], "unit": "USD"},"#

    /// A search by our reference, as a member.
    package static let find = """
        , "find": {"request": {"method": "GET", "path": "/find", "query": {"reference": "{reference}"}},
          "replies": [{"id": "found", "when": {"at": "/found", "type": "string"}, "outcome": "found", "task_id_at": "/found",
                       "source": "p", "examples": [{"body": {"found": "acme-1"}}]},
                      {"id": "absent", "when": {"at": "/absent", "equals": true}, "outcome": "absent",
                       "complete_after_seconds": 60, "source": "p", "examples": [{"body": {"absent": true}}]}]}
        """

    /// The list of the latest tasks, as a member.
    package static let list = """
        , "list": {"request": {"method": "GET", "path": "/tasks", "query": {"limit": "100"}},
          "replies": [{"id": "listed", "when": {"at": "/tasks", "present": true}, "outcome": "listed",
                       "tasks_at": "/tasks", "task_id_at": "/id", "created": {"at": "/made", "as": "seconds"},
                       "same": {"/input/prompt": "/prompt"}, "source": "p",
                       "examples": [{"body": {"tasks": [{"id": "acme-1", "made": 1795000000, "input": {"prompt": "a boat"}}]}}]}]}
        """

    /// A way to stop a task, as a member.
    package static let cancel = """
        , "cancel": {"request": {"method": "DELETE", "path": "/tasks/{task_id}"},
          "replies": [{"id": "cancelled", "when": {"at": "/stopped", "equals": true}, "outcome": "cancelled",
                       "source": "p", "examples": [{"body": {"stopped": true}}]}]}
        """

    /// Callbacks, as a member.
    package static let callback = """
        , "callback": {"verification": "none", "url_at": "/callback_url", "source": "p",
          "replies": [{"id": "told", "when": {"at": "/task", "type": "string"}, "outcome": "notified", "task_id_at": "/task",
                       "source": "p", "examples": [{"body": {"task": "acme-1", "state": "done"}}]}]}
        """

    /// A key that makes a submit repeatable, in a header.
    package static let keyInHeader =
        #"{"kind": "header", "name": "Idempotency-Key", "recognised_seconds": 3600, "source": "p"}"#
    /// The same, in the body, and nobody says for how long.
    package static let keyInBody = #"{"kind": "body", "at": "/reference", "source": "p"}"#
}
