import Kernel

/// Where and how `regulars serve` listens, and how often it may be asked.
public struct ServerConfig: Sendable {
  public let host: HostName
  public let port: Int
  public let certificate: OptionalFile
  public let key: OptionalFile
  public let drain: Int
  public let connections: Int
  public let registerRate: Int
  public let integrationRate: Int

  init(_ reader: inout SettingReader) {
    host = reader.read(
      "server.host", HostName("127.0.0.1"),
      "The address that `regulars serve` listens at; `0.0.0.0` for all of this machine's.")
    port = reader.read("server.port", 8080, in: 0...65_535, "The port that `regulars serve` listens at; 0 takes a free one.")
    certificate = reader.read(
      "server.tls.certificate", OptionalFile.none,
      "The certificate with its chain, in PEM form. With it and `server.tls.key` the server speaks TLS, HTTP/2 and HTTP/1.1; without, HTTP/1.1 for a balancer that has TLS."
    )
    key = reader.read("server.tls.key", OptionalFile.none, "The certificate's private key, in PEM form.")
    drain = reader.read(
      "server.drain", 0, in: 0...300,
      "Seconds in which a server that was asked to stop still serves while `/readyz` says no, so that balancers send requests elsewhere first."
    )
    connections = reader.read(
      "server.connections", 20_000, in: 10...1_000_000, "Connections at one time; more wait until one is closed.")
    registerRate = reader.read(
      "till.rate.register", 50, in: 1...1_000_000,
      "Calculations, look-ups and codes that one till may ask for in a second. What is said after the goods are sold is never slowed down."
    )
    integrationRate = reader.read(
      "till.rate.integration", 1000, in: 1...1_000_000, "The same for a token of another system, which speaks for many tills.")
  }

  /// - Throws: `Problem` (`invalid_configuration`).
  func refuseHalfTLS() throws(Problem) {
    guard (certificate.path == nil) != (key.path == nil) else { return }
    throw Problem(
      .invalid, "invalid_configuration", "server.tls.certificate and server.tls.key belong together; set both or neither")
  }
}
