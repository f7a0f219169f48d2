import Glibc

/// What the kernel says about a watched directory.
struct FileEvent {
    /// The watch; -1 for what concerns all of them.
    let watch: Int32
    /// What happened, in the kernel's bits.
    let mask: UInt32
    /// What the two halves of a renaming have in common.
    let cookie: UInt32
    /// The name in the directory; empty for the directory itself.
    let name: String

    /// Whether one of some things happened.
    func has(_ bits: Int32) -> Bool { mask & UInt32(bits) != 0 }

    /// Whether it is about a directory.
    var isDirectory: Bool { has(Int32(bitPattern: UInt32(IN_ISDIR))) }
    /// Whether the kernel had more to say than it could keep.
    var isOverflow: Bool { has(Int32(bitPattern: UInt32(IN_Q_OVERFLOW))) }
    /// Whether the watch is gone.
    var isEndOfWatch: Bool { has(Int32(bitPattern: UInt32(IN_IGNORED))) }
}
