import JSON

/// All settings of a function, or of one of its versions, except its code. Every value in it is valid, by itself
/// and with the others.
public struct FunctionConfiguration: Hashable, Sendable {
    /// What runs the code.
    public internal(set) var runtime: RuntimeLabel
    /// How long an invocation may take.
    public internal(set) var timeout: Timeout
    /// Where the code is entered.
    public internal(set) var handler: Handler
    /// How much memory an instance gets.
    public internal(set) var memorySize: MemorySize
    /// The dependency versions in use.
    public internal(set) var dependencies = DependencyList.none
    /// The container image.
    public internal(set) var customImage: CustomImage?
    /// The network.
    public internal(set) var vpc: VPC?
    /// The file systems.
    public internal(set) var mounts: MountConfig?
    /// The environment variables.
    public internal(set) var userData: UserData?
    /// The environment variables that answers do not show.
    public internal(set) var encryptedUserData: UserData?
    /// The agency for configuring (`xrole`).
    public internal(set) var agency: AgencyName?
    /// The agency for executing (`app_xrole`).
    public internal(set) var executionAgency: AgencyName?
    /// What the function is for.
    public internal(set) var description: Description?
    /// What an instance runs before its first invocation.
    public internal(set) var initializerHandler: Handler?
    /// How long that may take; there if the handler is.
    public internal(set) var initializerTimeout: InitializerTimeout?
    /// What an instance runs before it ends.
    public internal(set) var preStopHandler: Handler?
    /// How long that may take.
    public internal(set) var preStopTimeout: PreStopTimeout?
    /// The enterprise project.
    public internal(set) var enterpriseProject = EnterpriseProjectID.default
    /// v1 or v2; fixed at creation.
    public internal(set) var generation = FunctionGeneration.v2
    /// Where logs go.
    public internal(set) var logConfig: FuncLogConfig?
    /// Who may call it and what it may reach.
    public internal(set) var networkControl: NetworkControl?
    /// Whether the function keeps state.
    public internal(set) var isStateful = false
    /// Whether a request may choose its memory.
    public internal(set) var hasDynamicMemory = false
    /// The tags of log lines.
    public internal(set) var logTags: LogTags?
    /// Whether logs go to the log service.
    public internal(set) var isLTSEnabled = false
    /// Private DNS names.
    public internal(set) var domainNames: String?
    /// The memory on a graphics processor.
    public internal(set) var gpuMemory: GPUMemory?
    /// The kind of graphics processor.
    public internal(set) var gpuType: String?
    /// How far it scales.
    public internal(set) var strategy = StrategyConfig.standard
    /// A text that the service keeps.
    public internal(set) var extendConfig: String?
    /// The size of `/tmp`.
    public internal(set) var ephemeralStorage = EphemeralStorage.small
    /// Whether an image's requests carry credentials.
    public internal(set) var hasAuthInHeader = false
    /// What runs after a snapshot is restored.
    public internal(set) var restoreHookHandler: Handler?
    /// How long that may take.
    public internal(set) var restoreHookTimeout: RestoreHookTimeout?
    /// What tells whether a Java function is alive.
    public internal(set) var heartbeatHandler: Handler?
    /// Whether Java classes are isolated.
    public internal(set) var hasClassIsolation = false
    /// The peered address blocks.
    public internal(set) var peeringCIDR: PeeringCIDR?

    /// Reads the body of a request that creates a function. Unknown members are ignored; `null` and empty values
    /// count as not given.
    ///
    /// - Throws: `FGSError` with the code of the first setting that is missing or wrong.
    public init(creating body: JSONObject) throws(FGSError) {
        try self.init(required: body)
        try apply(body, from: .create)
    }

    /// Reads what `stored` wrote. Members that this version does not know are ignored, and an optional one that
    /// it does not take is left at its default.
    ///
    /// - Throws: `FGSError` `.internalError` if runtime, timeout, handler or memory cannot be read.
    public init(stored: JSONObject) throws(FGSError) {
        do throws(FGSError) {
            try self.init(required: stored)
        } catch {
            throw FGSError(.internalError, "a stored function cannot be read: \(error.message)")
        }
        for setting in Setting.table {
            if let value = stored[setting.key] { try? setting.read(value, &self) }
        }
    }

    /// The settings as they are kept.
    public var stored: JSONObject {
        var object = JSONObject()
        for setting in Setting.table {
            if let value = setting.stored(self) { object.append(setting.key, value) }
        }
        return object
    }

    /// The configuration after a request that changes it. What the body does not name stays; `null`, `""`, `{}`
    /// and `[]` clear a setting. The ones that a function cannot be without (runtime, timeout, handler, memory and
    /// `strategy_config`) stay, and an empty text is an error for them.
    ///
    /// - Throws: `FGSError` with the code of the first setting that is wrong.
    public func merging(_ body: JSONObject) throws(FGSError) -> FunctionConfiguration {
        var merged = self
        try merged.apply(body, from: .configuration)
        return merged
    }

    /// The configuration after a request that changes the code: it may bring a list of dependencies.
    ///
    /// - Throws: `FGSError` `.invalidDependency`.
    public func mergingCode(_ body: JSONObject) throws(FGSError) -> FunctionConfiguration {
        var merged = self
        try merged.apply(body, from: .code)
        return merged
    }

    /// The configuration after a request for another number of instances, `{"max_instance_num": …}`. Without a
    /// number nothing changes: the Go SDK leaves a zero out.
    ///
    /// - Throws: `FGSError` `.invalidConcurrency` out of -1…1000.
    public func mergingMaximumInstances(_ body: JSONObject) throws(FGSError) -> FunctionConfiguration {
        guard let number = body["max_instance_num"], !number.isNull else { return self }
        return try withMaximumInstances(
            try number.integer(
                of: "max_instance_num", in: StrategyConfig.instanceRange, or: .invalidConcurrency)
        )
    }

    /// The configuration with another number of instances.
    ///
    /// - Throws: `FGSError` `.invalidConcurrency` out of -1…1000.
    public func withMaximumInstances(_ number: Int) throws(FGSError) -> FunctionConfiguration {
        var changed = self
        changed.strategy = try strategy.withMaximumInstances(number)
        try changed.strategy.check(for: generation)
        return changed
    }

    /// The configuration with a place for its logs, if it wants one and has none (user manual: group and stream
    /// come into being when logging is switched on without them).
    ///
    /// - Parameter stream: the id of a new stream.
    public func withGeneratedLogConfig(
        for function: FunctionName, in project: ProjectID, stream: Identifier
    ) -> FunctionConfiguration {
        guard isLTSEnabled, logConfig == nil else { return self }
        var changed = self
        changed.logConfig = FuncLogConfig(generatedFor: function, in: project, stream: stream)
        return changed
    }

    // MARK: Reading

    private init(required body: JSONObject) throws(FGSError) {
        let runtime = try Self.required("runtime", or: .invalidRuntime, in: body)
        let timeout = try Self.required("timeout", or: .invalidTimeout, in: body)
        let handler = try Self.required("handler", or: .invalidHandler, in: body)
        let memorySize = try Self.required("memory_size", or: .invalidMemorySize, in: body)
        self.runtime = try RuntimeLabel(runtime, of: "runtime")
        self.timeout = try Timeout(timeout, of: "timeout")
        self.handler = try Handler(try handler.text(of: "handler", or: .invalidHandler), for: self.runtime)
        self.memorySize = try MemorySize(memorySize, of: "memory_size")
    }

    private static func required(
        _ key: String, or code: ErrorCode, in body: JSONObject
    ) throws(FGSError) -> JSONValue {
        guard let value = body[key], !value.isEmpty else { throw FGSError(code, "\(key) is required") }
        return value
    }

    private mutating func apply(_ body: JSONObject, from request: Setting.Request) throws(FGSError) {
        let before = runtime
        for setting in Setting.table where setting.requests.contains(request) {
            guard let value = body[setting.key] else { continue }
            switch (value.isEmpty, setting.clear) {
            case (false, _): try setting.read(value, &self)
            case (true, let clear?): clear(&self)
            // An empty text is a wrong value of what must have one; `null` and the like are no value at all.
            case (true, nil): if value.kind == .string { try setting.read(value, &self) }
            }
        }
        if runtime != before { try checkHandlers() }
        try checkCombinations()
    }

    /// Another runtime may want other handlers.
    private func checkHandlers() throws(FGSError) {
        _ = try Handler(handler.description, for: runtime)
        if let initializer = initializerHandler {
            _ = try Handler(
                initializer.description, for: runtime, setting: "initializer_handler", or: .invalidInitializer
            )
        }
    }

    private func checkCombinations() throws(FGSError) {
        if initializerHandler != nil, initializerTimeout == nil {
            throw FGSError(
                .invalidInitializerTimeout,
                "initializer_timeout is required with initializer_handler: 1 to 300 seconds"
            )
        }
        if runtime.family == .image, customImage?.image == nil {
            throw FGSError(
                .invalidImage, "custom_image.image is required for the runtime \(runtime.rawValue)")
        }
        try strategy.check(for: generation)
    }
}
