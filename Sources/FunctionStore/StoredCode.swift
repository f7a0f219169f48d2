import FunctionGraph
import JSON

/// What is known about code, as it is kept beside its digest.
enum StoredCode {
    static func object(_ code: FunctionCode) -> JSONObject {
        [
            "type": .string(code.type.rawValue), "form": .string(code.form.rawValue),
            "url": .string(code.url),
            "file_name": .string(code.fileName), "size": .integer(code.size),
            "modified_at": .integer(code.lastModified.milliseconds), "problem": .string(code.problem),
        ]
    }

    /// - Throws: `FGSError` FSS.0500 when a member is missing or unknown.
    static func code(_ object: JSONObject, digest: String) throws -> FunctionCode {
        guard let type = object["type"]?.stringValue.flatMap(CodeType.init(rawValue:)),
            let form = object["form"]?.stringValue.flatMap(CodeForm.init(rawValue:)),
            let url = object["url"]?.stringValue, let fileName = object["file_name"]?.stringValue,
            let size = object["size"]?.integerValue, let modifiedAt = object["modified_at"]?.integerValue
        else { throw FGSError(.internalError, "the description of stored code cannot be read") }
        return FunctionCode(
            type: type, form: form, url: url, fileName: fileName, digest: digest, size: size,
            lastModified: Timestamp(milliseconds: Int64(modifiedAt)),
            problem: object["problem"]?.stringValue ?? "")
    }
}
