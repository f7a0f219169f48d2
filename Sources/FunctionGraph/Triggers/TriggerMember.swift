import JSON

/// One member of `event_data`: a row of a type's table (API reference, "TriggerEventData").
struct TriggerMember: Sendable {
    /// Its name.
    let name: String
    /// What its value must be.
    let shape: MemberShape
    /// Whether it must be there, and not empty.
    let isRequired: Bool
    /// Whether logs must not show it.
    let isSecret: Bool
    /// Whether it stays what it was when the trigger was created.
    let isFixed: Bool
    /// The code if it is missing, where that differs from the code of all other faults.
    let missingCode: ErrorCode?

    private init(
        _ name: String,
        _ shape: MemberShape,
        isRequired: Bool,
        isSecret: Bool = false,
        isFixed: Bool = false,
        missingCode: ErrorCode? = nil
    ) {
        self.name = name
        self.shape = shape
        self.isRequired = isRequired
        self.isSecret = isSecret
        self.isFixed = isFixed
        self.missingCode = missingCode
    }

    /// A member that must be there.
    static func required(
        _ name: String,
        _ shape: MemberShape = .text(),
        isFixed: Bool = false,
        missing: ErrorCode? = nil
    ) -> TriggerMember {
        TriggerMember(name, shape, isRequired: true, isFixed: isFixed, missingCode: missing)
    }

    /// A member that may be left out.
    static func optional(_ name: String, _ shape: MemberShape = .text()) -> TriggerMember {
        TriggerMember(name, shape, isRequired: false)
    }

    /// A password or the like.
    static func secret(_ name: String, isRequired: Bool = false) -> TriggerMember {
        TriggerMember(name, .text(), isRequired: isRequired, isSecret: true)
    }

    /// Checks the member of an object. What is `null` or empty counts as not there.
    ///
    /// - Parameter object: the name of the object, for the text of errors.
    /// - Throws: `FGSError`, with the code given unless the member has one of its own for that.
    func check(in object: JSONObject, of objectName: String, or code: ErrorCode) throws(FGSError) {
        guard let value = object[name], !value.isEmpty else {
            guard !isRequired else {
                throw FGSError(missingCode ?? code, "\(objectName).\(name) is required")
            }
            return
        }
        try shape.check(value, of: "\(objectName).\(name)", or: code)
    }
}
