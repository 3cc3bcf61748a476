import AsyncHTTPClient
import Kernel
import NIOCore

/// What a server said.
public struct TillReply: Sendable {
  public let status: Int
  public let json: JSON

  public init(status: Int, json: JSON) {
    self.status = status
    self.json = json
  }

  var isDone: Bool { (200..<300).contains(status) }
  /// The same request may succeed later: the till goes on as without a network.
  var isForLater: Bool { status >= 500 || status == 429 }
  /// It is about who asks, and says nothing of what was sent.
  var isAboutTheTill: Bool { status == 401 || status == 403 }

  /// One receipt's own answer of those of a batch.
  init(result: JSON) {
    guard case .int(let status)? = result["status"] else {
      self.init(status: 500, json: .null)
      return
    }
    self.init(status: Int(status), json: result[status < 300 ? "receipt" : "problem"] ?? .null)
  }

  /// The server's own sentence for the cashier.
  func sentence(_ language: DemoLanguage) -> String {
    guard case .string(let text)? = json["cashierText"]?[language.rawValue] else { return "\(status)" }
    let word = json["code"]?.word ?? ""
    let issues = json["issues"]?.list.compactMap { issue in
      issue["message"]?.word.map { "\(issue["pointer"]?.word ?? ""): \($0)" }
    }
    return text + " [\(word)]" + (issues ?? []).prefix(5).map { "\n  " + $0 }.joined()
  }
}

/// No answer came: the network, the server, or the cable.
public struct TillOffline: Error, Sendable {
  public let reason: String
  public init(reason: String) { self.reason = reason }
}

/// The way to a server, as a till sees it.
public protocol TillClient: Sendable {
  /// - Parameter key: of a request that changes something.
  /// - Throws: `TillOffline`.
  func send(_ method: String, _ path: String, _ body: JSON?, key: String?) async throws -> TillReply
}

/// Over HTTP or HTTPS.
public struct HTTPTillClient: TillClient {
  private let server: String
  private let token: String
  private let wait: Int64

  /// - Parameters:
  ///   - server: `https://host:port`.
  ///   - wait: seconds before the till goes on without an answer.
  public init(server: String, token: String, wait: Int64 = 3) {
    self.server = server.hasSuffix("/") ? String(server.dropLast()) : server
    self.token = token
    self.wait = wait
  }

  public func send(_ method: String, _ path: String, _ body: JSON?, key: String?) async throws -> TillReply {
    var request = HTTPClientRequest(url: server + path)
    request.method = .init(rawValue: method)
    request.headers.add(name: "authorization", value: "Bearer " + token)
    request.headers.add(name: "user-agent", value: "Regulars till")
    if let key { request.headers.add(name: "idempotency-key", value: key) }
    if let body {
      request.headers.add(name: "content-type", value: "application/json")
      request.body = .bytes(Array(body.compact.utf8))
    }
    do {
      let response = try await HTTPClient.shared.execute(request, timeout: .seconds(wait))
      let answer = try await response.body.collect(upTo: Limits.tillAnswer)
      let json = answer.readableBytes == 0 ? JSON.null : try JSON.parse(Array(answer.readableBytesView))
      return TillReply(status: Int(response.status.code), json: json)
    } catch {
      throw TillOffline(reason: "\(error)")
    }
  }
}

extension JSON {
  /// The text, where it is one.
  var word: String? { if case .string(let text) = self { text } else { nil } }
  /// The items; none where it is no list.
  var list: [JSON] { if case .array(let items) = self { items } else { [] } }
}

/// A part of a path: everything but plain characters as `%XX`.
func pathPart(_ text: String) -> String {
  let digits = Array("0123456789ABCDEF")
  return text.utf8.map { byte -> String in
    let isPlain = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "-._~".utf8.contains(byte)
    return isPlain ? String(UnicodeScalar(byte)) : "%" + String(digits[Int(byte >> 4)]) + String(digits[Int(byte & 15)])
  }.joined()
}
