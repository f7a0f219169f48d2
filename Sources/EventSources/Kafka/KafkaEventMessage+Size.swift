import JSON
import Triggers

extension KafkaEvent.Message {
    /// How many bytes the text has in an event.
    var jsonSize: Int { JSONValue.string(text).bytes.count }
}
