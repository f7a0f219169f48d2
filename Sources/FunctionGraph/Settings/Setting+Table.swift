import JSON

extension Setting {
    /// Every setting of a function: its key, where it is kept, and the columns of the answers that show it (API
    /// reference, "Function object" and "Function request fields"). The runtime comes first, because it decides
    /// what a handler looks like.
    static let table: [Setting] = [
        .required("runtime", \.runtime, "CLGUMPVIK"),
        .required("timeout", \.timeout, "CLGUMPVI"),
        .handler,
        .required("memory_size", \.memorySize, "CLGUMPVI"),
        .defaulted(
            "depend_version_list", \.dependencies, .none, "CGIK", requests: [.create, .configuration, .code]
        ),
        .optional("custom_image", \.customImage, unset: .null, "CGUV"),
        .optional("func_vpc", \.vpc, unset: .null, "CGUMPI"),
        .optional("mount_config", \.mounts, unset: .null, "CGUMP"),
        .optional("user_data", \.userData, unset: "", "CLGUMPVI"),
        .optional("encrypted_user_data", \.encryptedUserData, unset: "", "CLGUMPV", shown: { $0.masked }),
        .optional("xrole", \.agency, unset: "", "CLGUMPVI"),
        .optional("app_xrole", \.executionAgency, unset: "", "CLGUMPVI"),
        .optional("description", \.description, unset: "", "CLGUMPI"),
        .hook("initializer_handler", \.initializerHandler, or: .invalidInitializer, "CLGUMPVI"),
        .optional("initializer_timeout", \.initializerTimeout, unset: nil, "CLGUMPVI"),
        .hook("pre_stop_handler", \.preStopHandler, "CLGUMPVI"),
        // Left out when unset: the Go SDK cannot read a number here.
        .optional("pre_stop_timeout", \.preStopTimeout, unset: nil, "CLGUMPVI"),
        .defaulted("enterprise_project_id", \.enterpriseProject, .default, "CLGUMPVI"),
        .defaulted("type", \.generation, .v2, "CLGUMPV", requests: [.create]),
        .optional("log_config", \.logConfig, unset: nil, ""),
        .optional("network_controller", \.networkControl, unset: .null, "CG"),
        .defaulted("is_stateful_function", \.isStateful, false, "CGUMV"),
        .defaulted("enable_dynamic_memory", \.hasDynamicMemory, false, "CGUMPV"),
        .optional("lts_custom_tag", \.logTags, unset: [:], "CGU"),
        .defaulted("enable_lts_log", \.isLTSEnabled, false, "CGU"),
        .optional("domain_names", \.domainNames, unset: "", "CGUM"),
        .optional("gpu_memory", \.gpuMemory, unset: nil, "LGI"),
        .optional("gpu_type", \.gpuType, unset: "", "G"),
        .required("strategy_config", \.strategy, "CLGUMPVIK"),
        .optional("extend_config", \.extendConfig, unset: "", "CLGI"),
        .defaulted("ephemeral_storage", \.ephemeralStorage, .small, "CGU"),
        .defaulted("enable_auth_in_header", \.hasAuthInHeader, false, "CGUMV"),
        .hook("restore_hook_handler", \.restoreHookHandler, ""),
        .optional("restore_hook_timeout", \.restoreHookTimeout, unset: nil, ""),
        .hook("heartbeat_handler", \.heartbeatHandler, "CG"),
        .defaulted("enable_class_isolation", \.hasClassIsolation, false, "CG"),
        .optional("peering_cidr", \.peeringCIDR, unset: "", "GU"),
    ]

    /// The handler is not optional, but read with the runtime in view.
    private static let handler = Setting(
        key: "handler", requests: [.create, .configuration],
        answers: Set("CLGUMPVI".compactMap(FunctionAnswer.init)),
        read: { json, configuration throws(FGSError) in
            configuration.handler = try Handler(
                try json.text(of: "handler", or: .invalidHandler), for: configuration.runtime
            )
        },
        clear: nil,
        stored: { .string($0.handler.description) },
        answered: { .string($0.handler.description) }
    )
}
