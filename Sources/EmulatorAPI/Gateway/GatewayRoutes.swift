import EventSources
import FunctionGraph
import FunctionStore
import JSON
import Sockets

/// Every API of the gateway, by its group and in the order in which requests are offered to them.
@EventLoopActor
final class GatewayRoutes: EventSource {
    /// What a lookup found.
    enum Match {
        /// The API, and the parameters of the path.
        case found(GatewayRoute, parameters: JSONObject)
        /// There are APIs for the path, but of these methods only.
        case methodNotAllowed([String])
        /// There is no such group, or nothing for the path in it.
        case notFound
    }

    /// The methods an API of all methods has (API reference, `req_method`).
    static let methods = ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"]

    private var groups: [String: [GatewayRoute]] = [:]
    private var groupsOfTriggers: [Identifier: String] = [:]

    /// See `EventSource`.
    func set(_ bound: FunctionStore.BoundTrigger) {
        remove(bound)
        guard let route = GatewayRoute(bound) else { return }
        let group = route.rule.group
        groupsOfTriggers[bound.trigger.id] = group
        var routes = groups[group] ?? []
        routes.insert(route, at: routes.firstIndex { route.rule.precedes($0.rule) } ?? routes.endIndex)
        groups[group] = routes
    }

    /// See `EventSource`.
    func remove(_ bound: FunctionStore.BoundTrigger) {
        let id = bound.trigger.id
        guard let group = groupsOfTriggers.removeValue(forKey: id) else { return }
        let rest = (groups[group] ?? []).filter { $0.bound.trigger.id != id }
        groups[group] = rest.isEmpty ? nil : rest
    }

    /// Finds the API for a request.
    func match(_ method: String, at address: GatewayAddress) -> Match {
        let routes = routes(at: address)
        for route in routes {
            if let parameters = route.rule.parameters(method: method, path: address.path) {
                return .found(route, parameters: parameters)
            }
        }
        let others = Self.methods.filter { $0 != method }.filter { other in
            routes.contains { $0.rule.parameters(method: other, path: address.path) != nil }
        }
        return others.isEmpty ? .notFound : .methodNotAllowed(others)
    }

    /// The methods with which web pages of other origins may call a path.
    func methodsForOtherOrigins(at address: GatewayAddress) -> [String] {
        let routes = routes(at: address)
        return Self.methods.filter { method in
            let route = routes.first { $0.rule.parameters(method: method, path: address.path) != nil }
            return route?.allowsOtherOrigins ?? false
        }
    }

    private func routes(at address: GatewayAddress) -> [GatewayRoute] {
        if let routes = groups[address.group] { return routes }
        guard address.isName else { return [] }
        return groups.first { $0.key.lowercased() == address.group }?.value ?? []
    }
}
