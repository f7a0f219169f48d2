import HTTPTypes

/// Finds the route of a request: a tree over path segments, in which literals win over parameters.
public struct RouteTable<Route: Sendable>: Sendable {
    /// What a lookup found.
    public enum Match {
        /// The route, and the decoded values of its parameters in the order of the template.
        case found(Route, parameters: [String])
        /// The path is known, the method is not; these are.
        case methodNotAllowed([HTTPRequest.Method])
        /// No template fits the path.
        case notFound
    }

    private struct Node: Sendable {
        var literals: [(text: [UInt8], node: Int)] = []
        var parameter: Int?
        var routes: [(method: HTTPRequest.Method, route: Route)] = []
    }

    private var nodes = [Node()]

    /// An empty table.
    public init() {}

    /// Adds a route. `{name}` in the template stands for any one segment, an empty one too.
    public mutating func add(_ method: HTTPRequest.Method, _ template: String, _ route: Route) {
        var current = 0
        for segment in template.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true) {
            current = child(of: current, for: [UInt8](segment))
        }
        precondition(!nodes[current].routes.contains { $0.method == method }, "\(method) \(template) twice")
        nodes[current].routes.append((method, route))
    }

    /// Finds the route of a request. A slash at the end of the path makes no difference.
    public func match(_ request: Request) -> Match {
        // The first segment is the empty text before the leading slash.
        var segments = request.pathBytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .dropFirst()
        if segments.count > 1, segments.last?.isEmpty == true { segments = segments.dropLast() }
        if segments.count == 1, segments.first?.isEmpty == true { segments = [] }
        var captured: [ArraySlice<UInt8>] = []
        guard let node = find(segments[...], from: 0, &captured) else { return .notFound }
        // HEAD is GET without the body.
        let method = request.method == .head ? .get : request.method
        guard let route = nodes[node].routes.first(where: { $0.method == method })?.route else {
            return .methodNotAllowed(allowed(at: node))
        }
        return .found(route, parameters: captured.map { PercentEncoding.decode($0) })
    }

    private func allowed(at node: Int) -> [HTTPRequest.Method] {
        let methods = nodes[node].routes.map(\.method)
        return methods.contains(.get) ? methods + [.head] : methods
    }

    private mutating func child(of node: Int, for segment: [UInt8]) -> Int {
        let isParameter = segment.first == UInt8(ascii: "{")
        if isParameter, let existing = nodes[node].parameter { return existing }
        if let existing = nodes[node].literals.first(where: { $0.text == segment }) { return existing.node }
        nodes.append(Node())
        if isParameter {
            nodes[node].parameter = nodes.count - 1
        } else {
            nodes[node].literals.append((segment, nodes.count - 1))
        }
        return nodes.count - 1
    }

    /// Depth first, literal before parameter; templates are short, so going back costs nothing.
    private func find(
        _ segments: ArraySlice<ArraySlice<UInt8>>,
        from node: Int,
        _ captured: inout [ArraySlice<UInt8>]
    ) -> Int? {
        guard let segment = segments.first else { return nodes[node].routes.isEmpty ? nil : node }
        for literal in nodes[node].literals where literal.text.elementsEqual(segment) {
            if let found = find(segments.dropFirst(), from: literal.node, &captured) { return found }
        }
        guard let parameter = nodes[node].parameter else { return nil }
        captured.append(segment)
        if let found = find(segments.dropFirst(), from: parameter, &captured) { return found }
        captured.removeLast()
        return nil
    }
}
