import Foundation
import JSON

/// The files of `fixtures/events`: one event of each source.
enum GoldenFile {
    /// The text of a file without blanks, for comparing it with an event that was built.
    static func text(_ name: String) throws -> String {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../fixtures/events/\(name).json").standardizedFileURL
        return try JSONValue(parsing: Array(try Data(contentsOf: file))).text
    }
}
