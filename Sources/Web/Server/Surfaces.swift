import Access
import Kernel
import Logging
import Storage

/// What a server of this program answers to: its own health, its figures, and the surfaces that were put into it.
public struct Surfaces: Sendable {
  let endpoints: [Endpoint]

  /// - Parameter isOpen: what tills ask for first has been read.
  public init(
    till: TillAPI, analysis: AnalysisAPI? = nil, console: Console? = nil, door: Doorkeeper, database: any Database,
    isOpen: @escaping @Sendable () -> Bool = { true }
  ) {
    endpoints =
      [
        Endpoint(.get, "/healthz", .nobody) { _ in .text("ok\n") },
        Endpoint(.get, "/readyz", .nobody) { _ in
          isOpen() || door.isClosing ? try await Self.ready(door, database) : .text("starting\n", status: 503)
        },
        Endpoint(.get, "/metrics", .token(.metrics)) { [meters = door.meters] _ in
          .text(await meters.text(), type: "text/plain; version=0.0.4; charset=utf-8")
        },
      ] + till.endpoints + (analysis?.endpoints ?? []) + (console?.endpoints ?? [])
    door.meters.expect(endpoints.map(Meters.Expected.init) + [.others])
  }

  /// What can be asked, for whoever holds it against a description.
  public struct Route: Hashable, Sendable {
    public let method: String
    public let path: String
    /// Nil where nobody needs to say who asks.
    public let scope: Scope?
    public let isThrottled: Bool
  }

  public var routes: [Route] {
    endpoints.map { endpoint in
      let scope: Scope? = if case .token(let scope) = endpoint.need { scope } else { nil }
      return Route(method: endpoint.method.rawValue, path: endpoint.path, scope: scope, isThrottled: endpoint.isThrottled)
    }
  }

  /// The server over these surfaces.
  public func server(_ settings: ServerSettings, door: Doorkeeper, log: Logger) -> WebServer {
    WebServer(settings: settings, endpoints: endpoints, door: door, log: log)
  }

  /// Yes while requests can be served: the database answers, and nobody asked the server to stop.
  private static func ready(_ door: Doorkeeper, _ database: any Database) async throws -> Answer {
    guard !door.isClosing else { return .text("stopping\n", status: 503) }
    do {
      try await database.read { tx in try Pulse.feel(in: &tx) }
      return .text("ready\n")
    } catch {
      door.log.warning("not ready", metadata: ["cause": "\(error)"])
      return .text("the database does not answer\n", status: 503)
    }
  }
}
