import Foundation

/// Runs a program to its end.
enum Tool {
    struct Result: Sendable {
        let status: ExitStatus
        let output: String
        let errors: String
    }

    static func run(
        _ program: URL,
        _ arguments: [String],
        input: String? = nil,
        in workspace: Workspace,
        environment: [String: String] = [:],
        within limit: Duration = .seconds(240)
    ) async throws -> Result {
        var program = program
        var arguments = arguments
        if let input {
            // A file as standard input, so that its end is seen.
            let file = try workspace.file("input", input)
            let words = [program.path] + arguments
            arguments = ["-c", "exec \"$@\" < '\(file.path)'", "bash"] + words
            program = Built.bash
        }
        let child = try Child(program, arguments, in: workspace, environment: environment)
        let status = try await child.exit(within: limit)
        return Result(status: status, output: child.output, errors: child.errors)
    }

    /// Runs a program that must end with 0, and gives what it printed.
    static func output(
        _ program: URL,
        _ arguments: [String],
        in workspace: Workspace,
        environment: [String: String] = [:],
        within limit: Duration = .seconds(240)
    ) async throws -> String {
        let result = try await run(program, arguments, in: workspace, environment: environment, within: limit)
        guard result.status == .code(0) else {
            throw Failure(
                "\(program.lastPathComponent) \(arguments.joined(separator: " ")): \(result.status) \(result.output) "
                    + result.errors
            )
        }
        return result.output
    }

    /// Starts one of the Python programs in Clients.
    static func client(_ name: String, _ arguments: [String], in workspace: Workspace) throws -> Child {
        try Child(Built.python, [Built.client(name).path] + arguments, in: workspace)
    }
}
