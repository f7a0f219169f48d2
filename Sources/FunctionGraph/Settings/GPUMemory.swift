import JSON

/// The memory of a graphics processor that an instance may use.
public struct GPUMemory: Hashable, Sendable {
    /// The size in MB: a multiple of 1024 up to 16384.
    public let megabytes: Int
}

extension GPUMemory: SettingValue {
    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        megabytes = try json.integer(of: setting, in: 1_024...16_384, or: .invalidParameter)
        guard megabytes % 1_024 == 0 else {
            throw FGSError(.invalidParameter, "\(setting) must be a multiple of 1024 (MB)")
        }
    }

    var json: JSONValue { .integer(megabytes) }
}
