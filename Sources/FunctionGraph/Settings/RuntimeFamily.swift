/// The kinds of runtimes: each has its own form of handlers and its own default code.
public enum RuntimeFamily: Hashable, Sendable, CaseIterable {
    /// Java.
    case java
    /// Node.js.
    case node
    /// Python.
    case python
    /// Go.
    case go
    /// C#.
    case dotnet
    /// PHP.
    case php
    /// A `bootstrap` that asks the service for events.
    case custom
    /// A `bootstrap` that serves HTTP.
    case http
    /// A container image.
    case image
}
