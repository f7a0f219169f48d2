import FunctionGraph
import FunctionStore
import JSON
import ZipArchive

/// A function on its way out: an archive of its code, of its description, or of both.
///
/// Code alone is the archive that was uploaded, as it is. With the description beside it, that archive is one
/// entry, so that an import gives a function whose code has the same digest.
struct FunctionExport {
    /// What an export holds.
    struct Contents: Sendable {
        let hasCode: Bool
        let hasConfiguration: Bool

        /// Reads the query of X-1.
        ///
        /// - Throws: `FGSError` FSS.1001 unless it is either `type`, or at least one of the others.
        init(type: String?, code: String?, configuration: String?) throws(FGSError) {
            let flags = (
                code: try Self.flag(code, "code"), configuration: try Self.flag(configuration, "config")
            )
            switch type {
            case nil:
                guard flags.code || flags.configuration else {
                    throw FGSError(
                        .invalidQueryParameter, "one of code and config must be true, or type be given")
                }
                (hasCode, hasConfiguration) = flags
            case "code", "config":
                guard !flags.code, !flags.configuration else {
                    throw FGSError(.invalidQueryParameter, "type cannot be combined with code and config")
                }
                (hasCode, hasConfiguration) = (type == "code", type == "config")
            case let type?:
                throw FGSError(
                    .invalidQueryParameter, "type is '\(type.prefix(80))'; it must be code or config")
            }
        }

        private static func flag(_ text: String?, _ name: String) throws(FGSError) -> Bool {
            guard let text, !text.isEmpty else { return false }
            guard let flag = Bool(text.lowercased()) else {
                throw FGSError(.invalidQueryParameter, "\(name) must be true or false")
            }
            return flag
        }
    }

    private let function: Function
    private let contents: Contents
    private let store: FunctionStore
    private let triggers: [Trigger]

    /// Finds the function.
    ///
    /// - Throws: `FGSError` FSS.1051 to FSS.1053.
    init(_ urn: FunctionURN, _ contents: Contents, _ store: FunctionStore) throws {
        function = try store.function(urn)
        triggers = try store.triggers(of: urn)
        self.contents = contents
        self.store = store
    }

    /// The archive.
    ///
    /// - Throws: `FGSError` when the code is gone, `ZipError` when it cannot be packed.
    func archive() throws -> [UInt8] {
        let code = try store.code(function.code.digest)
        if contents.hasCode, !contents.hasConfiguration, function.code.form == .archive { return code }
        var writer = ZipWriter(BytesSink())
        if contents.hasCode, function.code.form != .none {
            let name =
                function.code.form == .archive
                ? FunctionDescription.codeArchive(of: function.name.description)
                : "\(function.configuration.handler.file).\(Self.fileExtension(function))"
            try writer.add(EntryPath(name), code)
        }
        if contents.hasConfiguration {
            let description = FunctionDescription(of: function, triggers: triggers).yaml
            try writer.add(EntryPath("\(function.name).yaml"), Array(description.utf8))
        }
        try writer.finish()
        return writer.sink.bytes
    }

    private static func fileExtension(_ function: Function) -> String {
        switch function.configuration.runtime.family {
        case .node: "js"
        case .php: "php"
        default: "py"
        }
    }
}
