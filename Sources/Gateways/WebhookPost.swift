import AsyncHTTPClient
import Engagement
import Kernel

/// Sends webhooks over async-http-client.
///
/// A name is resolved here, before every delivery, and the connection then goes to the very address that was checked: a server that
/// changes its mind between the check and the call gains nothing. Certificates are still checked against the name.
public actor WebhookGateway {
  /// A name and the address it has now: connections are kept for the pair.
  private struct Place: Hashable {
    let host: String
    let address: String
  }

  /// Addresses of a name that are tried.
  private static let tries = 3
  /// Clients that are kept open.
  private static let most = 64

  private var clients: [(place: Place, client: HTTPClient)] = []

  public init() {}

  /// For `Postman`.
  public nonisolated var sender: WebhookSender { { post in await self.send(post) } }

  /// Ends all connections. Nothing may be sent afterwards.
  public func close() async throws {
    let open = clients
    clients = []
    for (_, client) in open { try await client.shutdown() }
  }

  nonisolated func send(_ post: WebhookPost) async -> WebhookAnswer {
    let start = ContinuousClock.now
    let outcome = await attempt(post)
    let took = (ContinuousClock.now - start) / .microseconds(1)
    return WebhookAnswer(outcome, took: Span(micros: Int64(took)))
  }

  private nonisolated func attempt(_ post: WebhookPost) async -> WebhookAnswer.Outcome {
    let wait = Limits.webhookWait
    guard let addresses = await AddressLookup.addresses(of: post.url.host, within: wait) else {
      return .failed("the name was not resolved in time")
    }
    // All of them, or a name with one good and one bad address would be a way in.
    guard addresses.allSatisfy({ post.rule.allows($0.bytes) }) else { return .failed("a private address is refused") }
    guard post.url.isSecure || post.rule.allowsPlain || addresses.allSatisfy(\.isLoopback) else {
      return .failed("plain http is refused")
    }
    return await withTaskGroup(of: WebhookAnswer.Outcome.self) { group in
      group.addTask { await self.call(addresses.prefix(Self.tries), post) }
      group.addTask {
        do { try await Task.sleep(for: .microseconds(wait.micros)) } catch { return .failed("stopped") }
        return .failed("no answer in time")
      }
      defer { group.cancelAll() }
      return await group.next() ?? .failed("no answer")
    }
  }

  /// One address after another until one lets us in.
  private nonisolated func call(_ addresses: ArraySlice<NetworkAddress>, _ post: WebhookPost) async -> WebhookAnswer.Outcome {
    var outcome = WebhookAnswer.Outcome.failed("the name leads nowhere")
    for address in addresses {
      do {
        return try await Self.call(client(for: Place(host: post.url.host, address: address.text)), post)
      } catch {
        outcome = .failed(Self.word(error))
        // Where something may have been sent already, the next attempt is for later.
        if let known = error as? HTTPClientError, known != .connectTimeout { return outcome }
      }
    }
    return outcome
  }

  private static func call(_ client: HTTPClient, _ post: WebhookPost) async throws -> WebhookAnswer.Outcome {
    var request = HTTPClientRequest(url: "\(post.url)")
    request.method = .POST
    for header in post.headers { request.headers.add(name: header.name, value: header.value) }
    request.headers.add(name: "user-agent", value: "Regulars")
    request.body = .bytes(Array(post.body.utf8))
    let response = try await client.execute(request, timeout: .microseconds(Limits.webhookWait.micros))
    // Read to its end where it is short, so that the connection can be used again; the rest of a long one is let go.
    var read = 0
    for try await chunk in response.body {
      read += chunk.readableBytes
      if read > Limits.webhookAnswer { break }
    }
    return .status(Int(response.status.code))
  }

  private func client(for place: Place) async throws -> HTTPClient {
    if let index = clients.firstIndex(where: { $0.place == place }) {
      let known = clients.remove(at: index)
      clients.append(known)
      return known.client
    }
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.timeout = .init(
      connect: .microseconds(Limits.webhookWait.micros), read: .microseconds(Limits.webhookWait.micros))
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.dnsOverride = place.host == place.address ? [:] : [place.host: place.address]
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    clients.append((place, client))
    guard clients.count > Self.most else { return client }
    let oldest = clients.removeFirst()
    // Deliveries under way over it fail and are tried again.
    try await oldest.client.shutdown()
    return client
  }

  /// What went wrong, without the address that was called.
  private static func word(_ error: any Error) -> String {
    if let known = error as? HTTPClientError { return known.shortDescription.lowercased() }
    return "the connection failed (\(type(of: error)))"
  }
}

extension NetworkAddress {
  var isLoopback: Bool { bytes.count == 4 ? bytes[0] == 127 : bytes == Array(repeating: 0, count: 15) + [1] }
}
