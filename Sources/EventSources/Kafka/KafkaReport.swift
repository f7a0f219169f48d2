/// What a consumer has to say besides its messages.
enum KafkaReport: Sendable {
    /// It has partitions, so messages arrive from now on.
    case assigned
    /// Something is wrong with the broker or with coming in; the number is its kind. It is tried again.
    case problem(code: Int, text: String)
    /// It cannot even begin.
    case impossible(text: String)
    /// A message is larger than an invocation's event may be.
    case tooLarge(topic: String, count: Int)
}
