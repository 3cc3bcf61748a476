import Access
import Customers
import Foundation
import Kernel
import Loyalty
import Storage
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Another system that asks for figures and segments.
struct Analyst: Sendable {
  struct Heard: Sendable {
    let status: Int
    let type: String
    let text: String
    /// By their names in small letters.
    let headers: [String: String]

    var json: JSON { get throws { try JSON.parse(text) } }
    var code: String { get throws { try json["code"]?.word ?? "" } }
  }

  let address: String
  let token: String

  init(_ shop: WebShop, _ scopes: Set<Scope>) async throws {
    (address, token) = (shop.address, try await shop.issue(scopes))
  }

  init(_ shop: WebShop, token: String) { (address, self.token) = (shop.address, token) }

  func get(_ path: String, accept: String? = nil, language: String? = nil) async throws -> Heard {
    try await send("GET", path, nil, accept: accept, language: language, key: nil)
  }

  func post(_ path: String, _ body: String, accept: String? = nil, language: String? = nil, key: String? = nil) async throws
    -> Heard
  {
    try await send("POST", path, body, accept: accept, language: language, key: key)
  }

  private func send(
    _ method: String, _ path: String, _ body: String?, accept: String?, language: String?, key: String?
  ) async throws -> Heard {
    var request = URLRequest(url: try #require(URL(string: address + path)))
    request.httpMethod = method
    request.setValue("Bearer " + token, forHTTPHeaderField: "Authorization")
    request.setValue(accept ?? "*/*", forHTTPHeaderField: "Accept")
    request.setValue(language ?? "en", forHTTPHeaderField: "Accept-Language")
    if let key { request.setValue(key, forHTTPHeaderField: "Idempotency-Key") }
    if let body {
      request.setValue("application/json", forHTTPHeaderField: "Content-Type")
      request.httpBody = Data(body.utf8)
    }
    let (data, response) = try await URLSession.shared.data(for: request)
    let answer = try #require(response as? HTTPURLResponse)
    var headers: [String: String] = [:]
    for (name, value) in answer.allHeaderFields { headers["\(name)".lowercased()] = "\(value)" }
    return Heard(
      status: answer.statusCode, type: headers["content-type"] ?? "", text: String(decoding: data, as: UTF8.self), headers: headers)
  }
}

/// The shop that analysts ask about: six loaves to Anna, a segment that computes itself and finds her, and an empty list.
enum AnalystShop {
  static let bakers = #"{"bought":{"of":{"products":["bread"]},"lastDays":30,"atLeast":3}}"#
  /// How pages and descriptions call Anna.
  static let sample = "mem_1zr6n61kkg001"

  static func furnish(_ shop: WebShop) async throws {
    try await AnalysisShop.sell(shop)
    let (account, programme, change) = (shop.account, shop.programme, Change(by: .commandLine, at: shop.now, ids: shop.ids))
    let condition = try JSON.parse(bakers)
    try await shop.database.write { tx in
      let segments = Segments(of: account)
      let dynamic = SegmentDetails(code: "bakers", name: LocalText(ru: "Хлеб", en: "Bread"), kind: .dynamic)
      _ = try segments.save(dynamic, condition: condition, programme: programme, by: change, in: &tx)
      let list = SegmentDetails(code: "vip", name: LocalText(ru: "Важные", en: "Important"), kind: .static)
      _ = try segments.save([list], by: change, in: &tx)
      let fields = [
        MemberFieldDetails(code: "loyal", name: LocalText(ru: "Постоянный", en: "Regular"), kind: .flag),
        MemberFieldDetails(code: "vegan", name: LocalText(ru: "Веган", en: "Vegan"), kind: .flag, isPersonal: true),
        MemberFieldDetails(code: "nick", name: LocalText(ru: "Прозвище", en: "Nickname"), kind: .text(20)),
      ]
      _ = try FieldBook(of: account).save(fields, by: change, in: &tx)
    }
    try await follow(shop)
  }

  /// Everything that happened is in the columns, and segments are computed.
  static func follow(_ shop: WebShop) async throws {
    shop.pass(.minutes(2))
    await shop.cubes.turn()
    try await `segments in the console`.follow(shop)
    shop.pass(.minutes(2))
    await shop.cubes.turn()
  }

  /// A token of the other chain for everything.
  static func stranger(_ shop: WebShop) async throws -> String {
    let (others, change) = (shop.others, Change(by: .demo, at: shop.now, ids: shop.ids))
    let secret = TokenSecret(random: WebShop.secrets(19))
    try await shop.database.write { tx in
      let theirs = try #require(try Programmes(of: others, zones: WebShop.zone).all(in: &tx).first)
      let details = TokenDetails(name: "other", programme: theirs.id, bearer: .integration, scopes: Set(Scope.allCases))
      _ = try Tokens(of: others).issue(details, secret: secret, by: change, in: &tx)
    }
    return secret.text
  }
}

extension JSON {
  var word: String? { if case .string(let text) = self { text } else { nil } }
  var listed: [JSON] { if case .array(let items) = self { items } else { [] } }
  func at(_ place: Int) -> JSON? { listed.indices.contains(place) ? listed[place] : nil }
}
