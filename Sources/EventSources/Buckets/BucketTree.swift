import FunctionGraph
import Glibc
import Sockets

/// The directories that are buckets, as far as they were looked at: finds out what has become of the files in them.
///
/// The kernel tells what happens in a directory that is watched, but it does not tell what was there before, it does
/// not watch new directories by itself, and it forgets what it cannot keep. So whenever it may have missed something,
/// the directories are read and compared with what is known.
///
/// Everything blocks. No link is followed, and names that begin with a dot are no objects.
struct BucketTree: ~Copyable, Sendable {
    private struct File {
        var stamp: FileStamp
        /// Whether it was reported when it was found: the end of writing it may still be told.
        var wasFound = false
    }

    private struct Bucket {
        var notifications: [BucketNotification]
        /// The watches of its directories by their paths, "" for its own, "a/b/" for others.
        var directories: [String: Int32] = [:]
        var files: [String: File] = [:]
    }

    /// What is worth a line in the log.
    private(set) var complaints: [String] = []

    private let root: String
    private let watches: DirectoryWatches
    private var rootWatch: Int32?
    private var buckets: [String: Bucket] = [:]
    /// The bucket and the path of a watched directory.
    private var places: [Int32: (bucket: String, path: String)] = [:]
    /// The renaming whose first half was the last thing read, and whether it was an object.
    private var moved: (cookie: UInt32, wasObject: Bool)?
    private var changes: [ObjectChange] = []

    /// The descriptor that says that there is something to read.
    var descriptor: Int32 { watches.descriptor.rawValue }

    /// A tree of which nothing is watched yet.
    ///
    /// - Throws: `SystemError` when the system has no notices left.
    init(root: String) throws(SystemError) {
        self.root = root
        watches = try DirectoryWatches()
    }

    /// Watches a bucket for objects that somebody wants to hear of, or for other ones than before; for none, it is
    /// not watched any more. What is there already is not reported.
    mutating func watch(_ bucket: String, for notifications: [BucketNotification]) {
        if notifications.isEmpty {
            drop(bucket, "", isReported: false)
            buckets[bucket] = nil
            if buckets.isEmpty, let watch = rootWatch {
                watches.remove(watch)
                rootWatch = nil
            }
        } else if buckets[bucket] != nil {
            buckets[bucket]?.notifications = notifications
        } else {
            buckets[bucket] = Bucket(notifications: notifications)
            watchRoot()
            scan(bucket, "", isReported: false)
        }
    }

    /// What has happened: a number of things, the next ones if this is called again. Empty when there is nothing
    /// more to read.
    ///
    /// - Returns: the changes in their order, and whether there may be more.
    mutating func next() -> (changes: [ObjectChange], isAll: Bool) {
        let events = watches.next()
        for event in events { handle(event) }
        defer { changes = [] }
        return (changes, events.isEmpty)
    }

    /// The complaints up to now, which are then forgotten.
    mutating func takeComplaints() -> [String] {
        defer { complaints = [] }
        return complaints
    }

    // MARK: Notices

    private mutating func handle(_ event: FileEvent) {
        if event.isOverflow { return compareAll() }
        if event.watch == rootWatch { return handleInRoot(event) }
        guard let (bucket, path) = places[event.watch] else { return }
        if event.isEndOfWatch {
            places[event.watch] = nil
            if buckets[bucket]?.directories[path] == event.watch { buckets[bucket]?.directories[path] = nil }
            return
        }
        guard !event.name.hasPrefix("."), !event.name.isEmpty else { return }
        let key = path + event.name
        if event.isDirectory {
            if event.has(IN_CREATE) {
                scan(bucket, key + "/", isReported: true)
            } else if event.has(IN_MOVED_TO) {
                scan(bucket, key + "/", isReported: true, as: isSecondHalf(event) ? .copy : .put)
            } else if event.has(IN_MOVED_FROM | IN_DELETE) {
                drop(bucket, key + "/", isReported: true)
                if event.has(IN_MOVED_FROM) { moved = (event.cookie, true) }
            }
        } else if event.has(IN_CLOSE_WRITE) {
            arrived(key, in: bucket, path, event.name, as: .put, .written)
        } else if event.has(IN_MOVED_TO) {
            arrived(key, in: bucket, path, event.name, as: isSecondHalf(event) ? .copy : .put, .moved)
        } else if event.has(IN_CREATE) {
            // A second name of a file, which nobody is going to write, or a file that somebody is.
            arrived(key, in: bucket, path, event.name, as: .put, .named)
        } else if event.has(IN_DELETE | IN_MOVED_FROM) {
            let wasObject = buckets[bucket]?.files[key] != nil
            if wasObject { left(key, in: bucket) }
            if event.has(IN_MOVED_FROM) { moved = (event.cookie, wasObject) }
        }
    }

    private mutating func isSecondHalf(_ event: FileEvent) -> Bool {
        guard let moved, moved.cookie == event.cookie else { return false }
        return moved.wasObject
    }

    /// Buckets come and go.
    private mutating func handleInRoot(_ event: FileEvent) {
        guard event.isDirectory, buckets[event.name] != nil else { return }
        if event.has(IN_CREATE | IN_MOVED_TO) {
            scan(event.name, "", isReported: true)
        } else if event.has(IN_DELETE | IN_MOVED_FROM) {
            drop(event.name, "", isReported: true)
        }
    }

    private enum Arrival {
        case written, moved, named
    }

    private mutating func arrived(
        _ key: String, in bucket: String, _ path: String, _ name: String, as action: ObjectAction,
        _ arrival: Arrival
    ) {
        guard let directory = Self.open(root, bucket, path),
            let file = ObjectFile(name, in: directory.rawValue)
        else { return }
        if arrival == .named, !file.hasOtherNames { return }
        let known = buckets[bucket]?.files[key]
        if arrival != .moved, let known, known.wasFound, known.stamp == file.stamp {
            // Reported already. If it is written once more, that counts.
            buckets[bucket]?.files[key]?.wasFound = false
            return
        }
        buckets[bucket]?.files[key] = File(stamp: file.stamp)
        report(file, key, in: bucket, as: action)
    }

    private mutating func report(
        _ file: borrowing ObjectFile, _ key: String, in bucket: String, as action: ObjectAction
    ) {
        guard isWanted(action, key, in: bucket), let object = file.object(key: key) else { return }
        changes.append(ObjectChange(action: action, object: object, bucket: bucket))
    }

    private mutating func left(_ key: String, in bucket: String) {
        buckets[bucket]?.files[key] = nil
        guard isWanted(.delete, key, in: bucket) else { return }
        changes.append(ObjectChange(action: .delete, object: .init(key: key), bucket: bucket))
    }

    private func isWanted(_ action: ObjectAction, _ key: String, in bucket: String) -> Bool {
        buckets[bucket]?.notifications.contains { $0.reports(action, of: key) } ?? false
    }

    // MARK: Directories

    /// Watches a directory and all below it, and takes note of their files.
    private mutating func scan(
        _ bucket: String, _ path: String, isReported: Bool, as action: ObjectAction = .put
    ) {
        var pending = [path]
        while let path = pending.popLast() {
            guard let directory = Self.open(root, bucket, path) else { continue }
            do throws(SystemError) {
                // Before it is read: what comes later is told.
                let watch = try watches.add(directory.rawValue)
                places[watch] = (bucket, path)
                buckets[bucket]?.directories[path] = watch
            } catch {
                complaints.append(
                    "changes of \(root)/\(bucket)/\(path) are not noticed: \(error)"
                        + (error.code == ENOSPC ? "; see /proc/sys/fs/inotify/max_user_watches" : ""))
            }
            let (files, directories) = Self.names(in: directory.rawValue)
            for name in files {
                guard let file = ObjectFile(name, in: directory.rawValue),
                    !(isReported && file.isBeingWritten)
                else { continue }
                let key = path + name
                guard buckets[bucket]?.files[key]?.stamp != file.stamp else { continue }
                buckets[bucket]?.files[key] = File(stamp: file.stamp, wasFound: isReported)
                if isReported { report(file, key, in: bucket, as: action) }
            }
            pending += directories.reversed().map { "\(path)\($0)/" }
        }
    }

    /// Forgets a directory and all below it.
    private mutating func drop(_ bucket: String, _ path: String, isReported: Bool) {
        guard let known = buckets[bucket] else { return }
        for (directory, watch) in known.directories where directory.hasPrefix(path) {
            watches.remove(watch)
            places[watch] = nil
            buckets[bucket]?.directories[directory] = nil
        }
        let keys = known.files.keys.filter { $0.hasPrefix(path) }
        if isReported {
            for key in keys.sorted() { left(key, in: bucket) }
        } else {
            for key in keys { buckets[bucket]?.files[key] = nil }
        }
    }

    private mutating func watchRoot() {
        guard rootWatch == nil else { return }
        let directory = Glibc.open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else {
            complaints.append("no OBS trigger fires: \(SystemError("open \(root)"))")
            return
        }
        defer { close(directory) }
        do throws(SystemError) {
            rootWatch = try watches.add(directory)
        } catch {
            complaints.append("new buckets in \(root) are not noticed: \(error)")
        }
    }

    /// Finds out what was not told.
    private mutating func compareAll() {
        complaints.append("the system lost track of changes in \(root); looking at all files")
        for bucket in buckets.keys.sorted() {
            for key in (buckets[bucket]?.files.keys.sorted() ?? []) where !Self.exists(root, bucket, key) {
                left(key, in: bucket)
            }
            scan(bucket, "", isReported: true)
        }
    }

    private static func exists(_ root: String, _ bucket: String, _ key: String) -> Bool {
        let (path, name) = split(key)
        guard let directory = open(root, bucket, path) else { return false }
        return ObjectFile(name, in: directory.rawValue) != nil
    }

    private static func split(_ key: String) -> (path: String, name: String) {
        guard let slash = key.lastIndex(of: "/") else { return ("", key) }
        return (String(key[...slash]), String(key[key.index(after: slash)...]))
    }

    /// Opens a directory of a bucket, following no link.
    private static func open(_ root: String, _ bucket: String, _ path: String) -> FileDescriptor? {
        var current = Glibc.open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        for name in [Substring(bucket)] + path.split(separator: "/") {
            guard current >= 0 else { return nil }
            let parent = current
            current = openat(parent, String(name), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
            close(parent)
        }
        return current >= 0 ? FileDescriptor(owning: current) : nil
    }

    /// The names in an open directory that may be objects, in order.
    private static func names(in directory: Int32) -> (files: [String], directories: [String]) {
        let copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { return ([], []) }
        guard let stream = fdopendir(copy) else {
            close(copy)
            return ([], [])
        }
        defer { closedir(stream) }
        var files: [String] = []
        var directories: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard !name.hasPrefix(".") else { continue }
            switch Int32(entry.pointee.d_type) {
            case Int32(DT_DIR): directories.append(name)
            case Int32(DT_REG): files.append(name)
            case Int32(DT_UNKNOWN):
                var status = stat()
                guard fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
                if status.st_mode & S_IFMT == S_IFDIR { directories.append(name) }
                if status.st_mode & S_IFMT == S_IFREG { files.append(name) }
            default: break
            }
        }
        return (files.sorted(), directories.sorted())
    }
}
