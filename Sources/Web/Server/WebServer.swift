import Access
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdHTTP2
import HummingbirdTLS
import Kernel
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Storage

/// Where and how the server listens.
public struct ServerSettings: Sendable {
  public var host: String
  /// 0: a free one, which `WebServer.run` tells.
  public var port: Int
  /// Files in PEM form; nil: without TLS, for a machine behind a balancer that has it.
  public var certificate: (chain: String, key: String)?
  /// How long `/readyz` says no before the server stops listening, so that balancers go elsewhere first.
  public var drain: Span
  /// Connections at a time.
  public var connections: Int

  public init(
    host: String, port: Int, certificate: (chain: String, key: String)? = nil, drain: Span = .seconds(0), connections: Int = 20_000
  ) {
    self.host = host
    self.port = port
    self.certificate = certificate
    self.drain = drain
    self.connections = connections
  }
}

/// The HTTP server of one instance: takes connections, finds the endpoint, sees who asks, and answers. What is asked and answered is
/// the surfaces' affair.
public struct WebServer: Sendable {
  let settings: ServerSettings
  let endpoints: [Endpoint]
  let door: Doorkeeper
  let log: Logger

  /// Runs until the closure says that it is time to stop. Requests under way are answered; new ones find nobody.
  /// - Parameters:
  ///   - isStopping: polled ten times a second.
  ///   - listening: told the port once the server listens.
  /// - Throws: where the address cannot be had, or a certificate not be read.
  public func run(
    until isStopping: @escaping @Sendable () -> Bool, listening: @escaping @Sendable (Int) async -> Void
  ) async throws {
    let app = Application(
      router: router(), server: try builder(),
      configuration: ApplicationConfiguration(
        address: .hostname(settings.host, port: settings.port), backlog: 1024,
        availableConnectionsDelegate: MaximumAvailableConnections(settings.connections)),
      onServerRunning: { channel in await listening(channel.localAddress?.port ?? 0) },
      logger: quiet)
    let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [app], logger: quiet))
    let watch = Task { [door, settings] in
      while !isStopping(), !Task.isCancelled { try? await Task.sleep(for: .milliseconds(100)) }
      door.close()
      try? await Task.sleep(for: .microseconds(settings.drain.micros))
      await group.triggerGracefulShutdown()
    }
    defer { watch.cancel() }
    try await group.run()
  }

  /// The libraries' own lines are for people who debug libraries.
  private var quiet: Logger {
    var quiet = log
    quiet.logLevel = max(log.logLevel, .warning)
    return quiet
  }

  private func builder() throws -> HTTPServerBuilder {
    let idle = TimeAmount.seconds(75)
    let http1 = HTTP1Channel.Configuration(
      idleTimeout: idle,
      httpDecoderConfiguration: .init(maxHeaderFieldSize: 16 * 1024, maxHeaderListSize: 32 * 1024, maxHeaderFieldCount: 100))
    guard let files = settings.certificate else {
      return HTTPServerBuilder { LoopBound(base: HTTP1Channel(responder: $0, configuration: http1)) }
    }
    var tls: TLSConfiguration
    do {
      let chain = try NIOSSLCertificate.fromPEMFile(files.chain).map { NIOSSLCertificateSource.certificate($0) }
      tls = .makeServerConfiguration(
        certificateChain: chain, privateKey: .privateKey(try NIOSSLPrivateKey(file: files.key, format: .pem)))
    } catch {
      throw Problem(
        .invalid, "tls_configuration",
        "the certificate \(files.chain) or its key \(files.key) cannot be read as PEM: \(error); see server.tls.* in the configuration"
      )
    }
    tls.minimumTLSVersion = .tlsv12
    return try .http2Upgrade(tlsConfiguration: tls, configuration: .init(idleTimeout: .seconds(75)))
  }

  private func router() -> Router<BasicRequestContext> {
    let router = Router(context: BasicRequestContext.self)
    router.add(middleware: Strays(door: door))
    for endpoint in endpoints {
      router.on(RouterPath(endpoint.path), method: .init(rawValue: endpoint.method.rawValue) ?? .get) { request, context in
        try await door.pass(request, context, to: endpoint)
      }
    }
    for (path, known) in Dictionary(grouping: endpoints, by: \.path) {
      let allowed = Set(known.map(\.method.rawValue))
      for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "QUERY"] where !allowed.contains(method) {
        guard let method = HTTPRequest.Method(rawValue: method) else { continue }
        router.on(RouterPath(path), method: method) { request, _ in
          await door.refuse(
            request,
            Problem(.invalid, "method_not_allowed", "\(path) takes \(allowed.sorted().joined(separator: " and "))"),
            [("Allow", allowed.sorted().joined(separator: ", "))], call: Endpoint.call(path))
        }
      }
    }
    return router
  }
}

/// What the router does not know: answered like every other refusal.
private struct Strays: RouterMiddleware {
  let door: Doorkeeper

  func handle(
    _ request: Request, context: BasicRequestContext, next: (Request, BasicRequestContext) async throws -> Response
  ) async throws -> Response {
    do { return try await next(request, context) } catch let error as HTTPError where error.status == .notFound {
      let page = ProblemAnswer.Audience.asking(request.uri.path).page
      return await door.refuse(
        request, Problem(.notFound, "path_unknown", "there is nothing at this path; \(page) describes what there is"), [],
        call: "other")
    }
  }
}
