import Glibc
import Reactor

// The way of a log, and that of a connection, through one gateway loop: real sockets, but one thread, so that it takes the
// same instructions every time. `loadtest/instructions` runs it twice under valgrind with different numbers of logs; the
// difference is what a log costs, the client's system calls included. What it prints: logs, or connections of the scenario
// that has no logs, and allocations of all rounds but the first. With `serve` the loop is there for clients elsewhere, until
// it is killed.

let arguments = CommandLine.arguments
if arguments.count == 3, arguments[1] == "serve", let port = UInt16(arguments[2]) {
    DescriptorLimit.raise()
    var gate = try Gate(port: port, reportSize: 1_000)
    while true { gate.turn() }
}
guard arguments.count == 3, let scenario = Scenario.all.first(where: { $0.name == arguments[1] }),
    let rounds = Int(arguments[2]), rounds > 1
else {
    print(
        """
        usage: hot-path SCENARIO ROUNDS; scenarios: \(Scenario.all.map(\.name).joined(separator: ", "))
               hot-path serve PORT
        """
    )
    exit(2)
}

DescriptorLimit.raise()
let counts = try scenario.run(rounds: rounds)
print("\(scenario.batch == 0 ? "connections" : "logs") \(counts.count) allocations \(counts.allocations)")
