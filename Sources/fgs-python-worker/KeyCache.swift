import CPython
import Glibc

/// The keys of earlier events. One event's keys are the next one's, and a `str` that exists knows its hash.
///
/// Its methods want the interpreter's lock, which nothing that they do lets go of.
struct KeyCache {
    typealias Object = UnsafeMutablePointer<PyObject>

    private struct Entry {
        var hash: UInt64 = 0
        var count = 0
        var text: UnsafePointer<CChar>?
        var key: Object?
    }

    /// Longer ones are seldom keys that come again.
    private static let longest = 40
    private static let size = 256

    private let entries: UnsafeMutablePointer<Entry>

    /// An empty one, for the life of the process.
    init() {
        entries = .allocate(capacity: Self.size)
        entries.initialize(repeating: Entry(), count: Self.size)
    }

    /// The `str` of some UTF-8.
    ///
    /// - Returns: A new reference, or nil, with an exception, for what is not UTF-8.
    func key(_ text: UnsafeBufferPointer<UInt8>) -> Object? {
        guard text.count <= Self.longest, let start = text.baseAddress else { return Self.make(text) }
        let (hash, isASCII) = Self.hash(text)
        let entry = entries + Int(hash >> 56)
        if entry.pointee.hash == hash, entry.pointee.count == text.count, let key = entry.pointee.key,
            memcmp(entry.pointee.text!, start, text.count) == 0
        {
            Py_IncRef(key)
            return key
        }
        guard let key = Self.make(text), isASCII else { return Self.make(text) }
        var count = 0
        guard let known = PyUnicode_AsUTF8AndSize(key, &count) else { return key }
        let former = entry.pointee.key
        Py_IncRef(key)
        entry.pointee = Entry(hash: hash, count: count, text: known, key: key)
        Py_DecRef(former)
        return key
    }

    private static func make(_ text: UnsafeBufferPointer<UInt8>) -> Object? {
        text.withMemoryRebound(to: CChar.self) { PyUnicode_FromStringAndSize($0.baseAddress, $0.count) }
    }

    private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> (hash: UInt64, isASCII: Bool) {
        let bytes = UnsafeRawBufferPointer(text)
        var hash = UInt64(text.count)
        var seen: UInt64 = 0
        var index = 0
        func mix(_ word: UInt64) {
            seen |= word
            hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 29
        }
        while index + 8 <= bytes.count {
            mix(bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index += 8
        }
        var rest: UInt64 = 0
        while index < bytes.count {
            rest = rest << 8 | UInt64(bytes[index])
            index += 1
        }
        mix(rest)
        return (hash &* 0x9E37_79B9_7F4A_7C15, seen & 0x8080_8080_8080_8080 == 0)
    }
}
