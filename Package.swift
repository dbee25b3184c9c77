// swift-tools-version: 6.3
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]
// Debug builds, in which every test runs, look at run time whether two accesses to one variable overlap. Release builds
// do not: where each log has a tick of its own, that look was 2,080 of 10,740 instructions a log.
let unchecked: [SwiftSetting] = [
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))
]
// Sources mark every unsafe construct; tests may use them freely.
let room: [SwiftSetting] = strict + unchecked + [.strictMemorySafety()]
let c: [CSetting] = [.treatAllWarnings(as: .error), .enableWarning("all")]

let doors: [Target] = [
    .target(name: "CLinux", path: "Sources/Doors/CLinux", cSettings: c),
    .target(name: "CVector", path: "Sources/Doors/CVector", cSettings: c),
    .systemLibrary(
        name: "COpenSSL",
        path: "Sources/Doors/COpenSSL",
        pkgConfig: "openssl",
        providers: [.apt(["libssl-dev"])]
    ),
    .systemLibrary(
        name: "CZlib",
        path: "Sources/Doors/CZlib",
        pkgConfig: "zlib",
        providers: [.apt(["zlib1g-dev"])]
    ),
    .systemLibrary(
        name: "CRdKafka",
        path: "Sources/Doors/CRdKafka",
        pkgConfig: "rdkafka",
        providers: [.apt(["librdkafka-dev"])]
    ),
    .systemLibrary(
        name: "CYAML",
        path: "Sources/Doors/CYAML",
        pkgConfig: "yaml-0.1",
        providers: [.apt(["libyaml-dev"])]
    ),
]

let rooms: [Target] = [
    .target(
        name: "Reactor",
        dependencies: ["CLinux", "COpenSSL", "Telemetry"],
        swiftSettings: room + [.enableExperimentalFeature("Lifetimes")]
    ),
    .target(name: "Crypto", dependencies: ["COpenSSL"], swiftSettings: room),
    .target(name: "Admission", dependencies: ["Crypto"], swiftSettings: room),
    .target(name: "WebSocketWire", dependencies: ["Crypto", "CVector", "CZlib"], swiftSettings: room),
    .target(name: "HTTPWire", dependencies: ["CZlib"], swiftSettings: room),
    .target(name: "LogPipeline", dependencies: ["CVector", "Telemetry"], swiftSettings: room),
    .target(name: "KafkaFlusher", dependencies: ["LogPipeline", "CRdKafka", "Telemetry"], swiftSettings: room),
    .target(
        name: "Gateway",
        dependencies: ["Reactor", "Crypto", "Admission", "WebSocketWire", "HTTPWire", "LogPipeline", "Telemetry"],
        swiftSettings: room
    ),
    .target(name: "Telemetry", swiftSettings: room),
    .target(name: "Settings", dependencies: ["CYAML", "Telemetry"], swiftSettings: room),
    .executableTarget(
        name: "sluice",
        dependencies: [
            "Reactor", "Crypto", "Admission", "WebSocketWire", "HTTPWire", "LogPipeline", "KafkaFlusher", "Gateway",
            "Telemetry", "Settings",
        ],
        swiftSettings: room
    ),
    .executableTarget(
        name: "sluice-load",
        dependencies: ["Reactor", "Crypto", "WebSocketWire", "HTTPWire", "Telemetry", "CRdKafka"],
        path: "loadtest/sluice-load",
        swiftSettings: room
    ),
    // What `loadtest/instructions` counts the instructions of, and what `loadtest/ingest` measures.
    .executableTarget(
        name: "hot-path",
        dependencies: ["Gateway", "LogPipeline", "Reactor", "WebSocketWire", "CMallocCount"],
        path: "loadtest/hot-path",
        swiftSettings: room
    ),
]

let tests: [Target] = [
    .target(name: "Simulation", dependencies: ["Reactor", "CLinux"], path: "Tests/Simulation", swiftSettings: strict),
    .target(
        name: "CSimdJSON",
        path: "Tests/CSimdJSON",
        cxxSettings: [.treatAllWarnings(as: .error)],
        linkerSettings: [.linkedLibrary("simdjson")]
    ),
    .target(name: "ProxyOracle", dependencies: ["Reactor"], path: "Tests/ProxyOracle", swiftSettings: strict),
    .testTarget(
        name: "ReactorTests",
        dependencies: ["Reactor", "Simulation", "CLinux", "COpenSSL", "ProxyOracle", "CMutexOrder"],
        resources: [.copy("Corpus")],
        swiftSettings: strict
    ),
    .testTarget(name: "CryptoTests", dependencies: ["Crypto"], swiftSettings: strict),
    .target(
        name: "AdmissionOracle",
        dependencies: ["Admission", "Crypto"],
        path: "Tests/AdmissionOracle",
        swiftSettings: strict
    ),
    .testTarget(
        name: "AdmissionTests",
        dependencies: ["Admission", "AdmissionOracle", "Crypto", "CMutexOrder"],
        resources: [.copy("Corpus"), .copy("Fixtures")],
        swiftSettings: strict
    ),
    // What tests and fuzzers hold the reader against.
    .target(
        name: "WebSocketOracle",
        dependencies: ["WebSocketWire", "CZlib"],
        path: "Tests/WebSocketOracle",
        swiftSettings: strict
    ),
    .testTarget(
        name: "WebSocketWireTests",
        dependencies: ["WebSocketWire", "WebSocketOracle", "CVector"],
        resources: [.copy("Corpus"), .copy("DeflateCorpus")],
        swiftSettings: strict
    ),
    .target(
        name: "HTTPOracle",
        dependencies: ["HTTPWire", "CZlib"],
        path: "Tests/HTTPOracle",
        swiftSettings: strict
    ),
    .testTarget(
        name: "HTTPWireTests",
        dependencies: ["HTTPWire", "HTTPOracle"],
        resources: [.copy("Corpus")],
        swiftSettings: strict
    ),
    // Counts what a thread allocates, by taking the allocator's place in the tests' program.
    .target(name: "CMallocCount", path: "Tests/CMallocCount", cSettings: c),
    // Shows the thread sanitizer the order that the library's locks make.
    .target(name: "CMutexOrder", path: "Tests/CMutexOrder", cSettings: c),
    .target(
        name: "PolicyOracle",
        dependencies: ["LogPipeline", "CSimdJSON"],
        path: "Tests/PolicyOracle",
        swiftSettings: strict
    ),
    .testTarget(
        name: "LogPipelineTests",
        dependencies: [
            "LogPipeline", "PolicyOracle", "CSimdJSON", "CVector", "CMallocCount", "CMutexOrder", "Telemetry",
        ],
        resources: [.copy("Corpus"), .copy("SplitCorpus")],
        swiftSettings: strict
    ),
    .testTarget(
        name: "KafkaFlusherTests",
        dependencies: ["KafkaFlusher", "LogPipeline", "CRdKafka", "Telemetry"],
        swiftSettings: strict
    ),
    .testTarget(
        name: "GatewayTests",
        dependencies: [
            "Gateway", "Simulation", "Reactor", "WebSocketWire", "WebSocketOracle", "HTTPWire", "HTTPOracle",
            "LogPipeline", "Telemetry", "Crypto", "Admission",
        ],
        swiftSettings: strict
    ),
    .testTarget(name: "TelemetryTests", dependencies: ["Telemetry"], swiftSettings: strict),
    .testTarget(name: "SettingsTests", dependencies: ["Settings"], swiftSettings: strict),
    .testTarget(
        name: "SluiceTests",
        dependencies: [
            "sluice", "Settings", "KafkaFlusher", "Gateway", "Admission", "LogPipeline", "Reactor", "Telemetry",
            "WebSocketWire",
        ],
        swiftSettings: strict
    ),
    .testTarget(
        name: "SluiceLoadTests",
        dependencies: ["sluice-load", "Reactor", "WebSocketWire", "HTTPWire", "CRdKafka"],
        path: "Tests/SluiceLoadTests",
        swiftSettings: strict
    ),
    .testTarget(name: "EndToEndTests", resources: [.copy("Clients")], swiftSettings: strict),
]

let package = Package(
    name: "sluice",
    products: [
        .executable(name: "sluice", targets: ["sluice"]),
        .executable(name: "sluice-load", targets: ["sluice-load"]),
    ],
    targets: doors + rooms + tests,
    swiftLanguageModes: [.v6],
    cLanguageStandard: .gnu17,
    cxxLanguageStandard: .cxx20
)

// The fuzzers link an archive that only a build with coverage flags can use (see Tests/Fuzz/run), so they
// stay out of every other build; FUZZ names the one that is wanted.
if let fuzzer = Context.environment["FUZZ"] {
    let fuzz: [SwiftSetting] = strict + [.unsafeFlags(["-parse-as-library"])]
    let fuzzers: [Target] = [
        .executableTarget(
            name: "FuzzWebSocket",
            dependencies: ["WebSocketOracle"],
            path: "Tests/Fuzz/WebSocket",
            swiftSettings: fuzz
        ),
        .executableTarget(
            name: "FuzzDeflate",
            dependencies: ["WebSocketOracle"],
            path: "Tests/Fuzz/Deflate",
            swiftSettings: fuzz
        ),
        .executableTarget(
            name: "FuzzHTTP",
            dependencies: ["HTTPOracle"],
            path: "Tests/Fuzz/HTTP",
            swiftSettings: fuzz
        ),
        .executableTarget(
            name: "FuzzAdmission",
            dependencies: ["AdmissionOracle"],
            path: "Tests/Fuzz/Admission",
            swiftSettings: fuzz
        ),
        .executableTarget(
            name: "FuzzPolicy",
            dependencies: ["PolicyOracle"],
            path: "Tests/Fuzz/Policy",
            swiftSettings: fuzz
        ),
        .executableTarget(
            name: "FuzzProxy",
            dependencies: ["ProxyOracle"],
            path: "Tests/Fuzz/Proxy",
            swiftSettings: fuzz
        ),
        .executableTarget(
            name: "FuzzSplit",
            dependencies: ["PolicyOracle"],
            path: "Tests/Fuzz/Split",
            swiftSettings: fuzz
        ),
    ]
    package.targets += fuzzers.filter { $0.name == fuzzer }
}

// A sanitizer's build leaves out what only waits for others, or what its run time cannot see through.
if Context.environment["SANITIZED"] != nil {
    let kept: Set = [
        "CLinux", "CVector", "COpenSSL", "CZlib", "CSimdJSON", "CMallocCount", "CMutexOrder", "Telemetry", "Crypto",
        "Reactor", "WebSocketWire", "HTTPWire", "LogPipeline", "Simulation", "ProxyOracle", "WebSocketOracle",
        "HTTPOracle",
        "PolicyOracle", "Admission", "AdmissionOracle",
        "ReactorTests", "WebSocketWireTests", "HTTPWireTests", "LogPipelineTests",
        "AdmissionTests", "CryptoTests",
    ]
    package.targets.removeAll { !kept.contains($0.name) }
    package.products = []
}
