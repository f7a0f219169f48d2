/// How far a server looks into what clients present.
public enum AuthenticationMode: String, CaseIterable, Sendable {
    /// Every login, every token and every signature will do; having none will not.
    case lenient
    /// Passwords, tokens and signatures are checked.
    case strict
}
