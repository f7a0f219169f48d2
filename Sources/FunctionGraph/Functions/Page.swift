/// A part of a list: where it begins and how much of it is asked for.
public struct Page: Hashable, Sendable {
    /// How many items come before it.
    public let offset: Int
    /// How many items it may have.
    public let limit: Int

    /// Reads a page from query parameters.
    ///
    /// - Parameters:
    ///   - marker: the number of the last item that was read; none is 0.
    ///   - size: how many items are wanted. None and 0 mean `standard`, more than `maximum` means that.
    /// - Throws: `FGSError` `.invalidQueryParameter` for what is no number or negative (API reference,
    ///   "Pagination").
    public init(marker: String?, size: String?, standard: Int, maximum: Int) throws(FGSError) {
        offset = try Self.number(marker, of: "marker")
        let wanted = try Self.number(size, of: "the page size")
        limit = wanted == 0 ? standard : min(wanted, maximum)
    }

    private static func number(_ text: String?, of parameter: String) throws(FGSError) -> Int {
        guard let text, !text.isEmpty else { return 0 }
        guard let number = Int(text), 0...Int(Int32.max) ~= number else {
            throw FGSError(
                .invalidQueryParameter, "\(parameter) is '\(text.prefix(80))'; it must be a number from 0 on")
        }
        return number
    }
}
