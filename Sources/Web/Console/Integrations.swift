import Access
import Engagement
import Jobs
import Kernel
import Loyalty
import Storage

/// What other systems may ask of us, and what we tell them.
extension ConsoleDesk {
  var integrationDoors: [Door] {
    [
      .page("/console/integrations", .changeIntegrations, integrations),
      .page("/console/integrations/tills", .changeIntegrations, tillTokens),
      .page("/console/integrations/token", .changeIntegrations) { visit in await self.tokenForm(visit, nil) },
      .form("/console/integrations/token", .changeIntegrations, issueToken),
      .form("/console/integrations/token/revocation", .changeIntegrations, revokeToken),
    ]
  }

  func integrations(_ visit: Visit) async throws -> Answer {
    let (account, before) = (visit.account.id, visit.call.query["before"].flatMap { TokenID($0) })
    let (tokens, hooks, last) = try await database.read { tx in
      (
        try Tokens(of: account).latest(ofTills: false, before: before, limit: TokenTable.size, in: &tx),
        try Webhooks(of: account).all(in: &tx), try EventStream.last(in: &tx)
      )
    }
    let page = IntegrationsPage(
      visit: visit, tokens: tokens, hooks: hooks, last: last, hasKeys: keys != nil, isFirst: before == nil)
    return visit.show(page.page, in: .integrations)
  }

  func tillTokens(_ visit: Visit) async throws -> Answer {
    let (account, before) = (visit.account.id, visit.call.query["before"].flatMap { TokenID($0) })
    let tokens = try await database.read { tx in
      try Tokens(of: account).latest(ofTills: true, before: before, limit: TokenTable.size, in: &tx)
    }
    return visit.show(TillTokensPage(visit: visit, tokens: tokens).page, in: .integrations)
  }

  private func tokenForm(_ visit: Visit, _ refusal: Problem?) async -> Answer {
    let page = TokenFormPage(visit: visit, request: String(random(), radix: 36), refusal: refusal)
    var answer = visit.show(page.page, in: .integrations)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  func issueToken(_ visit: Visit) async throws -> Answer {
    let (form, account, change) = (visit.form, visit.account.id, change(visit))
    let order: TokenOrder
    do { order = try TokenOrder(form) } catch { return await tokenForm(visit, error) }
    let secret = TokenSecret(random: random)
    let programme = visit.started?.id
    guard programme != nil || order.scopes == [.metrics] else { return await tokenForm(visit, Visit.notSetUp) }
    let token: Token?
    do {
      token = try await database.write { tx in
        guard try Self.isFirst(form, "token", change, of: account, in: &tx) else { return nil }
        let details = TokenDetails(
          name: order.name, programme: programme, bearer: try order.bearer(of: account, in: &tx), scopes: order.scopes,
          expiresAt: order.days.map { change.at + .days($0) })
        return try Tokens(of: account).issue(details, secret: secret, by: change, in: &tx)
      }
    } catch let problem as Problem { return await tokenForm(visit, problem) }
    // Sent twice: the secret was shown the first time, and only then.
    guard let token else { return .redirect("/console/integrations") }
    return visit.show(IssuedPage(visit: visit, token: token, secret: secret).page, in: .integrations)
  }

  func revokeToken(_ visit: Visit) async throws -> Answer {
    let (account, change) = (visit.account.id, change(visit))
    guard let id = TokenID(visit.form["token"]) else { throw Self.brokenForm }
    let token = try await database.write { tx in
      try Tokens(of: account).revoke(id, by: change, in: &tx)
      return try Tokens(of: account).token(id, in: &tx)
    }
    if case .register = token.bearer { return .redirect("/console/integrations/tills") }
    return .redirect("/console/integrations")
  }

  /// False where a form with this request key was done already: what it made is not made twice.
  static func isFirst(
    _ form: Form, _ act: String, _ change: Change, of account: AccountID, in tx: inout Transaction
  ) throws -> Bool {
    guard (1...64).contains(form["request"].utf8.count) else { throw brokenForm }
    let (id, key): (AuditID, NaturalKey) = (change.id(), NaturalKey(.request, "console \(act) \(form["request"])"))
    return try NaturalKeys(of: account).claimFirst(
      [key], owner: account.raw, target: id.raw, bodyHash: 0, at: change.at, in: &tx
    ).isEmpty
  }
}

/// A token as its form asks for it.
struct TokenOrder {
  static let days: [Int64] = [30, 90, 365]

  let name: String
  let scopes: Set<Scope>
  /// Nil: it never ends.
  let days: Int64?
  private let store: String
  private let register: String

  /// - Throws: `Problem.invalid`.
  init(_ form: Form) throws(Problem) {
    name = form["name"]
    scopes = Set(Scope.allCases.filter { form["scope-" + $0.rawValue] == "on" })
    days = Int64(form["days"]).flatMap { Self.days.contains($0) ? $0 : nil }
    (store, register) = (form["store"], form["register"])
    guard isCode(name) else {
      throw Problem(
        .invalid, "bad_name", "a token's name has 1 to \(Limits.code) bytes",
        cashier: LocalText(ru: "Назовите токен: до 64 латинских букв или 32 русских", en: "Name the token, in 64 letters at most"))
    }
    guard !scopes.isEmpty else {
      throw Problem(
        .invalid, "no_scope", "choose at least one scope",
        cashier: LocalText(ru: "Отметьте, что можно делать с этим токеном", en: "Choose what may be done with this token"))
    }
    guard store.isEmpty == register.isEmpty, store.utf8.count <= Limits.code, register.utf8.count <= Limits.code else {
      throw Self.noTill
    }
  }

  /// - Throws: `Problem.notFound` where there is no such till.
  func bearer(of account: AccountID, in tx: inout Transaction) throws -> Bearer {
    guard !store.isEmpty else { return .integration }
    guard let place = try Places(of: account).stores(codes: [store], in: &tx)[store]?.id,
      let till = try Registers(of: account, in: place).all(in: &tx)[register]
    else { throw Self.noTill }
    return .register(till.id, in: place)
  }

  private static let noTill = Problem(
    .notFound, "register_unknown", "there is no such register in that store",
    cashier: LocalText(
      ru: "Такой кассы в таком магазине нет. Укажите оба кода или ни одного",
      en: "There is no such till in that store. Give both codes, or neither"))
}
