import Access
import Engagement
import Jobs
import Kernel
import Storage

/// Webhooks one by one: where events go, and what came of each.
extension ConsoleDesk {
  var webhookDoors: [Door] {
    let one = "/console/integrations/webhooks/{hook}"
    return [
      .page("/console/integrations/webhook", .changeIntegrations) { visit in self.newWebhook(visit, nil) },
      .form("/console/integrations/webhook", .changeIntegrations, addWebhook),
      .page(one, .changeIntegrations) { visit in try await self.webhook(visit) },
      .form(one, .changeIntegrations, changeWebhook),
      .form(one + "/state", .changeIntegrations, setWebhookState),
      .form(one + "/secret", .changeIntegrations, rotateSecret),
      .form(one + "/test", .changeIntegrations, testWebhook),
      .form(one + "/replay", .changeIntegrations, replay),
      .form(one + "/removal", .changeIntegrations, removeWebhook),
    ]
  }

  private func newWebhook(_ visit: Visit, _ refusal: Problem?) -> Answer {
    var answer = visit.show(NewWebhookPage(visit: visit, refusal: refusal).page, in: .integrations)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  func addWebhook(_ visit: Visit) async throws -> Answer {
    guard let keys else { return newWebhook(visit, Self.noSecretsKey) }
    let (form, account, change, rule) = (visit.form, visit.account.id, change(visit), installation.addressRule)
    let kinds: [Event.Kind]
    do { kinds = try Self.kinds(form) } catch { return newWebhook(visit, error) }
    do {
      let made = try await database.write { tx in
        try Webhooks(of: account).add(form["url"], kinds: kinds, under: rule, keys: keys, by: change, in: &tx)
      }
      return visit.show(SecretPage(visit: visit, hook: made.id, secret: made.secret, isNew: true).page, in: .integrations)
    } catch let problem as Problem { return newWebhook(visit, problem) }
  }

  /// The kinds that a form chose; none where it chose all.
  private static func kinds(_ form: Form) throws(Problem) -> [Event.Kind] {
    guard form["which"] != "all" else { return [] }
    let chosen = Event.Kind.allCases.filter { form["kind-" + $0.word] == "on" }
    guard chosen.isEmpty else { return chosen }
    throw Problem(
      .invalid, "no_kind", "choose at least one kind of event",
      cashier: LocalText(ru: "Отметьте хотя бы одно событие или выберите «все»", en: "Choose at least one event, or all of them"))
  }

  /// What a page of one webhook says besides what is stored.
  struct WebhookNews {
    var refusal: Problem?
    /// What came of a test.
    var tested: WebhookAnswer?
  }

  private func webhook(_ visit: Visit, _ news: WebhookNews = WebhookNews()) async throws -> Answer {
    let (account, id, query) = (visit.account.id, try Self.hook(visit), visit.call.query)
    let (isFailed, before) = (query["show"] == "failed", query["before"].flatMap { Int64($0) })
    let (hook, deliveries, last) = try await database.read { tx in
      let hooks = Webhooks(of: account)
      let hook = try hooks.webhook(id, in: &tx)
      let size = WebhookPage.size
      let deliveries =
        isFailed
        ? try hooks.failures(of: id, before: before, limit: size, in: &tx)
        : try hooks.deliveries(of: id, before: before, limit: size, in: &tx)
      return (hook, deliveries, try EventStream.last(in: &tx))
    }
    let page = WebhookPage(
      visit: visit, hook: hook, deliveries: deliveries, last: last, isFailed: isFailed, isFirst: before == nil, news: news,
      request: String(random(), radix: 36))
    var answer = visit.show(page.page, in: .integrations)
    if news.refusal != nil { answer.status = 422 }
    return answer
  }

  private static func hook(_ visit: Visit) throws -> WebhookID {
    guard let id = visit.call.path["hook"].flatMap({ WebhookID($0) }) else { throw noPage }
    return id
  }

  /// The page of a webhook, in a path.
  static func path(_ id: WebhookID) -> String { "/console/integrations/webhooks/\(id)" }

  func changeWebhook(_ visit: Visit) async throws -> Answer {
    let (form, account, change, rule) = (visit.form, visit.account.id, change(visit), installation.addressRule)
    let id = try Self.hook(visit)
    do {
      let kinds = try Self.kinds(form)
      try await database.write { tx in
        try Webhooks(of: account).change(id, to: form["url"], kinds: kinds, under: rule, by: change, in: &tx)
      }
    } catch let problem as Problem where problem.kind != .notFound {
      return try await webhook(visit, WebhookNews(refusal: problem))
    }
    return .redirect(Self.path(id))
  }

  func setWebhookState(_ visit: Visit) async throws -> Answer {
    let (form, account, change, id) = (visit.form, visit.account.id, change(visit), try Self.hook(visit))
    let reason = form["reason"].isEmpty ? visit.reader("на паузе по просьбе сотрудника", "paused by the staff") : form["reason"]
    try await database.write { tx in
      let hooks = Webhooks(of: account)
      switch form["state"] {
      case "paused": try hooks.pause(id, because: String(reason.prefix(Limits.name)), by: change, in: &tx)
      case "active": try hooks.resume(id, by: change, in: &tx)
      default: throw Self.brokenForm
      }
    }
    return .redirect(Self.path(id))
  }

  func rotateSecret(_ visit: Visit) async throws -> Answer {
    let (form, account, change, id) = (visit.form, visit.account.id, change(visit), try Self.hook(visit))
    guard let keys else { return try await webhook(visit, WebhookNews(refusal: Self.noSecretsKey)) }
    // Twice would throw away the secret that the server still verifies with.
    let secret = try await database.write { tx -> WebhookSecret? in
      guard try Self.isFirst(form, "secret", change, of: account, in: &tx) else { return nil }
      return try Webhooks(of: account).rotateSecret(id, keys: keys, by: change, in: &tx)
    }
    guard let secret else { return .redirect(Self.path(id)) }
    return visit.show(SecretPage(visit: visit, hook: id, secret: secret, isNew: false).page, in: .integrations)
  }

  /// Sends a request that tells of nothing, and says what was answered. Waits `Limits.webhookWait` at most.
  func testWebhook(_ visit: Visit) async throws -> Answer {
    let (account, change, id, rule) = (visit.account.id, change(visit), try Self.hook(visit), installation.addressRule)
    guard let keys else { return try await webhook(visit, WebhookNews(refusal: Self.noSecretsKey)) }
    guard strangers.mayAsk(at: visit.call.at) else { return try await webhook(visit, WebhookNews(refusal: Self.tooOften)) }
    let post = try await database.write { tx in
      try Webhooks(of: account).ping(id, under: rule, keys: keys, by: change, in: &tx)
    }
    return try await webhook(visit, WebhookNews(tested: await installation.send(post)))
  }

  func removeWebhook(_ visit: Visit) async throws -> Answer {
    let (account, change, id) = (visit.account.id, change(visit), try Self.hook(visit))
    // Its deliveries go when they are old.
    try await database.write { tx in try Webhooks(of: account).remove(id, by: change, in: &tx) }
    return .redirect("/console/integrations")
  }

  /// One delivery at once; a span of time or all that were given up as a job.
  func replay(_ visit: Visit) async throws -> Answer {
    let (form, account, change, id) = (visit.form, visit.account.id, change(visit), try Self.hook(visit))
    if let position = Int64(form["position"]), position > 0 {
      _ = try await database.write { tx in
        try Webhooks(of: account).replay(id, after: position - 1, through: position, by: change, in: &tx)
      }
      return .redirect(Self.path(id))
    }
    let span: (Instant, Instant)?
    switch form["what"] {
    case "dead": span = nil
    case "span":
      guard let from = visit.reader.instant(form["from"]), let until = visit.reader.instant(form["until"]), from < until else {
        return try await webhook(visit, WebhookNews(refusal: Self.noSpan))
      }
      span = (from, until)
    default: throw Self.brokenForm
    }
    try await database.write { tx in
      guard try Self.isFirst(form, "replay", change, of: account, in: &tx) else { return }
      guard let (from, until) = span else { return _ = try ReplayJob.put(.dead, to: id, of: account, by: change, in: &tx) }
      let range = ReplayJob.Span.range(
        after: try EventStream.position(before: from, in: &tx), through: try EventStream.position(before: until, in: &tx))
      try ReplayJob.put(range, to: id, of: account, by: change, in: &tx)
    }
    return .redirect("/console/jobs")
  }

  private static let noSecretsKey = Problem(
    .conflict, "no_secrets_key", "the server's configuration has no secrets.key",
    cashier: LocalText(
      ru: "В настройках сервера нет ключа secrets.key", en: "The server's configuration has no secrets.key"))
  private static let tooOften = Problem(
    .unavailable, "too_many_requests", "too many tests; wait a minute",
    cashier: LocalText(ru: "Слишком много проверок подряд. Подождите минуту", en: "Too many tests in a row. Wait a minute"))
  private static let noSpan = Problem(
    .invalid, "bad_span", "a span has a beginning and a later end",
    cashier: LocalText(ru: "Укажите начало и более поздний конец", en: "Give a beginning and a later end"))
}
