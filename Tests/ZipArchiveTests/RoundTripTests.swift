import Foundation
import Testing
import ZipArchive

struct RoundTripTests {
    @Test("what Python packs is unpacked with contents, directories, links and permissions")
    func pythonToSwift() throws {
        let bytes = try PythonZip.archive(
            """
            archive.writestr("index.py", "print(1)\\n" * 1000)
            archive.writestr("stored.txt", "abc", compress_type=zipfile.ZIP_STORED)
            archive.writestr("grüße/日本.txt", "ü")
            archive.writestr("empty/", "")
            info = zipfile.ZipInfo("bin/run")
            info.create_system = 3
            info.external_attr = (stat.S_IFREG | 0o6711) << 16
            archive.writestr(info, "#!/bin/sh\\n")
            info = zipfile.ZipInfo("bin/link")
            info.create_system = 3
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, "../index.py")
            """
        )
        let target = try TargetDirectory()
        #expect(target.failure(unpacking: bytes) == nil)
        #expect(target.contents(of: "index.py")?.count == 9_000)
        #expect(target.contents(of: "stored.txt") == Array("abc".utf8))
        #expect(target.contents(of: "grüße/日本.txt") == Array("ü".utf8))
        #expect(target.contents(of: "bin/link")?.count == 9_000)
        var isDirectory: ObjCBool = false
        #expect(FileManager.default.fileExists(atPath: "\(target.path)/empty", isDirectory: &isDirectory))
        #expect(isDirectory.boolValue)
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(target.path)/bin/run")
        #expect(attributes[.posixPermissions] as? Int == 0o755)
    }

    @Test("an archive written as a stream, with data descriptors, is read")
    func dataDescriptors() throws {
        let bytes = try PythonZip.run(
            """
            class Stream(io.RawIOBase):
                def writable(self): return True
                def write(self, data): sys.stdout.buffer.write(data); return len(data)
            with zipfile.ZipFile(Stream(), "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("a.py", "x" * 1000)
                archive.writestr("b.py", "y" * 1000)
            """
        )
        let target = try TargetDirectory()
        #expect(target.failure(unpacking: bytes) == nil)
        #expect(target.contents(of: "b.py") == Array(repeating: UInt8(ascii: "y"), count: 1_000))
    }

    @Test("64-bit records are read")
    func zip64() throws {
        let bytes = try PythonZip.archive(
            """
            with archive.open(zipfile.ZipInfo("big.txt"), "w", force_zip64=True) as entry:
                entry.write(b"z" * 5000)
            """
        )
        let reader = try ZipReader(BytesSource(bytes))
        #expect(reader.entries.map(\.size) == [5_000])
        #expect(try reader.contents(of: reader.entries[0], limit: 5_000).count == 5_000)
    }

    @Test("names in the old code page are decoded")
    func codePage() throws {
        var bytes = try PythonZip.archive(#"archive.writestr("aXb.txt", "x")"#)
        for range in bytes.indices.dropLast(7).filter({ Array(bytes[$0..<($0 + 7)]) == Array("aXb.txt".utf8) }
        ) {
            bytes[range + 1] = 0x81
        }
        #expect(try ZipReader(BytesSource(bytes)).entries.map(\.path.description) == ["aüb.txt"])
    }

    @Test("a comment at the end, even one that looks like a record, does not confuse the reader")
    func comment() throws {
        let bytes = try PythonZip.archive(
            """
            archive.writestr("index.py", "x")
            archive.comment = b"PK\\x05\\x06" + b"-" * 40
            """
        )
        #expect(try ZipReader(BytesSource(bytes)).entries.count == 1)
    }

    @Test("what is written here is what Python reads, with names, permissions and links")
    func swiftToPython() throws {
        var writer = ZipWriter(BytesSink())
        try writer.add(EntryPath("index.py"), Array("print(1)\n".utf8))
        try writer.add(EntryPath("grüße/a"), [UInt8](repeating: 7, count: 100_000))
        try writer.add(EntryPath("bin/run"), Array("#!/bin/sh\n".utf8), isExecutable: true)
        try writer.addDirectory(EntryPath("empty/"))
        try writer.addLink(EntryPath("link"), target: "index.py")
        try writer.finish()
        let listing = try PythonZip.run(
            """
            with zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())) as archive:
                assert archive.testzip() is None
                for info in archive.infolist():
                    print(info.filename, oct(info.external_attr >> 16), info.file_size)
            """,
            input: writer.sink.bytes
        )
        #expect(
            String(decoding: listing, as: UTF8.self) == """
                index.py 0o100644 9
                grüße/a 0o100644 100000
                bin/run 0o100755 10
                empty/ 0o40755 0
                link 0o120777 8

                """
        )
        #expect(writer.sink.bytes.count < 2_000)
    }

    @Test("several archives are merged; the later one's file counts")
    func merge() throws {
        let first = try PythonZip.archive("archive.writestr('a', 'first')\narchive.writestr('d/x', 'x')")
        let second = try PythonZip.archive("archive.writestr('a', 'second')\narchive.writestr('d/y', 'y')")
        let target = try TargetDirectory()
        let extraction = try Extraction(to: target.path)
        try extraction.add(ZipReader(BytesSource(first)))
        try extraction.add(ZipReader(BytesSource(second)))
        try extraction.finish()
        #expect(target.contents(of: "a") == Array("second".utf8))
        #expect(target.contents(of: "d/x") == Array("x".utf8))
        #expect(target.contents(of: "d/y") == Array("y".utf8))
        #expect(target.remains == ["target"])
    }

    @Test("an archive in a file is unpacked in memory that does not grow with it")
    func streaming() throws {
        let target = try TargetDirectory()
        let file = target.parent.appending(path: "large.zip").path
        _ = try PythonZip.run(
            """
            with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
                with archive.open("large", "w", force_zip64=True) as entry:
                    for _ in range(300): entry.write(bytes(1 << 20))
            """,
            [file]
        )
        var before = rusage()
        getrusage(RUSAGE_SELF.rawValue, &before)
        try Extraction.extract(ZipReader(FileSource(path: file)), to: target.path)
        var after = rusage()
        getrusage(RUSAGE_SELF.rawValue, &after)
        #expect(after.ru_maxrss - before.ru_maxrss < 50_000)
        #expect(
            (try FileManager.default.attributesOfItem(atPath: "\(target.path)/large"))[.size] as? Int == 300
                << 20
        )
    }
}
