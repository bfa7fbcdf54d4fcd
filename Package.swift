// swift-tools-version:6.2
import PackageDescription

/// Every target is built with the same language features.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "faregate",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Faregate", targets: ["Faregate"]),
        .library(name: "FaregateProviders", targets: ["FaregateProviders"]),
        .library(name: "FaregateSandbox", targets: ["FaregateSandbox"]),
        .library(name: "FaregateTesting", targets: ["FaregateTesting"]),
        .library(name: "FaregateTasks", targets: ["FaregateTasks"]),
        .executable(name: "faregate", targets: ["FaregateCommand"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CJansson",
            pkgConfig: "jansson",
            providers: [.apt(["libjansson-dev"]), .brew(["jansson"])]),

        // core: pure, no Foundation, nothing but libjansson beneath it
        .target(
            name: "Faregate",
            dependencies: ["CJansson"],
            swiftSettings: settings),

        // effects
        .target(
            name: "FaregateProviders",
            dependencies: [
                "Faregate",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .target(
            name: "FaregateSandbox",
            dependencies: [
                "Faregate",
                "FaregateProviders",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .target(
            name: "FaregateTesting",
            dependencies: [
                "Faregate",
                "FaregateProviders",
                "FaregateSandbox",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .target(
            name: "FaregateTasks",
            dependencies: [
                "Faregate",
                "FaregateProviders",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),

        // entry
        .executableTarget(
            name: "FaregateCommand",
            dependencies: [
                "Faregate",
                "FaregateProviders",
                "FaregateSandbox",
                "FaregateTasks",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),

        // proof: what `make chaos` and `make load` run
        .executableTarget(
            name: "FaregateChaos",
            dependencies: [
                "Faregate",
                "FaregateProviders",
                "FaregateSandbox",
                "FaregateTasks",
                "FaregateTesting",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings),

        .testTarget(
            name: "FaregateTests",
            dependencies: ["Faregate"],
            exclude: ["Fixtures"],
            swiftSettings: settings),
        .testTarget(
            name: "FaregateProvidersTests",
            dependencies: [
                "Faregate",
                "FaregateProviders",
                "FaregateSandbox",
                "FaregateTesting",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "FaregateTasksTests",
            dependencies: [
                "Faregate",
                "FaregateChaos",
                "FaregateProviders",
                "FaregateSandbox",
                "FaregateTasks",
                "FaregateTesting",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "FaregateCommandTests",
            dependencies: ["FaregateCommand", "FaregateTesting"],
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
