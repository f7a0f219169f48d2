import FunctionGraph
import Sockets

/// What the method and the path of a request name: an operation, and the values of its parameters. Requests that are
/// the same in both share one.
@EventLoopActor
final class RequestTarget {
    let route: Route
    /// The decoded values, in the order of the route's template.
    let parameters: [String]
    private var function: Result<FunctionURN, FGSError>?

    init(_ route: Route, _ parameters: [String]) {
        self.route = route
        self.parameters = parameters
    }

    /// The function that the first two parameters name: a project and a URN. They are read once.
    ///
    /// - Throws: `FGSError` when they are no such names.
    func functionURN(region: String) throws(FGSError) -> FunctionURN {
        if let function { return try function.get() }
        let result = Result { () throws(FGSError) in
            try FunctionURN(parameters[1], in: ProjectID(parameters[0]), region: region)
        }
        function = result
        return try result.get()
    }
}
