/// The code of functions that are created without any: their handler answers with its event, as the API
/// reference leaves it to the platform to choose.
public enum DefaultCode {
    /// The text of the handler's file.
    ///
    /// - Returns: nil for runtimes whose code is no text.
    public static func source(for configuration: FunctionConfiguration) -> String? {
        let function = configuration.handler.function
        let name =
            function.isEmpty || !function.unicodeScalars.allSatisfy(isIdentifier) ? "handler" : function
        return switch configuration.runtime.family {
        case .python:
            """
            import json


            def \(name)(event, context):
                return {
                    "statusCode": 200,
                    "isBase64Encoded": False,
                    "body": json.dumps(event),
                    "headers": {"Content-Type": "application/json"},
                }

            """
        case .node:
            """
            exports.\(name) = async (event, context) => ({
                "statusCode": 200,
                "isBase64Encoded": false,
                "body": JSON.stringify(event),
                "headers": {"Content-Type": "application/json"},
            });

            """
        case .php:
            """
            <?php
            function \(name)($event, $context) {
                return [
                    "statusCode" => 200,
                    "isBase64Encoded" => false,
                    "body" => json_encode($event),
                    "headers" => ["Content-Type" => "application/json"],
                ];
            }

            """
        case .java, .go, .dotnet, .custom, .http, .image: nil
        }
    }

    private static func isIdentifier(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCIILetter || scalar.isASCIIDigit || scalar == "_"
    }
}
