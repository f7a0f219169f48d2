import FunctionGraph
import Testing

/// What refuses the work, for comparing its code and its text. The test fails if nothing does.
func refusal<Value>(
    _ location: SourceLocation = #_sourceLocation,
    of work: () throws(FGSError) -> Value
) -> FGSError? {
    do throws(FGSError) {
        Issue.record("\(try work()) was accepted", sourceLocation: location)
        return nil
    } catch {
        return error
    }
}
