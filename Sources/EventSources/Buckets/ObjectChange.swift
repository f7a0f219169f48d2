import FunctionGraph
import Triggers

/// What happened to an object of a bucket that is a directory.
struct ObjectChange: Sendable {
    /// What happened.
    let action: ObjectAction
    /// The object.
    let object: OBSEvent.Object
    /// The bucket's name.
    let bucket: String
}
