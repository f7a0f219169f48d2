import Foundation
import Logging
import Runtime
import Sockets
import WorkerProtocol

/// A factory of instances, and the directory of their code.
@EventLoopActor
final class TestWorker {
    let factory: InstanceFactory
    private let directory: URL

    init(spareCount: Int = 0) throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "fgs-runtime-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        factory = InstanceFactory(
            try .find(), codeDirectory: directory.path, spareCount: spareCount, logger: Logger(label: "test"))
        factory.start()
    }

    /// Whether the system lets instances have a file system of their own.
    static func isIsolated() async throws -> Bool {
        let worker = try TestWorker()
        defer { worker.stop() }
        await withCheckedContinuation { continuation in
            worker.factory.whenReady { _ in continuation.resume() }
        }
        return worker.factory.isIsolated == true
    }

    /// An instance that was told to become a function with this source.
    func instance(
        _ source: String,
        initializer: String? = nil,
        preStop: String? = nil,
        memoryMiB: UInt32 = 0,
        concurrency: UInt32 = 1,
        hasOwnNetwork: Bool = false
    ) async throws -> (Instance, RecordingOwner) {
        let name = try addCode(source)
        let owner = RecordingOwner()
        let instance = try factory.makeInstance()
        instance.owner = owner
        let specification: [String: Any] = [
            "kind": "python", "handler": "index.handler",
            "initializer": initializer ?? NSNull(), "pre_stop": preStop ?? NSNull(),
            "region": "eu-de",
            "environment": ["PATH": "/usr/bin:/bin"],
            "user_data": [:],
            "context": [
                "function_name": "test", "package": "default", "project_id": "p",
                "function_version": "latest",
                "memory": "128", "cpu": "300", "timeout": 3_000,
            ],
            "fidelity": [
                "str_result": "raw", "none_result": "null", "running_time": "milliseconds",
                "bytes_result": "error", "async_handler": "awaited",
            ],
            "max_result_bytes": 6_291_456, "own_network": hasOwnNetwork, "auth_in_header": false,
            "temporary": NSNull(), "request_id": "start", "alias": "",
        ]
        var payload: [UInt8] = []
        LoadHeader(
            dataMiB: memoryMiB, openFiles: 2_048, processes: 1_024, temporaryMiB: 512,
            concurrency: concurrency, hasOwnNetwork: hasOwnNetwork, codeName: name
        ).append(to: &payload)
        payload += try JSONSerialization.data(withJSONObject: specification)
        instance.load(payload)
        return (instance, owner)
    }

    func stop() {
        factory.stop()
        try? FileManager.default.removeItem(at: directory)
    }

    /// Unpacked code as the worker expects it: beside it the directory of its bytecode, which whatever user an
    /// instance is may write.
    private func addCode(_ source: String) throws -> String {
        let name = UUID().uuidString
        let base = directory.appending(path: name)
        let (code, bytecode) = (base.appending(path: "code"), base.appending(path: "pycache"))
        try FileManager.default.createDirectory(at: code, withIntermediateDirectories: true)
        try FileManager.default.createDirectory(at: bytecode, withIntermediateDirectories: true)
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: bytecode.path)
        try source.write(to: code.appending(path: "index.py"), atomically: true, encoding: .utf8)
        return name
    }
}

extension Instance {
    /// Runs the handler with an event.
    func invoke(_ event: String, request: UInt64 = 7) {
        invoke(request: request, envelope: envelope(request), event: Array(event.utf8), isAlone: true)
    }

    /// Runs the handler with an event after what it runs now.
    func invokeNext(_ event: String, request: UInt64) -> Bool {
        invokeNext(request: request, envelope: envelope(request), event: Array(event.utf8))
    }

    private func envelope(_ request: UInt64) -> [UInt8] {
        var envelope: [UInt8] = []
        InvocationEnvelope(requestID: "request-\(request)", alias: "").append(to: &envelope)
        return envelope
    }
}
