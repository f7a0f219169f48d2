import FunctionGraph
import JSON
import Synchronization

/// Remembers what texts of configurations say. Many functions have the same one, and one is read many times; to read it
/// takes longer than all else that reading a function takes.
enum ConfigurationCache {
    /// By the bytes of the texts: to `String`, an accented letter equals a letter and its accent.
    private static let known = Mutex<[[UInt8]: FunctionConfiguration]>([:])
    /// How many are remembered.
    private static let limit = 128
    /// The longest that are.
    private static let longest = 4_096

    /// What a text says.
    ///
    /// - Throws: `FGSError` and `JSONError` for one that was not stored by this version of the emulator.
    static func configuration(_ text: String) throws -> FunctionConfiguration {
        guard text.utf8.count <= longest else { return try read(text) }
        let key = Array(text.utf8)
        if let configuration = known.withLock({ $0[key] }) { return configuration }
        let configuration = try read(text)
        known.withLock { known in
            if known.count >= limit { known.removeAll(keepingCapacity: true) }
            known[key] = configuration
        }
        return configuration
    }

    private static func read(_ text: String) throws -> FunctionConfiguration {
        guard let stored = try JSONValue(parsing: text).objectValue else {
            throw FGSError(.internalError, "a stored configuration cannot be read")
        }
        return try FunctionConfiguration(stored: stored)
    }
}
