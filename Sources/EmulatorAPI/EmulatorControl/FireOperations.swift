import EventSources
import FunctionGraph
import JSON
import Sockets

/// What triggers have fired.
enum FireOperations {
    static let routes = [
        Route(
            "emulator-fires", .get, "/_emulator/fires", "List what triggers have fired since the start",
            query: [
                QueryParameter("trigger_id", "one trigger"),
                QueryParameter("type", "one type of triggers"),
                QueryParameter("function", "the URN or the name of a function"),
                QueryParameter("marker", "the number of the first fire to look at", isNumber: true),
                QueryParameter("limit", "the most fires, 1000 unless given", isNumber: true),
            ], .immediate(list))
    ]

    @EventLoopActor
    private static func list(_ request: APIRequest, _ server: APIServer) throws -> APIResponse {
        func number(_ name: String, _ standard: Int, _ range: ClosedRange<Int>) throws -> Int {
            guard let text = request.nonEmptyQuery(name) else { return standard }
            guard let number = Int(text), range.contains(number) else {
                throw FGSError(
                    .invalidQueryParameter,
                    "\(name) must be a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
        let marker = try number("marker", 0, 0...Int.max)
        let limit = try number("limit", 1_000, 1...100_000)
        let type = try request.nonEmptyQuery("type").map { try TriggerType(path: $0) }
        let trigger = request.nonEmptyQuery("trigger_id")
        let function = request.nonEmptyQuery("function")
        let log = server.triggers.fires
        let fires = log.fires(from: marker)
        var found: [JSONValue] = []
        var end = log.count
        for (offset, fire) in fires.enumerated() {
            guard type == nil || fire.trigger.type == type,
                trigger == nil || fire.trigger.id.description == trigger,
                function == nil || fire.target.description == function
                    || fire.target.name.description == function
            else { continue }
            if found.count == limit {
                end = log.count - fires.count + offset
                break
            }
            found.append(.object(fire.body))
        }
        return .json(["fires": .array(found), "next_marker": .integer(end)])
    }
}
