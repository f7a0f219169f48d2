import JSON

/// The address blocks that a function's VPC is peered with, separated by semicolons.
public struct PeeringCIDR: Hashable, Sendable, CustomStringConvertible {
    /// How many blocks there may be.
    public static let maximumCount = 5

    /// The blocks as they were sent.
    public let description: String
}

extension PeeringCIDR: SettingValue {
    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        let text = try json.text(of: setting, or: .invalidParameter)
        let blocks = text.split(separator: ";", omittingEmptySubsequences: false)
        guard blocks.count <= Self.maximumCount, blocks.allSatisfy(Self.isBlock) else {
            throw FGSError(
                .invalidParameter,
                "\(setting) must be up to \(Self.maximumCount) blocks such as 10.0.0.0/8, separated by ';'"
            )
        }
        description = text
    }

    var json: JSONValue { .string(description) }

    private static func isBlock(_ text: Substring) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, isNumber(parts[1], upTo: 32) else { return false }
        let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers.allSatisfy { isNumber($0, upTo: 255) }
    }

    private static func isNumber(_ text: Substring, upTo maximum: Int) -> Bool {
        text.unicodeScalars.allSatisfy(\.isASCIIDigit) && Int(text).map { $0 <= maximum } ?? false
    }
}
