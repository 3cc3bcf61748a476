import Kernel
import NIOCore
import NIOPosix
import NIOSSL

/// Tills that ask a server as fast as it answers, or at a rate: each a connection that is kept open, all of them on one thread, with
/// requests put together from ready pieces. On a machine that serves as well, what the tills take the server lacks.
struct BenchLoad: Sendable {
  enum Kind: String, CaseIterable, Sendable { case purchases, calculations }

  struct Outcome: Sendable {
    var latencies = Latencies()
    var seconds = 0.0
    /// Answers that were none of success.
    var refused = 0

    var perSecond: Double { Double(latencies.count) / seconds }

    func figures(_ name: String) -> [Figure] {
      [
        Figure(name, perSecond, "per second"), Figure(name + ": p50", latencies.percentile(0.5) / 1000, "ms"),
        Figure(name + ": p99", latencies.percentile(0.99) / 1000, "ms"),
        Figure(name + ": p99.9", latencies.percentile(0.999) / 1000, "ms"), Figure(name + ": refused", Double(refused), "answers"),
      ]
    }
  }

  let secrets: [String]
  let port: Int
  let members: Int
  let stop: Stop
  /// The authority that signed the server's certificate, in PEM form; nil where it speaks without TLS.
  var authority: String?

  /// - Parameter rate: requests a second of all tills together; nil: as fast as they are answered. A till that is late because it
  ///   waited for an answer counts the wait: the time runs from when the request was due.
  func run(_ kind: Kind, for span: Duration, rate: Double?) async throws -> Outcome {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let clock = ContinuousClock()
    let start = clock.now
    let shift = Int64(systemNow().seconds)
    let cipher = try authority.map { try Self.cipher(trusting: $0) }
    let tills = try await withThrowingTaskGroup(of: Outcome.self) { tasks in
      for (number, secret) in secrets.enumerated() {
        let order = BenchTill.Order(
          kind: kind, secret: secret, port: port, members: members, till: number, shift: shift, start: start, end: start + span,
          gap: rate.map { Duration.seconds(Double(secrets.count) / $0) }, stop: stop, cipher: cipher)
        tasks.addTask { try await BenchTill.sell(order, on: group) }
      }
      var all = Outcome()
      for try await part in tasks {
        all.latencies.add(part.latencies)
        all.refused += part.refused
      }
      return all
    }
    let took = start.duration(to: clock.now)
    try await group.shutdownGracefully()
    var outcome = tills
    outcome.seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
    return outcome
  }

  /// Tills know the server by address; the certificate need not name it.
  private static func cipher(trusting authority: String) throws -> NIOSSLContext {
    var settings = TLSConfiguration.makeClientConfiguration()
    settings.trustRoots = .file(authority)
    settings.certificateVerification = .noHostnameVerification
    settings.applicationProtocols = ["http/1.1"]
    return try NIOSSLContext(configuration: settings)
  }
}

/// One till's connection. Lives on its event loop alone.
private final class BenchTill: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  struct Order: Sendable {
    let kind: BenchLoad.Kind
    let secret: String
    let port: Int
    let members: Int
    let till: Int
    let shift: Int64
    let start: ContinuousClock.Instant
    let end: ContinuousClock.Instant
    /// Between two requests of this till; nil: none.
    let gap: Duration?
    let stop: Stop
    let cipher: NIOSSLContext?
  }

  struct Unreadable: Error {}

  private let order: Order
  private let done: EventLoopPromise<BenchLoad.Outcome>
  private let head: String
  private let clock = ContinuousClock()
  private var random: Chance
  private var outcome = BenchLoad.Outcome()
  private var number = 0
  private var due: ContinuousClock.Instant
  private var began: ContinuousClock.Instant
  private var reply = ByteBuffer()

  static func sell(_ order: Order, on group: MultiThreadedEventLoopGroup) async throws -> BenchLoad.Outcome {
    let loop = group.next()
    let done = loop.makePromise(of: BenchLoad.Outcome.self)
    let opened = ClientBootstrap(group: loop).channelOption(.tcpOption(.tcp_nodelay), value: 1).connectTimeout(.seconds(5))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let cipher = order.cipher {
            try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: cipher, serverHostname: nil))
          }
          try channel.pipeline.syncOperations.addHandler(BenchTill(order, done))
        }
      }.connect(host: "127.0.0.1", port: order.port)
    opened.whenFailure { done.fail($0) }
    return try await done.futureResult.get()
  }

  private init(_ order: Order, _ done: EventLoopPromise<BenchLoad.Outcome>) {
    self.order = order
    self.done = done
    let path = order.kind == .purchases ? "/till/v1/receipts" : "/till/v1/calculations"
    head = """
      POST \(path) HTTP/1.1\r\nhost: 127.0.0.1:\(order.port)\r\nauthorization: Bearer \(order.secret)\r\n\
      content-type: application/json\r\n
      """
    random = Chance(Int64(order.till) &* 7919 &+ order.shift)
    due = order.start
    if let gap = order.gap { due = due + gap * Double.random(in: 0..<1, using: &random) }
    began = due
  }

  func channelActive(context: ChannelHandlerContext) { next(context) }

  private func next(_ context: ChannelHandlerContext) {
    let now = clock.now
    guard now < order.end, !order.stop.isAsked else {
      done.succeed(outcome)
      return context.close(promise: nil)
    }
    guard let gap = order.gap else {
      began = now
      return ask(context)
    }
    began = due
    due = due + gap
    guard began > now else { return ask(context) }
    let wait = TimeAmount.microseconds(now.duration(to: began).micros)
    context.eventLoop.assumeIsolated().scheduleTask(in: wait) { self.ask(context) }
  }

  private func ask(_ context: ChannelHandlerContext) {
    number += 1
    let member = BenchFloor.code(Int.random(in: 0..<order.members, using: &random))
    let body: String
    var key = ""
    switch order.kind {
    case .purchases:
      key =
        "idempotency-key: \(String(random.next(), radix: 16))-\(String(random.next(), radix: 16))\r\n"
      let spend = Int.random(in: 0...3, using: &random) * 10
      body = """
        {"receipt":{"shift":\(order.shift),"number":"\(number)"},"time":"\(systemNow().text)",\
        "member":{"identifier":"\(member)","shown":"app"},"spend":"\(spend)","lines":[\(Self.lines)]}
        """
    case .calculations:
      body = "{\"member\":{\"identifier\":\"\(member)\",\"shown\":\"app\"},\"spend\":\"most\",\"lines\":[\(Self.lines)]}"
    }
    var request = context.channel.allocator.buffer(capacity: head.utf8.count + body.utf8.count + 128)
    request.writeString(head)
    request.writeString(key)
    request.writeString("content-length: \(body.utf8.count)\r\n\r\n")
    request.writeString(body)
    context.writeAndFlush(wrapOutboundOut(request), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var part = unwrapInboundIn(data)
    reply.writeBuffer(&part)
    do {
      guard let status = try Self.status(of: reply) else { return }
      reply.clear()
      outcome.latencies.add(began.duration(to: clock.now))
      if status >= 300 { outcome.refused += 1 }
      next(context)
    } catch {
      errorCaught(context: context, error: error)
    }
  }

  func channelInactive(context: ChannelHandlerContext) { done.fail(ChannelError.eof) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    done.fail(error)
    context.close(promise: nil)
  }

  /// The status of a reply that has come in whole; nil where more is to come. A reader for our own server's replies, which are never
  /// chunked, and no others.
  private static func status(of reply: ByteBuffer) throws -> Int? {
    try unsafe reply.withUnsafeReadableBytes { bytes in
      guard bytes.count > 12 else { return nil }
      var length: Int?
      var line = 0
      for place in 0..<bytes.count where unsafe bytes[place] == UInt8(ascii: "\n") {
        if place - line < 2 {
          guard let length else { throw Unreadable() }
          return bytes.count > place + length ? unsafe number(bytes[9..<12]) : nil
        }
        if unsafe isLength(bytes[line..<place]) { length = unsafe number(bytes[(line + name.count)..<place]) }
        line = place + 1
      }
      return nil
    }
  }

  private static let name = Array("content-length:".utf8)

  private static func isLength(_ line: Slice<UnsafeRawBufferPointer>) -> Bool {
    guard unsafe line.count > name.count else { return false }
    for place in name.indices where unsafe line[line.startIndex + place] | 0x20 != name[place] { return false }
    return true
  }

  private static func number(_ digits: Slice<UnsafeRawBufferPointer>) -> Int {
    var value = 0
    for place in unsafe digits.indices {
      let byte = unsafe digits[place]
      if (48...57).contains(byte) { value = value * 10 + Int(byte - 48) }
    }
    return value
  }

  private static let lines = (0..<10).map { index -> String in
    let price = Decimal.text(Int64(4_990 + index * 1_310), digits: 2)
    let quantity = index == 3 ? "1.234" : String(1 + index % 3)
    let kind = index == 3 ? ",\"kind\":\"weighed\"" : ""
    return "{\"id\":\"\(index + 1)\",\"product\":\"p\(index)\",\"quantity\":\"\(quantity)\",\"price\":\"\(price)\"\(kind)}"
  }.joined(separator: ",")
}
