import Glibc
import Sockets

/// The pipes between the server and one instance, both ends of each.
///
/// Frames go through two pipes, which take half the time of a local socket.
struct InstanceDescriptors: ~Copyable {
    /// Where frames for the instance go in; does not block.
    let orders: FileDescriptor
    /// Where its frames come out; does not block.
    let answers: FileDescriptor
    /// Where the instance's output is read; does not block.
    let output: FileDescriptor
    /// The write end of the instance's lifeline.
    let lifeline: FileDescriptor

    /// The instance's end of `orders`, which blocks.
    let instanceOrders: FileDescriptor
    /// The instance's end of `answers`, which blocks.
    let instanceAnswers: FileDescriptor
    /// What becomes the instance's standard output and error.
    let instanceOutput: FileDescriptor
    /// The read end of the lifeline.
    let instanceLifeline: FileDescriptor

    /// Opens them all.
    ///
    /// - Throws: `SystemError` when the process may open no more; nothing stays open then.
    init() throws(SystemError) {
        let orderEnds = try FileDescriptor.pipe().ends()
        let orders = FileDescriptor(owning: orderEnds.write)
        let instanceOrders = FileDescriptor(owning: orderEnds.read)
        let answerEnds = try FileDescriptor.pipe().ends()
        let answers = FileDescriptor(owning: answerEnds.read)
        let instanceAnswers = FileDescriptor(owning: answerEnds.write)
        let outputEnds = try FileDescriptor.pipe().ends()
        let output = FileDescriptor(owning: outputEnds.read)
        let instanceOutput = FileDescriptor(owning: outputEnds.write)
        let lifelineEnds = try FileDescriptor.pipe().ends()
        for end in [orders.rawValue, answers.rawValue, output.rawValue] {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        self.orders = orders
        self.instanceOrders = instanceOrders
        self.answers = answers
        self.instanceAnswers = instanceAnswers
        self.output = output
        self.instanceOutput = instanceOutput
        lifeline = FileDescriptor(owning: lifelineEnds.write)
        instanceLifeline = FileDescriptor(owning: lifelineEnds.read)
    }
}
