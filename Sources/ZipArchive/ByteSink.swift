/// Where an archive is written to, from front to back.
public protocol ByteSink {
    /// Takes the next bytes.
    ///
    /// - Throws: `ZipError.system` when they cannot be kept.
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(ZipError)
}
