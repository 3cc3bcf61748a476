import Access
import Calculator
import Customers
import Foundation
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import regulars

/// Another chain in the same database asks for everything that ours has, by its ids and codes.
@Suite struct `what another account has` {
  /// Words of bodies that name something an account has.
  private static let naming: Set<String> = [
    "store", "identifier", "id", "confirmation", "hold", "calculationId", "household", "charity", "game", "find", "coupons",
    "certificate", "of",
    "product", "products", "barcode", "code", "receipt", "member", "value", "categories", "brand", "brands", "legalEntity",
  ]
  /// Words that name nothing, or what a sale never refuses (a promotion in which somebody chose a gift): amounts, times, texts, what is printed on the till's own documents and codes of goods, which are no ids.
  private static let telling: Set<String> = [
    "amount", "at", "atLeast", "atMost", "attributes", "basket", "birthday", "campaign", "cashier", "channel", "city", "closed",
    "content",
    "date", "day", "drive", "event", "familyName", "givenName", "key", "kind", "line", "mark", "medium", "message", "name",
    "number",
    "opened", "page", "paidWithPoints", "patronymic", "pin", "points", "price", "promotion", "proof", "qr", "quantity", "reason",
    "referrer",
    "register", "requestKey", "session", "sign", "source", "spend", "subject", "term", "text", "time", "total", "until", "visitor",
    // Filters that the words of `naming` beside them stand for.
    "series", "manufacturers",
  ]
  /// Words of the path or the query that name nothing.
  private static let plain: Set<String> = ["kind", "from", "to", "all", "refused", "limit", "day", "since"]
  /// Of one call: `id` is a line of the receipt itself, and a code is asked for and not shown.
  private static let aside: Set<String> = [
    "POST /till/v1/confirmations confirmation", "POST /till/v1/returns confirmation",
    "POST /till/v1/receipts/{key}/returns confirmation",
    "POST /till/v1/members/{id}/household/invitations confirmation", "POST /till/v1/calculations code",
    "POST /till/v1/receipts code",
    "POST /till/v1/receipt-batches code", "POST /till/v1/receipts/{key}/returns certificate", "POST /till/v1/returns certificate",
    "POST /till/v1/exchanges code", "POST /till/v1/returns legalEntity", "POST /till/v1/receipts/{key}/returns legalEntity",
  ]

  private static var calls: [ForeignCall] { (ForeignCall.ofSales + ForeignCall.ofMembers).flatMap(\.all) }

  @Test func `is asked for in every place where the description lets somebody name it`() throws {
    let description = try JSON.parse(Repository.text("Sources/Web/Resources/till.openapi.json"))
    guard case .object(let paths)? = description["paths"] else { throw CocoaError(.formatting) }
    for path in paths where path.key.hasPrefix("/till/v1/") {
      guard case .object(let methods) = path.value else { continue }
      for method in methods {
        let route = "\(method.key.uppercased()) \(path.key)"
        let own = Self.calls.filter { "\($0.method) \($0.route)" == route }
        for place in Words(description).named(by: method.value) {
          switch place {
          case .path(let name): #expect(own.contains { $0.path.contains("{") }, "\(route): nothing names \(name)")
          case .query(let name):
            guard !Self.plain.contains(name) else { continue }
            #expect(own.contains { $0.path.contains("\(name)={") }, "\(route): nothing names \(name)")
          case .body(let word):
            #expect(Self.naming.contains(word) != Self.telling.contains(word), "\(route): does \(word) name something?")
            guard Self.naming.contains(word), word != "store", !Self.aside.contains("\(route) \(word)") else { continue }
            #expect(own.contains { Self.names(word, in: $0.body) }, "\(route): nothing names \(word)")
          }
        }
      }
    }
    let described = Set(
      paths.flatMap { path -> [String] in
        guard case .object(let methods) = path.value else { return [] }
        return methods.map { "\($0.key.uppercased()) \(path.key)" }
      })
    #expect(Set(Self.calls.map { "\($0.method) \($0.route)" }).isSubset(of: described))
  }

  private static func names(_ word: String, in body: String) -> Bool {
    ["\"\(word)\": \"{", "\"\(word)\": [\"{"].contains { body.contains($0) }
  }

  @Test(arguments: TestDatabase.available) func `is answered like what never was, given away to nobody, and left as it is`(
    on kind: TestDatabase
  ) async throws {
    try await WebShop.open(kind) { shop in
      let (theirs, never) = try await ForeignNames.furnish(shop)
      shop.pass(.seconds(5))
      let line = try await shop.line(try await ForeignNames.opposite(shop))
      let before = try await AccountRows(shop).all()
      #expect(before.count > 100, "there is something to change")
      var number = 0
      for call in Self.calls {
        for call in [call] + call.elsewhere {
          var heard: [(status: Int, text: String)] = []
          for names in [theirs, never] {
            number += 1
            let reply = try await Self.send(call, names, number, through: line)
            let words = String(decoding: reply.body, as: UTF8.self)
            heard.append((reply.status, ForeignNames.plain(try? reply.json, words, [theirs, never], number)))
            #expect(reply.status < 500, "\(call.method) \(call.path) \(words)")
            for secret in theirs.secrets { #expect(!words.contains(secret), "\(call.method) \(call.path) gives away \(secret)") }
          }
          #expect(heard[0].status == heard[1].status, "\(call.method) \(call.path) \(call.body): \(heard)")
          #expect(heard[0].text == heard[1].text, "\(call.method) \(call.path) \(call.body): \(heard)")
          // What the path names and nobody here has is not there.
          let isSubject = call.path.contains("/{") && !call.path.contains("{own}") && !call.body.contains("{store}")
          if isSubject, call.method == "GET" || call.method == "DELETE" {
            #expect(heard[0].status == 404, "\(call.method) \(call.path): \(heard[0])")
          }
        }
      }
      let after = try await AccountRows(shop).all()
      #expect(after.subtracting(before) == [] && before.subtracting(after) == [])
      try await shop.verify()
      await line.close()
    }
  }

  private static func send(_ call: ForeignCall, _ names: ForeignNames, _ number: Int, through line: TillLine) async throws
    -> TillLine.Reply
  {
    let path = "/till/v1" + names.filled(call.path, number)
    let inner = names.filled(call.body, number)
    let place = inner.contains("\"store\"") || call.route.hasSuffix("/events") ? "" : "\"store\": \"S1\", \"register\": \"9\""
    let body = Array("{ \([place, inner].filter { !$0.isEmpty }.joined(separator: ", ")) }".utf8)
    return switch call.method {
    case "GET": try await line.get(path)
    case "DELETE": try await line.delete(path)
    case "PUT": try await line.put(path, body)
    default: try await line.post(path, body, key: "foreign-call-\(number)")
    }
  }
}

extension ForeignCall {
  /// The same from a store that the asker does not have.
  var elsewhere: [ForeignCall] {
    guard ["POST", "PUT"].contains(method), !route.hasSuffix("/events") else { return [] }
    let place = #""store": "{store}", "register": "9""#
    return [ForeignCall("\(method) \(route)", at: path, body.isEmpty ? place : place + ", " + body)]
  }
}

/// Where a call of the description takes words from outside.
private struct Words {
  enum Place: Hashable {
    case path(String)
    case query(String)
    case body(String)
  }

  private let description: JSON

  init(_ description: JSON) { self.description = description }

  func named(by call: JSON) -> Set<Place> {
    var places: Set<Place> = []
    for parameter in items(call["parameters"]).map(resolved) {
      guard case .string(let name)? = parameter["name"], case .string(let way)? = parameter["in"] else { continue }
      if way == "path" { places.insert(.path(name)) }
      if way == "query" { places.insert(.query(name)) }
    }
    var words: Set<String> = []
    collect(call["requestBody"]?["content"]?["application/json"]?["schema"] ?? .null, "", &words, within: [])
    return places.union(words.map { .body($0) })
  }

  private func items(_ json: JSON?) -> [JSON] { if case .array(let items)? = json { items } else { [] } }

  private func resolved(_ json: JSON) -> JSON {
    guard case .string(let reference)? = json["$ref"] else { return json }
    return reference.split(separator: "/").dropFirst().reduce(description as JSON?) { $0?[String($1)] } ?? .null
  }

  /// - Parameter within: what is being read, so that what holds itself ends.
  private func collect(_ json: JSON, _ name: String, _ words: inout Set<String>, within: Set<String>) {
    if case .string(let reference)? = json["$ref"] {
      guard !within.contains(reference) else { return }
      return collect(resolved(json), name, &words, within: within.union([reference]))
    }
    for word in ["anyOf", "oneOf", "allOf"] { for part in items(json[word]) { collect(part, name, &words, within: within) } }
    if case .object(let members)? = json["properties"] {
      for member in members { collect(member.value, member.key, &words, within: within) }
    }
    if let part = json["items"] { collect(part, name, &words, within: within) }
    let types = items(json["type"]) + [json["type"] ?? .null]
    if types.contains(.string("string")), json["enum"] == nil { words.insert(name) }
  }
}

/// Everything of ours that stands in the database, a text for each row.
struct AccountRows {
  private let shop: WebShop

  init(_ shop: WebShop) { self.shop = shop }

  func all() async throws -> Set<String> {
    let (account, programme) = (shop.account.raw, shop.programme.raw)
    return try await shop.database.read { tx in
      let members = Set(try tx.rows(SQL("select owner_id from member where account_id = $1", account)).map { $0.int(0) })
      var found: Set<String> = []
      for table in Wiring.schema.tables where table.scope == .account {
        let names = table.columns.map(\.name)
        let rows = try tx.rows(SQL(prepared: "select \(names.joined(separator: ", ")) from \(table.name)", []))
        for row in rows {
          func holds(_ name: String, _ ids: Set<Int64>) -> Bool? {
            names.firstIndex(of: name).map { !row.isNull($0) && ids.contains(row.int($0)) }
          }
          guard holds("account_id", [account]) ?? holds("programme_id", [programme]) ?? holds("owner_id", members) ?? false else {
            continue
          }
          let texts = table.columns.enumerated().map { place, column in
            if row.isNull(place) { return "-" }
            return switch column.kind {
            case .integer: "\(row.int(place))"
            case .text: row.text(place)
            case .bytes: "\(row.bytes(place))"
            }
          }
          found.insert("\(table.name): \(texts.joined(separator: " | "))")
        }
      }
      return found
    }
  }
}
