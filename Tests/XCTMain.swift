import Testing

/// Where the tests begin. Without an index of the sources, which only takes time, the package manager does not write it itself.
@main struct Runner {
  static func main() async { await Testing.__swiftPMEntryPoint() as Never }
}
