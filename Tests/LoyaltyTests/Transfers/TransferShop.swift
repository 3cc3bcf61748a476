import Access
import Calculator
import Customers
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit

/// A shop whose members give points to each other and to charities.
enum TransferShop {
  static let noon = HouseholdShop.noon

  static func settings(_ transfers: JSON, _ more: [JSON.Member]) -> JSON {
    .object(
      [
        JSON.Member("name", "Pantry"), JSON.Member("zone", "UTC"),
        JSON.Member("terms", .object(["spending": .object(["share": "100"])])),
        JSON.Member("households", .object(["coolingOffDays": 0])), JSON.Member("transfers", transfers),
        JSON.Member(
          "giving",
          .object([
            "charities": .array([
              .object([
                "code": "paws", "name": .object(["ru": "Лапа", "en": "Paws"]), "payee": "Фонд «Лапа»", "target": "1000",
              ]),
              .object([
                "code": "old", "name": .object(["ru": "Старый", "en": "Old"]), "payee": "Фонд", "until": "2026-03-01",
              ]),
            ])
          ])),
      ] + more)
  }

  static func on(
    _ kind: TestDatabase, members: Int = 4, _ transfers: JSON = .object([JSON.Member]()), more: [JSON.Member] = [],
    _ body: @Sendable (HouseholdShop) async throws -> Void
  ) async throws {
    try await Ground.on(kind, StorageSchema.tables) { ground in
      try await ground.write { tx in try Epochs.beginFirst("made", at: Ground.start, in: &tx) }
      let change = ground.change(-3_600)
      let programme = try await ground.write { tx in
        try ProgrammesTests.programmes(ground.account).save("club", settings(transfers, more), by: change, in: &tx)
      }
      let shelf = RuleShelf(RuleBook(version: 1, terms: programme.settings.terms, promotions: []))
      try await body(
        HouseholdShop(
          ground: ground, programme: programme, shelf: shelf, receipts: Receipts(of: programme, rules: shelf, ids: ground.ids),
          members: try await ground.join(members, programme.id)))
    }
  }
}

extension HouseholdShop {
  var transfers: Transfers { Transfers(of: programme, ids: ground.ids) }
  var donations: Donations { Donations(of: programme, ids: ground.ids) }

  func ask(_ units: Int64, from giver: Int, to receiver: Int, _ proof: TransferProof? = nil) -> Transfers.Ask {
    Transfers.Ask(
      Points(units: units), from: members[giver], to: members[receiver], message: "for the cake",
      proof: proof ?? .shown(.possessed, nil))
  }

  @discardableResult func transfer(
    _ units: Int64, from giver: Int, to receiver: Int, key: String, _ proof: TransferProof? = nil,
    at now: Instant = HouseholdShop.noon
  ) async throws -> Transfer {
    let ask = ask(units, from: giver, to: receiver, proof)
    return try await ground.write { tx in
      try transfers.give(ask, request: (RequestKey("transfer " + key), 0), by: change(now), in: &tx)
    }
  }

  /// What a transfer is refused with; nil where it is not.
  func refusal(
    _ units: Int64, from giver: Int = 0, to receiver: Int = 1, _ proof: TransferProof? = nil, at now: Instant = HouseholdShop.noon
  ) async -> String? {
    do {
      return try await problem(units, from: giver, to: receiver, proof, at: now)?.code
    } catch { return "\(error)" }
  }

  func problem(
    _ units: Int64, from giver: Int = 0, to receiver: Int = 1, _ proof: TransferProof? = nil, at now: Instant = HouseholdShop.noon
  ) async throws -> Problem? {
    do {
      try await transfer(units, from: giver, to: receiver, key: "\(UInt64.random(in: 0 ... .max))", proof, at: now)
      return nil
    } catch let problem as Problem { return problem }
  }

  @discardableResult func undo(_ transfer: Transfer, at now: Instant = HouseholdShop.noon) async throws -> Transfer {
    try await ground.write { tx in
      try transfers.undo(transfer.id, of: transfer.giver, because: "a mistake", by: change(now), in: &tx)
    }
  }

  @discardableResult func donate(
    _ units: Int64, from giver: Int, to charity: String = "paws", key: String, at now: Instant = HouseholdShop.noon
  ) async throws -> Donation {
    let ask = Donations.Ask(Points(units: units), from: members[giver], to: charity, proof: .shown(.verified, nil))
    return try await ground.write { tx in
      try donations.give(ask, request: (RequestKey("donation " + key), 0), by: change(now), in: &tx)
    }
  }

  func isClean() async throws -> Bool {
    let report = try await audit()
    if !report.isClean { print(report.differences) }
    return report.isClean
  }
}
