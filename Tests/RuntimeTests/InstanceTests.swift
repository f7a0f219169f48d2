import Foundation
import Runtime
import Sockets
import Testing

/// Real processes, forked by a real zygote.
@Suite(.timeLimit(.minutes(2)))
struct InstanceTests {
    @Test("code that cannot be imported is reported with its error object, and the process ends")
    @EventLoopActor
    func loadFailure() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (_, owner) = try await worker.instance("import nothing_of_this_name")
        guard case .failedToLoad(4001, let error) = await owner.next() else {
            Issue.record("no load failure")
            return
        }
        #expect(error.contains("nothing_of_this_name"))
        #expect(await owner.next() == .ended)
    }

    @Test("a process that exits in its handler is reported as ended")
    @EventLoopActor
    func exit() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (instance, owner) = try await worker.instance(
            "import os\ndef handler(event, context):\n    os._exit(3)"
        )
        #expect(await owner.next() == .ready)
        instance.invoke("{}")
        #expect(await owner.next() == .ended)
        #expect(instance.exitStatus.map { $0 >> 8 } == 3)
    }

    @Test("a request that is sent ahead is run after the one before it")
    @EventLoopActor
    func sentAhead() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (instance, owner) = try await worker.instance(Self.sleeper)
        #expect(await owner.next() == .ready)
        instance.invoke("0.2", request: 1)
        #expect(instance.invokeNext("0", request: 2))
        #expect(instance.invokeNext("0", request: 3))
        #expect(
            await owner.next(3) == [
                .answered(1, code: 0, body: "0.2"), .answered(2, code: 0, body: "0"),
                .answered(3, code: 0, body: "0"),
            ])
    }

    @Test("a request that has not been begun can be taken back, also when the process has gone")
    @EventLoopActor
    func takenBack() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (instance, owner) = try await worker.instance(Self.sleeper)
        #expect(await owner.next() == .ready)
        owner.reportsOutput = true
        instance.invoke("600", request: 1)
        var output = ""
        while !output.contains("asleep") {
            #expect(await owner.next() == .hasOutput)
            output += String(decoding: instance.log.take(), as: UTF8.self)
        }
        owner.reportsOutput = false
        #expect(instance.invokeNext("0", request: 2))
        #expect(instance.invokeNext("0", request: 3))
        #expect(instance.takeBack() == [2, 3])
        #expect(instance.takeBack() == [])
        #expect(instance.invokeNext("0", request: 4))
        instance.kill()
        #expect(await owner.next() == .ended)
        #expect(instance.takeBack() == [4])
        #expect(!instance.invokeNext("0", request: 5))
    }

    @Test("a request behind the load is run after it, or is taken back, whenever that is tried")
    @EventLoopActor
    func takenBackFromBehindTheLoad() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        for attempt in 0..<40 {
            let (instance, owner) = try await worker.instance(Self.sleeper)
            #expect(instance.invokeNext("0", request: 1))
            usleep(UInt32(attempt % 20) * 100)
            let isTakenBack = instance.takeBack() == [1]
            #expect(await owner.next() == .ready)
            if !isTakenBack { #expect(await owner.next() == .answered(1, code: 0, body: "0")) }
            instance.invoke("0.001", request: 2)
            #expect(await owner.next() == .answered(2, code: 0, body: "0.001"))
            instance.kill()
            #expect(await owner.next() == .ended)
        }
    }

    @Test("a request that cannot be sent as one packet is not sent ahead, and none behind it")
    @EventLoopActor
    func tooLargeToSendAhead() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (instance, owner) = try await worker.instance(Self.sleeper)
        #expect(await owner.next() == .ready)
        let large = "0.1" + String(repeating: " ", count: 5_000)
        instance.invoke("0.1", request: 1)
        #expect(!instance.invokeNext(large, request: 2))
        #expect(await owner.next() == .answered(1, code: 0, body: "0.1"))
        instance.invoke(large, request: 3)
        #expect(!instance.invokeNext("0", request: 4))
        #expect(await owner.next() == .answered(3, code: 0, body: "0.1"))
    }

    @Test("an answer says that the handler wrote nothing that is still to be read")
    @EventLoopActor
    func unreadOutput() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (instance, owner) = try await worker.instance(
            "def handler(event, context):\n    return None")
        #expect(await owner.next() == .ready)
        _ = instance.log.take()
        instance.invoke("0")
        #expect(await owner.next() == .answered(7, code: 0, body: "null"))
        #expect(!owner.measurement.hasUnreadOutput)
        #expect(instance.log.take(emptiesPipe: false).isEmpty)
    }

    private static let sleeper = """
        import time
        def handler(event, context):
            if event == 600:
                print("asleep", flush=True)
            time.sleep(event)
            return event
        """

    @Test("a segmentation fault ends the instance and nothing else")
    @EventLoopActor
    func segmentationFault() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (crashing, crashed) = try await worker.instance(
            "import ctypes\ndef handler(event, context):\n    ctypes.string_at(0)"
        )
        let (healthy, owner) = try await worker.instance("def handler(event, context):\n    return event")
        #expect(await crashed.next() == .ready)
        #expect(await owner.next() == .ready)
        crashing.invoke("{}")
        #expect(await crashed.next() == .ended)
        healthy.invoke("[1]")
        #expect(await owner.next() == .answered(7, code: 0, body: "[1]"))
    }

    @Test("killing an instance kills what its handler started, in its group and out of it")
    @EventLoopActor
    func killReachesDescendants() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (instance, owner) = try await worker.instance(
            """
            import os, subprocess
            def handler(event, context):
                children = [
                    subprocess.Popen(["sleep", "600"]),
                    subprocess.Popen(["sleep", "600"], start_new_session=True),
                ]
                reader, writer = os.pipe()
                subprocess.run(
                    ["setsid", "-f", "sh", "-c", "echo $$ >/proc/self/fd/%d; exec sleep 600" % writer], pass_fds=[writer])
                return [child.pid for child in children] + [int(os.read(reader, 20))]
            """
        )
        #expect(await owner.next() == .ready)
        instance.invoke("{}")
        guard case .answered(7, 0, let body) = await owner.next() else {
            Issue.record("no answer")
            return
        }
        let processes = body.split { !$0.isNumber }.compactMap { Int32($0) }
        #expect(processes.count == 3)
        instance.kill()
        #expect(await owner.next() == .ended)
        for process in processes {
            for _ in 0..<200 where kill(process, 0) == 0 { try await Task.sleep(for: .milliseconds(10)) }
            #expect(kill(process, 0) != 0)
        }
    }

    @Test("a large event goes in and a large result comes back unchanged")
    @EventLoopActor
    func largePayload() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (instance, owner) = try await worker.instance("def handler(event, context):\n    return event")
        #expect(await owner.next() == .ready)
        let event = "[\"" + String(repeating: "abcdefgh", count: 700_000) + "\"]"
        instance.invoke(event)
        #expect(await owner.next() == .answered(7, code: 0, body: event))
    }

    @Test("what a handler, its C code and its subprocesses write is in the log when the result is")
    @EventLoopActor
    func log() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (instance, owner) = try await worker.instance(
            """
            import os, subprocess, sys
            def handler(event, context):
                print("printed")
                print("complained", file=sys.stderr)
                os.write(1, b"written\\n")
                subprocess.run(["echo", "echoed"])
            """
        )
        #expect(await owner.next() == .ready)
        _ = instance.log.take()
        instance.invoke("{}")
        _ = await owner.next()
        #expect(
            String(decoding: instance.log.take(), as: UTF8.self) == "printed\ncomplained\nwritten\nechoed\n"
        )
    }

    @Test("an instance keeps its globals from one invocation to the next")
    @EventLoopActor
    func globals() async throws {
        let worker = try TestWorker(spareCount: 1)
        defer { worker.stop() }
        let (instance, owner) = try await worker.instance(
            "count = 0\ndef handler(event, context):\n    global count\n    count += 1\n    return count"
        )
        #expect(await owner.next() == .ready)
        for expected in 1...3 {
            instance.invoke("{}")
            #expect(await owner.next() == .answered(7, code: 0, body: "\(expected)"))
        }
    }

    @Test("a limit on memory turns into MemoryError, not into a dead machine")
    @EventLoopActor
    func memoryLimit() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (instance, owner) = try await worker.instance(
            "def handler(event, context):\n    return len(bytearray(4 << 30))",
            memoryMiB: 512
        )
        #expect(await owner.next() == .ready)
        instance.invoke("{}")
        guard case .answered(7, let code, _) = await owner.next() else {
            Issue.record("no answer")
            return
        }
        #expect(code == 4205)
    }

    @Test("limits on descriptors and processes are those of the load frame")
    @EventLoopActor
    func limits() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (instance, owner) = try await worker.instance(
            """
            import resource
            def handler(event, context):
                return [resource.getrlimit(resource.RLIMIT_NOFILE), resource.getrlimit(resource.RLIMIT_NPROC)]
            """
        )
        #expect(await owner.next() == .ready)
        instance.invoke("{}")
        #expect(await owner.nextBody() == "[[2048, 2048], [1024, 1024]]")
    }
}
