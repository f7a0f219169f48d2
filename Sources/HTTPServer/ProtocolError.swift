import HTTPTypes

/// A request that cannot be served because it breaks HTTP or a limit of the server.
///
/// After such a request the connection is closed: where one message ends and the next begins can no longer
/// be trusted.
public struct ProtocolError: Error, Equatable, Sendable {
    /// The status to answer with.
    public let status: HTTPResponse.Status
    /// What was wrong, for the person who wrote the client.
    public let reason: String

    init(_ status: HTTPResponse.Status, _ reason: String) {
        self.status = status
        self.reason = reason
    }

    static func malformed(_ reason: String) -> ProtocolError { ProtocolError(.badRequest, reason) }
}
