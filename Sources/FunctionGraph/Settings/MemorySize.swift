import JSON

/// How much memory an instance gets. The API reference lists the sizes up to 4096 MB, the user manual and the
/// invocation header the two above.
public enum MemorySize: Int, Hashable, Sendable, CaseIterable {
    case mb128 = 128
    case mb256 = 256
    case mb512 = 512
    case mb768 = 768
    case mb1024 = 1_024
    case mb1280 = 1_280
    case mb1536 = 1_536
    case mb1792 = 1_792
    case mb2048 = 2_048
    case mb2560 = 2_560
    case mb3072 = 3_072
    case mb3584 = 3_584
    case mb4096 = 4_096
    case mb8192 = 8_192
    case mb10240 = 10_240

    /// Takes a number of megabytes.
    ///
    /// - Throws: `FGSError` `.invalidMemorySize` for one that is not offered.
    public init(megabytes: Int) throws(FGSError) {
        guard let size = MemorySize(rawValue: megabytes) else {
            throw FGSError(
                .invalidMemorySize,
                "memory_size \(megabytes) is not offered; the sizes in MB are \(Self.list)"
            )
        }
        self = size
    }

    /// The size in MB.
    public var megabytes: Int { rawValue }

    /// The share of processors that comes with it, in thousandths of one (API reference, "Generated values").
    public var millicores: Int { rawValue * 100 / 128 + 200 }

    /// All sizes, for texts.
    static let list = allCases.map { String($0.rawValue) }.joined(separator: ", ")
}

extension MemorySize: SettingValue {
    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        guard let megabytes = json.integerValue else {
            throw FGSError(
                .invalidMemorySize,
                "\(setting) must be a number of megabytes; the sizes are \(Self.list)"
            )
        }
        try self.init(megabytes: megabytes)
    }

    var json: JSONValue { .integer(rawValue) }
}
