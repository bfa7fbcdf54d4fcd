public import Faregate

/// What is wrong with the plugins that a catalog's providers name, and with how the two go together.
///
/// A catalog loads without its plugins; a run would fail at the first request that needs one.
public struct PluginLint {
    /// The stable codes of what is found, besides those of a manifest that does not load. <doc:CatalogFindings> lists them.
    public enum Code: String, Sendable, CaseIterable {
        /// The catalog gives the model no member of the body, and the address of a submit has no place for it either.
        case modelUnsaid = "plugin.model_unsaid"
        /// A submit whose body is not the request: whatever is asked for, nothing of it is sent.
        case requestUnsent = "plugin.request_unsent"
        /// A member that the plugin fills in and that the provider's requests do not have.
        case unknownMember = "plugin.unknown_member"
        /// A medium that the provider sells and that the manifest gives no advice on polling for.
        case mediumUnadvised = "plugin.medium_unadvised"
        /// The catalog counts in one unit of money, the provider's replies in another.
        case otherUnit = "plugin.other_unit"
    }

    private let provider: Provider
    private let manifest: Manifest
    private let found = DocumentProblems()

    /// Every finding, by file and position.
    ///
    /// - Parameters:
    ///   - files: Of the catalog: a plugin that is missing is told where it is named.
    ///   - folder: Where the plugins are.
    ///   - name: How the folder is called in findings, seen from the catalog's folder.
    public static func problems(
        _ files: [CatalogFile], snapshot: Snapshot, plugins folder: String, named name: String
    ) -> [CatalogProblem] {
        let problems = snapshot.providers.flatMap { provider -> [CatalogProblem] in
            do throws(PluginError) {
                let manifest = try Manifest(named: provider.plugin, in: folder)
                return PluginLint(provider, manifest).problems(folder: folder, named: name)
            } catch {
                return error.problems(of: provider, files, folder: folder, named: name)
            }
        }
        // Two providers may share a plugin.
        return Set(problems).inOrder
    }

    private init(_ provider: Provider, _ manifest: Manifest) { (self.provider, self.manifest) = (provider, manifest) }

    private func problems(folder: String, named name: String) -> [CatalogProblem] {
        checkSubmit()
        checkMembers()
        checkMedia()
        let unit = manifest.traits.billing.unit
        if unit != provider.currency {
            add(.otherUnit, at: "/billing/unit", "the plugin counts in \(unit), the catalog in \(provider.currency)")
        }
        let path = provider.plugin + "/plugin.json"
        let bytes = readFile(folder + "/" + path, bytesMax: Manifest.fileBytesMax) ?? []
        return found.all.map {
            CatalogProblem(
                file: name + "/" + path, position: JSONPosition(of: $0.pointer, in: bytes), code: $0.code,
                message: $0.message)
        }
    }

    private func add(_ code: Code, at pointer: JSONPointer, _ message: String) {
        found.add(code.rawValue, at: pointer, message)
    }

    /// A submit says which model, and what is asked of it.
    private func checkSubmit() {
        guard let submit = manifest.operations[.submit]?.request else { return }
        if provider.request.modelAt == nil, !submit.placeholders.contains("model") {
            add(
                .modelUnsaid, at: "/operations/submit/request/path",
                "requests to \(provider.id) do not name the model, and the address has no {model}")
        }
        if !submit.sendsTask {
            add(.requestUnsent, at: "/operations/submit/request", "the body of a submit must be the request: \"task\"")
        }
    }

    /// What is put into a native request is something that the provider takes.
    private func checkMembers() {
        for name in [OperationName.submit, .dryRun] {
            let request = manifest.operations[name]?.request
            for (place, _) in request?.members ?? [] where request?.sendsTask == true {
                checkMember(place, at: "/operations" / name.rawValue / "request" / "set" / place.description)
            }
        }
        if let callback = manifest.traits.callback, let place = JSONPointer(parsing: callback.addressAt) {
            checkMember(place, at: "/operations/callback/url_at")
        }
        if case .body(let text) = manifest.traits.idempotency, let place = JSONPointer(parsing: text) {
            checkMember(place, at: "/idempotency/at")
        }
    }

    private func checkMember(_ place: JSONPointer, at pointer: JSONPointer) {
        if provider.offerings.contains(where: { $0.takes(place) }) { return }
        add(.unknownMember, at: pointer, "no request to \(provider.id) has \(place), by the catalog")
    }

    private func checkMedia() {
        let served = manifest.operations[.submit]?.media?.served ?? Medium.allCases
        for medium in served where manifest.traits.polling[medium] == nil {
            guard let offering = provider.offerings.first(where: { $0.medium == medium }) else { continue }
            add(
                .mediumUnadvised, at: "/polling",
                "there is no advice for \(medium.rawValue), which \(offering.id) makes")
        }
    }
}

extension Offering {
    /// Whether a request may have something at a place.
    fileprivate func takes(_ place: JSONPointer) -> Bool {
        var spec = body
        for token in place.tokens {
            guard let inner = spec.property(token) else { return spec.allowsOtherMembers }
            spec = inner
        }
        return spec.unsupported == nil
    }
}

extension PluginError {
    /// A manifest's own problems at their places; what kept it from being read at all, where the provider names it.
    fileprivate func problems(
        of provider: Provider, _ files: [CatalogFile], folder: String, named name: String
    ) -> [CatalogProblem] {
        let path = provider.plugin + "/plugin.json"
        if !problems.isEmpty {
            return problems.map {
                CatalogProblem(
                    file: name + "/" + path, position: $0.position, code: $0.code, message: $0.message)
            }
        }
        if code == .protocolUnsupported, let bytes = readFile(folder + "/" + path, bytesMax: Manifest.fileBytesMax) {
            let position = JSONPosition(of: "/protocol", in: bytes)
            return [
                CatalogProblem(file: name + "/" + path, position: position, code: code.rawValue, message: message)
            ]
        }
        let file = "providers/\(provider.id)/provider.json"
        let bytes = files.first { $0.path == file }?.bytes ?? []
        return [
            CatalogProblem(
                file: file, position: JSONPosition(of: "/plugin", in: bytes), code: code.rawValue, message: message)
        ]
    }
}
