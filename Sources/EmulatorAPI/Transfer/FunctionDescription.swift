import FunctionGraph
import JSON
import Yams

/// The description of a function as it stands in exported archives: `<name>.yaml`, with the members that the API
/// itself has.
struct FunctionDescription {
    /// Its members.
    let members: JSONObject

    /// The largest description that is read, in bytes.
    private static let limit = 64 << 10

    /// The name of the entry that holds a function's code archive.
    static func codeArchive(of name: String) -> String { "\(name).zip" }

    /// Describes a function. What is encrypted stays where it is.
    init(of function: Function, triggers: [Trigger]) {
        var members: JSONObject = [
            "func_name": .string(function.name.description), "package": .string(function.package.description),
            "code_type": .string(function.code.type.rawValue),
            "code_filename": .string(function.code.fileName),
        ]
        for (key, value) in function.configuration.stored where key != "encrypted_user_data" {
            members[key] = value
        }
        if !triggers.isEmpty {
            members["triggers"] = .array(
                triggers.map { trigger in
                    [
                        "trigger_type_code": .string(trigger.type.rawValue),
                        "trigger_status": .string(trigger.status.rawValue),
                        "event_data": .object(trigger.data.object),
                    ]
                })
        }
        self.members = members
    }

    /// Reads a description. It may stand alone or as the only one of a list.
    ///
    /// - Throws: `FGSError` FSS.1025 for what is no YAML or too large, FSS.1057 without a function's name, FSS.1058
    ///   for a list that names one function twice.
    init(yaml bytes: [UInt8]) throws(FGSError) {
        let value = try Self.value(of: bytes)
        let list = value["functions"]?.arrayValue ?? value.arrayValue
        let descriptions = (list ?? [value]).compactMap(\.objectValue)
        guard let first = descriptions.first else {
            throw FGSError(.invalidYAML, "the YAML file describes no function")
        }
        var names: Set<[String?]> = []
        for description in descriptions {
            guard description["func_name"]?.stringValue?.isEmpty == false else {
                throw FGSError(.functionNameMissingInYAML)
            }
            let name = [description["package"]?.stringValue, description["func_name"]?.stringValue]
            guard names.insert(name).inserted else { throw FGSError(.functionDuplicatedInYAML) }
        }
        guard descriptions.count == 1 else {
            throw FGSError(
                .invalidYAML, "the YAML file describes \(descriptions.count) functions; one can be imported")
        }
        members = first
    }

    /// The description as text.
    var yaml: String {
        // Nothing in it can fail to be written: it is made of scalars, lists and mappings only.
        (try? Yams.serialize(node: Self.node(.object(members)), allowUnicode: true)) ?? ""
    }

    // MARK: YAML and JSON

    private static func value(of bytes: [UInt8]) throws(FGSError) -> JSONValue {
        guard bytes.count <= limit, let text = String(validating: bytes, as: UTF8.self), isShallow(bytes)
        else {
            throw FGSError(
                .invalidYAML, "the YAML file is larger than 64 KiB, nested too deeply, or not UTF-8")
        }
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch {
            throw FGSError(.invalidYAML, "the YAML file cannot be read: \(error)")
        }
        var budget = 10_000
        guard let node, let value = value(of: node, &budget) else {
            throw FGSError(.invalidYAML, "the YAML file is empty, too large, or has keys that are no texts")
        }
        return value
    }

    /// Whether nothing is nested so deeply that reading it would exhaust a thread's stack. Nesting takes a bracket,
    /// a column of indentation, or a dash on the same line.
    private static func isShallow(_ bytes: [UInt8]) -> Bool {
        var brackets = 0
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let indentation = line.prefix {
                $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "?")
            }
            brackets += line.count { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") }
            guard indentation.count <= 200, brackets <= 500 else { return false }
        }
        return true
    }

    /// A node as JSON; nil when it has keys that are no texts, or more nodes than `budget` (aliases can multiply
    /// a few bytes to any number).
    private static func value(of node: Node, _ budget: inout Int) -> JSONValue? {
        budget -= 1
        guard budget > 0 else { return nil }
        switch node {
        case .scalar(let scalar):
            if let integer = Int.construct(from: scalar), node.tag == Tag(.int) { return .integer(integer) }
            if node.tag == Tag(.float), let number = Double.construct(from: scalar).flatMap(JSONNumber.init) {
                return .number(number)
            }
            if node.tag == Tag(.bool), let flag = Bool.construct(from: scalar) { return .bool(flag) }
            return node.tag == Tag(.null) ? .null : .string(scalar.string)
        case .sequence(let sequence):
            var members: [JSONValue] = []
            for node in sequence {
                guard let member = value(of: node, &budget) else { return nil }
                members.append(member)
            }
            return .array(members)
        case .mapping(let mapping):
            var object = JSONObject()
            for (key, node) in mapping {
                guard let key = key.string, let member = value(of: node, &budget) else { return nil }
                object[key] = member
            }
            return .object(object)
        case .alias:
            return nil
        }
    }

    private static func node(_ value: JSONValue) -> Node {
        switch value {
        case .null: Node("null", Tag(.null))
        case .bool(let flag): Node(flag ? "true" : "false", Tag(.bool))
        case .number(let number): Node(number.description, Tag(number.integer == nil ? .float : .int))
        case .string(let text): Node(text, Tag(.str), .doubleQuoted)
        case .array(let members): Node(members.map(node))
        case .object(let object): Node(object.map { (Node($0, Tag(.str)), node($1)) })
        }
    }
}
