import Glibc

/// A shared libpython that instances can run on instead of the one the worker was built with.
public struct PythonLibrary: Sendable, Equatable {
    /// The path of the library.
    public let path: String
    /// The directory that has its standard library, as `lib/pythonX.Y`: what Python calls its home.
    public let home: String
    /// Directories of packages that are installed for it.
    public let packages: [String]

    /// The oldest that has everything the worker and the runtime package use: major and minor number.
    private static let oldest = (3, 7)

    /// The file's own name, `libpython3.9.so.1.0`.
    public var name: String {
        String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...])
    }

    /// A library that was looked at.
    ///
    /// - Throws: `PythonLibraryError` when there is nothing, or it is no library, or none of a Python that functions
    ///   can run on.
    public init(path: String) throws(PythonLibraryError) {
        guard let resolved = realpath(path, nil) else {
            throw PythonLibraryError(path: path, problem: String(cString: strerror(errno)))
        }
        defer { free(resolved) }
        self.path = String(cString: resolved)
        do throws(Problem) {
            // LD_PRELOAD, by which the worker gets it, is a list with both.
            guard !self.path.contains(where: { $0 == ":" || $0.isWhitespace }) else {
                throw Problem("a path with blanks or colons cannot be given to the dynamic linker")
            }
            let version = try Self.version(of: self.path)
            let directory = "lib/python\(version)"
            let homes = Self.parents(of: self.path) + ["/usr/local", "/usr"]
            guard let home = homes.first(where: { Self.hasModules($0, "python\(version)") }) else {
                throw Problem("its standard library, \(directory), is in none of the directories above it")
            }
            guard home != "/tmp", !home.hasPrefix("/tmp/") else {
                throw Problem("its standard library is in /tmp, and each function has a /tmp of its own")
            }
            self.home = home
            packages = Self.packages(home, directory)
        } catch {
            throw PythonLibraryError(path: path, problem: error.text)
        }
    }

    /// The library of a version that is installed where Debian, or a build of one's own, puts it.
    ///
    /// - Parameter version: `3.9`, for example.
    public static func find(version: String) -> PythonLibrary? {
        let file = "libpython\(version).so.1.0"
        let directories = [
            "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/local/lib", "/usr/lib",
        ]
        for directory in directories where access("\(directory)/\(file)", R_OK) == 0 {
            if let library = try? PythonLibrary(path: "\(directory)/\(file)") { return library }
        }
        return nil
    }

    private struct Problem: Error {
        let text: String

        init(_ text: String) { self.text = text }
    }

    /// As in `3.9`. It is the library that says so: file names are anything.
    private static func version(of library: String) throws(Problem) -> String {
        guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL) else {
            // The reason stands behind the path, which whoever asked knows.
            let reason = dlerror().map { String(cString: $0) } ?? ""
            let known = "\(library): "
            throw Problem(reason.hasPrefix(known) ? String(reason.dropFirst(known.count)) : reason)
        }
        defer { dlclose(handle) }
        guard dlsym(handle, "Py_InitializeEx") != nil, let symbol = dlsym(handle, "Py_GetVersion") else {
            throw Problem("it is a shared library, but not Python's")
        }
        let getVersion = unsafeBitCast(
            symbol, to: (@convention(c) () -> UnsafePointer<CChar>).self)
        let numbers = String(cString: getVersion()).split(separator: ".").prefix(2).compactMap { Int($0) }
        guard numbers.count == 2 else { throw Problem("it does not say which Python it is") }
        guard (numbers[0], numbers[1]) >= oldest else {
            throw Problem(
                "it is Python \(numbers[0]).\(numbers[1]), and functions need \(oldest.0).\(oldest.1) or newer"
            )
        }
        return "\(numbers[0]).\(numbers[1])"
    }

    /// The directories above a file, the nearest first: Debian's libraries are one deeper than others.
    private static func parents(of path: String) -> [String] {
        var parents: [String] = []
        var rest = path[...]
        while let slash = rest.lastIndex(of: "/"), slash != rest.startIndex {
            rest = rest[..<slash]
            parents.append(String(rest))
        }
        return parents
    }

    /// Fedora and its relatives have `lib64`.
    private static func hasModules(_ home: String, _ directory: String) -> Bool {
        ["lib", "lib64"].contains { access("\(home)/\($0)/\(directory)/os.py", R_OK) == 0 }
    }

    /// What Debian installs below `/usr` is for every Python 3 there.
    private static func packages(_ home: String, _ directory: String) -> [String] {
        let debian = ["/usr/local/\(directory)/dist-packages", "/usr/lib/python3/dist-packages"]
        return (["\(home)/\(directory)/site-packages"] + (home == "/usr" ? debian : [])).filter {
            access($0, R_OK) == 0
        }
    }
}
