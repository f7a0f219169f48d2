import CPython
import Glibc
import JSONText

/// Writes what `json.dumps` writes of a result, byte for byte, several times faster.
///
/// It knows the types that JSON has. Whatever else there is, it leaves to `json.dumps`: other types and those derived
/// from these, keys that are not texts, integers of more than 64 bits, `nan`, lone surrogates, deep nesting, cycles.
/// No Python code runs meanwhile, so nothing that it looks at can change.
struct ResultEncoder: ~Copyable {
    typealias Object = UnsafeMutablePointer<PyObject>

    /// How deeply values may be nested, so that a thread's stack is enough.
    private static let maximumDepth = 200

    private var room: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var count = 0

    /// Encodes a value.
    ///
    /// - Returns: A new reference to `bytes`, or nil, without an exception, for what is left to `json.dumps`.
    static func encode(_ value: Object) -> Object? {
        guard var encoder = ResultEncoder(capacity: 4096) else { return nil }
        guard encoder.write(value, depth: 0) else {
            PyErr_Clear()
            return nil
        }
        let bytes = encoder.bytes()
        if bytes == nil { PyErr_Clear() }
        return bytes
    }

    private init?(capacity: Int) {
        guard let room = malloc(capacity) else { return nil }
        self.room = room.assumingMemoryBound(to: UInt8.self)
        self.capacity = capacity
    }

    deinit {
        free(room)
    }

    private func bytes() -> Object? {
        room.withMemoryRebound(to: CChar.self, capacity: count) { PyBytes_FromStringAndSize($0, count) }
    }

    private mutating func write(_ value: Object, depth: Int) -> Bool {
        if fgs_is_text(value) != 0 { return text(value) }
        if fgs_is_integer(value) != 0 { return integer(value) }
        if fgs_is_dict(value) != 0 { return depth < Self.maximumDepth && dictionary(value, depth + 1) }
        if fgs_is_list(value) != 0 {
            return depth < Self.maximumDepth && items(value, PyList_Size(value), depth + 1, PyList_GetItem)
        }
        if value == PythonConstants.none { return append("null") }
        if fgs_is_true(value) != 0 { return append("true") }
        if fgs_is_false(value) != 0 { return append("false") }
        if fgs_is_float(value) != 0 { return float(value) }
        if fgs_is_tuple(value) != 0 {
            return depth < Self.maximumDepth && items(value, PyTuple_Size(value), depth + 1, PyTuple_GetItem)
        }
        return false
    }

    private mutating func dictionary(_ value: Object, _ depth: Int) -> Bool {
        guard append(UInt8(ascii: "{")) else { return false }
        var position = 0
        var key: Object?
        var item: Object?
        var isFirst = true
        while PyDict_Next(value, &position, &key, &item) != 0 {
            guard let key, let item, fgs_is_text(key) != 0, isFirst || append(", "), text(key), append(": "),
                write(item, depth: depth)
            else { return false }
            isFirst = false
        }
        return append(UInt8(ascii: "}"))
    }

    @inline(__always)
    private mutating func items(
        _ value: Object, _ count: Int, _ depth: Int, _ item: (Object?, Int) -> Object?
    ) -> Bool {
        guard append(UInt8(ascii: "[")) else { return false }
        for index in 0..<count {
            guard index == 0 || append(", "), let element = item(value, index), write(element, depth: depth)
            else {
                return false
            }
        }
        return append(UInt8(ascii: "]"))
    }

    private mutating func integer(_ value: Object) -> Bool {
        var overflow: Int32 = 0
        let number = PyLong_AsLongLongAndOverflow(value, &overflow)
        guard overflow == 0, number >= 0 || append(UInt8(ascii: "-")) else { return false }
        return digits(number.magnitude)
    }

    private mutating func float(_ value: Object) -> Bool {
        let number = PyFloat_AsDouble(value)
        if isShort(number) { return true }
        guard number.isFinite,
            let text = PyOS_double_to_string(number, CChar(UInt8(ascii: "r")), 0, Py_DTSF_ADD_DOT_0, nil)
        else { return false }
        defer { PyMem_Free(text) }
        return append(text, count: strlen(text))
    }

    /// Writes a number of few decimals, if it is one.
    ///
    /// No two decimals of up to 15 digits are the same floating-point number. So the one that this number is has no
    /// shorter text.
    private mutating func isShort(_ number: Double) -> Bool {
        let magnitude = number.magnitude
        guard magnitude >= 0.001, magnitude < 1e9 else { return false }
        for decimals in 0...5 {
            let power = DecimalPowers.doubles[decimals]
            let scaled = (magnitude * power).rounded()
            guard scaled / power == magnitude else { continue }
            let integer = UInt64(scaled)
            let divisor = UInt64(power)
            guard number > 0 || append(UInt8(ascii: "-")), digits(integer / divisor),
                append(UInt8(ascii: "."))
            else {
                return false
            }
            return digits(integer % divisor, width: max(decimals, 1))
        }
        return false
    }

    /// Writes a number of at least `width` digits.
    private mutating func digits(_ number: UInt64, width: Int = 1) -> Bool {
        guard reserve(20) else { return false }
        var length = 1
        var power: UInt64 = 10
        while length < 19, number >= power {
            length += 1
            power &*= 10
        }
        length = max(length, width)
        var rest = number
        for place in stride(from: count + length - 1, through: count, by: -1) {
            room[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += length
        return true
    }

    // MARK: Texts

    private mutating func text(_ value: Object) -> Bool {
        var length = 0
        guard let characters = PyUnicode_AsUTF8AndSize(value, &length) else { return false }
        return characters.withMemoryRebound(to: UInt8.self, capacity: length) { start in
            // Most texts stand for themselves.
            guard append(UInt8(ascii: "\"")) else { return false }
            var next = start
            let end = start + length
            while true {
                let stop = StringRun.end(from: next, to: end, at: .unprintable)
                guard append(next, count: stop - next) else { return false }
                next = stop
                if next == end { break }
                guard escape(&next) else { return false }
            }
            return append(UInt8(ascii: "\""))
        }
    }

    /// Writes one character as an escape. What CPython calls UTF-8 is whole and right.
    private mutating func escape(_ next: inout UnsafePointer<UInt8>) -> Bool {
        let first = next[0]
        switch first {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return shortEscape(first, &next)
        case 0x0A: return shortEscape(UInt8(ascii: "n"), &next)
        case 0x0D: return shortEscape(UInt8(ascii: "r"), &next)
        case 0x09: return shortEscape(UInt8(ascii: "t"), &next)
        case 0x08: return shortEscape(UInt8(ascii: "b"), &next)
        case 0x0C: return shortEscape(UInt8(ascii: "f"), &next)
        default: break
        }
        let scalar: UInt32
        if first < 0x80 {
            scalar = UInt32(first)
            next += 1
        } else if first < 0xE0 {
            scalar = UInt32(first & 0x1F) << 6 | continuation(next[1])
            next += 2
        } else if first < 0xF0 {
            scalar = UInt32(first & 0x0F) << 12 | continuation(next[1]) << 6 | continuation(next[2])
            next += 3
        } else {
            let high = UInt32(first & 0x07) << 18 | continuation(next[1]) << 12
            scalar = high | continuation(next[2]) << 6 | continuation(next[3])
            next += 4
        }
        guard scalar > 0xFFFF else { return unit(UInt16(scalar)) }
        let rest = scalar - 0x10000
        return unit(UInt16(0xD800 + rest >> 10)) && unit(UInt16(0xDC00 + rest & 0x3FF))
    }

    private func continuation(_ byte: UInt8) -> UInt32 { UInt32(byte & 0x3F) }

    private mutating func shortEscape(_ letter: UInt8, _ next: inout UnsafePointer<UInt8>) -> Bool {
        next += 1
        return append(UInt8(ascii: "\\")) && append(letter)
    }

    private mutating func unit(_ unit: UInt16) -> Bool {
        guard append("\\u"), reserve(4) else { return false }
        for shift in stride(from: 12, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: unit >> UInt16(shift)) & 0xF
            room[count] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            count += 1
        }
        return true
    }

    // MARK: Room

    /// Makes sure that so many more bytes fit; false when there is no memory.
    @inline(__always)
    private mutating func reserve(_ more: Int) -> Bool {
        capacity - count >= more || grow(more)
    }

    @inline(never)
    private mutating func grow(_ more: Int) -> Bool {
        let larger = max(capacity * 2, count + more)
        guard let moved = realloc(room, larger) else { return false }
        room = moved.assumingMemoryBound(to: UInt8.self)
        capacity = larger
        return true
    }

    @inline(__always)
    private mutating func append(_ byte: UInt8) -> Bool {
        guard reserve(1) else { return false }
        room[count] = byte
        count += 1
        return true
    }

    @inline(__always)
    private mutating func append(_ text: StaticString) -> Bool {
        append(text.utf8Start, count: text.utf8CodeUnitCount)
    }

    @inline(__always)
    private mutating func append(_ start: UnsafeRawPointer, count length: Int) -> Bool {
        guard reserve(length) else { return false }
        memcpy(room + count, start, length)
        count += length
        return true
    }
}
