// swift-tools-version: 6.2
import PackageDescription

// The diagram: floors from the ground up. A target may use what stands below it, never what stands beside or above it, except
// where a line here says so. Why each target exists is told in ARCHITECTURE.md.

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .strictMemorySafety(), .treatAllWarnings(as: .error)]
// What asks the questions compiles in a third of the time when it is not optimised, and need not be.
let plain: [SwiftSetting] = strict + [.unsafeFlags(["-Onone"])]
// Most of what tests wait for happens in the engines and in storage: they are optimised in the debug configuration too, in which
// script/test builds (docs/adr/0024-tests-in-debug.md).
let quick: [SwiftSetting] = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
  name: "regulars",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "regulars", targets: ["regulars"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
  ],
  targets: [
    // 0 ground
    .target(name: "Kernel", swiftSettings: quick),

    // 1 pure engines: no I/O, no clock, no threads
    .target(name: "Conditions", dependencies: ["Kernel"], swiftSettings: quick),
    .target(name: "Calculator", dependencies: ["Kernel", "Conditions"], swiftSettings: quick),
    .target(name: "Tables", dependencies: ["Kernel"], swiftSettings: quick),
    .target(name: "Cube", dependencies: ["Kernel"], swiftSettings: quick),

    // 2 plumbing
    .target(name: "Storage", dependencies: ["Kernel"], swiftSettings: quick),
    .target(
      name: "Jobs", dependencies: ["Kernel", "Storage", .product(name: "Crypto", package: "swift-crypto")], swiftSettings: strict),

    // 3 wings
    .target(
      name: "Access",
      dependencies: [
        "Kernel", "Storage", "Jobs", .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    .target(
      name: "Customers",
      dependencies: ["Kernel", "Conditions", "Storage", "Jobs", "Access", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: strict),
    .target(
      name: "Loyalty", dependencies: ["Kernel", "Conditions", "Calculator", "Storage", "Jobs", "Access", "Customers"],
      swiftSettings: strict),
    .target(
      name: "Insight",
      dependencies: [
        "Kernel", "Conditions", "Calculator", "Tables", "Cube", "Storage", "Jobs", "Access", "Customers", "Loyalty",
      ],
      swiftSettings: strict),
    .target(
      name: "Engagement",
      dependencies: [
        "Kernel", "Calculator", "Storage", "Jobs", "Access", "Customers", "Loyalty",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: strict),

    // 4 drivers
    .systemLibrary(
      name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
    .target(
      name: "StorageSQLite",
      dependencies: [
        "Kernel", "Storage", .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .target(name: "StoragePostgres", dependencies: ["Kernel", "Storage", "CPostgres"], swiftSettings: strict),

    .target(
      name: "Imports",
      dependencies: [
        "Kernel", "Tables", "Conditions", "Calculator", "Storage", "Jobs", "Access", "Customers", "Loyalty", "Insight",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
    .target(
      name: "Gateways",
      dependencies: [
        "Kernel", "Access", "Engagement", "Insight", "CCurl", .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: strict),

    // 4 windows
    .systemLibrary(
      name: "CQrencode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"]), .brew(["qrencode"])]),
    .target(
      name: "Web",
      dependencies: [
        "Kernel", "Conditions", "Calculator", "Tables", "Storage", "Jobs", "Access", "Customers", "Loyalty", "Engagement",
        "Imports", "Cube", "Insight",
        "CQrencode",
        .product(name: "Crypto", package: "swift-crypto"), .product(name: "Logging", package: "swift-log"),
        .product(name: "HTTPTypes", package: "swift-http-types"), .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"), .product(name: "HummingbirdHTTP2", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      resources: [.embedInCode("Resources")],
      swiftSettings: strict),

    // 5 front door
    .executableTarget(
      name: "regulars",
      dependencies: [
        "Kernel", "Conditions", "Calculator", "Storage", "Jobs", "Access", "Customers", "Loyalty", "Engagement",
        "Gateways", "StorageSQLite", "Cube", "Insight",
        "StoragePostgres", "Tables", "Imports", "Web", .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "Logging", package: "swift-log"), .product(name: "Yams", package: "Yams"),
      ],
      resources: [.embedInCode("Migrations"), .embedInCode("Views")],
      swiftSettings: strict),

    // tests
    .target(
      name: "TestKit",
      dependencies: [
        "Kernel", "Conditions", "Calculator", "Storage", "StorageSQLite", "StoragePostgres", "CPostgres",
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      path: "Tests/TestKit", swiftSettings: strict),
    .testTarget(name: "KernelTests", dependencies: ["Kernel", "TestKit"], swiftSettings: plain),
    .testTarget(name: "TablesTests", dependencies: ["Tables", "Kernel", "TestKit"], swiftSettings: plain),
    .testTarget(name: "CalculatorTests", dependencies: ["Calculator", "Conditions", "TestKit"], swiftSettings: plain),
    .testTarget(
      name: "StorageTests", dependencies: ["Storage", "StorageSQLite", "StoragePostgres", "TestKit"], swiftSettings: plain),
    .testTarget(
      name: "LoyaltyTests", dependencies: ["Loyalty", "Insight", "Gateways", "Cube", "Customers", "Access", "TestKit"],
      swiftSettings: plain),
    .testTarget(
      name: "ImportsTests", dependencies: ["Imports", "Tables", "Loyalty", "Customers", "Access", "Jobs", "TestKit"],
      swiftSettings: plain),
    .testTarget(name: "JobsTests", dependencies: ["Jobs", "Storage", "TestKit"], swiftSettings: plain),
    .testTarget(name: "CubeTests", dependencies: ["Cube", "Kernel", "TestKit"], swiftSettings: plain),
    .testTarget(
      name: "InsightTests",
      dependencies: ["regulars", "Insight", "Cube", "Loyalty", "Customers", "Access", "Jobs", "Storage", "TestKit"],
      swiftSettings: plain),
    .testTarget(
      name: "EngagementTests",
      dependencies: [
        "Engagement", "Gateways", "Loyalty", "Customers", "Access", "Jobs", "Storage", "TestKit",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: plain),
    .testTarget(
      name: "WebTests",
      dependencies: [
        "regulars", "Web", "Kernel", "Conditions", "Calculator", "Storage", "Jobs", "Access", "Customers", "Loyalty", "Engagement",
        "Imports", "Gateways", "Insight", "Cube", "TestKit", .product(name: "Logging", package: "swift-log"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: plain),
    .testTarget(
      name: "FrontDoorTests",
      dependencies: [
        "regulars", "Kernel", "Conditions", "Calculator", "Storage", "Jobs", "Access", "Loyalty", "TestKit",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: plain),
    .testTarget(name: "SimulationTests", dependencies: ["regulars", "Storage", "StorageSQLite", "TestKit"], swiftSettings: plain),
    .testTarget(name: "TidyTests", dependencies: ["regulars", "Kernel", "Storage", "TestKit"], swiftSettings: plain),
  ]
)
