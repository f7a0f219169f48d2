/// Where an archive's bytes are. Reading is by position, so that an archive of any size needs no more memory
/// than the piece being looked at.
public protocol ByteSource {
    /// The number of bytes there are.
    var size: UInt64 { get }

    /// Fills `buffer` with the bytes from `offset` on. The caller has made sure that they are there.
    ///
    /// - Throws: `ZipError.system`, or `ZipError.truncated` when the bytes have gone meanwhile.
    func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws(ZipError)
}
