// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// The Python that the worker embeds: the one `python3-config`'s package belongs to, found where Debian and
/// its relatives put it.
struct Python {
    /// `3.11`, for example.
    let version: String
    /// The directory of the static library, if the system has one. Linked statically, with its symbols
    /// exported for extension modules, CPython runs up to 1.9 times faster than as a shared library.
    let staticLibraryDirectory: String?

    static func find() -> Python {
        let version =
            ProcessInfo.processInfo.environment["FGS_PYTHON_VERSION"]
            ?? (try? FileManager.default.destinationOfSymbolicLink(atPath: "/usr/bin/python3"))
            .flatMap { $0.hasPrefix("python") ? String($0.dropFirst("python".count)) : nil }
            ?? "3"
        let library = "/usr/lib/python\(version)"
        let directories = (try? FileManager.default.contentsOfDirectory(atPath: library)) ?? []
        let configuration = directories.first {
            FileManager.default.fileExists(atPath: "\(library)/\($0)/libpython\(version).a")
        }
        return Python(version: version, staticLibraryDirectory: configuration.map { "\(library)/\($0)" })
    }

    var linkerSettings: [LinkerSetting] {
        guard let directory = staticLibraryDirectory else { return sharedLinkerSettings }
        return [
            .unsafeFlags([
                "-Xlinker", "-export-dynamic", "-L\(directory)", "-Xclang-linker", "-no-pie",
                "-l:libpython\(version).a",
            ]),
            .linkedLibrary("expat"), .linkedLibrary("z"), .linkedLibrary("m"),
            .linkedLibrary("dl"), .linkedLibrary("util"),
        ]
    }

    /// For a worker that runs on whatever libpython is there when it starts.
    var sharedLinkerSettings: [LinkerSetting] {
        [.unsafeFlags(["-Xlinker", "-export-dynamic", "-lpython\(version)"])]
    }
}

/// For all of Swift that the worker consists of. Nothing of these modules is used; not linking them keeps the
/// zygote, and with it every fork, small.
let withoutImplicitModules = SwiftSetting.unsafeFlags([
    "-Xfrontend", "-disable-implicit-string-processing-module-import",
    "-Xfrontend", "-disable-implicit-concurrency-module-import",
])

let package = Package(
    name: "fgs-emulator",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: [
        // Modules, from the top down: each imports only what stands below it.
        .executableTarget(
            name: "fgs-emulator",
            dependencies: [
                "Emulator", "FunctionGraph", "Identity",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            linkerSettings: [
                // One file to copy, and half the time to start. What Foundation itself is made of has to be named. Put
                // where it was linked for, it has no 99,000 places to correct first, and 270 pages less of its own.
                .unsafeFlags(
                    [
                        "-static-stdlib", "-lCoreFoundation", "-l_FoundationICU", "-l_FoundationCShims",
                        "-l_FoundationCollections", "-Xclang-linker", "-no-pie",
                    ],
                    .when(configuration: .release))
            ]
        ),
        .target(
            name: "Emulator",
            dependencies: [
                "EmulatorAPI", "EventSources", "FunctionGraph", "FunctionStore", "HTTPServer", "Identity",
                "Invocation", "JSON",
                "ObjectStorage", "Runtime", "Sockets", "Timekeeping", "CSystem",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
            ]
        ),
        .target(
            name: "EmulatorAPI",
            dependencies: [
                "EventSources", "FunctionGraph", "FunctionStore", "HTTPServer", "Identity", "Invocation",
                "JSON", "Runtime", "Sockets",
                "Timekeeping", "Triggers", "ZipArchive", "HTTPClient", "ObjectStorage",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
            ]
        ),
        .target(
            name: "EventSources",
            dependencies: [
                "FunctionGraph", "FunctionStore", "Invocation", "JSON", "ObjectStorage", "Sockets",
                "Timekeeping",
                "Triggers", "CKafka", "CSystem",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "Invocation",
            dependencies: [
                "FunctionGraph", "FunctionStore", "HTTPClient", "JSON", "ObjectStorage", "Runtime", "Sockets",
                "Timekeeping", "WorkerProtocol", "ZipArchive", "CSystem",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "Identity",
            dependencies: [
                "FunctionGraph", "Timekeeping",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Yams", package: "Yams"),
            ]
        ),
        .target(
            name: "Runtime",
            dependencies: [
                "WorkerProtocol", "Sockets", "CPython", "CSystem",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(name: "Triggers", dependencies: ["FunctionGraph", "JSON"]),
        .target(
            name: "FunctionStore",
            dependencies: ["FunctionGraph", "JSON", .product(name: "GRDB", package: "GRDB.swift")]
        ),
        .target(name: "Timekeeping", dependencies: ["FunctionGraph", "Sockets"]),
        .target(name: "FunctionGraph", dependencies: ["JSON"]),
        .target(name: "JSON", dependencies: ["JSONText"]),
        .target(name: "ObjectStorage"),
        .target(name: "HTTPClient", dependencies: ["CCurl"]),
        .target(name: "CKafka", linkerSettings: [.linkedLibrary("dl")]),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("dl")]),
        .target(name: "ZipArchive", dependencies: ["CZlib", "CSystem"]),
        .target(
            name: "HTTPServer",
            dependencies: ["Sockets", "CSystem", .product(name: "HTTPTypes", package: "swift-http-types")]
        ),
        .executableTarget(
            name: "fgs-python-worker",
            dependencies: ["CPython", "CSystem", "JSONText", "WorkerProtocol"],
            swiftSettings: [withoutImplicitModules, .unsafeFlags(["-parse-as-library"])],
            linkerSettings: Python.find().linkerSettings
        ),
        // The same sources, through a symbolic link, linked with the shared library: another libpython can take its
        // place, since nothing but the stable ABI is used.
        .executableTarget(
            name: "fgs-python-worker-shared",
            dependencies: ["CPython", "CSystem", "JSONText", "WorkerProtocol"],
            swiftSettings: [withoutImplicitModules, .unsafeFlags(["-parse-as-library"])],
            linkerSettings: Python.find().sharedLinkerSettings
        ),
        .target(name: "JSONText", swiftSettings: [withoutImplicitModules]),
        .target(name: "WorkerProtocol", swiftSettings: [withoutImplicitModules]),
        .target(name: "Sockets", dependencies: ["CSystem"]),
        .systemLibrary(name: "CPython", pkgConfig: "python3", providers: [.apt(["python3-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // What it calls is looked up when a program starts: an instance would look it up anew, having been forked.
        .target(name: "CSystem", cSettings: [.unsafeFlags(["-fno-plt"])]),

        .testTarget(
            name: "RuntimeTests",
            dependencies: [
                "Runtime", "Sockets", "WorkerProtocol", "fgs-python-worker",
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(name: "FunctionGraphTests", dependencies: ["FunctionGraph", "JSON"]),
        .testTarget(name: "IdentityTests", dependencies: ["FunctionGraph", "Identity", "Timekeeping"]),
        .testTarget(name: "TimekeepingTests", dependencies: ["FunctionGraph", "Sockets", "Timekeeping"]),
        .testTarget(name: "SocketsTests", dependencies: ["Sockets"]),
        .testTarget(name: "TriggersTests", dependencies: ["FunctionGraph", "JSON", "Triggers"]),
        .testTarget(name: "ZipArchiveTests", dependencies: ["ZipArchive"]),
        .testTarget(
            name: "HTTPServerTests",
            dependencies: ["HTTPServer", "Sockets", .product(name: "HTTPTypes", package: "swift-http-types")]),
    ],
    swiftLanguageModes: [.v6]
)
