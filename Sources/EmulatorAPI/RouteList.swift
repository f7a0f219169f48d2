/// Every operation of the server. Each group lists its own, beside what they do.
enum RouteList {
    static let all: [Route] =
        FunctionOperations.routes + CodeOperations.routes + ConfigurationOperations.routes
        + TagOperations.routes
        + InvocationOperation.routes + QuotaOperations.routes + DependencyOperations.routes
        + TestEventOperations.routes + VersionOperations.routes + AliasOperations.routes
        + StatisticsOperations.routes + LogOperations.routes + TemplateOperations.routes
        + TriggerOperations.routes + ReservedInstancesOperations.routes + TransferOperations.routes
        + AsyncConfigurationOperations.routes + AsyncRequestOperations.routes + IdentityOperations.routes
        + EmulatorOperations.routes
        + DownloadOperations.routes + RecordOperations.routes + ClockOperations.routes
        + FireOperations.routes + ResetOperation.routes + EventOperations.routes
}
