import CRiskCheck
import Foundation
import Script

/// days --commands N --seed S [--discipline one|many]: random days on the library and on the oracle;
/// with --coverage on the oracle alone, to see what they draw.
/// days --replay FILE...: tables on both, and what they expect. days --complete FILE...: fills in expectations.

var options = Options(Array(CommandLine.arguments.dropFirst()))
exit(options.execute())
