import Runtime
import Sockets
import Testing

/// Instances that take several requests at once.
@Suite(.timeLimit(.minutes(2)))
struct ConcurrencyTests {
    @Test("requests on one instance run at the same time, up to its number")
    @EventLoopActor
    func together() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        // Nobody passes the barrier alone.
        let (instance, owner) = try await worker.instance(
            """
            import threading
            barrier = threading.Barrier(3)
            def handler(event, context):
                barrier.wait(30)
                return context.getRequestID()
            """,
            concurrency: 3
        )
        #expect(await owner.next() == .ready)
        for _ in 0..<2 {
            for request in 1...3 as ClosedRange<UInt64> { instance.invoke("{}", request: request) }
            let answers = await owner.next(3)
            for request in 1...3 as ClosedRange<UInt64> {
                #expect(answers.contains(.answered(request, code: 0, body: "request-\(request)")))
            }
        }
    }

    @Test("an answer belongs to its request, also when a later one is done first")
    @EventLoopActor
    func overtaking() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (instance, owner) = try await worker.instance(
            """
            import threading
            second = threading.Event()
            def handler(event, context):
                if event == 2:
                    return "two"
                if not second.wait(30):
                    raise TimeoutError
                return "one"
            """,
            concurrency: 2
        )
        #expect(await owner.next() == .ready)
        instance.invoke("1", request: 1)
        instance.invoke("2", request: 2)
        #expect(await owner.next() == .answered(2, code: 0, body: "two"))
        instance.invoke("2", request: 3)
        #expect(await owner.next() == .answered(3, code: 0, body: "two"))
        instance.kill()
        #expect(await owner.next() == .ended)
    }

    @Test("a request that fails leaves the others on the instance alone")
    @EventLoopActor
    func failureOfOne() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (instance, owner) = try await worker.instance(
            """
            import sys, threading
            failed = threading.Event()
            def handler(event, context):
                if event == "exit":
                    failed.set()
                    sys.exit(1)
                if event == "wait":
                    failed.wait(30)
                return event
            """,
            concurrency: 3
        )
        #expect(await owner.next() == .ready)
        instance.invoke(#""wait""#, request: 1)
        instance.invoke(#""exit""#, request: 2)
        instance.invoke("no JSON", request: 3)
        var codes: [UInt64: UInt32] = [:]
        while codes.count < 3 {
            if case .answered(let request, let code, _) = await owner.next() { codes[request] = code }
        }
        #expect(codes == [1: 0, 2: 4002, 3: 1])
    }

    @Test("large events and results of requests that run at once do not mix")
    @EventLoopActor
    func largePayloads() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (instance, owner) = try await worker.instance(
            "def handler(event, context):\n    return event", concurrency: 4)
        #expect(await owner.next() == .ready)
        let events = (1...8).map { "[\"" + String(repeating: "\($0)", count: 3_000_000 + $0) + "\"]" }
        for (index, event) in events.enumerated() { instance.invoke(event, request: UInt64(index)) }
        let answers = await owner.next(events.count)
        for (index, event) in events.enumerated() {
            #expect(answers.contains(.answered(UInt64(index), code: 0, body: event)))
        }
    }

    @Test("what requests that run at once print, log and have printed by others is told apart")
    @EventLoopActor
    func output() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (instance, owner) = try await worker.instance(
            """
            import os, subprocess, sys, threading
            barrier = threading.Barrier(2)
            def handler(event, context):
                barrier.wait(30)
                print("printed", event)
                context.getLogger().info("logged %s", event)
                thread = threading.Thread(target=print, args=("by a thread", event))
                thread.start()
                thread.join()
                subprocess.run(["echo", "echoed", event])
                os.system("echo by a shell %s >&2" % event)
                sys.stderr.write("no end of line " + event)
            """,
            concurrency: 2
        )
        #expect(await owner.next() == .ready)
        instance.invoke(#""a""#, request: 1)
        instance.invoke(#""b""#, request: 2)
        var texts: [UInt64: String] = [:]
        var answered: Set<UInt64> = []
        while answered.count < 2 {
            switch await owner.next() {
            case .wrote(let text, let request):
                #expect(!answered.contains(request), "written before the answer, told after it")
                texts[request, default: ""] += text
            case .answered(let request, 0, _): answered.insert(request)
            case let other:
                Issue.record("\(other)")
                return
            }
        }
        for (request, name) in [1: "a", 2: "b"] as [UInt64: String] {
            let lines = (texts[request] ?? "").split(separator: "\n").map(String.init)
            #expect(lines.first == "printed \(name)")
            #expect(lines.contains { $0.hasSuffix("Z request-\(request) INFO logged \(name)") })
            #expect(lines.contains("by a thread \(name)"))
            #expect(lines.contains("echoed \(name)"))
            #expect(lines.contains("by a shell \(name)"))
            #expect(lines.last == "no end of line \(name)")
            #expect(lines.count == 6)
        }
    }

    @Test("a process that writes without end does not keep the request that started it from its answer")
    @EventLoopActor
    func endlessOutput() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (instance, owner) = try await worker.instance(
            """
            import subprocess
            def handler(event, context):
                subprocess.Popen(["yes"])
                subprocess.Popen(["setsid", "-f", "sleep", "600"]).wait()
            """,
            concurrency: 2
        )
        #expect(await owner.next() == .ready)
        instance.invoke("{}")
        var report = await owner.next()
        while case .wrote(_, 7) = report { report = await owner.next() }
        #expect(report == .answered(7, code: 0, body: "null"))
    }

    @Test("what a thread writes belongs to the request that started it, also while a later one runs")
    @EventLoopActor
    func lateOutput() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (instance, owner) = try await worker.instance(
            """
            import threading
            go = threading.Event()
            def late():
                go.wait(30)
                print("late")
            def handler(event, context):
                global thread
                if event == 1:
                    thread = threading.Thread(target=late)
                    thread.start()
                else:
                    go.set()
                    thread.join()
            """
        )
        #expect(await owner.next() == .ready)
        instance.invoke("1", request: 1)
        #expect(await owner.next() == .answered(1, code: 0, body: "null"))
        instance.invoke("2", request: 2)
        #expect(await owner.next() == .wrote("late\n", for: 1))
        #expect(await owner.next() == .answered(2, code: 0, body: "null"))
    }
}
