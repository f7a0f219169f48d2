import WorkerProtocol

/// A frame that an instance sent, complete.
struct IncomingFrame {
    let kind: FrameKind
    let request: UInt64
    /// The measurement before the payload; all zero for kinds without one.
    let result: ResultHeader
    /// The payload after the measurement.
    let body: [UInt8]
}
