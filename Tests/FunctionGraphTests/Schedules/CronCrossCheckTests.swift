import Foundation
import FunctionGraph
import Testing

/// Compares with croniter, an implementation in Python. `scripts/cron-cross-check` writes the cases and says where
/// they are; a plain test run leaves this out.
struct CronCrossCheckTests {
    static let file = ProcessInfo.processInfo.environment["FGS_CRON_CASES"]

    /// An expression, and what croniter says of it.
    struct Case: Decodable {
        let expression: String
        /// In seconds since the beginning of 1970.
        let start: Int64
        let croniter: Fires
        /// The rules by which croniter is known to differ and which the expression is about.
        let rules: [String]
        /// What croniter says of the same schedule, written so that the rules do not matter.
        let beyondRules: Fires?
    }

    /// Fires in seconds since the beginning of 1970.
    struct Fires: Decodable, Equatable {
        /// The first ones after the start, in order.
        let next: [Int64]
        /// The last ones up to and including the start, backwards.
        let last: [Int64]
    }

    @Test(
        "expressions fire when croniter says, or differ by a rule that is known",
        .enabled(if: Self.file != nil, "scripts/cron-cross-check runs it")
    )
    func crossCheck() throws {
        let data = try Data(contentsOf: URL(filePath: try #require(Self.file)))
        let cases = try JSONDecoder().decode([Case].self, from: data)
        var equal = 0
        var unexplained = 0
        var explained: [String: Int] = [:]
        for item in cases {
            let fires = try Self.fires(of: item)
            if fires == item.croniter {
                equal += 1
            } else if fires == item.beyondRules {
                explained[item.rules.joined(separator: " and "), default: 0] += 1
            } else {
                unexplained += 1
                Issue.record("unexplained: \(item), but here \(fires)")
            }
        }
        let rules = explained.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }.joined(
            separator: ", "
        )
        print(
            "\(cases.count) cases: \(equal) equal, \(cases.count - equal) differ, "
                + (unexplained == 0 ? "all explained by: \(rules)" : "\(unexplained) of them unexplained")
        )
    }

    private static func fires(of item: Case) throws -> Fires {
        let expression = try CronExpression(item.expression)
        var next: [Int64] = []
        var time = Timestamp(seconds: item.start)
        while next.count < 5, let fire = expression.next(after: time) {
            next.append(fire.seconds)
            time = fire
        }
        var last: [Int64] = []
        time = Timestamp(seconds: item.start)
        while last.count < 2, let fire = expression.last(through: time) {
            last.append(fire.seconds)
            time = fire.advanced(byMilliseconds: -1)
        }
        return Fires(next: next, last: last)
    }
}
