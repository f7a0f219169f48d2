import Foundation
import Invocation
import Yams

/// The credentials that functions get through their agencies, in a YAML or JSON file:
///
///     agencies:
///       reader: {access_key: AK, secret_key: SK, security_token: T, token: T}
public enum AgencyFile {
    /// What stands under `agencies`, which is all there may be; nil for nothing.
    private typealias Document = [String: [String: Agency]?]

    private struct Agency: Decodable {
        let access_key: String
        let secret_key: String
        let security_token: String?
        let token: String?
    }

    /// The longest file that is read, in bytes.
    private static let sizeLimit = 1 << 20

    /// Reads a file.
    ///
    /// - Returns: the credentials by the names of the agencies.
    /// - Throws: `AgencyFileError`.
    public static func read(_ path: String) throws(AgencyFileError) -> [String: AgencyCredentials] {
        guard let data = FileManager.default.contents(atPath: path), data.count <= sizeLimit else {
            throw AgencyFileError(path: path, problem: "it cannot be read, or is longer than 1 MiB")
        }
        let document: Document
        do {
            // Nothing at all is a file without agencies.
            document =
                data.allSatisfy { " \t\r\n".utf8.contains($0) }
                ? [:] : try YAMLDecoder().decode(Document.self, from: data)
        } catch DecodingError.keyNotFound(let key, let context) {
            let place = (context.codingPath.map(\.stringValue) + [key.stringValue]).joined(separator: ".")
            throw AgencyFileError(path: path, problem: "\(place) is missing")
        } catch {
            // Descriptions of other errors quote the text, and with it secrets.
            throw AgencyFileError(
                path: path,
                problem:
                    "expected 'agencies', with 'access_key' and 'secret_key' for each name, all of them texts"
            )
        }
        if let other = document.keys.first(where: { $0 != "agencies" }) {
            throw AgencyFileError(path: path, problem: "expected 'agencies', not '\(other)'")
        }
        return ((document["agencies"] ?? [:]) ?? [:]).mapValues {
            AgencyCredentials(
                accessKey: $0.access_key, secretKey: $0.secret_key, securityToken: $0.security_token ?? "",
                token: $0.token ?? "")
        }
    }
}
