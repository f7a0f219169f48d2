import FunctionGraph
import JSON
import Testing

struct TriggerTypeTests {
    @Test(
        "a body with a type that does not exist is refused with FSS.1101",
        arguments: [nil, .null, "", "EVENTGRID", "TIME", 7, ["TIMER"]] as [JSONValue?]
    )
    func wrongTypeInBody(_ json: JSONValue?) {
        let error = #expect(throws: FGSError.self) { try TriggerType(json) }
        #expect(error?.code == .invalidTriggerType)
    }

    @Test(
        "a path with a type that does not exist is not found, FSS.1137",
        arguments: ["", "EVENTGRID", "TIMER "]
    )
    func wrongTypeInPath(_ segment: String) {
        let error = #expect(throws: FGSError.self) { try TriggerType(path: segment) }
        #expect(error?.code == .triggerTypeNotFound)
        #expect(error?.status == 404)
    }

    @Test("a function that serves HTTP has triggers of gateways only", arguments: TriggerType.allCases)
    func httpFunctions(_ type: TriggerType) {
        let body: JSONObject = [
            "trigger_type_code": .string(type.rawValue), "event_data": .object(TriggerSamples.data(type)),
        ]
        if [.apig, .dedicatedGateway].contains(type) {
            #expect(throws: Never.self) { try TriggerSamples.create(body, runtime: .http) }
        } else {
            let error = #expect(throws: FGSError.self) { try TriggerSamples.create(body, runtime: .http) }
            #expect(error?.code == .invalidTriggerType)
        }
        #expect(throws: Never.self) { try TriggerSamples.create(body, runtime: .customImage) }
    }

    @Test("types are known in upper and lower case", arguments: TriggerType.allCases)
    func letterCase(_ type: TriggerType) throws {
        #expect(try TriggerType(.string(type.rawValue.lowercased())) == type)
        #expect(try TriggerType(path: type.rawValue.lowercased()) == type)
        #expect(type.rawValue == type.rawValue.uppercased())
    }

    @Test(
        "document databases and queues of others start disabled; the rest starts active",
        arguments: TriggerType.allCases
    )
    func defaultStatus(_ type: TriggerType) {
        let disabled: Set<TriggerType> = [.dds, .kafka, .openSourceKafka, .rocketMQ, .rabbitMQ]
        #expect(type.defaultStatus == (disabled.contains(type) ? .disabled : .active))
    }

    @Test(
        "a trigger that does not exist has the code of its type",
        arguments: zip(
            [.timer, .obs, .smn, .apig, .dedicatedGateway, .kafka, .openSourceKafka, .cts, .lts, .dds]
                as [TriggerType],
            [
                "FSS.1140", "FSS.1136", "FSS.1132", "FSS.1138", "FSS.1138", "FSS.1174", "FSS.1174",
                "FSS.1131",
                "FSS.1131", "FSS.1131",
            ]
        )
    )
    func notFound(_ type: TriggerType, _ code: String) {
        #expect(type.notFoundCode.code == code)
        #expect(type.notFoundCode.status == 404)
    }
}
