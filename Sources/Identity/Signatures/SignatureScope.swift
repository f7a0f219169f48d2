/// What the key of a scoped signature is good for: `20260102/REGION/SERVICE/sdk_request`. Clients leave
/// region and service empty.
public struct SignatureScope: Hashable, Sendable, CustomStringConvertible {
    /// The last part.
    static let terminator = "sdk_request"

    /// The day, `YYYYMMDD`.
    let day: String
    /// The region.
    let region: String
    /// The service.
    let service: String

    /// Reads a scope.
    ///
    /// - Returns: nil if it has other parts.
    init?(_ text: Substring) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[3] == Self.terminator else { return nil }
        day = String(parts[0])
        region = String(parts[1])
        service = String(parts[2])
    }

    /// The scope as sent.
    public var description: String { "\(day)/\(region)/\(service)/\(Self.terminator)" }
}
