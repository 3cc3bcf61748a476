import Access
import Conditions
import Customers
import Kernel
import Loyalty
import Storage

/// Everything that is known of one member, as one document: for a person who asks what is known of them. Read page by page, each in a
/// transaction of its own, at most `Limits.exportRows` of each kind; `isComplete` says whether that was all.
struct MemberDossier {
  let database: any Database
  let programme: Programme
  let floor: SalesFloor?
  let ids: IDSource
  let now: Instant

  init(_ database: any Database, _ programme: Programme, _ floor: SalesFloor?, _ ids: IDSource, at now: Instant) {
    (self.database, self.programme, self.floor, self.ids, self.now) = (database, programme, floor, ids, now)
  }

  private var wallets: Wallets { Wallets(of: programme, ids: ids) }

  func read(_ id: MemberID) async throws -> JSON {
    let head = try await head(of: id)
    let (programme, wallets) = (programme, wallets)
    let book = ReceiptBook(of: programme.account)
    // Whoever was merged into the member is the same person.
    let owners = try await [id] + database.read { tx in try programme.merges.family(of: id, in: &tx) }
    let receipts = try await all(of: owners, \Receipt.id) { owner, before, tx in
      try book.receipts(of: owner, programme.id, before: before, limit: Limits.page, in: &tx)
    }
    let returns = try await all(of: owners, \ReceiptBook.Brought.id) { owner, before, tx in
      try book.returns(of: owner, programme.id, before: before, limit: Limits.page, in: &tx)
    }
    let journal = try await all(of: owners, { (entry: (id: EntryID, posting: Posting)) in entry.id }) { owner, before, tx in
      try wallets.journal(of: owner, before: before, limit: Limits.page, in: &tx)
    }
    let trail = try await all(of: owners, \AuditEntry.id) { owner, before, tx in
      try AuditTrail(of: programme.account).entries(of: owner, before: before, limit: Limits.page, in: &tx)
    }
    let (transfers, ids) = (Transfers(of: programme, ids: ids), Set(owners))
    let away = try await all(of: owners, \Transfer.id) { owner, before, tx in
      try transfers.transfers(of: owner, before: before, limit: Limits.page, in: &tx)
    }
    let names = try await names(of: receipts.list)
    let (own, isOwnWhole) = try await belongings(of: id)
    let (visits, areVisitsWhole) = try await visits(of: owners)
    let isComplete = [receipts.isWhole, returns.isWhole, journal.isWhole, trail.isWhole, away.isWhole, isOwnWhole, areVisitsWhole]
      .allSatisfy { $0 }
    return .object(
      head + own + [
        JSON.Member("receipts", .array(receipts.list.map { json($0, names) })),
        JSON.Member("returns", .array(returns.list.map(json))),
        JSON.Member("pointsJournal", .array(journal.list.map { json($0.posting) })),
        JSON.Member("transfers", .array(away.list.map { json($0, isGiven: ids.contains($0.giver)) })),
      ] + visits + [
        JSON.Member("actions", .array(trail.list.map(json))), JSON.Member("isComplete", .bool(isComplete)),
      ])
  }

  /// Of the other member nothing is said, nor what they wrote.
  private func json(_ transfer: Transfer, isGiven: Bool) -> JSON {
    func text(_ points: Points) -> JSON { .string(Decimal.text(points.units, digits: programme.settings.points.scale)) }
    return .object([
      "at": .string(transfer.at.text), "direction": .string(isGiven ? "given" : "received"),
      "points": text(isGiven ? transfer.points : transfer.received), "message": isGiven ? transfer.message.map(JSON.string) : nil,
      "takenBackAt": transfer.undone.map { .string($0.at.text) },
    ])
  }

  /// Of the member alone.
  func all<Row: Sendable, Key: Sendable>(
    _ key: @escaping @Sendable (Row) -> Key, _ page: @escaping @Sendable (Key?, inout Transaction) throws -> [Row]
  ) async throws -> (list: [Row], isWhole: Bool) {
    try await all(of: [MemberID(0)], key) { _, before, tx in try page(before, &tx) }
  }

  /// Page by page until there is no more, or as much as is given at once.
  func all<Row: Sendable, Key: Sendable>(
    of owners: [MemberID], _ key: @escaping @Sendable (Row) -> Key,
    _ page: @escaping @Sendable (MemberID, Key?, inout Transaction) throws -> [Row]
  ) async throws -> (list: [Row], isWhole: Bool) {
    var list: [Row] = []
    for owner in owners {
      var (before, isEnd) = (Key?.none, false)
      while !isEnd {
        guard list.count < Limits.exportRows else { return (list, false) }
        let asked = before
        let found = try await database.read { tx in try page(owner, asked, &tx) }
        list += found
        (before, isEnd) = (found.last.map(key), found.count < Limits.page)
      }
    }
    return (list, true)
  }

  private func head(of id: MemberID) async throws -> [JSON.Member] {
    let (programme, wallets, now) = (programme, wallets, now)
    let known = try await database.read { tx in
      let profile = try programme.members.profile(id, at: now, in: &tx)
      var wallet = try wallets.wallet(of: id, in: &tx)
      _ = wallet.advance(to: now, programme.settings.points)
      let consents = try ConsentBook(of: programme.members).records(of: id, limit: Limits.page, in: &tx)
      return (
        profile, wallet, try programme.identifiers.all(of: id, in: &tx), try programme.tiers.all(in: &tx),
        try programme.tiers.grants(of: id, limit: Limits.page, in: &tx),
        consents, try ConsentTexts(of: programme.members).texts(of: consents.map(\.act), in: &tx)
      )
    }
    let (profile, wallet, identifiers, tiers, grants, consents, texts) = known
    let codes = Dictionary(tiers.map { ($0.value.id, $0.key) }, uniquingKeysWith: { first, _ in first })
    return [
      JSON.Member("exportedAt", .string(now.text)), JSON.Member("programme", .string(programme.code)),
      JSON.Member("member", json(profile.member)), JSON.Member("person", profile.member.person.map(json) ?? .null),
      JSON.Member("identifiers", .array(identifiers.map(json))), JSON.Member("points", json(wallet)),
      JSON.Member("tiers", .array(grants.map { json($0, codes) })),
      JSON.Member("consents", .array(consents.map { json($0, texts) })), JSON.Member("offers", .array(profile.offers.map(json))),
      JSON.Member("segments", .array(profile.segments.map { .string("\($0)") })),
    ]
  }

  /// Of the goods, by their codes: one statement for a thousand of them.
  private func names(of receipts: [Receipt]) async throws -> [ProductID: String] {
    guard let floor else { return [:] }
    var codes: [String: ProductID] = [:]
    for receipt in receipts { for line in receipt.lines { floor.catalogue.code(line.product).map { codes[$0] = line.product } } }
    let sorted = codes.keys.sorted()
    var names: [ProductID: String] = [:]
    for start in stride(from: 0, to: sorted.count, by: Limits.bulk) {
      let part = Array(sorted[start..<min(start + Limits.bulk, sorted.count)])
      let found = try await database.read { tx in try Catalogue(of: floor.programme.account).products(codes: part, in: &tx) }
      for (code, product) in found {
        if let id = codes[code] { names[id] = product.details.name.ru ?? product.details.name.en ?? code }
      }
    }
    return names
  }
}

// MARK: as JSON

extension MemberDossier {
  func text(_ points: Points) -> JSON { .string(Decimal.text(points.units, digits: programme.settings.points.scale)) }
  func text(_ money: Money) -> JSON { .string(Decimal.text(money.minor, digits: programme.settings.terms.currency.digits)) }

  private func store(_ id: StoreID) -> JSON { .string(floor?.storeCode(id) ?? "\(id)") }

  private func json(_ member: Member) -> JSON {
    .object([
      "id": .string("\(member.id)"), "kind": .string(member.kind.rawValue), "status": .string(member.status.rawValue),
      "joinedAt": .string(member.joinedAt.text), "joinedIn": member.joinedIn.map(store),
    ])
  }

  private func json(_ person: Person) -> JSON {
    .object([
      "familyName": person.familyName.map { .string($0) }, "givenName": person.givenName.map { .string($0) },
      "patronymic": person.patronymic.map { .string($0) }, "birthday": person.birthday.map { .string("\($0)") },
      "sex": (person.sex?.rawValue).map { .string($0) }, "language": (person.language?.rawValue).map { .string($0) },
      "city": person.city.map { .string($0) }, "attributes": person.attributes.isEmpty ? nil : person.attributes.json,
    ])
  }

  /// With the text that the person agreed to, where it is registered.
  private func json(_ record: ConsentRecord, _ texts: [NamedText: ConsentText]) -> JSON {
    let act = record.act
    let wording = texts[NamedText(act.consent, act.text)].map { text -> JSON in
      .object([
        "from": .string(text.from.description), "ru": text.text.ru.isEmpty ? nil : .string(text.text.ru),
        "en": text.text.en.isEmpty ? nil : .string(text.text.en), "link": text.link.isEmpty ? nil : .string(text.link),
      ])
    }
    return .object([
      "consent": .string(act.consent.rawValue), "isGiven": .bool(act.isGiven), "at": .string(act.at.text),
      "text": .string(act.text),
      "source": .string(act.source), "proof": act.proof.map { .string($0) }, "wording": wording,
    ])
  }

  private func json(_ offer: ActivatedOffer) -> JSON {
    let code = floor?.rules.promotions.first { $0.id == offer.promotion }?.code
    return .object([
      "promotion": .string(code ?? "\(offer.promotion)"), "since": .string(offer.since.text),
      "until": offer.until.map { .string($0.text) },
    ])
  }

  private func json(_ found: Identifiers.Found) -> JSON {
    .object([
      "kind": .string(found.identifier.kind.code), "value": .string(found.identifier.value), "isBlocked": .bool(found.isBlocked),
      "verifiedAt": found.verifiedAt.map { .string($0.text) },
    ])
  }

  private func json(_ wallet: Wallet) -> JSON {
    .object([
      "active": text(wallet.active), "pending": text(wallet.pending), "held": text(wallet.held), "status": text(wallet.status),
      "lots": .array(
        wallet.lots.filter { $0.amount > .zero }.map { lot in
          .object([
            "kind": .string(lot.kind.family.rawValue), "amount": text(lot.amount),
            "activeFrom": { if case .pending(let from, _) = lot.phase { from.map { .string($0.text) } } else { nil } }(),
            "expiresAt": { if case .active(.at(let end)) = lot.phase { .string(end.text) } else { nil } }(),
          ])
        }),
    ])
  }

  private func json(_ grant: TierGrant, _ codes: [TierID: String]) -> JSON {
    .object([
      "tier": .string(codes[grant.tier] ?? "\(grant.tier)"), "since": .string(grant.since.text),
      "until": grant.until.map { .string($0.text) }, "withdrawnAt": grant.withdrawnAt.map { .string($0.text) },
      "reason": .string(grant.reason),
    ])
  }

  private func json(_ receipt: Receipt, _ names: [ProductID: String]) -> JSON {
    .object([
      "id": .string("\(receipt.id)"), "soldAt": .string(receipt.soldAt.text), "store": store(receipt.store),
      "paid": text(receipt.amount), "discount": text(receipt.discount), "pointsSpent": text(receipt.spent),
      "pointsEarned": text(receipt.earned),
      "lines": .array(
        receipt.lines.map { line in
          .object([
            "product": .string(floor?.catalogue.code(line.product) ?? "\(line.product)"),
            "name": names[line.product].map { .string($0) }, "quantity": .string("\(line.quantity)"), "paid": text(line.amount),
          ])
        }),
    ])
  }

  private func json(_ goods: ReceiptBook.Brought) -> JSON {
    .object([
      "id": .string("\(goods.id)"), "receipt": goods.receipt.map { .string("\($0)") }, "at": .string(goods.at.text),
      "store": store(goods.store), "amount": text(goods.amount), "pointsGivenBack": text(goods.givenBack),
      "pointsTakenBack": text(goods.takenBack),
    ])
  }

  private func json(_ posting: Posting) -> JSON {
    .object([
      "at": .string(posting.occasion.event.text), "change": text(posting.change),
      "cause": .string(EntryWords.word(posting.occasion.cause)),
    ])
  }

  /// What was done and when; who did it is the staff's own data.
  private func json(_ entry: AuditEntry) -> JSON { .object(["at": .string(entry.at.text), "act": .string(entry.act)]) }
}

// MARK: as a table

extension MemberDossier {
  struct Fact: Hashable, Sendable {
    let section: String
    let field: String
    let value: String
  }

  /// Every value with the way to it: `receipts`, `2.lines.1.name`, `Молоко`.
  static func facts(of document: JSON) -> [Fact] {
    guard case .object(let sections) = document else { return [] }
    var facts: [Fact] = []
    for section in sections { add(section.value, section.key, "", to: &facts) }
    return facts
  }

  private static func add(_ value: JSON, _ section: String, _ way: String, to facts: inout [Fact]) {
    func step(_ name: String) -> String { way.isEmpty ? name : way + "." + name }
    switch value {
    case .null: return
    case .string(let text): facts.append(Fact(section: section, field: way, value: text))
    case .bool, .int, .number: facts.append(Fact(section: section, field: way, value: value.compact))
    case .array(let items):
      for (place, item) in items.enumerated() { add(item, section, step(String(place + 1)), to: &facts) }
    case .object(let members): for member in members { add(member.value, section, step(member.key), to: &facts) }
    }
  }
}
