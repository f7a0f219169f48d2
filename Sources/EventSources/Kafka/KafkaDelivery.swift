/// What became of messages that a consumer handed over.
enum KafkaDelivery: Sendable {
    /// Their invocation is kept, so they need not be read again.
    case kept
    /// The function cannot be invoked at the moment.
    case refused
    /// Nobody wants them any more.
    case unwanted
}
