/// The parameters of a query, decoded, and the ways in which signatures write them again.
struct SignedQuery {
    private typealias Parameter = (name: [UInt8], value: [UInt8])

    private let parameters: [Parameter]

    /// Reads a query as sent. A name without `=` has an empty value.
    init(_ query: [UInt8]) {
        parameters = query.split(separator: UInt8(ascii: "&")).map { pair in
            let parts = pair.split(
                separator: UInt8(ascii: "="),
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            return (
                URIEncoding.decode(parts[0], plusIsBlank: true),
                parts.count > 1 ? URIEncoding.decode(parts[1], plusIsBlank: true) : []
            )
        }
    }

    /// All parameters, by name and then by value.
    var sorted: [UInt8] {
        let sorted = parameters.sorted { left, right in
            left.name == right.name
                ? left.value.lexicographicallyPrecedes(right.value)
                : left.name.lexicographicallyPrecedes(right.name)
        }
        return Self.join(sorted) { URIEncoding.encode($0) }
    }

    /// The first parameter of each name, by name whatever its case.
    var sortedIgnoringCase: [UInt8] {
        var seen = Set<[UInt8]>()
        let firsts = parameters.filter { seen.insert($0.name).inserted }.map { parameter in
            (key: parameter.name.map(Self.lowercased), parameter: parameter)
        }
        let sorted = firsts.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.parameter)
        return Self.join(sorted) { URIEncoding.encode($0) }
    }

    /// All parameters as the body of a form, by name.
    var form: [UInt8] {
        // Stable: the values of one name keep their order.
        let sorted = parameters.enumerated().sorted { left, right in
            left.element.name == right.element.name
                ? left.offset < right.offset : left.element.name.lexicographicallyPrecedes(right.element.name)
        }.map(\.element)
        return Self.join(sorted) { text in
            URIEncoding.encode(text, except: " ").map { $0 == 0x20 ? UInt8(ascii: "+") : $0 }
        }
    }

    private static func join(_ parameters: [Parameter], _ encode: ([UInt8]) -> [UInt8]) -> [UInt8] {
        Array(parameters.map { encode($0.name) + "=".utf8 + encode($0.value) }.joined(separator: "&".utf8))
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
    }
}
