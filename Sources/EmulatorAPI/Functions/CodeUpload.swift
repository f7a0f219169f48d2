import Crypto
import Foundation
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
    /// - Throws: `FGSError`: FSS.1006 for the type, FSS.1010 for the address, FSS.1011 for code that cannot be
    ///   decoded or unpacked, FSS.1012 when there is none, FSS.1071 and FSS.1072 when it is too large.
    init(_ body: JSONObject, for configuration: FunctionConfiguration, at now: Timestamp) throws {
        let runtime = configuration.runtime
        let type = try CodeType(body["code_type"], for: runtime)
        let url = try CodeAddress(body, type: type)?.description ?? ""
        let sent = try Self.decoded(body["func_code"])
        let content: (bytes: [UInt8], form: CodeForm)
        switch type {
        case .inline:
            content = try sent.map(Self.inline) ?? Self.standard(configuration)
        case .zip, .jar:
            guard sent != nil || !url.isEmpty else {
                throw FGSError(.codeRequired, "func_code.file must hold the archive in Base64")
            }
            content = try sent.map { ($0, try Self.checked($0)) } ?? Self.standard(configuration)
        case .obs, .image:
            content = ([], .none)
        }
        let name = body["code_filename"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        bytes = content.bytes
        code = FunctionCode(
            type: type, form: content.form, url: url,
            fileName: name ?? type.fileName(for: runtime, url: url), digest: Self.digest(content.bytes),
            size: content.bytes.count, lastModified: now)
    }

    /// Base64 of `func_code.file`; nil when there is none.
    private static func decoded(_ json: JSONValue?) throws(FGSError) -> [UInt8]? {
        guard let json, !json.isNull else { return nil }
        guard case .object(let object) = json else { throw FGSError(.invalidCode, "func_code must be an object") }
        guard let file = object["file"], !file.isNull else { return nil }
        guard case .string(let text) = file else {
            throw FGSError(.invalidCode, "func_code.file must be a string in Base64")
        }
        guard !text.isEmpty else { return nil }
        // 4 characters for 3 bytes.
        guard text.utf8.count / 4 * 3 <= archiveLimit + 3 else {
            throw FGSError(.codePackageTooLarge, "the code is larger than \(archiveLimit >> 20) MB")
        }
        let lines = text.utf8.contains(UInt8(ascii: "\n")) ? text.filter { !$0.isNewline } : text
        guard let data = Data(base64Encoded: lines) else {
            throw FGSError(.invalidCode, "func_code.file is not Base64")
        }
        return [UInt8](data)
    }

    /// Inline code is the text of one file or, as some clients send it, a small archive.
    private static func inline(_ bytes: [UInt8]) throws(FGSError) -> ([UInt8], CodeForm) {
        guard bytes.count <= inlineLimit else {
            throw FGSError(
                .inlineCodeTooLarge,
                "the inline code has \(bytes.count) bytes; at most \(inlineLimit) are allowed. Upload it as zip.")
        }
        return (bytes, bytes.starts(with: [0x50, 0x4B, 3, 4]) ? try checked(bytes) : .source)
    }

    /// An archive, read to its end: what is stored can be unpacked.
    private static func checked(_ bytes: [UInt8]) throws(FGSError) -> CodeForm {
        guard bytes.count <= archiveLimit else {
            throw FGSError(.codePackageTooLarge, "the code is larger than \(archiveLimit >> 20) MB")
        }
        do throws(ZipError) {
            try ZipReader(BytesSource(bytes)).verify()
        } catch {
            throw FGSError(.invalidCode, "the code is not a good archive: \(error)")
        }
        return .archive
    }

    /// What a function without code runs: a handler that answers its event.
    private static func standard(_ configuration: FunctionConfiguration) -> ([UInt8], CodeForm) {
        guard let source = DefaultCode.source(for: configuration) else { return ([], .none) }
        return (Array(source.utf8), .source)
    }

    /// SHA-512 in hexadecimal.
    static func digest(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let hash = bytes.withUnsafeBytes { SHA512.hash(data: $0) }
        return String(
            decoding: hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
