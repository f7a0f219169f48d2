import FunctionGraph
import FunctionStore

/// An API of the gateway: a trigger, and what its data say about requests.
struct GatewayRoute: Sendable {
    /// Who may call an API (API reference, `auth`).
    enum Access: String, Sendable {
        /// Everybody.
        case anyone = "NONE"
        /// Users, with a token or a signature.
        case user = "IAM"
        /// Applications, with a code or a signature.
        case application = "APP"
    }

    /// The trigger.
    let bound: FunctionStore.BoundTrigger
    /// Which requests it takes.
    let rule: APIRoute
    /// Who may send them.
    let access: Access
    /// Whether web pages of other origins may call it. The member `cors` of the data says so.
    let allowsOtherOrigins: Bool
    /// The environment it is published in.
    let stage: String

    /// Reads a trigger.
    ///
    /// - Returns: nil if it is not of a gateway, or does not fire.
    init?(_ bound: FunctionStore.BoundTrigger) {
        let data = bound.trigger.data
        guard bound.trigger.status == .active, let rule = APIRoute(data) else { return nil }
        self.bound = bound
        self.rule = rule
        // What is stored has been checked when it came in.
        access = data["auth"]?.stringValue.flatMap(Access.init(rawValue:)) ?? .user
        allowsOtherOrigins = data["cors"]?.boolValue ?? false
        stage = data["env_name"]?.stringValue ?? "RELEASE"
    }
}
