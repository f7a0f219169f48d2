import EventSources
import FunctionGraph
import JSON
import Sockets

/// The clock of the emulator, for tests that cannot wait.
enum ClockOperations {
    static let routes = [
        Route(
            "emulator-clock", .get, "/_emulator/clock", "Read the emulator's clock",
            .immediate { _, server in .object(body(server.clockControl)) }),
        Route(
            "emulator-clock-set", .put, "/_emulator/clock", "Set, freeze or resume the clock",
            body: "ClockSetting", .call(set)),
        Route(
            "emulator-clock-advance", .post, "/_emulator/clock/advance",
            "Move the clock forward, firing what becomes due", body: "ClockAdvance", .call(advance)),
    ]

    /// The first and the last time that can be set: those of four-digit years from 1970 on.
    private static let range =
        Timestamp(milliseconds: 0)...Timestamp(milliseconds: 253_402_300_799_999)

    @EventLoopActor
    private static func set(_ target: RequestTarget, _ call: APICall, _ server: APIServer) {
        let control = server.clockControl
        do throws(FGSError) {
            let setting = try setting(
                try APIRequest.object(call.exchange.request.body), isFrozen: control.clock.isFrozen)
            control.set(setting) { fired in answer(call, control, fired) }
        } catch {
            call.respond(ErrorResponse.make(error))
        }
    }

    private static func setting(_ body: JSONObject, isFrozen: Bool) throws(FGSError) -> ClockSetting {
        switch body["mode"] {
        case nil, .null:
            let now = try time(body["now"], "now")
            switch body["frozen"] {
            case .bool(let frozen): return frozen ? .frozen(now) : .running(now)
            case nil, .null:
                guard let now else {
                    throw FGSError(
                        .invalidParameter,
                        "name what to set: {\"now\": a time}, {\"frozen\": true or false}, or {\"mode\": \"system\"}"
                    )
                }
                return isFrozen ? .frozen(now) : .running(now)
            default: throw FGSError(.invalidParameter, "frozen must be true or false")
            }
        case "system":
            guard (body["now"] ?? .null).isNull, (body["frozen"] ?? .null).isNull else {
                throw FGSError(
                    .invalidParameter,
                    "with mode system the clock goes with the machine's: leave out now and frozen")
            }
            return .system
        default: throw FGSError(.invalidParameter, "mode must be system, or be left out")
        }
    }

    @EventLoopActor
    private static func advance(_ target: RequestTarget, _ call: APICall, _ server: APIServer) {
        let control = server.clockControl
        do throws(FGSError) {
            let body = try APIRequest.object(call.exchange.request.body)
            let goal = try goal(body)
            let waits: Bool
            switch body["wait"] {
            case nil, .null: waits = true
            case .bool(let value): waits = value
            default: throw FGSError(.invalidParameter, "wait must be true or false")
            }
            control.advance(to: goal, waits: waits) { fired in answer(call, control, fired) }
        } catch {
            call.respond(ErrorResponse.make(error))
        }
    }

    private static func goal(_ body: JSONObject) throws(FGSError) -> (Timestamp) -> Timestamp {
        switch (body["by"] ?? .null, body["to"] ?? .null) {
        case (.string(let text), .null):
            let milliseconds = try GoDuration(text, setting: "by").nanoseconds / 1_000_000
            return { min($0.advanced(byMilliseconds: milliseconds), range.upperBound) }
        case (.null, let to) where !to.isNull:
            guard let time = try time(to, "to") else { break }
            return { _ in time }
        default: break
        }
        throw FGSError(
            .invalidParameter, "name how far: {\"by\": \"1h30m\"} or {\"to\": \"2026-05-04T08:00:00Z\"}")
    }

    private static func time(_ json: JSONValue?, _ name: String) throws(FGSError) -> Timestamp? {
        guard let json, !json.isNull else { return nil }
        guard let time = json.stringValue.flatMap(Timestamp.init), range.contains(time) else {
            throw FGSError(.invalidParameter, "\(name) must be a time such as 2026-05-04T08:00:00Z")
        }
        return time
    }

    @EventLoopActor
    private static func answer(_ call: APICall, _ control: ClockControl, _ fired: ArraySlice<Fire>) {
        var body = body(control)
        body["fired"] = .array(fired.map { .object($0.body) })
        call.respond(with: .success(.object(body)))
    }

    @EventLoopActor
    private static func body(_ control: ClockControl) -> JSONObject {
        [
            "now": .string(control.clock.now().utcMilliseconds),
            "frozen": .bool(control.clock.isFrozen),
            "offset_ms": .integer(Int(control.clock.offset)),
            "next_due": control.nextDue.map { .string($0.utcMilliseconds) } ?? .null,
        ]
    }
}
