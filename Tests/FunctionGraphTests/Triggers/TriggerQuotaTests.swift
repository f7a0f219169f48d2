import FunctionGraph
import Testing

struct TriggerQuotaTests {
    @Test("an eleventh trigger is refused with FSS.1306")
    func tooMany() {
        let present = Array(repeating: TriggerType.timer, count: 10)
        let error = #expect(throws: FGSError.self) { try TriggerQuota.check(adding: .kafka, to: present) }
        #expect(error?.code == .triggerQuotaExceeded)
        #expect(throws: Never.self) { try TriggerQuota.check(adding: .timer, to: present.dropLast()) }
    }

    @Test("an eleventh trigger that fetches its events is refused with FSS.1123")
    func tooManyPulling() {
        let present: [TriggerType] = [
            .kafka, .openSourceKafka, .rocketMQ, .rabbitMQ, .dds, .dms, .dis, .kafka, .kafka, .dds,
        ]
        let error = #expect(throws: FGSError.self) { try TriggerQuota.check(adding: .kafka, to: present) }
        #expect(error?.code == .pullTriggerQuotaExceeded)
    }
}
