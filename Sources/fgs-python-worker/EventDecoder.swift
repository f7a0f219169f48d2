import CPython
import Glibc
import JSONText

/// Makes of an event's JSON what `json.loads` makes of it, several times faster.
///
/// It knows what events consist of. Whatever is unusual, it leaves to `json.loads`: what is not JSON, not UTF-8 or
/// nested deeply, numbers of more than 18 digits, `NaN`, lone surrogates.
struct EventDecoder {
    typealias Object = UnsafeMutablePointer<PyObject>

    /// How deeply values may be nested, so that a thread's stack is enough.
    private static let maximumDepth = 200

    private var next: UnsafePointer<UInt8>
    private let end: UnsafePointer<UInt8>
    private let keys: KeyCache

    /// Decodes an object or an array.
    ///
    /// - Parameters:
    ///   - text: JSON, behind which there is a zero byte.
    ///   - keys: The keys of earlier events.
    /// - Returns: A new reference, or nil, without an exception, for what is left to `json.loads`.
    static func decode(_ text: UnsafeBufferPointer<UInt8>, _ keys: KeyCache) -> Object? {
        guard let start = text.baseAddress else { return nil }
        var decoder = EventDecoder(next: start, end: start + text.count, keys: keys)
        decoder.skipWhitespace()
        guard decoder.next.pointee == UInt8(ascii: "{") || decoder.next.pointee == UInt8(ascii: "["),
            let value = decoder.value(depth: 0)
        else {
            PyErr_Clear()
            return nil
        }
        decoder.skipWhitespace()
        guard decoder.next == decoder.end else {
            Py_DecRef(value)
            return nil
        }
        return value
    }

    private mutating func value(depth: Int) -> Object? {
        switch next.pointee {
        case UInt8(ascii: "\""): return string()
        case UInt8(ascii: "{"): return depth < Self.maximumDepth ? object(depth: depth + 1) : nil
        case UInt8(ascii: "["): return depth < Self.maximumDepth ? array(depth: depth + 1) : nil
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
        case UInt8(ascii: "t"): return take("true") ? PyBool_FromLong(1) : nil
        case UInt8(ascii: "f"): return take("false") ? PyBool_FromLong(0) : nil
        case UInt8(ascii: "n"): return take("null") ? PythonConstants.newNone() : nil
        default: return nil
        }
    }

    private mutating func object(depth: Int) -> Object? {
        fill(PyDict_New(), until: UInt8(ascii: "}")) { decoder, object in
            guard decoder.next.pointee == UInt8(ascii: "\""), let key = decoder.key() else { return false }
            defer { Py_DecRef(key) }
            decoder.skipWhitespace()
            guard decoder.take(UInt8(ascii: ":")) else { return false }
            decoder.skipWhitespace()
            guard let value = decoder.value(depth: depth) else { return false }
            defer { Py_DecRef(value) }
            return PyDict_SetItem(object, key, value) == 0
        }
    }

    private mutating func array(depth: Int) -> Object? {
        fill(PyList_New(0), until: UInt8(ascii: "]")) { decoder, array in
            guard let value = decoder.value(depth: depth) else { return false }
            defer { Py_DecRef(value) }
            return PyList_Append(array, value) == 0
        }
    }

    /// Fills a new collection with what stands between brackets. `add` reads one element and adds it.
    @inline(__always)
    private mutating func fill(
        _ collection: Object?, until close: UInt8, _ add: (inout EventDecoder, Object) -> Bool
    ) -> Object? {
        guard let collection else { return nil }
        next += 1
        skipWhitespace()
        if take(close) { return collection }
        while add(&self, collection) {
            skipWhitespace()
            if take(close) { return collection }
            guard take(UInt8(ascii: ",")) else { break }
            skipWhitespace()
        }
        Py_DecRef(collection)
        return nil
    }

    // MARK: Strings

    private mutating func key() -> Object? {
        let start = next + 1
        let stop = StringRun.end(from: start, to: end, at: .special)
        guard stop.pointee == UInt8(ascii: "\"") else { return string() }
        next = stop + 1
        return keys.key(UnsafeBufferPointer(start: start, count: stop - start))
    }

    private mutating func string() -> Object? {
        let start = next + 1
        var stop = StringRun.end(from: start, to: end, at: .special)
        if stop.pointee == UInt8(ascii: "\"") {
            next = stop + 1
            return Self.text(start, count: stop - start)
        }
        while stop.pointee == UInt8(ascii: "\\"), end - stop > 2 {
            stop = StringRun.end(from: stop + 2, to: end, at: .special)
        }
        guard stop.pointee == UInt8(ascii: "\"") else { return nil }
        next = start
        let object = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: stop - start) {
            room -> Object? in
            unescape(to: stop, into: room).flatMap { Self.text(UnsafePointer(room.baseAddress!), count: $0) }
        }
        next = stop + 1
        return object
    }

    /// Decodes the escapes up to the closing quotation mark; what they stand for is never longer than they are.
    ///
    /// - Returns: The number of bytes written, or nil for an escape that there is not, or a lone surrogate.
    private mutating func unescape(
        to stop: UnsafePointer<UInt8>, into room: UnsafeMutableBufferPointer<UInt8>
    ) -> Int? {
        var count = 0
        while next < stop {
            let plain = StringRun.end(from: next, to: stop, at: .special)
            memcpy(room.baseAddress! + count, next, plain - next)
            count += plain - next
            next = plain
            guard next < stop else { break }
            let letter = next[1]
            next += 2
            switch letter {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): room[count] = letter
            case UInt8(ascii: "n"): room[count] = 0x0A
            case UInt8(ascii: "r"): room[count] = 0x0D
            case UInt8(ascii: "t"): room[count] = 0x09
            case UInt8(ascii: "b"): room[count] = 0x08
            case UInt8(ascii: "f"): room[count] = 0x0C
            case UInt8(ascii: "u"):
                guard let scalar = scalar(before: stop) else { return nil }
                for byte in UTF8.encode(scalar)! {
                    room[count] = byte
                    count += 1
                }
                continue
            default: return nil
            }
            count += 1
        }
        return count
    }

    /// What four hexadecimal digits stand for, or eight in two escapes.
    private mutating func scalar(before stop: UnsafePointer<UInt8>) -> Unicode.Scalar? {
        guard let first = codeUnit(before: stop) else { return nil }
        guard UTF16.isLeadSurrogate(first) else { return Unicode.Scalar(first) }
        guard stop - next >= 6, next[0] == UInt8(ascii: "\\"), next[1] == UInt8(ascii: "u") else {
            return nil
        }
        next += 2
        guard let second = codeUnit(before: stop), UTF16.isTrailSurrogate(second) else { return nil }
        return UTF16.decode(UTF16.EncodedScalar([first, second]))
    }

    private mutating func codeUnit(before stop: UnsafePointer<UInt8>) -> UInt16? {
        guard stop - next >= 4 else { return nil }
        var unit: UInt16 = 0
        for index in 0..<4 {
            let digit: UInt8
            switch next[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = next[index] - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = next[index] - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = next[index] - UInt8(ascii: "A") + 10
            default: return nil
            }
            unit = unit << 4 | UInt16(digit)
        }
        next += 4
        return unit
    }

    private static func text(_ start: UnsafePointer<UInt8>, count: Int) -> Object? {
        start.withMemoryRebound(to: CChar.self, capacity: count) { PyUnicode_FromStringAndSize($0, count) }
    }

    // MARK: Numbers

    private mutating func number() -> Object? {
        let start = next
        let isNegative = take(UInt8(ascii: "-"))
        let firstDigit = next
        var magnitude: Int64 = 0
        guard digits(into: &magnitude, upTo: 18),
            firstDigit.pointee != UInt8(ascii: "0") || next - firstDigit == 1
        else { return nil }
        switch next.pointee {
        case UInt8(ascii: "."):
            let point = next
            next += 1
            if digits(into: &magnitude, upTo: 18 - (point - firstDigit)), magnitude < Self.exactLimit,
                next.pointee | 0x20 != UInt8(ascii: "e")
            {
                // Both are exact as they stand, so that the quotient is the closest number there is.
                let value = Double(magnitude) / DecimalPowers.doubles[next - point - 1]
                return PyFloat_FromDouble(isNegative ? -value : value)
            }
            next = point
            return float(from: start)
        case UInt8(ascii: "e"), UInt8(ascii: "E"): return float(from: start)
        default: return PyLong_FromLongLong(isNegative ? -magnitude : magnitude)
        }
    }

    /// Integers below are exact as floating-point numbers.
    private static let exactLimit: Int64 = 1 << 53

    /// Reads at least one digit and at most `limit`; false if there are others.
    private mutating func digits(into magnitude: inout Int64, upTo limit: Int) -> Bool {
        let start = next
        while let digit = digit {
            guard next - start < limit else { return false }
            magnitude = magnitude * 10 + Int64(digit)
            next += 1
        }
        return next > start
    }

    private mutating func float(from start: UnsafePointer<UInt8>) -> Object? {
        if take(UInt8(ascii: ".")) {
            guard skipDigits() else { return nil }
        }
        if next.pointee | 0x20 == UInt8(ascii: "e") {
            next += 1
            if next.pointee == UInt8(ascii: "+") || next.pointee == UInt8(ascii: "-") { next += 1 }
            guard skipDigits() else { return nil }
        }
        return start.withMemoryRebound(to: CChar.self, capacity: next - start) { text -> Object? in
            var stop: UnsafeMutablePointer<CChar>?
            let value = PyOS_string_to_double(text, &stop, nil)
            guard let stop, UnsafePointer(stop) == text + (next - start), PyErr_Occurred() == nil else {
                return nil
            }
            return PyFloat_FromDouble(value)
        }
    }

    private var digit: UInt8? {
        let digit = next.pointee &- UInt8(ascii: "0")
        return digit < 10 ? digit : nil
    }

    private mutating func skipDigits() -> Bool {
        let start = next
        while digit != nil { next += 1 }
        return next > start
    }

    // MARK: Bytes

    // The zero byte at the end is none of those that are looked for, so nothing runs over it.

    private mutating func skipWhitespace() {
        while true {
            switch next.pointee {
            case 0x20, 0x0A, 0x0D, 0x09: next += 1
            default: return
            }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next.pointee == byte else { return false }
        next += 1
        return true
    }

    private mutating func take(_ literal: StaticString) -> Bool {
        guard end - next >= literal.utf8CodeUnitCount,
            memcmp(next, literal.utf8Start, literal.utf8CodeUnitCount) == 0
        else { return false }
        next += literal.utf8CodeUnitCount
        return true
    }
}
