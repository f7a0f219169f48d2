import Yams

/// A node of the file, which knows where it stands.
struct DirectoryNode {
    private let file: String
    private let node: Node

    /// The root of a text.
    ///
    /// - Throws: `DirectoryError` if the text is no YAML, or has no content.
    init(parsing text: String, file: String) throws(DirectoryError) {
        self.file = file
        do {
            guard let root = try compose(yaml: text) else {
                throw DirectoryProblem.wrongShape(expected: "entries")
            }
            node = root
        } catch let problem as DirectoryProblem {
            throw DirectoryError(place: file, problem: problem)
        } catch {
            // Yams' own descriptions quote the text, and with it passwords.
            throw DirectoryError(place: file, problem: .notReadable(Self.explanation(of: error)))
        }
    }

    private init(_ node: Node, file: String) {
        self.file = file
        self.node = node
    }

    /// What is wrong here, as an error.
    func error(_ problem: DirectoryProblem) -> DirectoryError {
        DirectoryError(place: node.mark.map { "\(file), line \($0.line)" } ?? file, problem: problem)
    }

    /// The text of a scalar, as written: a password of digits is not a number.
    func text() throws(DirectoryError) -> String {
        guard let scalar = node.scalar else { throw error(.wrongShape(expected: "a text")) }
        return scalar.string
    }

    /// The nodes of a list, which must not be empty: an empty one is more likely a mistake than a wish.
    func list() throws(DirectoryError) -> [DirectoryNode] {
        guard let sequence = node.sequence, !sequence.isEmpty else {
            throw error(.wrongShape(expected: "a list that is not empty"))
        }
        return sequence.map { DirectoryNode($0, file: file) }
    }

    /// The texts of a list.
    func texts() throws(DirectoryError) -> [String] {
        var texts: [String] = []
        for node in try list() { texts.append(try node.text()) }
        return texts
    }

    /// The keys and values of a mapping, whatever the keys are.
    func pairs() throws(DirectoryError) -> [(key: String, value: DirectoryNode)] {
        guard let mapping = node.mapping else { throw error(.wrongShape(expected: "keys and values")) }
        var pairs: [(key: String, value: DirectoryNode)] = []
        for (key, value) in mapping {
            pairs.append((try DirectoryNode(key, file: file).text(), DirectoryNode(value, file: file)))
        }
        return pairs
    }

    /// The values of a mapping whose keys are all among those known.
    func members(_ known: [String]) throws(DirectoryError) -> [String: DirectoryNode] {
        var members: [String: DirectoryNode] = [:]
        for (key, value) in try pairs() {
            guard known.contains(key) else { throw value.error(.unknownKey(known.joined(separator: ", "))) }
            members[key] = value
        }
        return members
    }

    private static func explanation(of error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "line \(mark.line) is not YAML: \(problem)"
        case .duplicatedKeysInMapping(_, let context):
            "a key occurs twice from line \(context.mark.line) on"
        default:
            "it is not YAML"
        }
    }
}
