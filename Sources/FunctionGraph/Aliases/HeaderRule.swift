import JSON

/// One rule of a `VersionStrategy`: a header, and the values it may have.
public struct HeaderRule: Hashable, Sendable {
    /// How a header is compared.
    public enum Operation: String, Hashable, Sendable, CaseIterable {
        /// It equals the value.
        case equals = "="
        /// It is one of the values of a list with commas.
        case isIn = "in"
    }

    /// The header's name.
    public let header: String
    /// How it is compared.
    public let operation: Operation
    /// What with.
    public let value: String

    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        let object = try json.object(of: setting)
        guard object["rule_type"]?.stringValue ?? "Header" == "Header" else {
            throw FGSError(.invalidParameter, "\(setting).rule_type must be Header")
        }
        guard let operation = object["op"]?.stringValue.flatMap(Operation.init(rawValue:)) else {
            throw FGSError(.invalidParameter, "\(setting).op must be in or =")
        }
        guard let header = object["param"]?.stringValue, 1...128 ~= header.utf8.count,
            header.unicodeScalars.allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit || $0 == "_" || $0 == "-" }
            )
        else {
            throw FGSError(
                .invalidParameter, "\(setting).param must be a header's name: letters, digits, '_' and '-'")
        }
        guard let value = object["value"]?.stringValue, value.utf8.count <= 1_024 else {
            throw FGSError(.invalidParameter, "\(setting).value must be a string of at most 1024 bytes")
        }
        self.header = header
        self.operation = operation
        self.value = value
    }

    func matches(_ header: (String) -> String?) -> Bool {
        guard let found = header(self.header) else { return false }
        switch operation {
        case .equals: return found == value
        case .isIn: return value.split(separator: ",").contains { Self.trimmed($0) == found[...] }
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return text
    }

    var json: JSONValue {
        [
            "rule_type": "Header", "param": .string(header), "op": .string(operation.rawValue),
            "value": .string(value),
        ]
    }
}
