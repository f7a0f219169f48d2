import FunctionGraph
import FunctionStore
import Sockets

/// Where the invocations of a URN go: to one version, or, through an alias, to one of two.
@EventLoopActor
final class InvocationRoute {
    private let alias: String
    private let main: Deployment
    private let additional: (deployment: Deployment, rule: AdditionalVersion)?
    private var random: UInt64

    init(_ alias: Alias?, main: Deployment, additional: Deployment?) {
        self.alias = alias?.name.description ?? ""
        self.main = main
        if let rule = alias?.additional, let additional {
            self.additional = (additional, rule)
        } else {
            self.additional = nil
        }
        random = .random(in: 1 ... .max)
    }

    /// The deployment for one invocation, and the alias its handler is told of.
    ///
    /// - Parameter header: The value of one of the invocation's headers.
    func choose(_ header: (String) -> String?) -> (deployment: Deployment, alias: String) {
        guard let additional else { return (main, alias) }
        if let strategy = additional.rule.strategy, strategy.matches(header) {
            return (additional.deployment, alias)
        }
        if let weight = additional.rule.weight, Int(nextRandom() % 100) < weight {
            return (additional.deployment, alias)
        }
        return (main, alias)
    }

    /// Numbers that are random enough to share calls by (xorshift64*).
    private func nextRandom() -> UInt64 {
        random ^= random >> 12
        random ^= random << 25
        random ^= random >> 27
        return (random &* 0x2545_F491_4F6C_DD1D) >> 11
    }
}
