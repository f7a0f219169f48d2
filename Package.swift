// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "fgs-emulator",
    dependencies: [
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0")
    ],
    targets: [
        .target(
            name: "HTTPServer",
            dependencies: ["Sockets", .product(name: "HTTPTypes", package: "swift-http-types")]
        ),
        .target(name: "Sockets", dependencies: ["CSystem"]),
        .target(name: "CSystem"),
        .testTarget(name: "HTTPServerTests", dependencies: ["HTTPServer"]),
    ],
    swiftLanguageModes: [.v6]
)
