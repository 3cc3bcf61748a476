import Access
import Customers
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit

/// A retailer with a brand, a seller and two shops, and a second retailer who must never see any of it.
struct Ground: Sendable {
  static let start = Instant("2026-03-02T09:00:00Z") ?? Instant(seconds: 0)
  static let tables = JobsSchema.tables + AccessSchema.tables + CustomersSchema.tables + LoyaltySchema.tables

  let database: any Database
  let ids = IDSource(node: 7)
  let account: AccountID
  let stranger: AccountID
  let programme: ProgrammeID

  init(_ database: any Database) async throws {
    self.database = database
    let change = Change(by: .demo, at: Self.start, ids: ids)
    (account, stranger) = try await database.write { tx in
      let accounts = Accounts()
      return (
        try accounts.open(AccountDetails(code: "pantry", name: "Pantry", currency: .rub), by: change, in: &tx),
        try accounts.open(AccountDetails(code: "larder", name: "Larder", currency: .usd), by: change, in: &tx)
      )
    }
    programme = change.id()
  }

  /// - Parameter more: tables that only some need.
  static func on(
    _ kind: TestDatabase, _ more: [Table] = [], _ body: @Sendable (Ground) async throws -> Void
  ) async throws {
    try await kind.withDatabase(more + tables) { database in try await body(try await Ground(database)) }
  }

  /// A change some seconds after the start.
  func change(_ seconds: Int64 = 60) -> Change { Change(by: .import, at: Self.start + .seconds(seconds), ids: ids) }

  func write<R: Sendable>(_ body: @escaping @Sendable (inout Transaction) throws -> R) async throws -> R {
    try await database.write(body)
  }

  func read<R: Sendable>(_ body: @escaping @Sendable (inout Transaction) throws -> R) async throws -> R {
    try await database.read(body)
  }

  /// What the facade refuses, or nil where it does not.
  func refusal<R: Sendable>(_ body: @escaping @Sendable (inout Transaction) throws -> R) async throws -> Problem? {
    do {
      _ = try await database.write(body)
      return nil
    } catch let problem as Problem {
      return problem
    }
  }

  func makeSurroundings(of account: AccountID) async throws {
    let change = change()
    try await write { tx in
      let places = Places(of: account)
      _ = try places.save([BrandDetails(code: "green", name: "Green")], by: change, in: &tx)
      _ = try places.save([LegalEntityDetails(code: "llc", name: "Green LLC")], by: change, in: &tx)
      _ = try places.save([PriceZoneDetails(code: "city", name: "City")], by: change, in: &tx)
    }
  }

  static func store(_ code: String, name: String = "Shop", zone: String = "Europe/Moscow") -> StoreDetails {
    StoreDetails(
      code: code, name: name, brand: "green", legalEntity: "llc", priceZone: "city",
      address: Address(city: "Москва", street: "Арбат, 1"),
      coordinates: Coordinates("55.752220, 37.615560"), zone: zone, dayStart: Clock("04:00") ?? .midnight,
      format: "экспресс")
  }

  /// Members of the programme, as many as asked.
  func join(_ count: Int, _ programme: ProgrammeID? = nil) async throws -> [MemberID] {
    let (members, change) = (Members(of: account, programme: programme ?? self.programme), change())
    let rows = try (1...count).map { try MembersTests.row($0) }
    return try await write { tx in try members.save(rows, by: change, in: &tx) }.ids
  }

  /// Every event of the account, in the order of their ids.
  func told() async throws -> [Event] {
    var all: [Event] = []
    while true {
      let last = all.last?.id
      let page = try await read { [account] tx in try Outbox(of: account).events(after: last, limit: Limits.bulk, in: &tx) }
      if page.isEmpty { return all }
      all += page
    }
  }

  func audit(_ account: AccountID, limit: Int = 50) async throws -> [AuditEntry] {
    try await read { tx in try AuditTrail(of: account).latest(limit: limit, in: &tx) }
  }
}
