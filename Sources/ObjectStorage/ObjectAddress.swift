/// The address of an object: `https://BUCKET.obs.REGION.HOST/KEY`.
public struct ObjectAddress: Hashable, Sendable, CustomStringConvertible {
    /// The bucket.
    public let bucket: BucketName
    /// The object in it.
    public let key: ObjectKey

    /// Names an object.
    public init(bucket: BucketName, key: ObjectKey) {
        self.bucket = bucket
        self.key = key
    }

    /// Takes a URL apart; a query (a signature, say) is ignored.
    ///
    /// - Returns: nil for URLs of other kinds.
    public init?(url: String) {
        guard let scheme = ["https://", "http://"].first(where: url.lowercased().hasPrefix) else {
            return nil
        }
        let rest = url.dropFirst(scheme.count).prefix { $0 != "?" && $0 != "#" }
        guard let slash = rest.firstIndex(of: "/") else { return nil }
        let labels = rest[..<slash].split(separator: ".", omittingEmptySubsequences: false)
        // A bucket's name may have dots itself.
        guard let marker = labels.firstIndex(of: "obs"), marker > 0, marker < labels.count - 1,
            let bucket = BucketName(labels[..<marker].joined(separator: ".").lowercased()),
            let path = Self.decoded(rest[slash...]), let key = ObjectKey(path)
        else { return nil }
        self.init(bucket: bucket, key: key)
    }

    /// `bucket/key`.
    public var description: String { "\(bucket)/\(key)" }

    /// Percent-decoding; nil for what is not UTF-8 then.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
                rest.count >= 2
            else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
