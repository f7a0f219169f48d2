import Glibc
import Runtime
import Sockets
import Testing

/// What an instance can see and do where the system lets it have a file system of its own.
@Suite(
    .timeLimit(.minutes(2)),
    .enabled("the system must allow mounts of one's own") { try await TestWorker.isIsolated() })
struct SandboxTests {
    @Test("code stands where it does in the cloud, and that of others is out of sight")
    @EventLoopActor
    func code() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (_, other) = try await worker.instance("def handler(event, context):\n    pass")
        #expect(await other.next() == .ready)
        let (instance, owner) = try await worker.instance(
            """
            import glob, os
            def handler(event, context):
                return [os.getcwd(), __file__, os.environ["RUNTIME_CODE_ROOT"], glob.glob("/.code/*"),
                        glob.glob("/tmp/fgs-runtime-*")]
            """
        )
        #expect(await owner.next() == .ready)
        instance.invoke("{}")
        #expect(
            await owner.nextBody()
                == #"["/opt/function", "/opt/function/code/index.py", "/opt/function/code", [], []]"#)
    }

    @Test("nothing but /tmp can be written")
    @EventLoopActor
    func readOnly() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (instance, owner) = try await worker.instance(
            """
            def handler(event, context):
                written = []
                for directory in ["/", "/opt", "/opt/function", "/opt/function/code", "/home/snuser",
                                  "/home/snuser/runtime", "/usr", "/etc", "/var", "/root", "/tmp"]:
                    try:
                        with open(directory + "/fgs-written", "w"):
                            written.append(directory)
                    except OSError:
                        pass
                return written
            """
        )
        #expect(await owner.next() == .ready)
        instance.invoke("{}")
        #expect(await owner.nextBody() == #"["/tmp"]"#)
    }

    @Test("each instance has a /tmp of its own, kept from one request to the next and measured")
    @EventLoopActor
    func temporaryFiles() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let source = """
            import os
            def handler(event, context):
                before = os.listdir("/tmp")
                with open("/tmp/file", "wb") as file:
                    file.write(bytes(1 << 20))
                return before
            """
        let (first, firstOwner) = try await worker.instance(source)
        let (second, secondOwner) = try await worker.instance(source)
        #expect(await firstOwner.next() == .ready)
        #expect(await secondOwner.next() == .ready)
        first.invoke("{}")
        #expect(await firstOwner.nextBody() == "[]")
        #expect(firstOwner.measurement.storageKiB == 1_024)
        second.invoke("{}")
        #expect(await secondOwner.nextBody() == "[]")
        first.invoke("{}")
        #expect(await firstOwner.nextBody() == #"["file"]"#)
    }

    @Test("an instance with a network of its own has a loopback interface and reaches nobody else's")
    @EventLoopActor
    func ownNetwork() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let source = """
            import socket
            def handler(event, context):
                listener = socket.create_server(("127.0.0.1", 0))
                client = socket.create_connection(listener.getsockname())
                client.sendall(b"x")
                received = listener.accept()[0].recv(1).decode()
                try:
                    socket.create_connection(("127.0.0.1", event), 5).close()
                    reached = True
                except OSError:
                    reached = False
                return [received, reached, len(socket.if_nameindex()) == 1]
            """
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                #expect(bind(listener, $0, length) == 0 && listen(listener, 5) == 0)
                #expect(getsockname(listener, $0, &length) == 0)
            }
        }
        let port = "\(UInt16(bigEndian: address.sin_port))"
        let (alone, aloneOwner) = try await worker.instance(source, hasOwnNetwork: true)
        #expect(await aloneOwner.next() == .ready)
        alone.invoke(port)
        #expect(await aloneOwner.nextBody() == #"["x", false, true]"#)
        let (shared, sharedOwner) = try await worker.instance(source)
        #expect(await sharedOwner.next() == .ready)
        shared.invoke(port)
        #expect(await sharedOwner.nextBody()?.hasPrefix(#"["x", true, "#) == true)
    }

    @Test(
        "where the server is root, an instance is a user of its own and cannot reach others",
        .enabled(if: geteuid() == 0))
    @EventLoopActor
    func ownUser() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let source = """
            import os
            def handler(event, context):
                try:
                    os.kill(event, 0)
                    reached = True
                except PermissionError:
                    reached = False
                return [os.getgroups(), reached]
            """
        let (first, firstOwner) = try await worker.instance(source)
        let (second, secondOwner) = try await worker.instance(source)
        #expect(await firstOwner.next() == .ready)
        #expect(await secondOwner.next() == .ready)
        for (instance, owner, victim) in [
            (first, firstOwner, second.process), (second, secondOwner, first.process),
            (second, secondOwner, getpid()),
        ] {
            instance.invoke("\(try #require(victim))")
            #expect(await owner.nextBody() == "[[], false]")
        }
        let users = try [first, second].map { instance in
            var status = stat()
            let process = try #require(instance.process)
            #expect(stat("/proc/\(process)", &status) == 0)
            return status.st_uid
        }
        #expect(users[0] != users[1] && users.allSatisfy { $0 >= 200_000 })
    }

    @Test(
        "where the server is root, an instance has no privileges, and no program that it runs has any",
        .enabled(if: geteuid() == 0))
    @EventLoopActor
    func noPrivileges() async throws {
        let worker = try TestWorker()
        defer { worker.stop() }
        let (instance, owner) = try await worker.instance(
            """
            import ctypes, subprocess
            def privileges(status):
                values = dict(line.split(":\\t") for line in status.splitlines() if ":\\t" in line)
                return [int(values[name], 16) for name in ("CapPrm", "CapEff", "CapAmb", "NoNewPrivs")]
            def handler(event, context):
                with open("/proc/self/status") as file:
                    own = privileges(file.read())
                child = privileges(subprocess.check_output(["/bin/cat", "/proc/self/status"], text=True))
                return [own, child, ctypes.CDLL(None).mount(b"tmpfs", b"/tmp", b"tmpfs", 0, None)]
            """
        )
        #expect(await owner.next() == .ready)
        instance.invoke("{}")
        #expect(await owner.nextBody() == "[[0, 0, 0, 1], [0, 0, 0, 1], -1]")
    }
}
