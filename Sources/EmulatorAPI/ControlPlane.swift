import FunctionGraph
import FunctionStore
import JSON
import Timekeeping

/// What the operations of the control plane work with. They run off the event loop, several at once.
public struct ControlPlane: Sendable {
    let store: FunctionStore
    let clock: Clock
    let region: String
    let domainID: String
    let codeSource: CodeSource
    let downloads: DownloadTable
    let templates: TemplateLibrary

    /// A control plane over a store.
    public init(
        _ store: FunctionStore, _ configuration: APIConfiguration, clock: Clock, codeSource: CodeSource,
        templates: TemplateLibrary
    ) {
        self.store = store
        self.clock = clock
        region = configuration.region
        domainID = configuration.domainID
        self.codeSource = codeSource
        downloads = DownloadTable()
        self.templates = templates
    }

    /// Whose functions answers show.
    var account: Account { Account(region: region, domainID: domainID, projectName: region) }

    /// Random bits, for names and ids.
    var random: UInt64 { .random(in: .min ... .max) }

    /// A new id.
    var identifier: Identifier { Identifier(random: random, random) }

    /// A function as an answer shows it.
    func body(_ answer: FunctionAnswer, _ function: FunctionDetail) -> JSONObject {
        FunctionResponse(function, of: account).body(of: answer)
    }
}
