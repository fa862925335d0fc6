// swift-tools-version: 6.0
import PackageDescription

/// The order path as plainly as it can be said, and what compares the shipped library with it. Header and
/// library are given on the command line:
///   swift build -c release -Xcc -I<include> -Xlinker -L<lib> -Xlinker -rpath=<lib>
// Millions of commands are compared: the checks that one thread does not need are left out. The tests look inside, and
// are built with the same optimised modules: one build is enough.
let fast: [SwiftSetting] = [.unsafeFlags(["-enforce-exclusivity=unchecked", "-enable-testing"])]

let package = Package(
  name: "oracle",
  targets: [
    .target(name: "Oracle", swiftSettings: fast),
    .target(name: "Script", dependencies: ["Oracle"], swiftSettings: fast),
    .executableTarget(
      name: "days", dependencies: ["Oracle", "Script"], swiftSettings: fast,
      linkerSettings: [.linkedLibrary("riskcheck")]),
    .testTarget(name: "OracleTests", dependencies: ["Oracle", "Script"]),
  ]
)
