import Sockets

/// Invocations that wait for an instance, in the order they came; of those nobody is kept waiting by, it is known
/// apart which came first.
struct WaitingLine {
    private var patient = Deque<Invocation>()
    private var impatient = Deque<Invocation>()

    var count: Int { patient.count + impatient.count }
    var isEmpty: Bool { patient.isEmpty && impatient.isEmpty }

    /// All of them, in no order.
    var all: [Invocation] { patient.all + impatient.all }

    /// The one whose turn is next.
    var first: Invocation? { isPatientNext ? patient.first : impatient.first }

    /// The first that a client waits for.
    var firstImpatient: Invocation? { impatient.first }

    mutating func append(_ invocation: Invocation) {
        if invocation.isAsynchronous { patient.append(invocation) } else { impatient.append(invocation) }
    }

    /// Puts some before all others, in their order.
    mutating func prepend(_ invocations: [Invocation]) {
        patient.prepend(invocations.filter(\.isAsynchronous))
        impatient.prepend(invocations.filter { !$0.isAsynchronous })
    }

    mutating func popFirst() -> Invocation? {
        isPatientNext ? patient.popFirst() : impatient.popFirst()
    }

    mutating func popFirstImpatient() -> Invocation? {
        impatient.popFirst()
    }

    /// Takes one out, wherever it stands; whether it was there.
    mutating func remove(_ invocation: Invocation) -> Bool {
        invocation.isAsynchronous
            ? patient.removeFirst { $0 === invocation } : impatient.removeFirst { $0 === invocation }
    }

    private var isPatientNext: Bool {
        guard let calm = patient.first else { return false }
        guard let pressed = impatient.first else { return true }
        return calm.acceptedAt < pressed.acceptedAt
    }
}
