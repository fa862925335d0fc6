// swift-tools-version: 6.0
import PackageDescription

/// The shipped library is Embedded Swift and needs only libc. RISKCHECK_RUNTIME=full builds the same sources
/// with the ordinary runtime, for platforms without Embedded. Debug builds are always ordinary Swift.
let embedded = Context.environment["RISKCHECK_RUNTIME"] != "full"

let strict: [SwiftSetting] = [.unsafeFlags(["-warnings-as-errors"])]
let core: [SwiftSetting] =
  strict
  + (embedded ? [.enableExperimentalFeature("Embedded", .when(configuration: .release))] : [])

let exports = "\(Context.packageDirectory)/Sources/RiskCheck/exports.map"
let shared = [
  "--version-script=\(exports)", "-soname=libriskcheck.so.0", "-znow", "-zrelro", "-znodelete",
  "--build-id=none",
].flatMap { ["-Xlinker", $0] }

let package = Package(
  name: "riskcheck",
  products: [.library(name: "riskcheck", type: .dynamic, targets: ["RiskCheck"])],
  targets: [
    .systemLibrary(name: "CRiskCheck", path: "include"),
    .target(name: "CContract"),
    .target(name: "CPlatform"),
    .target(name: "RiskMemory", dependencies: ["CPlatform"], swiftSettings: core),
    .target(name: "RiskModel", dependencies: ["CRiskCheck", "CContract", "CPlatform"], swiftSettings: core),
    .target(
      name: "RiskState", dependencies: ["RiskModel", "RiskMemory", "CPlatform", "CRiskCheck"],
      swiftSettings: core),
    .target(
      name: "RiskControls",
      dependencies: ["RiskState", "RiskModel", "RiskMemory", "CPlatform", "CRiskCheck"],
      swiftSettings: core),
    .target(
      name: "RiskJournal", dependencies: ["RiskState", "RiskModel", "RiskMemory", "CPlatform", "CRiskCheck"],
      swiftSettings: core),
    .target(
      name: "RiskCheck",
      dependencies: [
        "RiskJournal", "RiskControls", "RiskState", "RiskModel", "RiskMemory", "CContract", "CPlatform",
        "CRiskCheck",
      ],
      exclude: ["exports.map"], swiftSettings: core,
      linkerSettings: [.unsafeFlags(shared, .when(configuration: .release))]),
    .testTarget(
      name: "RiskMemoryTests", dependencies: ["RiskMemory", "CPlatform"],
      exclude: ["hdr_golden.py", "hdr_golden.txt"], swiftSettings: strict),
    .testTarget(
      name: "RiskStateTests", dependencies: ["RiskState", "RiskModel", "RiskMemory", "CRiskCheck"],
      swiftSettings: strict),
    .testTarget(
      name: "RiskCheckTests",
      dependencies: ["RiskCheck", "RiskState", "RiskModel", "RiskMemory", "CContract", "CRiskCheck"],
      swiftSettings: strict),
  ]
)
