// swift-tools-version: 6.0
import PackageDescription

/// Ordinary Swift hosts with the real runtime: one uses the shipped library, one knows nothing of it. Header
/// and library are given on the command line:
///   swift build -Xcc -I<include> -Xlinker -L<lib> -Xlinker -rpath=<lib>
let package = Package(
  name: "swift-host",
  targets: [
    .executableTarget(name: "linked", linkerSettings: [.linkedLibrary("riskcheck")]),
    .executableTarget(name: "plain"),
  ]
)
