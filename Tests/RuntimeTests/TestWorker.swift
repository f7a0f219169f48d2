import Foundation
import Logging
import Runtime
import Sockets
import WorkerProtocol

/// A factory of instances, and the code directory of one function.
@EventLoopActor
final class TestWorker {
    let factory: InstanceFactory
    private let directory: URL

    init(spareCount: Int = 0) throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "fgs-runtime-\(UUID().uuidString)")
        factory = InstanceFactory(try .find(), spareCount: spareCount, logger: Logger(label: "test"))
        factory.start()
    }

    /// An instance that was told to become a function with this source.
    func instance(
        _ source: String,
        initializer: String? = nil,
        memoryMiB: UInt32 = 0
    ) async throws -> (Instance, RecordingOwner) {
        let code = directory.appending(path: UUID().uuidString).appending(path: "code")
        try FileManager.default.createDirectory(at: code, withIntermediateDirectories: true)
        try source.write(to: code.appending(path: "index.py"), atomically: true, encoding: .utf8)
        let owner = RecordingOwner()
        let instance = try factory.makeInstance()
        instance.owner = owner
        let specification: [String: Any] = [
            "code": code.path, "pycache": NSNull(), "libraries": [], "handler": "index.handler",
            "initializer": initializer ?? NSNull(), "runtime": "Python3.9",
            "environment": ["PATH": "/usr/bin:/bin"],
            "user_data": [:],
            "context": [
                "function_name": "test", "package": "default", "project_id": "p",
                "function_version": "latest",
                "memory": "128", "cpu": "300", "timeout": 3_000, "access_key": "", "secret_key": "",
                "security_access_key": "", "security_secret_key": "", "security_token": "", "auth_token": "",
            ],
            "fidelity": [
                "str_result": "raw", "none_result": "null", "running_time": "milliseconds",
                "bytes_result": "error",
            ],
            "max_result_bytes": 6_291_456, "request_id": "start", "alias": "",
        ]
        var payload: [UInt8] = []
        LoadHeader(dataMiB: memoryMiB, openFiles: 2_048).append(to: &payload)
        payload += try JSONSerialization.data(withJSONObject: specification)
        instance.load(payload)
        return (instance, owner)
    }

    func stop() {
        factory.stop()
        try? FileManager.default.removeItem(at: directory)
    }
}

extension Instance {
    /// Runs the handler with an event.
    func invoke(_ event: String, requestID: String = "request") {
        var envelope: [UInt8] = []
        InvocationEnvelope(requestID: requestID, alias: "").append(to: &envelope)
        invoke(request: 7, envelope: envelope, event: Array(event.utf8))
    }
}
