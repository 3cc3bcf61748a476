import Access
import Calculator
import Conditions
import Customers
import Jobs
import Kernel
import Loyalty
import Storage

/// Members, as tills may see them: enough to serve them, nothing to learn about them.
enum MemberCalls {
  static var unknown: Problem {
    Problem(
      .notFound, "member_unknown", "nobody has this identifier",
      cashier: LocalText(ru: "Участник не найден. Предложите вступить в программу", en: "Nobody found. Offer to join the programme")
    )
  }

  static var blocked: Problem {
    Problem(
      .conflict, "member_blocked", "the member or the card is blocked",
      cashier: LocalText(ru: "Карта заблокирована", en: "The card is blocked"))
  }

  /// The member, where they may spend.
  static func spender(_ found: Recognised) throws(Problem) -> MemberID {
    guard case .member(let snapshot, let isBlocked) = found.shopper else { throw unknown }
    guard !isBlocked else { throw blocked }
    guard snapshot.maySpend else {
      throw Problem(
        .conflict, "identification_weak", "points are spent with a card, the app or a code, not with a number that was only typed",
        cashier: LocalText(
          ru: "Для списания нужна карта, приложение или код из СМС",
          en: "To spend points show the card, the app or a code from an SMS"))
    }
    return snapshot.id
  }
}

extension TillDesk {
  /// `GET /till/v1/members?identifier=…`: whom an identifier finds, and what they have.
  func findMember(_ call: Call) async throws -> Answer {
    let (floor, till) = try await askByQuery(call)
    guard let text = call.query["identifier"], (1...Limits.name).contains(text.utf8.count) else {
      throw Problem(
        .invalid, "identifier_missing", "the query names an identifier of at most \(Limits.name) bytes",
        issues: [Issue(pointer: "?identifier", code: "missing", message: "this is required")])
    }
    let kind = try kind(call.query["kind"])
    let (programme, ids) = (floor.programme, ids)
    do {
      let receipts = floor.receipts
      let found = try await database.read { tx -> (Recognised, Holdings, Person?, TierRights) in
        let found = try programme.identify(Showing(.text(text, kind), shown: .typed), at: call.at, in: &tx)
        guard let member = found.shopper.id else { throw MemberCalls.unknown }
        let holdings = try receipts.holdings(of: found.shopper, at: call.at, in: &tx)
        let known = try programme.members.member(member, in: &tx)
        return (found, holdings, known.person, try TierRights.read(of: known, found, programme, ids, at: call.at, in: &tx))
      }
      return Answer(200, MemberForm(floor, at: till).json(found.0, found.1, found.2, found.3, ids, at: call.at))
    } catch let problem as Problem {
      if let till { keepRefusal(Ask(call: call, floor: floor, till: till, body: .null), "members", problem) }
      throw problem
    }
  }

  private func kind(_ word: String?) throws(Problem) -> IdentifierKind? {
    guard let word else { return nil }
    if let kind = IdentifierKind(word) { return kind }
    throw Problem(
      .invalid, "unknown_word", "a kind is one of phone, card, email, app, external or the programme's own",
      issues: [Issue(pointer: "?kind", code: "unknown_word", message: "this kind cannot be")])
  }

  /// `POST /till/v1/members`: somebody joins at the till.
  func join(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    do {
      let request = try call.requestKey()
      let details = try MemberReading(ask).details
      let (programme, change, hash) = (ask.programme, change(call), BodyHash.of(ask.body, ask.till))
      let (member, wallet) = try await database.write(.till) { tx in
        let fresh: MemberID = change.id()
        // The key is taken for the member that is made, or found: both are the answer to the same request.
        let earlier = try request.earlier("join", hash, account: programme.account, fresh, fresh.raw, at: call.at, in: &tx)
        if earlier != nil {
          let known = try programme.identifiers.owners(of: details.identifiers, in: &tx).values.first
          guard let known else { throw MemberCalls.unknown }
          return (known, try Wallets(of: programme, ids: change.ids).wallet(of: known, in: &tx))
        }
        let member = try programme.members.join(details, by: change, in: &tx)
        return (member, try Wallets(of: programme, ids: change.ids).wallet(of: member, in: &tx))
      }
      return Answer(
        201, .object(["member": .string("\(member)"), "balance": SoldForm(ask.floor).balance(Balance(wallet))]))
    } catch let problem as Problem {
      keepRefusal(ask, "members", problem)
      throw problem
    }
  }
}

/// Somebody who joins, as a till tells of them.
struct MemberReading {
  let details: MemberDetails

  /// - Throws: `Problem.invalid` with every issue.
  init(_ ask: Ask) throws(Problem) {
    let node = JSONNode(ask.body)
    node.expect("store", "register", "identifiers", "person")
    _ = node["identifiers"].required()
    let rules = ask.programme.settings.identifiers
    let identifiers = node["identifiers"].items(max: Limits.identifiers).compactMap { Self.identifier($0, rules) }
    if node["identifiers"].isPresent, identifiers.isEmpty, node.issues.isEmpty {
      node["identifiers"].refuse("empty", "somebody joins with at least one identifier: a phone or a card")
    }
    let person = Self.person(node["person"])
    try node.issues.check("the member")
    details = MemberDetails(identifiers: identifiers, person: person, joinedAt: ask.call.at, joinedIn: ask.till.store.id)
  }

  private static func identifier(_ node: JSONNode, _ rules: IdentifierRules) -> Identifier? {
    node.expect("kind", "value")
    guard node["kind"].required(), node["value"].required(), let word = node["kind"].text(), let text = node["value"].text() else {
      return nil
    }
    guard let kind = IdentifierKind(word), let identifier = rules.identifier(kind, text) else {
      node["value"].refuse("not_an_identifier", "this cannot be read as a \(word)")
      return nil
    }
    return identifier
  }

  private static func person(_ node: JSONNode) -> Person {
    node.expect("familyName", "givenName", "patronymic", "birthday", "sex", "language", "city", "attributes")
    let attributes = node["attributes"].isPresent ? Attributes(node["attributes"], lists: true) : Attributes()
    return Person(
      familyName: node["familyName"].text(), givenName: node["givenName"].text(), patronymic: node["patronymic"].text(),
      birthday: node["birthday"].day(), sex: node["sex"].word(), language: node["language"].word(), city: node["city"].text(),
      attributes: attributes)
  }
}

/// A member as a till sees them.
struct MemberForm {
  let floor: SalesFloor
  /// Nil: another system asks.
  let till: SalesFloor.Till?

  init(_ floor: SalesFloor, at till: SalesFloor.Till?) { (self.floor, self.till) = (floor, till) }

  func json(
    _ found: Recognised, _ holdings: Holdings, _ person: Person?, _ rights: TierRights, _ ids: IDSource, at now: Instant
  ) -> JSON {
    guard case .member(let snapshot, let isBlocked) = found.shopper else { return .null }
    let (amounts, wallet) = (floor.amounts, holdings.wallet)
    let offers = Offers(of: floor.programme, book: floor.rules, ids: ids, in: till?.place)
      .offers(to: found.shopper, holding: wallet, at: now)
    return .object([
      "id": .string("\(snapshot.id)"), "kind": .string(snapshot.kind.rawValue), "isBlocked": .bool(isBlocked),
      "greeting": person.flatMap(greeting).map(JSON.string),
      "tier": snapshot.tier.flatMap { floor.names.code(.tier, $0.raw) }.map(JSON.string),
      "privileges": rights.privileges, "standing": rights.standing,
      "subscriptions": rights.subscriptions.isEmpty
        ? nil : .array(rights.subscriptions.map(SubscriptionAnswer(floor: floor).json)),
      "identifier": found.found.map {
        .object(["kind": .string($0.identifier.kind.code), "masked": .string($0.identifier.masked)])
      },
      "household": snapshot.household.flatMap { id in
        holdings.members == 0 ? nil : .object(["id": .string("\(id)"), "members": .int(Int64(holdings.members))])
      },
      "balance": SoldForm(floor).balance(holdings.balance), "purchases": .int(wallet.history.purchases),
      "expiring": .array(
        wallet.expiring(before: now + .days(30)).prefix(10).map {
          .object(["at": .string($0.at.text), "points": amounts.json($0.amount)])
        }),
      "offers": offers.isEmpty ? nil : .array(offers.map(OfferAnswer.json)),
    ])
  }

  /// Enough to address somebody, too little to learn who they are: the given name and an initial.
  private func greeting(_ person: Person) -> String? {
    guard let given = person.givenName else { return nil }
    return person.familyName?.first.map { "\(given) \($0)." } ?? given
  }
}

extension RequestKey {
  /// What this request made when it was sent first; nil for a new one, whose key is taken now.
  /// - Throws: `Problem.conflict` (`request_key_reused`).
  func earlier(
    _ act: String, _ bodyHash: Int64, account: AccountID, _ member: MemberID, _ target: Int64, at now: Instant,
    in tx: inout Transaction
  ) throws -> Int64? {
    var body = StableHash()
    body.mix(act)
    body.mix(bodyHash)
    return try NaturalKeys(of: account).once(self, owner: member.raw, target: target, body: body, at: now, in: &tx)
  }
}

/// What comes with a member's tier, and where the rules put them.
struct TierRights: Sendable {
  var privileges: JSON?
  var standing: JSON?
  /// Those that run.
  var subscriptions: [Subscription] = []

  /// Two statements where the programme has rules for tiers, one for a member with a tier, else none.
  static func read(
    of member: Member, _ found: Recognised, _ programme: Programme, _ ids: IDSource, at now: Instant, in tx: inout Transaction
  ) throws -> TierRights {
    var rights = TierRights()
    if case .member(let snapshot, _) = found.shopper, let id = snapshot.tier {
      let tier = try programme.tiers.all(in: &tx).values.first { $0.id == id }
      let named = (tier?.details.privileges ?? []).map { privilege -> JSON in
        .object([
          "code": .string(privilege.code), "name": .object(["ru": .string(privilege.name.ru), "en": .string(privilege.name.en)]),
        ])
      }
      if !named.isEmpty { rights.privileges = .array(named) }
    }
    if !programme.settings.subscriptions.isEmpty {
      rights.subscriptions = try Subscriptions(of: programme, ids: ids).all(of: member.id, in: &tx).filter { $0.isActive(at: now) }
    }
    if let ladder = programme.settings.ladder, let ladders = Ladders(of: programme) {
      rights.standing = json(try ladders.standing(of: member, at: now, in: &tx), ladder, AmountForm(programme.settings.terms))
    }
    return rights
  }

  private static func json(_ standing: LadderStanding, _ ladder: Ladder, _ form: AmountForm) -> JSON {
    func amount(_ value: Int64) -> JSON { ladder.measure.json(value, form) }
    let place = (standing.rung ?? -1) + 1
    let next: JSON? =
      ladder.rungs.indices.contains(place)
      ? .object([
        "tier": .string(ladder.rungs[place].tier), "from": amount(ladder.rungs[place].from),
        "missing": amount(max(0, ladder.rungs[place].from - standing.sum)),
      ]) : nil
    let fall: JSON? = standing.fall.map { fall in
      .object(["on": .string(fall.on.description), "to": fall.to.map { .string(ladder.rungs[$0].tier) }])
    }
    return .object([
      "measure": .string(ladder.measure.rawValue), "counted": amount(standing.sum),
      "ends": standing.ends.map { .string($0.description) }, "next": next, "falls": fall,
    ])
  }
}
