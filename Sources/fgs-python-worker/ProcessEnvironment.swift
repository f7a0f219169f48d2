import CPython
import CSystem
import Glibc

/// The environment variables of this process, all of them put in place at once.
///
/// `os.environ` sets one after the other, each of which looks through those before it, and writes to memory in many
/// places, which a process that was just forked has to copy first.
enum ProcessEnvironment {
    /// What `environ` points to, if it came from here. Used by whoever holds the interpreter's lock.
    nonisolated(unsafe) private static var block: UnsafeMutableRawPointer?

    /// Makes `variables` the environment of this process, and of those that it starts.
    ///
    /// No other thread may use the environment meanwhile, and no text of it may still be in use.
    ///
    /// - Parameters:
    ///   - variables: A `dict` of `str` to `str`.
    ///   - data: The `dict` of `bytes` that `os.environ` stands for, which becomes the same.
    /// - Returns: Whether that was done. If not, there is an exception, and the environment of the process, though not
    ///   `data`, is as before.
    static func replace(
        by variables: UnsafeMutablePointer<PyObject>?, _ data: UnsafeMutablePointer<PyObject>?
    ) -> Bool {
        guard let size = size(of: variables) else { return false }
        guard let room = malloc(size) else {
            PyErr_NoMemory()
            return false
        }
        guard fill(room, with: variables, data) else {
            free(room)
            return false
        }
        csystem_set_environment(room.assumingMemoryBound(to: UnsafeMutablePointer<CChar>?.self))
        free(block)
        block = room
        return true
    }

    /// The bytes that pointers and texts need; nil, with an exception, if one of these is no text for C.
    private static func size(of variables: UnsafeMutablePointer<PyObject>?) -> Int? {
        let pointer = MemoryLayout<UnsafeMutablePointer<CChar>?>.stride
        var size = pointer
        let isComplete = forEach(variables) { name, value in
            // `=` and the NUL at the end.
            size += pointer + name.text.count + value.text.count + 2
            return true
        }
        return isComplete ? size : nil
    }

    private static func fill(
        _ room: UnsafeMutableRawPointer, with variables: UnsafeMutablePointer<PyObject>?,
        _ data: UnsafeMutablePointer<PyObject>?
    ) -> Bool {
        PyDict_Clear(data)
        let pointers = room.assumingMemoryBound(to: UnsafeMutablePointer<CChar>?.self)
        let count = PyDict_Size(variables)
        var text = UnsafeMutableRawPointer(pointers + count + 1).assumingMemoryBound(to: CChar.self)
        var index = 0
        let isComplete = forEach(variables) { name, value in
            pointers[index] = text
            index += 1
            for (part, end) in [(name, UInt8(ascii: "=")), (value, 0)] {
                memcpy(text, part.text.baseAddress!, part.text.count)
                text[part.text.count] = CChar(end)
                text += part.text.count + 1
            }
            guard let key = name.bytes() else { return false }
            defer { Py_DecRef(key) }
            guard let content = value.bytes() else { return false }
            defer { Py_DecRef(content) }
            return PyDict_SetItem(data, key, content) == 0
        }
        pointers[index] = nil
        return isComplete
    }

    /// One name or one value.
    private struct Part {
        let text: UnsafeBufferPointer<CChar>

        /// nil, with an exception, for what is no `str`, has lone surrogates or a NUL.
        init?(_ object: UnsafeMutablePointer<PyObject>?) {
            var count = 0
            guard let start = PyUnicode_AsUTF8AndSize(object, &count) else { return nil }
            text = UnsafeBufferPointer(start: start, count: count)
            guard memchr(start, 0, count) == nil else {
                fgs_raise_value_error("an environment variable cannot have a NUL character")
                return nil
            }
        }

        func bytes() -> UnsafeMutablePointer<PyObject>? {
            PyBytes_FromStringAndSize(text.baseAddress, text.count)
        }
    }

    /// Goes through them, for as long as `action` returns true.
    ///
    /// - Returns: Whether it went through all of them.
    private static func forEach(
        _ variables: UnsafeMutablePointer<PyObject>?, _ action: (Part, Part) -> Bool
    ) -> Bool {
        var position = 0
        var key: UnsafeMutablePointer<PyObject>?
        var value: UnsafeMutablePointer<PyObject>?
        while PyDict_Next(variables, &position, &key, &value) != 0 {
            guard let name = Part(key), let content = Part(value), action(name, content) else { return false }
        }
        return true
    }
}
