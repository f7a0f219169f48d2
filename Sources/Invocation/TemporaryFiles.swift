import CSystem
import Sockets

/// Files that instances leave where they have no `/tmp` of their own.
enum TemporaryFiles {
    static func remove(_ path: String) {
        csystem_remove_tree(path)
    }
}

extension WorkQueue {
    /// For removing what nobody waits for.
    static let removals = WorkQueue(label: "fgs-emulator.removals", width: 1, qos: .background)
}
