import CSystem
import Glibc
import Sockets

/// Ends what zygotes that died leave to this process: their instances, and what hides from their groups.
///
/// Children belong to the whole process, so there is one reaper, which spares the zygotes that live. Those of a dead one
/// become children of this process when the zygote has gone, and what hides does when its instance has: if this
/// process is a subreaper. If not, it has no orphans, and its children are none of ours.
@EventLoopActor
final class OrphanReaper {
    /// The one of this process; to be named before the first zygote is started.
    static let shared = OrphanReaper()

    /// Children that were there before any zygote was; nobody's business here.
    private let strangers = Set(OrphanReaper.children())
    private var zygotes: Set<pid_t> = []
    private var pause = OrphanReaper.firstPause
    private lazy var timer = LoopTimer { [weak self] in self?.sweep() }

    private static let firstPause: UInt64 = 5_000_000
    private static let longestPause: UInt64 = 1_000_000_000

    private init() {}

    /// A zygote lives, and is spared.
    func zygoteStarted(_ process: pid_t) {
        zygotes.insert(process)
    }

    /// A zygote has ended. Its own remains are among what is swept away, so when nothing is left, everything of it
    /// has come here and gone.
    func zygoteEnded(_ process: pid_t) {
        zygotes.remove(process)
        guard csystem_is_subreaper() != 0 else { return }
        pause = Self.firstPause
        timer.schedule(after: pause)
    }

    private func sweep() {
        let orphans = Self.children().filter { !zygotes.contains($0) && !strangers.contains($0) }
        for orphan in orphans {
            kill(orphan, SIGKILL)
            waitpid(orphan, nil, WNOHANG)
        }
        guard !orphans.isEmpty else { return }
        timer.schedule(after: pause)
        // What does not go at once is held up by a device.
        pause = min(pause * 2, Self.longestPause)
    }

    /// The children of this process, whichever of its threads they belong to.
    private static func children() -> [pid_t] {
        DirectoryListing.names(in: "/proc/self/task").flatMap { thread in
            text(of: "/proc/self/task/\(thread)/children").split(separator: UInt8(ascii: " ")).compactMap {
                pid_t(String(decoding: $0, as: UTF8.self))
            }
        }
    }

    private static func text(of path: String) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return text }
            text.append(contentsOf: buffer[..<count])
        }
    }
}
