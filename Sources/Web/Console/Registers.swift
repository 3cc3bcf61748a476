import Access
import Calculator
import Conditions
import Jobs
import Kernel
import Loyalty
import Storage

/// One register with its state and its tokens.
struct RegisterCard: Sendable {
  let store: Store
  let register: Known<RegisterDetails>
  let state: TillState?
  /// The latest first.
  let tokens: [Token]
  let programmes: [Programme]
}

/// A token that was just issued: the only time its secret is seen.
struct FreshToken: Sendable {
  let name: String
  let secret: String
}

extension ConsoleDesk {
  var registerDoors: [Door] {
    let one = "/console/stores/{store}/registers/{register}"
    return [
      .form("/console/stores/{store}/registers", .changePlaces, makeRegister),
      .page(one, .seeFigures, register),
      .form(one, .changePlaces, changeRegister),
      .form(one + "/state", .changePlaces, setRegisterState),
      .form(one + "/tokens", .changePlaces, issueTillToken),
      .form(one + "/tokens/revoke", .changePlaces, revokeTillToken),
    ]
  }

  func register(_ visit: Visit) async throws -> Answer { try await register(visit, RegisterPage.Extra()) }

  private func register(_ visit: Visit, _ extra: RegisterPage.Extra) async throws -> Answer {
    let (store, id) = (try Self.storeID(visit), try Self.registerID(visit))
    let (account, at, zones) = (visit.account.id, visit.call.at, zones)
    let card = try await database.read { tx in
      let place = try Places(of: account).store(store, in: &tx)
      let known = try Registers(of: account, in: store).all(in: &tx).values.first { $0.id == id }
      guard let known else { throw Self.noRegister }
      let today = (zones(place.details.zone) ?? .utc).civil(at: at).day
      let states = try TillState.all(of: place, in: account, today: today, at: at, in: &tx)
      let tokens = try Tokens(of: account).all(of: store, in: &tx).filter { $0.bearer == .register(id, in: store) }
      return RegisterCard(
        store: place, register: known, state: states.first { $0.register?.id == id }, tokens: tokens,
        programmes: try Programmes(of: account, zones: zones).all(in: &tx))
    }
    let page = RegisterPage(card: card, visit: visit, extra: extra, request: String(random(), radix: 36))
    var answer = visit.show(page.page, in: .stores)
    if extra.refusal != nil || extra.tokenRefusal != nil { answer.status = 422 }
    return answer
  }

  /// Sent twice it describes one till: the second time it is there already, just so.
  func makeRegister(_ visit: Visit) async throws -> Answer {
    let (store, form, account, change) = (try Self.storeID(visit), visit.form, visit.account.id, change(visit))
    let details = RegisterDetails(code: form["code"], name: form.text("name") ?? form["code"])
    do {
      let id = try await database.write { tx -> RegisterID in
        let registers = Registers(of: account, in: store)
        try takeStructure(of: account, in: &tx)
        if let known = try registers.all(in: &tx)[details.code], known.details != details { throw Self.taken("code") }
        return try registers.save([details], readProfile: { _ in }, by: change, in: &tx).ids[0]
      }
      try await refreshFloor(visit)
      return .redirect("/console/stores/\(store)/registers/\(id)")
    } catch let problem as Problem where problem.kind == .invalid { return try await self.store(visit, form, problem) }
  }

  func changeRegister(_ visit: Visit) async throws -> Answer {
    let form = visit.form
    // The profile's amounts are in the programme's currency; before there is one they cannot be read.
    let amounts = AmountForm(currency: visit.reader.currency, pointsScale: visit.reader.pointsScale)
    do {
      try await save(visit) { old in
        RegisterDetails(code: old.code, name: form["name"], profile: try form.profile(amounts), isClosed: old.isClosed)
      }
    } catch let problem as Problem where problem.kind == .invalid {
      return try await register(visit, RegisterPage.Extra(form: form, refusal: problem))
    }
    return .redirect(try Self.registerPath(visit))
  }

  /// Marks a register as closed or open. Its tokens go on until they are revoked.
  func setRegisterState(_ visit: Visit) async throws -> Answer {
    let act = visit.form["act"]
    guard act == "close" || act == "open" else { throw Self.incomplete }
    try await save(visit) { old in
      RegisterDetails(code: old.code, name: old.name, profile: old.profile, isClosed: act == "close")
    }
    return .redirect(try Self.registerPath(visit))
  }

  /// Changes the register that the address names.
  private func save(_ visit: Visit, _ changed: @escaping @Sendable (RegisterDetails) throws -> RegisterDetails) async throws {
    let (store, id, account, change) = (try Self.storeID(visit), try Self.registerID(visit), visit.account.id, change(visit))
    let amounts = AmountForm(currency: visit.reader.currency, pointsScale: visit.reader.pointsScale)
    try await database.write { tx in
      let registers = Registers(of: account, in: store)
      guard let known = try registers.all(in: &tx).values.first(where: { $0.id == id }) else { throw Self.noRegister }
      let read: (JSONNode) -> Void = { node in
        _ = BasketReader(rules: RuleReader(names: InternedNames(), amounts: amounts)).register(node)
      }
      _ = try registers.save([try changed(known.details)], readProfile: read, by: change, in: &tx)
    }
    try await refreshFloor(visit)
  }

  // MARK: tokens

  /// The form has its own key: sent twice it issues one token, and says so where the secret cannot be shown again.
  func issueTillToken(_ visit: Visit) async throws -> Answer {
    let (store, id, form) = (try Self.storeID(visit), try Self.registerID(visit), visit.form)
    guard (1...64).contains(form["request"].utf8.count) else { throw Self.incomplete }
    let (account, change, zones, secret) = (visit.account.id, change(visit), zones, TokenSecret(random: random))
    do {
      try await database.write { tx in
        guard try Registers(of: account, in: store).all(in: &tx).values.contains(where: { $0.id == id }) else {
          throw Self.noRegister
        }
        var body = StableHash()
        body.mix("token \(id) \(form["name"]) \(form["programme"])")
        let earlier = try NaturalKeys(of: account).once(
          RequestKey("console " + form["request"]), owner: store.raw, target: id.raw, body: body, at: change.at, in: &tx)
        guard earlier == nil else { throw Self.issuedAlready }
        let programme = try Programmes(of: account, zones: zones).all(in: &tx).first { $0.code == form["programme"] }
        let details = TokenDetails(
          name: form["name"], programme: programme?.id, bearer: .register(id, in: store), scopes: Scope.till)
        _ = try Tokens(of: account).issue(details, secret: secret, by: change, in: &tx)
      }
    } catch let problem as Problem where problem.kind != .notFound {
      return try await register(visit, RegisterPage.Extra(form: form, tokenRefusal: problem))
    }
    return try await register(visit, RegisterPage.Extra(fresh: FreshToken(name: form["name"], secret: secret.text)))
  }

  func revokeTillToken(_ visit: Visit) async throws -> Answer {
    let (store, id, account, change) = (try Self.storeID(visit), try Self.registerID(visit), visit.account.id, change(visit))
    guard let token = TokenID(visit.form["token"]) else { throw Self.incomplete }
    try await database.write { tx in
      let tokens = Tokens(of: account)
      // Only what this page shows: the tokens of other systems are another room's.
      guard try tokens.all(of: store, in: &tx).contains(where: { $0.id == token && $0.bearer == .register(id, in: store) }) else {
        throw Self.noRegister
      }
      try tokens.revoke(token, by: change, in: &tx)
    }
    return .redirect(try Self.registerPath(visit))
  }

  static func registerID(_ visit: Visit) throws -> RegisterID {
    guard let id = visit.call.path["register"].flatMap({ RegisterID($0) }) else { throw noRegister }
    return id
  }

  private static func registerPath(_ visit: Visit) throws -> String {
    "/console/stores/\(try storeID(visit))/registers/\(try registerID(visit))"
  }

  static let noRegister = Problem(
    .notFound, "register_unknown", "there is no such register",
    cashier: LocalText(ru: "Такой кассы нет", en: "There is no such till"))
  private static let issuedAlready = Problem(
    .conflict, "token_issued", "this form was sent before: the token is there, and its secret was shown then",
    cashier: LocalText(
      ru: "Форма уже отправлена: токен выпущен, его секрет был показан тогда. Если он потерян, отзовите токен и выпустите другой",
      en: "This form was sent before: the token is there, and its secret was shown then. If it is lost, revoke it and issue another"
    ))
}

extension Form {
  /// The settings of a register's profile, as the calculator reads them.
  fileprivate func profile(_ amounts: AmountForm) throws -> JSON {
    let issues = IssueList()
    let lines = Int64(self["maxLines"])
    if lines == nil { issues.add("/maxLines", "out_of_range", "a whole number is expected here") }
    let least = Decimal.parse(self["leastPrice"].map { $0 == "," ? "." : String($0) }.joined(), digits: amounts.currency.digits)
    if least == nil { issues.add("/leastPrice", "not_a_decimal", "a price is expected here") }
    try issues.check("the profile")
    return .object([
      "tolerance": .int(self["tolerance"] == "1" ? 1 : 0), "split": .string(self["split"]),
      "leastPrice": amounts.json(Money(minor: least ?? 0)), "maxLines": .int(lines ?? 0),
    ])
  }
}
