import CSystem
import Glibc

/// One epoll set that holds every descriptor of the process: listeners, clients and worker sockets.
///
/// A single loop serves them all, because a request that arrives on one descriptor leaves on another: with
/// one thread there is no hop between them. Descriptors are watched edge-triggered, so the loop makes no
/// `epoll_ctl` call between a descriptor's first and last day.
@EventLoopActor
public final class EventLoop {
    /// The process's loop. It starts with the first work that is brought to it.
    public static let shared = EventLoop()

    private struct Registration {
        var handler: (any EventHandler)?
        var generation: UInt32 = 0
    }

    /// For how long the loop looks before it sleeps, in nanoseconds: longer than a quick handler takes.
    private static let patience: UInt64 = 100_000
    /// Whether the loop can look without keeping anybody from the only processor.
    private let hasOtherProcessors = sysconf(Int32(_SC_NPROCESSORS_ONLN)) > 1

    private let epoll: Int32
    private var registrations: [Registration] = []
    private var timers = TimerQueue()
    private var turnEnd: [() -> Void] = []
    private let events = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: 256)

    /// The monotonic time at which this turn of the loop began, in nanoseconds.
    public private(set) var now: UInt64 = EventLoop.monotonicNanoseconds()

    private init() {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        precondition(epoll >= 0, "no descriptor left for the event loop")
        var event = epoll_event()
        event.events = EPOLLIN.rawValue
        event.data.u64 = UInt64.max
        epoll_ctl(epoll, EPOLL_CTL_ADD, EventLoopExecutor.shared.wakeDescriptor, &event)
    }

    /// Runs `body` on the loop, soon, from any thread.
    public nonisolated static func post(_ body: @escaping @EventLoopActor @Sendable () -> Void) {
        EventLoopExecutor.shared.post(body)
    }

    /// The monotonic clock in nanoseconds, read now.
    public nonisolated static func monotonicNanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Watches a descriptor until `unwatch`; `handler` is kept alive until then.
    ///
    /// Edge-triggered descriptors report a condition once, when it begins: read or write until the call
    /// would block. Level-triggered ones, meant for listeners, report it every turn.
    ///
    /// - Throws: `SystemError` when the kernel refuses, which it does for regular files.
    public func watch(
        _ descriptor: Int32,
        for interest: Readiness = [.readable, .writable],
        edgeTriggered: Bool = true,
        handler: any EventHandler
    ) throws(SystemError) {
        let index = Int(descriptor)
        while registrations.count <= index { registrations.append(Registration()) }
        var event = epoll_event()
        event.events = interest.rawValue | EPOLLRDHUP.rawValue
        if edgeTriggered { event.events |= EPOLLET.rawValue }
        event.data.u64 = UInt64(registrations[index].generation) << 32 | UInt64(UInt32(descriptor))
        guard epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 else { throw SystemError("epoll_ctl") }
        registrations[index].handler = handler
    }

    /// Changes what an edge-triggered descriptor is watched for. What is the case already is reported anew.
    public func watch(_ descriptor: Int32, nowFor interest: Readiness) {
        let index = Int(descriptor)
        guard index < registrations.count, registrations[index].handler != nil else { return }
        var event = epoll_event()
        event.events = interest.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        event.data.u64 = UInt64(registrations[index].generation) << 32 | UInt64(UInt32(descriptor))
        epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event)
    }

    /// Stops watching; call it before the descriptor is closed.
    public func unwatch(_ descriptor: Int32) {
        let index = Int(descriptor)
        guard index < registrations.count, registrations[index].handler != nil else { return }
        epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil)
        registrations[index].handler = nil
        // An event of the same turn that names the old registration no longer matches.
        registrations[index].generation &+= 1
    }

    /// Runs `body` when this turn's events have been handled; what is added then, at the end of the next turn, which
    /// begins at once.
    public func atEndOfTurn(_ body: @escaping () -> Void) {
        turnEnd.append(body)
    }

    /// Adds a timer's deadline to the queue; timers call this themselves.
    func enqueue(_ timer: LoopTimer, at deadline: UInt64) {
        timers.insert(timer, at: deadline)
    }

    /// Serves for ever.
    func run() {
        while true {
            let count = nextEvents()
            now = EventLoop.monotonicNanoseconds()
            if count > 0 { handleEvents(Int(count)) }
            while let due = timers.removeDue(at: now) { due.timer.entryReached(due.deadline, now: now) }
            guard !turnEnd.isEmpty else { continue }
            var pending: [() -> Void] = []
            swap(&pending, &turnEnd)
            for body in pending { body() }
        }
    }

    /// Looks for a moment before it sleeps: what follows something that happened usually follows at once, a quick
    /// handler's answer or a client's next request, and to fall asleep and be woken takes longer than that. Between
    /// two looks it lets others have the processor: who was just woken, an instance or a client, may wait for this one.
    private func nextEvents() -> Int32 {
        guard turnEnd.isEmpty else { return waitForEvents(nanoseconds: 0) }
        if hasOtherProcessors {
            let end = now + Self.patience
            repeat {
                let count = waitForEvents(nanoseconds: 0)
                if count != 0 { return count }
                sched_yield()
            } while EventLoop.monotonicNanoseconds() < end
        }
        return waitForEvents(nanoseconds: waitNanoseconds())
    }

    private func waitForEvents(nanoseconds: Int64) -> Int32 {
        csystem_wait_for_events(epoll, events.baseAddress, Int32(events.count), nanoseconds)
    }

    /// Until the next timer is due; -1 without timers.
    private func waitNanoseconds() -> Int64 {
        guard let next = timers.nextDeadline else { return -1 }
        let current = EventLoop.monotonicNanoseconds()
        return next > current ? Int64(clamping: next - current) : 0
    }

    private func handleEvents(_ count: Int) {
        for index in 0..<count {
            let event = events[index]
            let token = event.data.u64
            guard token != UInt64.max else {
                EventLoopExecutor.shared.runArrivedWork()
                continue
            }
            let registration = registrations[Int(token & 0xFFFF_FFFF)]
            guard registration.generation == UInt32(token >> 32), let handler = registration.handler else {
                continue
            }
            handler.becameReady(Readiness(rawValue: event.events))
        }
    }
}
