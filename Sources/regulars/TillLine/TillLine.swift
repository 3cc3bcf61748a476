import Kernel
import NIOCore
import NIOHTTP1
import NIOPosix

/// One till's connection to a server: kept open, one request at a time, as real tills do. For the demonstration and for measuring; it
/// costs about as much as a load generator should.
public final class TillLine: Sendable {
  public struct Reply: Sendable {
    public let status: Int
    public let body: [UInt8]

    /// - Throws: `JSON.SyntaxError`.
    public var json: JSON { get throws { try JSON.parse(body) } }
  }

  private let channel: any Channel
  private let token: String
  private let host: String

  private init(_ channel: any Channel, host: String, token: String) {
    self.channel = channel
    self.host = host
    self.token = token
  }

  public static func open(_ place: (host: String, port: Int), token: String) async throws -> TillLine {
    let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1).connectTimeout(.seconds(5))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          try channel.pipeline.syncOperations.addHandler(ReplyCollector())
        }
      }
    let channel = try await bootstrap.connect(host: place.host, port: place.port).get()
    return TillLine(channel, host: "\(place.host):\(place.port)", token: token)
  }

  public func post(_ path: String, _ body: [UInt8], key: String? = nil) async throws -> Reply {
    try await send(.POST, path, body, key)
  }

  public func put(_ path: String, _ body: [UInt8]) async throws -> Reply { try await send(.PUT, path, body, nil) }

  public func get(_ path: String) async throws -> Reply { try await send(.GET, path, nil, nil) }
  public func delete(_ path: String) async throws -> Reply { try await send(.DELETE, path, nil, nil) }

  public func close() async { try? await channel.close().get() }

  private func send(_ method: HTTPMethod, _ path: String, _ body: [UInt8]?, _ key: String?) async throws -> Reply {
    var headers = HTTPHeaders([("host", host), ("authorization", "Bearer " + token)])
    if let key { headers.add(name: "idempotency-key", value: key) }
    if let body {
      headers.add(name: "content-type", value: "application/json")
      headers.add(name: "content-length", value: String(body.count))
    }
    let head = HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: headers)
    let reply = channel.eventLoop.makePromise(of: Reply.self)
    let order = Order(head: head, body: body.map { ByteBuffer(bytes: $0) }, reply: reply)
    channel.writeAndFlush(order, promise: nil)
    return try await reply.futureResult.get()
  }
}

private struct Order {
  let head: HTTPRequestHead
  let body: ByteBuffer?
  let reply: EventLoopPromise<TillLine.Reply>
}

/// Sends one order and collects its reply. Lives on its connection's loop.
private final class ReplyCollector: ChannelDuplexHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundIn = Order
  typealias OutboundOut = HTTPClientRequestPart

  private var waiting: EventLoopPromise<TillLine.Reply>?
  private var status = 0
  private var body = ByteBuffer()

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let order = unwrapOutboundIn(data)
    guard context.channel.isActive else { return order.reply.fail(ChannelError.ioOnClosedChannel) }
    waiting = order.reply
    context.write(wrapOutboundOut(.head(order.head)), promise: nil)
    if let body = order.body { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
    context.write(wrapOutboundOut(.end(nil)), promise: promise)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      status = Int(head.status.code)
      body.clear()
    case .body(var part): body.writeBuffer(&part)
    case .end:
      let promise = waiting
      waiting = nil
      promise?.succeed(TillLine.Reply(status: status, body: Array(body.readableBytesView)))
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    waiting?.fail(ChannelError.eof)
    waiting = nil
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    waiting?.fail(error)
    waiting = nil
    context.close(promise: nil)
  }
}
