import JSON

/// The size of an instance's `/tmp`.
public enum EphemeralStorage: Int, Hashable, Sendable, CaseIterable {
    /// 512 MB, the default.
    case small = 512
    /// 10 GB.
    case large = 10_240

    /// The size in MB.
    public var megabytes: Int { rawValue }
}

extension EphemeralStorage: SettingValue {
    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        guard let size = json.integerValue.flatMap(EphemeralStorage.init(rawValue:)) else {
            throw FGSError(.invalidParameter, "\(setting) must be 512 or 10240 (MB)")
        }
        self = size
    }

    var json: JSONValue { .integer(rawValue) }
}
