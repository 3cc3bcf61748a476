import Access
import Kernel
import Storage
import TestKit
import Testing

@Suite struct PlacesTests {
  @Test(arguments: TestDatabase.available)
  func `a list of stores sent twice changes nothing the second time`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      try await ground.makeSurroundings(of: ground.account)
      let (account, change) = (ground.account, ground.change())
      let rows = (1...30).map { Ground.store("s\($0)") }
      let first = try await ground.write { tx in try Places(of: account).save(rows, by: change, in: &tx) }
      #expect(first.made == 30 && first.changed == 0 && first.unchanged == 0)
      let before = try await ground.audit(account)
      let second = try await ground.write { tx in try Places(of: account).save(rows, by: change, in: &tx) }
      #expect(second.ids == first.ids)
      #expect(second.unchanged == 30 && second.made == 0 && second.changed == 0)
      #expect(try await ground.audit(account) == before)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a store comes back as it was told`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      try await ground.makeSurroundings(of: ground.account)
      let (account, change) = (ground.account, ground.change())
      let bare = StoreDetails(code: "web", name: "Интернет", brand: "green", legalEntity: "llc", zone: "UTC")
      let saved = try await ground.write { tx in try Places(of: account).save([Ground.store("s1"), bare], by: change, in: &tx) }
      let stores = try await ground.read { tx in try Places(of: account).stores(limit: 10, in: &tx) }
      #expect(stores.map(\.details) == [Ground.store("s1"), bare])
      #expect(stores.map(\.id) == saved.ids)
      #expect(stores[0].priceZone != nil && stores[1].priceZone == nil)
      let byCode = try await ground.read { tx in try Places(of: account).stores(codes: ["web", "nowhere"], in: &tx) }
      #expect(byCode.mapValues(\.details) == ["web": bare])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `the trail tells what differs before and after, and who did it`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      try await ground.makeSurroundings(of: ground.account)
      let account = ground.account
      let (first, second) = (ground.change(60), ground.change(90))
      let store = try await ground.write { tx in try Places(of: account).save([Ground.store("s1")], by: first, in: &tx) }.ids[0]
      _ = try await ground.write { tx in try Places(of: account).save([Ground.store("s1", name: "Corner")], by: second, in: &tx) }
      let trail = try await ground.read { tx in try AuditTrail(of: account).entries(of: store, limit: 10, in: &tx) }
      #expect(trail.map(\.act) == ["store.changed", "store.made"])
      #expect(trail[0].before?.compact == #"{"name":"Shop"}"#)
      #expect(trail[0].after?.compact == #"{"name":"Corner"}"#)
      #expect(trail[0].at == second.at && trail[0].actor == "system:import")
      #expect(trail[1].before == nil && trail[1].after?["code"] == "s1")
      let older = try await ground.read { tx in
        try AuditTrail(of: account).entries(of: store, before: trail[0].id, limit: 10, in: &tx)
      }
      #expect(older == [trail[1]])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `every fault of a list is named at its row, and nothing of it is written`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      try await ground.makeSurroundings(of: ground.account)
      let (account, change) = (ground.account, ground.change())
      let shapes = [
        Ground.store(" s1"), Ground.store("s2", zone: "../etc/passwd"), Ground.store("s3", name: ""), Ground.store("s3"),
      ]
      let shape = try #require(try await ground.refusal { tx in try Places(of: account).save(shapes, by: change, in: &tx) })
      #expect(shape.kind == .invalid)
      #expect(
        shape.issues.map { "\($0.pointer) \($0.code)" } == [
          "/0/code not_a_code", "/1/zone not_a_zone", "/2/name empty", "/3/code repeated",
        ])
      let stray = StoreDetails(code: "s1", name: "Shop", brand: "red", legalEntity: "none", priceZone: "moon", zone: "UTC")
      let unknown = try #require(
        try await ground.refusal { tx in try Places(of: account).save([Ground.store("s2"), stray], by: change, in: &tx) })
      #expect(unknown.issues.map(\.pointer) == ["/1/brand", "/1/legalEntity", "/1/priceZone"])
      #expect(unknown.issues.allSatisfy { $0.code == "unknown_code" })
      #expect(try await ground.read { tx in try Places(of: account).stores(limit: 10, in: &tx) }.isEmpty)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a chunk holds a thousand rows and not one more`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let (account, change) = (ground.account, ground.change())
      let rows = (0...Limits.bulk).map { BrandDetails(code: "b\($0)", name: "B") }
      let refusal = try await ground.refusal { tx in try Places(of: account).save(rows, by: change, in: &tx) }
      #expect(refusal?.issues.first?.code == "too_many")
      let saved = try await ground.write { tx in try Places(of: account).save(Array(rows.dropLast()), by: change, in: &tx) }
      #expect(saved.made == Limits.bulk)
      let trail = try await ground.audit(account)
      #expect(trail.first?.act == "brand.imported" && trail.first?.after?["rows"] == .int(Int64(Limits.bulk)))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `another account finds none of it and cannot build on it`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      try await ground.makeSurroundings(of: ground.account)
      let (account, stranger, change) = (ground.account, ground.stranger, ground.change())
      let store = try await ground.write { tx in try Places(of: account).save([Ground.store("s1")], by: change, in: &tx) }.ids[0]
      let theirs = Places(of: stranger)
      #expect(try await ground.refusal { tx in try theirs.store(store, in: &tx) }?.kind == .notFound)
      #expect(try await ground.read { tx in try theirs.stores(codes: ["s1"], in: &tx) }.isEmpty)
      #expect(try await ground.read { tx in try theirs.stores(limit: 10, in: &tx) }.isEmpty)
      #expect(try await ground.read { tx in try theirs.brands(in: &tx) }.isEmpty)
      #expect(try await ground.read { tx in try theirs.legalEntities(in: &tx) }.isEmpty)
      #expect(try await ground.read { tx in try theirs.priceZones(in: &tx) }.isEmpty)
      let built = try await ground.refusal { tx in try theirs.save([Ground.store("s1")], by: change, in: &tx) }
      #expect(built?.issues.map(\.pointer) == ["/0/brand", "/0/legalEntity", "/0/priceZone"])
      #expect(try await ground.read { tx in try AuditTrail(of: stranger).entries(of: store, limit: 10, in: &tx) }.isEmpty)
      #expect(try await ground.audit(stranger).map(\.act) == ["account.made"])

      // The same code is another store there.
      try await ground.makeSurroundings(of: stranger)
      let own = try await ground.write { tx in try theirs.save([Ground.store("s1")], by: change, in: &tx) }
      #expect(own.made == 1 && own.ids != [store])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a suspended account's structure cannot be written until it is resumed`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let (account, change) = (ground.account, ground.change())
      let brand = [BrandDetails(code: "b", name: "B")]
      try await ground.write { tx in try Accounts().suspend(account, by: change, in: &tx) }
      let refusal = try await ground.refusal { tx in try Places(of: account).save(brand, by: change, in: &tx) }
      #expect(refusal?.kind == .conflict && refusal?.code == "account_suspended")
      try await ground.write { tx in try Accounts().resume(account, by: change, in: &tx) }
      try await ground.write { tx in try Accounts().resume(account, by: change, in: &tx) }
      #expect(try await ground.write { tx in try Places(of: account).save(brand, by: change, in: &tx) }.made == 1)
      #expect(try await ground.audit(account).map(\.act) == ["brand.made", "account.resumed", "account.suspended", "account.made"])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `an account opened again is the same account, and what is said anew is kept`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let change = ground.change()
      let again = AccountDetails(code: "pantry", name: "Pantry & Sons", currency: .rub, country: "1")
      let id = try await ground.write { tx in try Accounts().open(again, by: change, in: &tx) }
      #expect(id == ground.account)
      #expect(try await ground.read { tx in try Accounts().account(id, in: &tx) }.details == again)
      #expect(try await ground.read { tx in try Accounts().account(code: "pantry", in: &tx) }?.id == id)
      #expect(try await ground.read { tx in try Accounts().all(limit: 1, in: &tx) }.map(\.id) == [id])
      #expect(try await ground.read { tx in try Accounts().all(after: id, limit: 9, in: &tx) }.map(\.id) == [ground.stranger])
      let unused: AccountID = change.id()
      #expect(try await ground.refusal { tx in try Accounts().account(unused, in: &tx) }?.kind == .notFound)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a register keeps its profile, and only in its own store`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      try await ground.makeSurroundings(of: ground.account)
      let (account, stranger, change) = (ground.account, ground.stranger, ground.change())
      let stores = try await ground.write { tx in
        try Places(of: account).save([Ground.store("s1"), Ground.store("s2")], by: change, in: &tx)
      }.ids
      let till = RegisterDetails(code: "1", name: "Till 1", profile: .object(["tolerance": 1]))
      let reads: @Sendable (JSONNode) -> Void = { $0.expect("tolerance") }
      let first = Registers(of: account, in: stores[0])
      #expect(try await ground.write { tx in try first.save([till], readProfile: reads, by: change, in: &tx) }.made == 1)
      #expect(try await ground.write { tx in try first.save([till], readProfile: reads, by: change, in: &tx) }.unchanged == 1)
      #expect(try await ground.read { tx in try first.all(in: &tx) }["1"]?.details == till)
      #expect(try await ground.read { tx in try Registers(of: account, in: stores[1]).all(in: &tx) }.isEmpty)

      let odd = RegisterDetails(code: "2", name: "Till 2", profile: .object(["tolerence": 1]))
      let refusal = try await ground.refusal { tx in try first.save([till, odd], readProfile: reads, by: change, in: &tx) }
      #expect(refusal?.issues.map(\.pointer) == ["/1/profile/tolerence"])
      let theirs = Registers(of: stranger, in: stores[0])
      #expect(
        try await ground.refusal { tx in try theirs.save([till], readProfile: reads, by: change, in: &tx) }?.kind == .notFound)
      #expect(try await ground.read { tx in try theirs.all(in: &tx) }.isEmpty)
    }
  }
}

@Suite struct PlaceValueTests {
  @Test(arguments: [
    ("55.753930, 37.620795", true), ("-90,180", true), ("90.000001,0", false), ("0,-180.000001", false), ("1;2", false),
    ("1.1234567,2", false),
  ])
  func `coordinates are on the globe`(_ text: String, _ isValid: Bool) { #expect((Coordinates(text) != nil) == isValid) }

  @Test func `coordinates read what they write`() throws {
    let place = try #require(Coordinates(latitude: -1, longitude: 179_999_999))
    #expect(place.description == "-0.000001,179.999999")
    #expect(Coordinates(place.description) == place)
  }

  @Test(arguments: [
    ("7707083893", true), ("7707083894", false), ("500100732259", true), ("500100732258", false), ("770708389", false),
    ("77070838九3", false),
  ])
  func `an INN ends with its check digits`(_ text: String, _ isValid: Bool) { #expect(isRussianTaxNumber(text) == isValid) }

  @Test(arguments: [
    ("UTC", true), ("Europe/Moscow", true), ("America/Argentina/Buenos_Aires", true), ("Etc/GMT+3", true), ("", false),
    ("europe/moscow", false),
    ("/etc/passwd", false), ("Europe/../x", false), ("A/B/C/D", false),
  ])
  func `a zone's name cannot lead out of the folder of zones`(_ text: String, _ isValid: Bool) {
    #expect(isZoneName(text) == isValid)
  }

  @Test func `an actor has a name that a log can carry`() {
    #expect(Actor(.staff, "anna")?.description == "staff:anna")
    #expect(Actor(.staff, "") == nil)
    #expect(Actor(.staff, "an\nna") == nil)
    #expect(Actor(.staff, String(repeating: "a", count: 65)) == nil)
  }
}
