import HTTPTypes

/// The header fields of the FunctionGraph API.
extension HTTPField.Name {
    static let requestID = Self("X-Request-Id")!
    static let openStackRequestID = Self("x-openstack-request-id")!
    static let authToken = Self("X-Auth-Token")!
    static let subjectToken = Self("X-Subject-Token")!
    static let projectID = Self("X-Project-Id")!
    static let secFetchSite = Self("Sec-Fetch-Site")!

    static let appCode = Self("X-Apig-AppCode")!
    static let accessControlRequestMethod = Self("Access-Control-Request-Method")!
    static let accessControlRequestHeaders = Self("Access-Control-Request-Headers")!
    static let accessControlAllowOrigin = Self("Access-Control-Allow-Origin")!
    static let accessControlAllowMethods = Self("Access-Control-Allow-Methods")!
    static let accessControlAllowHeaders = Self("Access-Control-Allow-Headers")!
    static let accessControlMaxAge = Self("Access-Control-Max-Age")!

    static let functionLogType = Self("X-Cff-Log-Type")!
    static let invocationVersion = Self("X-CFF-Request-Version")!
    static let instanceMemory = Self("X-Cff-Instance-Memory")!

    static let functionRequestID = Self("X-Cff-Request-Id")!
    static let invokeSummary = Self("X-Cff-Invoke-Summary")!
    static let functionLog = Self("X-Cff-Function-Log")!
    static let billingDuration = Self("X-CFF-Billing-Duration")!
    static let responseVersion = Self("X-Cff-Response-Version")!
    static let functionErrorCode = Self("X-Func-Err-Code")!
    static let isFunctionError = Self("X-Is-Func-Err")!
}
