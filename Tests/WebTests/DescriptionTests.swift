import Access
import Calculator
import Conditions
import Customers
import Foundation
import Kernel
import Logging
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `the description of the till's interface` {
  private static let document = Description.document
  private static var schemas: JSON? { document["components"]?["schemas"] }

  private static func texts(_ json: JSON?) -> [String] {
    guard case .array(let items)? = json else { return [] }
    return items.compactMap { if case .string(let text) = $0 { text } else { nil } }
  }

  /// The words of a list, closed or open.
  private static func words(of name: String) -> [String] {
    let schema = schemas?[name]
    guard case .array(let ways)? = schema?["anyOf"] else { return texts(schema?["enum"]) }
    return ways.map { texts($0["enum"]) }.first { !$0.isEmpty } ?? []
  }

  private static func members(_ json: JSON?) -> [JSON.Member] {
    if case .object(let members)? = json { members } else { [] }
  }

  /// Every object and what is in it.
  private static func each(_ json: JSON, _ visit: (JSON) -> Void) {
    visit(json)
    switch json {
    case .object(let members): for member in members { each(member.value, visit) }
    case .array(let items): for item in items { each(item, visit) }
    case .null, .bool, .int, .number, .string: break
    }
  }

  private static func routes(_ database: any Database) -> [Surfaces.Route] {
    let (meters, log) = (Meters(), Logger(label: "description"))
    let desk = TillDesk(
      database: database, floors: SalesFloors(on: database, ids: IDSource(node: 1), zones: { _ in nil }), ids: IDSource(node: 1),
      random: { 4 }, answers: AnswerBook(on: database),
      refusals: RefusalBook(on: database, ids: IDSource(node: 9), zones: { _ in nil }), meters: meters, sendCode: { _, _, _ in })
    let door = Doorkeeper(
      tokens: TokenCache(on: database), throttle: Throttle(register: 1, integration: 1), meters: meters, log: log,
      now: { Instant(seconds: 1_767_225_600) }, random: { 4 })
    return Surfaces(till: TillAPI(desk), door: door, database: database).routes
  }

  @Test func `names what the server answers to, and nothing else, with the scope that it asks for`() async throws {
    let routes = try await TestDatabase.sqlite.withDatabase([]) { Self.routes($0) }
    var described: [String: JSON] = [:]
    for path in Self.members(Self.document["paths"]) {
      for call in Self.members(path.value) { described["\(call.key.uppercased()) \(path.key)"] = call.value }
    }
    #expect(Set(described.keys) == Set(routes.map { "\($0.method) \($0.path)" }))
    for route in routes {
      let name = "\(route.method) \(route.path)"
      guard let call = described[name], case .array(let security)? = call["security"] else { continue }
      #expect(security.flatMap { Self.texts($0["token"]) } == (route.scope.map { [$0.rawValue] } ?? []), "\(name)")
      let answers = Set(Self.members(call["responses"]).map(\.key))
      #expect(answers.contains("429") == route.isThrottled, "\(name)")
      #expect(answers.isSuperset(of: route.scope == nil ? ["200"] : ["401", "403", "500", "503"]), "\(name)")
      #expect((call["requestBody"] != nil) == ["POST", "PUT"].contains(route.method), "\(name)")
      if call["requestBody"] != nil { #expect(answers.isSuperset(of: ["400", "413", "415", "422"]), "\(name)") }
    }
  }

  @Test func `refers to nothing that is not there, and holds nothing that is not referred to`() {
    var (broken, used): ([String], Set<String>) = ([], [])
    Self.each(Self.document) { json in
      guard case .string(let reference)? = json["$ref"] else { return }
      used.insert(reference)
      let place = reference.split(separator: "/").dropFirst().reduce(Self.document as JSON?) { $0?[String($1)] }
      if place == nil || !reference.hasPrefix("#/components/") { broken.append(reference) }
    }
    #expect(broken == [])
    for schema in Self.members(Self.schemas) { #expect(used.contains("#/components/schemas/\(schema.key)")) }
  }

  @Test func `calls every call by a name of its own, and links only to such`() {
    var (names, links): ([String], [String]) = ([], [])
    for path in Self.members(Self.document["paths"]) {
      for call in Self.members(path.value) {
        if case .string(let name)? = call.value["operationId"] { names.append(name) }
        Self.each(call.value["responses"] ?? .null) { json in
          for link in Self.members(json["links"]) {
            if case .string(let name)? = link.value["operationId"] { links.append(name) }
          }
        }
      }
    }
    #expect(names.count == Set(names).count && !links.isEmpty)
    #expect(Set(links).isSubset(of: names))
  }

  @Test func `knows the words that the program knows`() throws {
    let words: [String: [String]] = [
      "LineKind": LineKind.allCases.map(\.rawValue), "TenderKind": TenderKind.allCases.map(\.rawValue),
      "Channel": Channel.allCases.map(\.rawValue), "Settlement": Settlement.allCases.map(\.rawValue),
      "Shown": Shown.allCases.map(\.rawValue), "Strength": Strength.allCases.map(\.rawValue),
      "MemberKind": MemberKind.allCases.map(\.rawValue), "CouponState": PresentedCoupon.State.allCases.map(\.rawValue),
      "CertificateState": PresentedCertificate.State.allCases.map(\.rawValue),
      "RefundPolicy": ReturnTerms.Money.allCases.map(\.rawValue), "ReceiptState": Receipt.State.allCases.map(\.word),
      "Sex": Person.Sex.allCases.map(\.rawValue), "Language": Person.Language.allCases.map(\.rawValue),
      "DiscrepancyCause": Discrepancy.Cause.allCases.map(\.rawValue), "Brake": SpendingLimits.Brake.allCases.map(\.rawValue),
      "StepKind": TraceStep.Kind.allCases.map(\.word), "ExclusionMethod": ExclusionNote.Method.allCases.map(\.rawValue),
      "RewardReader": Reward.Reader.allCases.map(\.rawValue),
      "RewardKind": ["free-delivery", "message", "coupon", "certificate", "turns", "tier"],
      "TierPeriod": ["month", "quarter", "year"], "ChoiceState": AnsweredWish.State.allCases.map(\.rawValue),
      "GameKind": GameDetails.Kind.allCases.map(\.rawValue),
      "PrizeKind": ["nothing", "points", "coupon", "certificate", "thing", "find"],
      "HuntReceipts": HuntTerms.Receipts.allCases.map(\.rawValue),
      "Consent": Consent.allCases.map(\.rawValue),
      "NothingGiven": NothingGiven.allCases.map(\.rawValue), "ReferralState": Referral.State.allCases.map(\.rawValue),
      "FavouritePeriod": Favourites.Which.allCases.map(\.rawValue),
      "WhyMissing": ShiftAnswer.Missing.Cause.allCases.map(\.rawValue) + ["unknown"],
    ]
    let calculation = try JSON.parse(Repository.text("docs/formats/calculation.schema.json"))
    func inFormat(_ path: String...) -> [String] {
      Self.texts(path.reduce(calculation as JSON?) { $0?[$1] }?["enum"])
    }
    let others: [String: [String]] = [
      "ReasonCode": inFormat("properties", "reasons", "items", "properties", "code"),
      "MissingThing": inFormat("properties", "hints", "items", "properties", "missing"),
      "StepNote": inFormat("$defs", "step", "properties", "notes", "items"),
    ]
    for (name, words) in words.merging(others, uniquingKeysWith: { $1 }) {
      #expect(!words.isEmpty && Self.words(of: name) == words, "\(name)")
    }
    let listed = Self.members(Self.schemas).map(\.key).filter { !Self.words(of: $0).isEmpty }
    #expect(Set(listed) == Set(words.keys).union(others.keys).union(["ProblemCode", "ProductFlag", "ReceiptKind"]))
  }

  /// A till that was made from this description must bear what a newer server says.
  @Test func `leaves open what later versions may add to, and closed what a till says`() throws {
    let later: JSON = .object(["$ref": .string("#/components/schemas/LaterWord")])
    let open = Self.members(Self.schemas).filter { schema in
      guard case .array(let ways)? = schema.value["anyOf"] else { return false }
      return ways.contains(later)
    }
    #expect(
      Set(open.map(\.key)) == ["Brake", "DiscrepancyCause", "MissingThing", "NothingGiven", "ProblemCode", "ReasonCode"])
    #expect(Self.schemas?["LaterWord"]?["pattern"] == .string("^[a-z][a-z0-9_-]*$"))
    for schema in open {
      let words = Self.words(of: schema.key)
      #expect(
        !words.isEmpty && words.allSatisfy { $0.wholeMatch(of: /[a-z][a-z0-9_-]*/) != nil && $0.count <= 64 }, "\(schema.key)")
      #expect(Description.html.contains("href=\"#schema-\(schema.key)\"") || schema.key == "ProblemCode", "\(schema.key)")
    }
  }

  @Test func `explains every refusal that the server's source can give, each at its anchor on the page`() throws {
    guard case .array(let entries)? = Self.document["x-problems"] else { throw CocoaError(.formatting) }
    let explained = entries.compactMap { if case .string(let code)? = $0["code"] { code } else { nil } }
    #expect(explained == Self.words(of: "ProblemCode"))
    let page = Description.html
    for code in explained { #expect(page.contains("id=\"problem-\(code)\""), "\(code)") }
    let refusal = /\.(?:invalid|unauthenticated|forbidden|notFound|conflict|unavailable),\s+"(?<code>[a-z_]+)"/
    var given: Set<String> = []
    // What the console says, it says to people on its pages.
    for file in try Repository.files(below: "Sources/Web", ending: ".swift")
    where !file.contains("/Console/") && !file.contains("/Web/Analysis/") {
      given.formUnion(try Repository.text(file).matches(of: refusal).map { String($0.output.code) })
    }
    given.subtract(["tls_configuration", "not_a_form"])
    #expect(given.count > 15)
    #expect(given.subtracting(explained) == [])
  }

  @Test func `is a page on which every call has its place, and text stays text`() throws {
    let page = Description.html
    for path in Self.members(Self.document["paths"]) {
      for call in Self.members(path.value) {
        guard case .string(let name)? = call.value["operationId"] else { continue }
        #expect(page.contains("<h3 id=\"\(name)\">") && page.contains("href=\"#\(name)\""), "\(name)")
      }
    }
    let ids = page.matches(of: /\ id="([^"]+)"/).map { String($0.output.1) }
    #expect(ids.count == Set(ids).count)
    for link in page.matches(of: /\ href="#([^"]+)"/) { #expect(ids.contains(String(link.output.1)), "\(link.output.1)") }
    let hostile = try JSON.parse(
      #"{ "info": { "title": "<script>'\"&", "description": "**<b>** `<i>` *" }, "tags": [{ "name": "<u>" }] }"#)
    let escaped = DescriptionPage(hostile).html
    for bad in ["<script", "<b>", "<i>", "<u>"] { #expect(!escaped.contains(bad)) }
    #expect(escaped.contains("<strong>&lt;b&gt;</strong> <code>&lt;i&gt;</code> *"))
    #expect(escaped.contains("<title>&lt;script&gt;&#39;&quot;&amp;</title>"))
  }
}
