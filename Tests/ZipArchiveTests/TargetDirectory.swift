import Foundation
import ZipArchive

/// A directory to unpack into, with nothing beside it that the test did not put there.
final class TargetDirectory {
    let parent: URL
    var path: String { parent.appending(path: "target").path }

    init() throws {
        parent = FileManager.default.temporaryDirectory.appending(path: "fgs-zip-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: parent)
    }

    /// Unpacks, and returns what went wrong.
    func failure(unpacking bytes: [UInt8], limits: ExtractionLimits = ExtractionLimits()) -> ZipError? {
        do throws(ZipError) {
            try Extraction.extract(ZipReader(BytesSource(bytes), limits: limits), to: path, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    /// Everything in the parent directory; after a failure there must be nothing.
    var remains: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []
    }

    func contents(of name: String) -> [UInt8]? {
        FileManager.default.contents(atPath: "\(path)/\(name)").map { Array($0) }
    }
}
