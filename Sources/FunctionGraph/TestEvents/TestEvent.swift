import Foundation
import JSON

/// An event that is kept with a function, to try it with.
public struct TestEvent: Hashable, Sendable {
    /// How many a function may have (user manual, FSS.1068).
    public static let maximumCount = 10
    /// How many bytes the content may have once decoded (FSS.1069).
    public static let maximumSize = 4_096

    /// Its id.
    public let id: Identifier
    /// Its name.
    public let name: TestEventName
    /// The event in Base64, as it was sent. What it decodes to need not be JSON: the guide of the Python SDK sends
    /// a part of a JSON text.
    public let content: String
    /// When it was changed last.
    public let lastModified: Timestamp

    /// Takes an event that was made before.
    public init(id: Identifier, name: TestEventName, content: String, lastModified: Timestamp) {
        self.id = id
        self.name = name
        self.content = content
        self.lastModified = lastModified
    }

    /// Reads the body of a request that creates an event.
    ///
    /// - Throws: `FGSError` `.invalidTestEvent`, `.testEventTooLarge`.
    public init(creating body: JSONObject, id: Identifier, at now: Timestamp) throws(FGSError) {
        let name = try TestEventName(body.required("name", or: .invalidTestEvent))
        self.init(id: id, name: name, content: try Self.content(of: body), lastModified: now)
    }

    /// The event after a request that changes it.
    ///
    /// - Throws: `FGSError` `.invalidTestEvent`, `.testEventTooLarge`.
    public func updated(_ body: JSONObject, at now: Timestamp) throws(FGSError) -> TestEvent {
        TestEvent(id: id, name: name, content: try Self.content(of: body), lastModified: now)
    }

    private static func content(of body: JSONObject) throws(FGSError) -> String {
        let text = try body.required("content", or: .invalidTestEvent, maximumLength: .max)
        guard text.utf8.count / 4 * 3 <= maximumSize + 3 else { throw FGSError(.testEventTooLarge) }
        guard let decoded = Data(base64Encoded: text) else {
            throw FGSError(.invalidTestEvent, "content must be the event in Base64")
        }
        guard decoded.count <= maximumSize else { throw FGSError(.testEventTooLarge) }
        return text
    }

    /// The event without its content, as lists show it.
    public var summary: JSONObject {
        [
            "id": .string(id.description), "name": .string(name.description),
            "last_modified": .integer(lastModified.seconds),
        ]
    }

    /// The whole event as answers show it.
    public var body: JSONObject {
        var body = summary
        body["content"] = .string(content)
        return body
    }
}
