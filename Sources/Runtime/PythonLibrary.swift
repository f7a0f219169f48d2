import Glibc

/// A shared libpython that instances can run on instead of the one the worker was built with.
public struct PythonLibrary: Sendable, Equatable {
    /// The path of the library.
    public let path: String
    /// The directory its standard library is in `lib/pythonX.Y` of; nil where that is known to the library itself.
    public let home: String?
    /// The directory of its installed packages, if there is one.
    public let packages: String?

    /// The file's own name, `libpython3.9.so.1.0`.
    public var name: String {
        String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...])
    }

    /// A library that was looked at.
    ///
    /// - Throws: `PythonLibraryError` when there is nothing, or it is no library, or none of Python.
    public init(path: String) throws(PythonLibraryError) {
        guard let resolved = realpath(path, nil) else {
            throw PythonLibraryError(path: path, problem: String(cString: strerror(errno)))
        }
        defer { free(resolved) }
        self.path = String(cString: resolved)
        guard let handle = dlopen(self.path, RTLD_LAZY | RTLD_LOCAL) else {
            throw PythonLibraryError(path: path, problem: "it is no shared library for this machine")
        }
        defer { dlclose(handle) }
        guard dlsym(handle, "Py_InitializeEx") != nil else {
            throw PythonLibraryError(path: path, problem: "it is a shared library, but not Python's")
        }
        (home, packages) = Self.installation(of: self.path)
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

    /// `…/lib/libpython3.9.so.1.0` belongs to `…/lib/python3.9`, wherever that has been moved.
    private static func installation(of path: String) -> (home: String?, packages: String?) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count > 2, let name = parts.last, name.hasPrefix("libpython") else { return (nil, nil) }
        let version = name.dropFirst("libpython".count).prefix { $0.isNumber || $0 == "." }
            .split(separator: ".").prefix(2).joined(separator: ".")
        let home = parts.dropLast(2).joined(separator: "/")
        let modules = "\(home)/lib/python\(version)"
        guard access("\(modules)/os.py", R_OK) == 0 else { return (nil, nil) }
        let packages = "\(modules)/site-packages"
        return (home.isEmpty ? "/" : home, access(packages, R_OK) == 0 ? packages : nil)
    }
}
