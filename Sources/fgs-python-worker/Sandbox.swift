import CSystem
import Glibc
import WorkerProtocol

/// The file system that instances see: that of the machine, read-only, with `/opt/function` and `/home/snuser` as
/// in the cloud and a `/tmp` for each.
///
/// The zygote enters it once, in a mount namespace of its own (and a user namespace where it is not root). Each
/// instance takes a copy of the namespace and mounts its `/tmp` and its code.
struct Sandbox {
    /// Where the runtime package is found inside.
    static let runtimes = "/home/snuser/runtime"
    /// Where an instance's code is found inside.
    static let code = "/opt/function/code"
    /// Where its bytecode is cached.
    static let bytecode = "/opt/function/.pycache"

    /// Where all unpacked code is until an instance has mounted its own.
    private static let allCode = "/.code"
    /// An empty directory, to be mounted over what is to go out of sight.
    private static let nothing = "/.nothing"
    /// The user and the group of functions in the cloud.
    private static let user: uid_t = 1003
    private static let group: gid_t = 1003
    /// Each instance is a user of its own, so that its limits are its own and others are out of its reach.
    private static let firstUser: uid_t = 200_000
    private static let userCount: uid_t = 50_000

    /// Whether the process may become any user.
    private let isRoot: Bool

    /// Enters the sandbox.
    ///
    /// - Parameters:
    ///   - runtimes: The directory of the runtime package.
    ///   - code: The directory of all unpacked code.
    /// - Returns: nil where the system does not let it; the process is as before then.
    static func enter(runtimes: String, code: String) -> Sandbox? {
        let isRoot = geteuid() == 0
        guard separateMounts(isRoot: isRoot),
            mount(nil, "/", nil, UInt(MS_REC) | UInt(MS_PRIVATE), nil) == 0
        else { return nil }
        let sources = [csystem_open_place(runtimes), csystem_open_place(code)]
        defer { for source in sources where source >= 0 { close(source) } }
        guard sources.allSatisfy({ $0 >= 0 }),
            mount("tmpfs", "/tmp", "tmpfs", UInt(MS_NOSUID | MS_NODEV), "mode=0755,size=1m") == 0
        else { return nil }
        guard build(below: "/tmp", runtimes: sources[0], code: sources[1]), chdir("/tmp") == 0,
            csystem_pivot_root(".", "./.old") == 0
        else {
            umount2("/tmp", Int32(MNT_DETACH))
            return nil
        }
        chdir("/")
        umount2("/.old", Int32(MNT_DETACH))
        rmdir("/.old")
        return Sandbox(isRoot: isRoot)
    }

    /// What an instance does for itself as soon as it is forked, before it is known which function it will be.
    func prepareInstance() -> Bool {
        guard csystem_separate_mounts(0) == 0 else { return false }
        return mount("tmpfs", "/tmp", "tmpfs", UInt(MS_NOSUID | MS_NODEV), "mode=1777,size=544m") == 0
    }

    /// Makes the instance one of a function: its code is mounted, the code of others goes out of sight, and with it
    /// every privilege.
    ///
    /// - Parameter id: The instance's number.
    func confine(_ header: LoadHeader, id: UInt32) -> Bool {
        let readOnly = UInt(MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NODEV)
        let bind = UInt(MS_BIND)
        let source = "\(Self.allCode)/\(header.codeName)"
        guard mount("\(source)/code", Self.code, nil, bind, nil) == 0,
            mount(nil, Self.code, nil, readOnly, nil) == 0,
            mount("\(source)/pycache", Self.bytecode, nil, bind, nil) == 0, hideAllCode()
        else { return false }
        if header.temporaryMiB > 512 {
            let flags = UInt(MS_REMOUNT | MS_NOSUID | MS_NODEV)
            mount(nil, "/tmp", nil, flags, "size=\(header.temporaryMiB + 32)m")
        }
        if header.hasOwnNetwork { csystem_separate_network() }
        guard isRoot else { return true }
        guard csystem_become_user(Self.firstUser + id % Self.userCount, Self.group) == 0 else { return false }
        // Where the system has no namespaces for users, it shows.
        csystem_appear_as(Self.user, Self.group)
        return true
    }

    /// Takes the code of others out of sight.
    ///
    /// Covering it is enough where every privilege goes right afterwards: nobody without can uncover it, not even in
    /// namespaces of his own (mount_namespaces(7), "locked" mounts). To unmount it takes a grace period of the kernel
    /// longer, about as long as everything else that is mounted here.
    private func hideAllCode() -> Bool {
        isRoot
            ? mount(Self.nothing, Self.allCode, nil, UInt(MS_BIND), nil) == 0
            : umount2(Self.allCode, Int32(MNT_DETACH)) == 0
    }

    private static func separateMounts(isRoot: Bool) -> Bool {
        if isRoot { return csystem_separate_mounts(0) == 0 }
        let (user, group) = (geteuid(), getegid())
        guard csystem_separate_mounts(1) == 0 else { return false }
        csystem_write_file("/proc/self/setgroups", "deny")
        return csystem_write_file("/proc/self/uid_map", "\(user) \(user) 1") == 0
            && csystem_write_file("/proc/self/gid_map", "\(group) \(group) 1") == 0
    }

    // MARK: The new root

    private static func build(below root: String, runtimes: Int32, code: Int32) -> Bool {
        for directory in [
            "tmp", "opt", "opt/function", "opt/function/code", "opt/function/.pycache", "home", "home/snuser",
            "home/snuser/runtime", "home/snuser/log", ".code", ".nothing", ".old",
        ] {
            guard mkdir("\(root)/\(directory)", 0o755) == 0 else { return false }
        }
        // What the kernel shows stays as it is: device files, processes, shared memory.
        let live: Set<String> = ["proc", "dev", "sys", "run"]
        // As root, every process of another user is out of sight.
        let hasOwnProcesses =
            geteuid() == 0 && mkdir("\(root)/proc", 0o755) == 0
            && mount("proc", "\(root)/proc", "proc", UInt(MS_NOSUID | MS_NODEV | MS_NOEXEC), "hidepid=2") == 0
        // Control groups and whatever else is mounted below are the machine's affair, and each mount is one to copy for
        // every instance.
        let hasOwnSystem =
            geteuid() == 0 && mkdir("\(root)/sys", 0o755) == 0
            && mount("/sys", "\(root)/sys", nil, UInt(MS_BIND), nil) == 0
        for name in names(in: "/") where !["tmp", "opt", "home", "boot", "lost+found"].contains(name) {
            if name == "proc" && hasOwnProcesses || name == "sys" && hasOwnSystem { continue }
            bring("/\(name)", to: "\(root)/\(name)", readOnly: !live.contains(name))
        }
        for (directory, own) in [("opt", "function"), ("home", "snuser")] {
            for name in names(in: "/\(directory)") where name != own {
                bring("/\(directory)/\(name)", to: "\(root)/\(directory)/\(name)", readOnly: true)
            }
        }
        linkInterpreter(below: root)
        let bind = UInt(MS_BIND)
        return access("\(root)/usr", X_OK) == 0 && access("\(root)/proc/self", X_OK) == 0
            && mount("/proc/self/fd/\(runtimes)", "\(root)/home/snuser/runtime", nil, bind, nil) == 0
            && mount("/proc/self/fd/\(code)", "\(root)/.code", nil, bind, nil) == 0
            && csystem_make_read_only("\(root)/home/snuser/runtime") == 0
    }

    /// The path under which samples of HTTP functions call Python.
    private static func linkInterpreter(below root: String) {
        for version in ["2.7", "3.6", "3.9", "3.10", "3.12"] {
            var path = "\(root)/opt/function"
            for name in ["runtime", "python\(version)", "rtsp", "python", "bin"] {
                path += "/\(name)"
                mkdir(path, 0o755)
            }
            symlink("/usr/bin/python3", "\(path)/python3")
            symlink("/usr/bin/python3", "\(path)/python")
        }
    }

    /// Makes a directory or a link of the machine appear in the new root. What cannot be brought is not there.
    private static func bring(_ source: String, to target: String, readOnly: Bool) {
        var status = stat()
        guard lstat(source, &status) == 0 else { return }
        switch status.st_mode & S_IFMT {
        case S_IFLNK:
            var buffer = [CChar](repeating: 0, count: 4_096)
            if readlink(source, &buffer, buffer.count - 1) > 0 { symlink(buffer, target) }
        case S_IFDIR:
            mkdir(target, 0o755)
            let flags = UInt(MS_BIND) | UInt(MS_REC)
            if mount(source, target, nil, flags, nil) == 0 {
                if readOnly { csystem_make_read_only(target) }
            } else {
                rmdir(target)
            }
        default: return
        }
    }

    private static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
