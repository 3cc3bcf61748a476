import Foundation
import Storage
import StorageSQLite
import TestKit
import Testing

/// A chain's year in small, killed and gone on with. `script/simulate` does the same by the thousand.
@Suite(.serialized) struct SimulationTests {
  @Test(arguments: TestDatabase.available) func `a year that is killed again and again loses nothing`(on kind: TestDatabase)
    async throws
  {
    try await kind.withPlace { place in
      let year = Simulation(folder: place.folder.appending(path: "tills").path, database: place.url, seed: 4, days: 15, tills: 3)
      let first = try year.live(atMost: 300)
      try #require(first.status == 128 + SIGKILL, "\(first.text)")
      let interrupted = try year.audit("--interrupted")
      #expect(interrupted.status == 0, "\(interrupted.text)")
      let (ended, kills) = try year.liveAgainAndAgain(atMost: 600)
      #expect(ended.status == 0 && kills > 0, "after \(kills) kills: \(ended.text)")
      let audit = try year.audit()
      #expect(audit.status == 0, "\(audit.text)")
    }
  }

  @Test func `the same seed and one till live the same year, and die at the same statements`() async throws {
    try await TestDatabase.sqlite.withPlace { place in
      let years = ["one", "other"].map { name in
        Simulation(
          folder: place.folder.appending(path: name).path, database: "sqlite:" + place.folder.appending(path: name + ".db").path,
          seed: 3,
          days: 12)
      }
      let kills = try years.map { year in
        let (ended, kills) = try year.liveAgainAndAgain(atMost: 500)
        #expect(ended.status == 0, "\(ended.text)")
        return kills
      }
      #expect(kills[0] == kills[1] && kills[0] > 0)
      for file in ["till-0.journal", "till-1.journal", "lives", "chain.json"] {
        #expect(try fileBytes(years[0].folder + "/" + file) == fileBytes(years[1].folder + "/" + file), "\(file)")
      }
    }
  }

  /// What somebody could do to the books, and the word by which the auditor names the place.
  static let tampering: [(statement: String, word: String)] = [
    ("delete from posting where id = (select max(id) from posting where cause = 1)", "wallet of"),
    ("delete from posting where id = (select max(id) from posting where cause = 1)", "what its entries issue"),
    ("update wallet set active = active + 1 where owner_id = (select max(owner_id) from wallet)", "the column active"),
    ("update wallet set pending = pending - 1 where owner_id = (select min(owner_id) from wallet)", "the column pending"),
    ("update wallet set status = status + 1 where owner_id = (select max(owner_id) from wallet)", "the column status"),
    (
      """
      update posting set entries = replace(entries, '[20,5,', '[20,5,9')
      where id = (select max(id) from posting where cause = 1 and entries like '%[20,5,%')
      """, "what its entries count towards a tier"
    ),
    ("update posting set entries = '[[10,2,999,1]]' where id = (select min(id) from posting where cause = 1)", "the programme"),
    (
      """
      insert into receipt select id + 1, owner_id, account_id, programme_id, store_id, key, business_day, sold_at, posted_at, state, amount,
        discount, spent, earned, rules, calculator, lines, facts, trace, points, cashier, card from receipt
      where id = (select max(id) from receipt)
      """, "how many count under the key"
    ),
    ("delete from receipt where id = (select max(id) from receipt where state = 1)", "which is not there"),
    ("update receipt set amount = amount - 1 where id = (select min(id) from receipt)", "amount is"),
    ("update receipt set state = 4 where id = (select max(id) from receipt where state = 1)", "its state is 4"),
    (
      "update receipt_return set given_back = given_back + 1 where id = (select max(id) from receipt_return)",
      "what its entries give back"
    ),
    (
      """
      delete from receipt_return
      where id = (select max(id) from receipt_return where receipt_id is not null and given_back + taken_back > 0)
      """, "the return is not there"
    ),
    ("update promotion_usage set uses = uses - 1 where promotion_id = 13 and store_id = 0", "usage of promotion 13"),
    ("delete from event where id = (select max(id) from event where kind = 1)", "is there 0 times"),
    ("update natural_key set target_id = 1 where kind = 1 and key like 'till 1%'", "the target of its request key"),
    ("delete from discrepancy where id = (select max(id) from discrepancy)", "what did not fit"),
    ("update certificate_entry set change = change + 1 where id = (select max(id) from certificate_entry)", "what is on it"),
    (
      "update certificate_day set paid = paid + 1 where series_id = (select min(series_id) from certificate_day)",
      "owed by the days"
    ),
    ("update stamp_holder set given = given + 1 where owner_id = (select max(owner_id) from stamp_holder)", "given and taken"),
    ("update game_prize set given = given + 1 where place = 3", "how many were given"),
    ("update game_draw set roll = 999999 - roll where n = 1", "its draw"),
    ("delete from game_turn_entry where id = (select max(id) from game_turn_entry)", "how many were given and used"),
  ]

  @Test func `the auditor finds what was tampered with, and says where`() async throws {
    try await TestDatabase.sqlite.withPlace { place in
      let year = Simulation(folder: place.folder.appending(path: "tills").path, database: place.url, seed: 2, days: 40)
      let ended = try year.live()
      #expect(ended.status == 0, "\(ended.text)")
      let clean = try year.audit()
      try #require(clean.status == 0, "\(clean.text)")
      let database = try SQLiteDatabase(path: place.path) { Unreported.record($0) }
      for (what, statement) in Self.happened {
        #expect(try await database.read { tx in try tx.row(SQL(prepared: statement, []))?.int(0) ?? 0 } > 0, "no \(what)")
      }
      for (statement, word) in Self.tampering {
        let copy = try await Self.tampered(statement, database)
        #expect(copy > 0, "nothing was changed: \(statement)")
        let audit = try year.audit()
        #expect(audit.status == 1 && audit.text.contains(word), "\(statement): \(audit.text)")
        try await Self.mend(database)
      }
      await database.close()
      #expect(try year.audit().status == 0, "everything is as it was")
    }
  }

  /// What a year must have had, or its audit proves nothing of it.
  private static let happened = [
    ("certificate was sold", "select count(*) from certificate_entry where kind = 1"),
    ("certificate paid", "select count(*) from certificate_entry where kind = 3"),
    ("certificate ran out", "select count(*) from certificate_entry where kind = 5"),
    ("certificate was given", "select count(*) from certificate_entry where kind = 11"),
    ("card was filled", "select cast(sum(taken) as bigint) from stamp_holder"),
    ("turn was played", "select count(*) from game_draw"),
  ]

  private static let touched = [
    "posting", "wallet", "receipt", "receipt_return", "promotion_usage", "event", "natural_key", "discrepancy", "certificate_entry",
    "certificate_day", "stamp_holder", "game_prize", "game_draw", "game_turn_entry",
  ]

  /// Keeps the tables aside and changes them. - Returns: how many rows were changed.
  private static func tampered(_ statement: String, _ database: SQLiteDatabase) async throws -> Int {
    try await database.write { tx in
      for table in touched { try tx.run(SQL(prepared: "create table kept_\(table) as select * from \(table)", [])) }
      return try tx.run(SQL(prepared: statement, []))
    }
  }

  private static func mend(_ database: SQLiteDatabase) async throws {
    try await database.write { tx in
      for table in touched {
        try tx.run(SQL(prepared: "delete from \(table)", []))
        try tx.run(SQL(prepared: "insert into \(table) select * from kept_\(table)", []))
        try tx.run(SQL(prepared: "drop table kept_\(table)", []))
      }
    }
  }
}
