// swift-tools-version: 6.0
import PackageDescription

// Who may import whom is written in docs/imports.md; `Scripts/check-imports` holds the sources
// against it.
let package = Package(
    name: "Martlet",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Martlet", targets: ["Martlet"]),
        .executable(name: "martlet", targets: ["MartletTool"]),
        .executable(name: "martlet-bench", targets: ["MartletBench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        .target(name: "COneDNN", cSettings: [.define("_GNU_SOURCE")]),
        .target(name: "CKernels", cSettings: [.define("_GNU_SOURCE")]),
        .systemLibrary(
            name: "CZlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .target(name: "CPNG", linkerSettings: [.linkedLibrary("png")]),
        .target(name: "CJPEG", linkerSettings: [.linkedLibrary("jpeg")]),
        .target(name: "CCurl", cSettings: [.define("_GNU_SOURCE")]),
        .target(name: "MartletGraph"),
        .target(name: "MartletCompiler", dependencies: ["MartletGraph"]),
        .target(name: "MartletReference", dependencies: ["MartletGraph", "MartletCompiler"]),
        .target(
            name: "MartletOneDNN",
            dependencies: [
                "MartletGraph", "MartletCompiler", "MartletReference", "COneDNN", "CKernels",
            ]),
        .target(
            name: "MartletFormats", dependencies: ["MartletGraph", "CZlib", "CPNG", "CJPEG"]),
        .target(
            name: "MartletData",
            dependencies: ["MartletGraph", "MartletFormats", "CKernels", "CCurl"],
            resources: [.copy("Resources/digits.csv")]),
        .target(
            name: "Martlet",
            dependencies: [
                "MartletGraph", "MartletCompiler", "MartletReference", "MartletOneDNN",
                "MartletFormats", "MartletData", "CKernels",
            ]),
        .target(
            name: "MartletInterchange",
            dependencies: [
                "Martlet", "MartletGraph", "MartletCompiler", "MartletReference",
                "MartletFormats",
            ]),
        .target(name: "MartletReport", dependencies: ["Martlet", "MartletData", "MartletFormats"]),
        .target(
            name: "MartletRecipes",
            dependencies: ["Martlet", "MartletReport", "MartletData", "MartletFormats", "CKernels"]),
        .target(
            name: "MartletCommands",
            dependencies: [
                "Martlet", "MartletInterchange", "MartletRecipes", "MartletReport", "MartletData",
                "MartletFormats",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(name: "MartletTool", dependencies: ["MartletCommands"]),
        .executableTarget(
            name: "MartletBench",
            dependencies: [
                "Martlet", "MartletRecipes", "MartletData",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks/MartletBench"),
        .executableTarget(
            name: "ExampleMnistCnn", dependencies: ["Martlet"], path: "Examples/MnistCnn"),
        .executableTarget(
            name: "ExampleMnistLinear", dependencies: ["Martlet"], path: "Examples/MnistLinear"),
        .executableTarget(
            name: "ExampleMnistKeras", dependencies: ["Martlet"], path: "Examples/MnistKeras"),
        .executableTarget(
            name: "ExampleMnistMlp", dependencies: ["Martlet"], path: "Examples/MnistMlp"),
        .executableTarget(
            name: "ExampleCifarLeNet5", dependencies: ["Martlet"], path: "Examples/CifarLeNet5"),
        .executableTarget(
            name: "ExampleResume", dependencies: ["Martlet"], path: "Examples/Resume"),
        .target(
            name: "MartletTestSupport",
            dependencies: ["Martlet", "MartletReference", "MartletFormats"]),
        .testTarget(name: "MartletGraphTests", dependencies: ["MartletTestSupport"]),
        .testTarget(name: "MartletCompilerTests", dependencies: ["MartletTestSupport"]),
        .testTarget(name: "MartletReferenceTests", dependencies: ["MartletTestSupport"]),
        .testTarget(
            name: "MartletOneDNNTests",
            dependencies: ["MartletTestSupport", "MartletOneDNN", "CKernels"]),
        .testTarget(
            name: "MartletFormatsTests", dependencies: ["MartletFormats", "MartletTestSupport"],
            resources: [.copy("Fixtures")]),
        .target(
            name: "CAllocationCounter", path: "Tests/CAllocationCounter",
            cSettings: [.define("_GNU_SOURCE")]),
        .testTarget(
            name: "MartletTests",
            dependencies: ["MartletTestSupport", "MartletFormats", "CAllocationCounter"]),
        .testTarget(
            name: "MartletDataTests",
            dependencies: ["MartletData", "MartletFormats", "MartletGraph", "CKernels"]),
        .testTarget(
            name: "MartletInterchangeTests",
            dependencies: [
                "MartletInterchange", "Martlet", "MartletFormats", "MartletReference",
                "MartletTestSupport",
            ]),
        .testTarget(
            name: "MartletReportTests",
            dependencies: ["MartletReport", "MartletData", "MartletFormats"]),
        .testTarget(
            name: "MartletRecipesTests",
            dependencies: ["Martlet", "MartletRecipes", "MartletFormats"]),
        .testTarget(
            name: "ParityTests", dependencies: ["MartletTestSupport"],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "CommandTests", dependencies: ["MartletTestSupport", "MartletCommands"],
            exclude: ["Snapshots"]),
    ],
    swiftLanguageModes: [.v6]
)
