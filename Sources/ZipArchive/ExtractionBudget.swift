/// What may still be unpacked, counted while it is.
struct ExtractionBudget {
    private let limits: ExtractionLimits
    private var files = 0
    private var bytes: UInt64 = 0

    init(_ limits: ExtractionLimits) {
        self.limits = limits
    }

    /// Makes sure that nothing is unpacked in vain: what entries unpack to they declare, and to no more.
    ///
    /// - Throws: `ZipError.tooLarge` when they declare more than may still be unpacked.
    func check(_ entries: [ZipEntry]) throws(ZipError) {
        var left = limits.bytes - bytes
        for entry in entries {
            guard entry.size <= left else { throw .tooLarge(limit: limits.bytes) }
            left -= entry.size
        }
    }

    /// - Throws: `ZipError.tooManyFiles`.
    mutating func takeFile() throws(ZipError) {
        files += 1
        if files > limits.files { throw .tooManyFiles(limit: limits.files) }
    }

    /// - Throws: `ZipError.tooLarge`.
    mutating func take(_ count: Int) throws(ZipError) {
        bytes += UInt64(count)
        if bytes > limits.bytes { throw .tooLarge(limit: limits.bytes) }
    }
}
