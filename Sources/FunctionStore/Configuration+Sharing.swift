import GRDB

extension Configuration {
    /// How to open a database that others may have open as well.
    ///
    /// What somebody else has locked is waited for, up to five seconds: another program that looks into the file, and
    /// a reader of our own. One that meets a writer in the middle of a commit takes the writer's lock for a moment, to
    /// look at the head of the write-ahead log again.
    ///
    /// - Parameter label: Names the connections in what debuggers show.
    init(label: String) {
        self.init()
        self.label = label
        busyMode = .timeout(5)
    }
}
