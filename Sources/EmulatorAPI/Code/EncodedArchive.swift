import Foundation
import FunctionGraph

/// Base64 of requests, decoded within a limit.
enum EncodedArchive {
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
        // 4 characters for 3 bytes.
        guard text.utf8.count / 4 * 3 <= limit + 3 else {
            throw FGSError(sizeCode, "\(member) is larger than \(limit >> 20) MB")
        }
        let lines = text.utf8.contains(UInt8(ascii: "\n")) ? text.filter { !$0.isNewline } : text
        guard let data = Data(base64Encoded: lines) else { throw FGSError(code, "\(member) is not Base64") }
        return [UInt8](data)
    }
}
