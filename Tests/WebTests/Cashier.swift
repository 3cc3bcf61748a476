import Foundation
import Kernel
import Synchronization
import TestKit
import regulars

/// What a till in the terminal says while a cashier works through a day.
final class Cashier: Sendable {
  let till: TillAtWork
  let cable: Cable
  private let book: String

  /// - Parameter seed: of its request keys; another for a till that was switched on again.
  init(_ shop: WebShop, book: String, language: String = "en", seed: UInt64 = 9) throws {
    self.book = book
    cable = Cable(shop.client())
    till = try TillAtWork(
      cable, goods: try JSON.parse(Self.goods), book: book, language: language, now: { shop.now }, random: WebShop.secrets(seed))
  }

  private static let goods = """
    [{ "product": "milk", "barcode": "4600000000008", "name": { "ru": "Молоко", "en": "Milk" }, "price": "100.00" },
     { "product": "tea", "barcode": "4600000000022", "name": { "ru": "Чай", "en": "Tea" }, "price": "250.00" },
     { "product": "cheese", "name": { "ru": "Сыр", "en": "Cheese" }, "price": "700.00", "weighed": true }]
    """

  static func work(
    _ kind: TestDatabase, language: String = "en", _ body: @escaping @Sendable (Cashier, WebShop) async throws -> Void
  ) async throws {
    try await TestDatabase.sqlite.withPlace { place in
      let book = place.folder.appending(path: "till.json").path
      try await WebShop.open(kind) { shop in try await body(try Cashier(shop, book: book, language: language), shop) }
    }
  }

  /// Types a line and hears the answer.
  func type(_ line: String) async throws -> String { try await till.type(line) }

  /// The same till, switched off and on again: it has its book and nothing else.
  func restarted(in shop: WebShop) throws -> Cashier { try Cashier(shop, book: book, seed: 10) }

  /// Puts another book in the place of the till's own.
  func write(book text: String) throws { try Data(text.utf8).write(to: URL(filePath: book)) }

  /// Sells so many pieces of cheese, each a line of its own.
  func sell(lines: Int) async throws -> String {
    for _ in 0..<lines { _ = try await type("cheese 0.312") }
    return try await type("pay cash")
  }
}

/// A connection that something happens to.
final class Cable: TillClient {
  enum State: Hashable, Sendable {
    case whole
    /// Nothing gets through.
    case cut
    /// Requests arrive, and their answers do not.
    case deaf
    /// Something on the way takes no more bytes than this.
    case narrow(Int)
  }

  /// What a till sent.
  struct Request: Hashable, Sendable {
    let path: String
    let key: String?
    let body: JSON?
    var bytes: Int { body?.compact.utf8.count ?? 0 }
  }

  private let inner: any TillClient
  private let state = Mutex(State.whole)
  private let kept = Mutex<[Request]>([])

  init(_ inner: any TillClient) { self.inner = inner }

  func set(_ new: State) { state.withLock { $0 = new } }

  /// Requests so far whose path ends so.
  func sent(to end: String) -> [Request] { kept.withLock { $0.filter { $0.path.hasSuffix(end) } } }

  func send(_ method: String, _ path: String, _ body: JSON?, key: String?) async throws -> TillReply {
    let request = Request(path: path, key: key, body: body)
    kept.withLock { $0.append(request) }
    switch state.withLock({ $0 }) {
    case .whole: return try await inner.send(method, path, body, key: key)
    case .cut: throw TillOffline(reason: "cut")
    case .deaf:
      _ = try await inner.send(method, path, body, key: key)
      throw TillOffline(reason: "the answer was lost")
    case .narrow(let most):
      guard request.bytes > most else { return try await inner.send(method, path, body, key: key) }
      return TillReply(
        status: 413, json: try JSON.parse(#"{ "code": "body_too_large", "cashierText": { "en": "Too much at once" } }"#))
    }
  }
}
