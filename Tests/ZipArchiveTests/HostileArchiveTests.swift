import Foundation
import Testing
import ZipArchive

/// Archives that must be refused, leaving nothing behind.
struct HostileArchiveTests {
    private func expect(
        _ bytes: [UInt8],
        limits: ExtractionLimits = ExtractionLimits(),
        isRefusedAs matches: (ZipError) -> Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let target = try TargetDirectory()
        let failure = target.failure(unpacking: bytes, limits: limits)
        #expect(
            failure.map(matches) == true,
            "\(String(describing: failure))",
            sourceLocation: sourceLocation
        )
        #expect(target.remains == [], sourceLocation: sourceLocation)
    }

    @Test(
        "a name that would leave the target is refused",
        arguments: [
            "/etc/passwd", "../evil", "a/../../evil", "a/..", "C:\\\\evil", "C:evil", "a\\\\..\\\\evil",
            "a\\\\b",
        ]
    )
    func unsafeNames(name: String) throws {
        let bytes = try PythonZip.archive(
            """
            archive.writestr("index.py", "x")
            archive.writestr("\(name)", "x")
            """
        )
        try expect(bytes) { if case .unsafeName = $0 { true } else { false } }
    }

    @Test("a symbolic link that leaves the target is refused", arguments: ["/etc", "../x", "a/../../x", ""])
    func unsafeLinks(target: String) throws {
        let bytes = try PythonZip.archive(
            """
            info = zipfile.ZipInfo("link")
            info.create_system = 3
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, "\(target)")
            """
        )
        try expect(bytes) { if case .unsafeLink = $0 { true } else { false } }
    }

    @Test("links that lead outside only together are refused")
    func linkChain() throws {
        let bytes = try PythonZip.archive(
            """
            def link(name, target):
                info = zipfile.ZipInfo(name)
                info.create_system = 3
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
                archive.writestr(info, target)
            archive.writestr("a/b/c/file", "x")
            link("shortcut", "a/b")
            link("a/b/up", "../..")
            link("deep/er/out", "../../shortcut/up/../outside")
            """
        )
        let target = try TargetDirectory()
        if target.failure(unpacking: bytes) == nil {
            // What it resolves to is what counts.
            let resolved = URL(filePath: "\(target.path)/deep/er/out").resolvingSymlinksInPath().path
            #expect(resolved.hasPrefix(target.path))
        }
    }

    @Test("no entry is written through a link of the same archive")
    func writeThroughLink() throws {
        let bytes = try PythonZip.archive(
            """
            info = zipfile.ZipInfo("dir")
            info.create_system = 3
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, "other")
            archive.writestr("dir/file", "x")
            """
        )
        try expect(bytes) { if case .overlapping = $0 { true } else { false } }
    }

    @Test("a device is refused")
    func device() throws {
        let bytes = try PythonZip.archive(
            """
            info = zipfile.ZipInfo("null")
            info.create_system = 3
            info.external_attr = (stat.S_IFCHR | 0o666) << 16
            archive.writestr(info, "")
            """
        )
        try expect(bytes) { if case .unsupportedKind = $0 { true } else { false } }
    }

    @Test("an encrypted entry is refused")
    func encrypted() throws {
        var bytes = try PythonZip.archive(#"archive.writestr("index.py", "x")"#)
        let central = try #require(bytes.firstRange(of: [0x50, 0x4B, 1, 2]))
        bytes[central.lowerBound + 8] |= 1
        try expect(bytes) { if case .encrypted = $0 { true } else { false } }
    }

    @Test("a compression method nobody here knows is refused")
    func method() throws {
        let bytes = try PythonZip.archive(
            #"archive.writestr("index.py", "x" * 100, compress_type=zipfile.ZIP_LZMA)"#
        )
        try expect(bytes) { $0 == .unsupportedMethod("index.py", method: 14) }
    }

    @Test("two entries of one name are refused")
    func duplicates() throws {
        let bytes = try PythonZip.archive(
            """
            archive.writestr("index.py", "a")
            archive.writestr("index.py", "b")
            """
        )
        try expect(bytes) { if case .overlapping = $0 { true } else { false } }
    }

    @Test("a file where another entry needs a directory is refused")
    func fileAgainstDirectory() throws {
        let bytes = try PythonZip.archive(
            """
            archive.writestr("a", "x")
            archive.writestr("a/b", "x")
            """
        )
        try expect(bytes) { if case .overlapping = $0 { true } else { false } }
    }

    @Test("entries that share their bytes are refused")
    func overlaps() throws {
        var bytes = try PythonZip.archive(
            """
            archive.writestr("aa.py", "x" * 1000)
            archive.writestr("bb.py", "y" * 1000)
            """
        )
        // The second central record is made to point at the first local header, under the first one's name.
        let first = try #require(bytes.firstRange(of: [0x50, 0x4B, 1, 2])).lowerBound
        let second = try #require(bytes[(first + 4)...].firstRange(of: [0x50, 0x4B, 1, 2])).lowerBound
        bytes.replaceSubrange(second..<(second + 51), with: bytes[first..<(first + 51)])
        try expect(bytes) { if case .overlapping = $0 { true } else { false } }
    }

    @Test("a damaged entry is refused", arguments: [true, false])
    func checksum(deflated: Bool) throws {
        var bytes = try PythonZip.archive(
            "archive.writestr('index.py', 'print(1)\\n' * 3, compress_type=zipfile.\(deflated ? "ZIP_DEFLATED" : "ZIP_STORED"))"
        )
        bytes[44] ^= 0x55
        try expect(bytes) {
            switch $0 {
            case .checksumMismatch, .malformed, .sizeMismatch: true
            default: false
            }
        }
    }

    @Test("every truncation of an archive is refused")
    func truncation() throws {
        let bytes = try PythonZip.archive(
            """
            archive.writestr("index.py", "def handler(event, context):\\n    return event\\n")
            archive.writestr("data/file", "0123456789" * 20)
            """
        )
        let target = try TargetDirectory()
        for length in 0..<bytes.count {
            #expect(target.failure(unpacking: Array(bytes[..<length])) != nil, "of \(length) bytes")
        }
        #expect(target.remains == [])
    }

    @Test("an archive that unpacks to more than the limit is stopped while it does")
    func bomb() throws {
        let bytes = try PythonZip.archive(#"archive.writestr("zeros", bytes(50 << 20))"#)
        #expect(bytes.count < 100_000)
        try expect(bytes, limits: ExtractionLimits(files: 10, bytes: 1 << 20)) {
            $0 == .tooLarge(limit: 1 << 20)
        }
    }

    @Test("an archive whose records say that it is too large is not unpacked to find out")
    func declaredBomb() throws {
        var bytes = try PythonZip.archive(
            #"archive.writestr("a", bytes(600)); archive.writestr("b", bytes(600))"#)
        // The first byte of what has been compressed: unpacking would say that it is damaged.
        bytes[31] ^= 0xFF
        let reader = try ZipReader(BytesSource(bytes))
        let limits = ExtractionLimits(files: 10, bytes: 1_000)
        #expect(throws: ZipError.tooLarge(limit: 1_000)) { try reader.verify(limits: limits) }
        try expect(bytes, limits: limits) { $0 == .tooLarge(limit: 1_000) }
    }

    @Test("an entry that inflates to more than its record says is refused")
    func lyingSize() throws {
        var bytes = try PythonZip.archive(#"archive.writestr("zeros", bytes(100000))"#)
        let central = try #require(bytes.firstRange(of: [0x50, 0x4B, 1, 2])).lowerBound
        bytes.replaceSubrange((central + 24)..<(central + 28), with: [10, 0, 0, 0])
        try expect(bytes) { if case .sizeMismatch = $0 { true } else { false } }
    }

    @Test("more files than the limit are refused")
    func fileCount() throws {
        let bytes = try PythonZip.archive("for n in range(31): archive.writestr('f%d' % n, '')")
        try expect(bytes, limits: ExtractionLimits(files: 30, bytes: 1_000)) {
            $0 == .tooManyFiles(limit: 30)
        }
    }

    @Test(
        "bytes that are no archive are refused",
        arguments: ["", "PK", "hello, this is no archive at all, sorry"]
    )
    func noArchive(text: String) throws {
        try expect(Array(text.utf8)) { $0 == .notAnArchive }
    }

    @Test("thousands of random changes to an archive never crash and never leave anything half done")
    func mutations() throws {
        let original = try PythonZip.archive(
            """
            archive.writestr("index.py", "def handler(event, context):\\n    return event\\n" * 5)
            archive.writestr("src/data.bin", bytes(range(256)) * 4, compress_type=zipfile.ZIP_STORED)
            info = zipfile.ZipInfo("link")
            info.create_system = 3
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, "index.py")
            """
        )
        let target = try TargetDirectory()
        var random = SplitMix64(state: 20_261_124)
        for _ in 0..<4_000 {
            var bytes = original
            for _ in 0...Int(random.next() % 4) {
                let position = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 4 {
                case 0: bytes[position] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes[position] = 0xFF
                case 2: bytes.remove(at: position)
                default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: position)
                }
            }
            let failure = target.failure(
                unpacking: bytes,
                limits: ExtractionLimits(files: 50, bytes: 1 << 20)
            )
            #expect(failure == nil ? target.remains == ["target"] : target.remains == [])
            try? FileManager.default.removeItem(atPath: target.path)
        }
    }
}

/// A small generator that gives the same numbers in every run.
private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
