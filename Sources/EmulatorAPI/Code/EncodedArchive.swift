import Foundation
import FunctionGraph
import JSON

/// Base64 of requests, decoded within a limit.
enum EncodedArchive {
    /// The bytes that a member of a request stands for, which must be there. However long it is, the limit is what
    /// it is measured by.
    ///
    /// - Throws: `FGSError` FSS.1012 when it is missing, and what `decode` for a text throws.
    static func decode(
        _ body: JSONObject, _ member: String, limit: Int, or code: ErrorCode, tooLarge sizeCode: ErrorCode
    ) throws(FGSError) -> [UInt8] {
        try decode(
            body.required(member, or: .codeRequired, maximumLength: .max), of: member, limit: limit, or: code,
            tooLarge: sizeCode)
    }

    /// The bytes that a text stands for. Line ends in it do not matter.
    ///
    /// - Parameters:
    ///   - limit: The most bytes there may be; checked before anything is decoded.
    ///   - code: What is wrong if the text is no Base64.
    ///   - sizeCode: What is wrong if it is too large.
    /// - Throws: `FGSError` with one of the codes.
    static func decode(
        _ text: String, of member: String, limit: Int, or code: ErrorCode, tooLarge sizeCode: ErrorCode
    ) throws(FGSError) -> [UInt8] {
        let tooLarge = FGSError(sizeCode, "\(member) is larger than \(limit >> 20) MB")
        // 4 characters for 3 bytes, a few of which may be padding.
        guard text.utf8.count / 4 * 3 <= limit + 3 else { throw tooLarge }
        let lines = text.utf8.contains(UInt8(ascii: "\n")) ? text.filter { !$0.isNewline } : text
        guard let data = Data(base64Encoded: lines) else { throw FGSError(code, "\(member) is not Base64") }
        guard data.count <= limit else { throw tooLarge }
        return [UInt8](data)
    }
}
