// swift-tools-version: 6.2
import PackageDescription

// The diagram: floors from the ground up. A target may use what stands below it, never what stands beside or above it, except
// where a line here says so. Why each target exists is told in ARCHITECTURE.md.

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .strictMemorySafety(), .treatAllWarnings(as: .error)]

let package = Package(
  name: "regulars",
  platforms: [.macOS(.v15)],
  products: [],
  dependencies: [],
  targets: [
    // 0 ground
    .target(name: "Kernel", swiftSettings: strict),
    // 2 plumbing
    .target(name: "Storage", dependencies: ["Kernel"], swiftSettings: strict),
    .testTarget(name: "KernelTests", dependencies: ["Kernel"], swiftSettings: strict),
  ]
)
