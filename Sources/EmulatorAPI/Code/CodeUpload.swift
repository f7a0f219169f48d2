import FunctionGraph
import JSON
import ZipArchive

/// Code as a request brings it: decoded, checked, and measured.
struct CodeUpload: Sendable {
    /// What is known about it.
    let code: FunctionCode
    /// The bytes to keep; empty if there are none.
    let bytes: [UInt8]

    /// The largest archive a request may bring, in bytes (FSS.1071).
    static let archiveLimit = 50 << 20
    /// The largest inline code, in bytes (FSS.1072).
    static let inlineLimit = 10 << 10

    /// Reads `code_type`, `code_url`, `code_filename` and `func_code`.
    ///
    /// - Throws: `FGSError`: FSS.0400 for a name that is no string, FSS.1006 for the type, FSS.1010 for the address, FSS.1011 for code that cannot be
    ///   decoded or unpacked, FSS.1012 when there is none, FSS.1071 and FSS.1072 when it is too large.
    init(
        _ body: JSONObject, for configuration: FunctionConfiguration, from source: CodeSource,
        at now: Timestamp
    ) throws {
        let runtime = configuration.runtime
        let type = try CodeType(body["code_type"], for: runtime)
        let name = try body.optionalText("code_filename", or: .invalidParameter)
        let address = try CodeAddress(body, type: type)
        let url = address?.description ?? ""
        let sent = try Self.decoded(body["func_code"])
        var problem = ""
        let content: Content
        switch (type, sent, address) {
        case (.inline, let sent?, _): content = try Self.inline(sent)
        case (.inline, nil, _): content = Self.standard(configuration)
        case (.zip, let sent?, _), (.jar, let sent?, _): content = (sent, try Self.checked(sent))
        case (.zip, nil, let address?), (.jar, nil, let address?):
            // What cannot be fetched is no reason to refuse the function; it runs the default code then.
            let found = Self.fetched(address, source)
            content = found.problem.isEmpty ? found.content : Self.standard(configuration)
        case (.zip, nil, nil), (.jar, nil, nil):
            throw FGSError(.codeRequired, "func_code.file must hold the archive in Base64")
        case (.obs, _, let address?):
            (content, problem) = Self.fetched(address, source)
        case (.obs, _, nil), (.image, _, _):
            content = ([], .none)
        }
        bytes = content.bytes
        code = FunctionCode(
            type: type, form: content.form, url: url,
            fileName: name ?? type.fileName(for: runtime, url: url), digest: Digest.sha512(content.bytes),
            size: content.bytes.count, lastModified: now,
            problem: problem)
    }

    private typealias Content = (bytes: [UInt8], form: CodeForm)

    /// Code that has to be fetched, or why there is none.
    private static func fetched(_ address: CodeAddress, _ source: CodeSource) -> (
        content: Content, problem: String
    ) {
        switch source.fetch(address) {
        case .failure(let error): return (([], .none), error.description)
        case .success(let bytes):
            do {
                return ((bytes, try checked(bytes, limit: CodeSource.limit)), "")
            } catch {
                return (([], .none), "the code at \(address) cannot be used: \(error.message)")
            }
        }
    }

    /// Base64 of `func_code.file`; nil when there is none.
    private static func decoded(_ json: JSONValue?) throws(FGSError) -> [UInt8]? {
        guard let json, !json.isNull else { return nil }
        guard case .object(let object) = json else {
            throw FGSError(.invalidCode, "func_code must be an object")
        }
        guard let file = object["file"], !file.isNull else { return nil }
        guard case .string(let text) = file else {
            throw FGSError(.invalidCode, "func_code.file must be a string in Base64")
        }
        guard !text.isEmpty else { return nil }
        return try EncodedArchive.decode(
            text, of: "func_code.file", limit: archiveLimit, or: .invalidCode, tooLarge: .codePackageTooLarge)
    }

    /// Inline code is the text of one file or, as some clients send it, a small archive.
    private static func inline(_ bytes: [UInt8]) throws(FGSError) -> Content {
        guard bytes.count <= inlineLimit else {
            throw FGSError(
                .inlineCodeTooLarge,
                "the inline code has \(bytes.count) bytes; at most \(inlineLimit) are allowed. Upload it as zip."
            )
        }
        return (bytes, bytes.starts(with: [0x50, 0x4B, 3, 4]) ? try checked(bytes) : .source)
    }

    /// An archive, read to its end: what is stored can be unpacked.
    static func checked(_ bytes: [UInt8], limit: Int = archiveLimit) throws(FGSError) -> CodeForm {
        guard bytes.count <= limit else {
            throw FGSError(.codePackageTooLarge, "the code is larger than \(limit >> 20) MB")
        }
        do throws(ZipError) {
            try ZipReader(BytesSource(bytes)).verify()
        } catch {
            throw FGSError(.invalidCode, "the code is not a good archive: \(error)")
        }
        return .archive
    }

    /// What a function without code runs: a handler that answers its event.
    private static func standard(_ configuration: FunctionConfiguration) -> Content {
        guard let source = DefaultCode.source(for: configuration) else { return ([], .none) }
        return (Array(source.utf8), .source)
    }
}
