import Foundation
import FunctionGraph
import JSON
import Synchronization

/// The templates that functions can be made from: one directory each, with `template.json` and the code beside it.
public final class TemplateLibrary: Sendable {
    private let directory: String
    private let loaded = Mutex<[JSONObject]?>(nil)

    /// The templates below a directory. They are read when somebody asks for one.
    public init(directory: String) {
        self.directory = directory
    }

    /// All templates, as answers show them, by their titles.
    ///
    /// - Throws: `FGSError` FSS.0500 when one cannot be read.
    func all() throws(FGSError) -> [JSONObject] {
        if let templates = loaded.withLock({ $0 }) { return templates }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        var templates: [JSONObject] = []
        for name in names.sorted() {
            if let template = try read("\(directory)/\(name)") { templates.append(template) }
        }
        loaded.withLock { [templates] in $0 = templates }
        return templates
    }

    /// One template.
    ///
    /// - Throws: `FGSError` FSS.1059.
    func template(_ id: String) throws(FGSError) -> JSONObject {
        guard let template = try all().first(where: { $0["id"]?.stringValue == id }) else {
            throw FGSError(.templateNotFound)
        }
        return template
    }

    private func read(_ path: String) throws(FGSError) -> JSONObject? {
        guard let bytes = FileManager.default.contents(atPath: "\(path)/template.json") else { return nil }
        guard var template = (try? JSONValue(parsing: [UInt8](bytes)))?.objectValue,
            let codeFile = template["code_file"]?.stringValue, !codeFile.contains("/"),
            let code = FileManager.default.contents(atPath: "\(path)/\(codeFile)")
        else { throw FGSError(.internalError, "the template \(path) cannot be read") }
        template["code_file"] = nil
        template["code"] = .string(code.base64EncodedString())
        return template
    }
}
