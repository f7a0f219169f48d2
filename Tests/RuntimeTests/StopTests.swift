import Glibc
import Runtime
import Sockets
import Testing

/// How instances and the process they are forked from end.
@Suite(.timeLimit(.minutes(2)))
struct StopTests {
    @Test("an instance that is stopped runs its pre-stop handler and exits", arguments: [1, 4] as [UInt32])
    @EventLoopActor
    func preStop(concurrency: UInt32) async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (instance, owner) = try await worker.instance(
            """
            def handler(event, context):
                return event
            def goodbye():
                print("goodbye")
            """,
            preStop: "index.goodbye",
            concurrency: concurrency
        )
        #expect(await owner.next() == .ready)
        instance.invoke("1")
        #expect(await owner.next() == .answered(7, code: 0, body: "1"))
        _ = instance.log.take()
        instance.stop()
        var written = ""
        var report = await owner.next()
        while case .wrote(let text, _) = report {
            written += text
            report = await owner.next()
        }
        #expect(report == .ended)
        #expect(instance.exitStatus == 0)
        #expect(written + String(decoding: instance.log.take(), as: UTF8.self) == "goodbye\n")
    }

    @Test("a pre-stop handler that raises is in the log, and the instance exits all the same")
    @EventLoopActor
    func preStopRaises() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (instance, owner) = try await worker.instance(
            "def handler(event, context):\n    pass\ndef goodbye():\n    raise ValueError('no goodbye')",
            preStop: "index.goodbye"
        )
        #expect(await owner.next() == .ready)
        instance.stop()
        #expect(await owner.next() == .ended)
        #expect(instance.exitStatus == 0)
        #expect(String(decoding: instance.log.take(), as: UTF8.self).contains("no goodbye"))
    }

    @Test("an instance without a pre-stop handler exits when it is stopped")
    @EventLoopActor
    func stop() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (instance, owner) = try await worker.instance("def handler(event, context):\n    pass")
        #expect(await owner.next() == .ready)
        instance.stop()
        #expect(await owner.next() == .ended)
        #expect(instance.exitStatus == 0)
    }

    @Test("when the zygote dies its instances end, and a new zygote takes its place")
    @EventLoopActor
    func zygoteDies() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let source = "import os\ndef handler(event, context):\n    return os.getppid()"
        let (instance, owner) = try await worker.instance(source)
        #expect(await owner.next() == .ready)
        instance.invoke("{}")
        let zygote = try #require(await owner.nextBody().flatMap { Int32($0) })
        kill(zygote, SIGKILL)
        #expect(await owner.next() == .ended)
        var next: (Instance, RecordingOwner)?
        while next == nil {
            next = try? await worker.instance(source)
            if next == nil { try await Task.sleep(for: .milliseconds(10)) }
        }
        let (second, secondOwner) = try #require(next)
        #expect(await secondOwner.next() == .ready)
        second.invoke("{}")
        #expect(await secondOwner.nextBody().flatMap { Int32($0) } != zygote)
    }

    @Test("a factory that stops ends every instance")
    @EventLoopActor
    func factoryStops() async throws {
        let worker = try TestWorker(spareCount: 2)
        let (instance, owner) = try await worker.instance(
            "import os, time\ndef handler(event, context):\n    time.sleep(600)"
        )
        #expect(await owner.next() == .ready)
        let process = try #require(instance.process)
        instance.invoke("{}")
        worker.stop()
        #expect(await owner.next() == .ended)
        #expect(worker.factory.processCount == 0)
        for _ in 0..<500 where kill(process, 0) == 0 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(kill(process, 0) != 0)
    }
}
