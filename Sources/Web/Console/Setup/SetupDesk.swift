import Access
import Kernel
import Loyalty
import Storage

/// The guided set-up: from an empty account to a receipt that is explained.
extension ConsoleDesk {
  var setupDoors: [Door] {
    [
      .page("/console/setup", .setUp, setup),
      .page("/console/setup/{step}", .setUp, setupStep),
      .form("/console/setup/{step}", .setUp, takeStep),
    ]
  }

  func setupFacts(_ visit: Visit) async throws -> SetupFacts {
    let (account, programme, query) = (visit.account.id, visit.started, visit.call.query)
    // A receipt that was sold just now may not have come to the list of the latest yet.
    let sold = query["owner"].flatMap { Int64($0) }.flatMap { owner in
      query["receipt"].flatMap { ReceiptID($0) }.map { (owner, $0) }
    }
    return try await database.read { tx in try SetupFacts.read(account, programme, sold, in: &tx) }
  }

  func setup(_ visit: Visit) async throws -> Answer { .redirect(try await setupFacts(visit).next.path) }

  func setupStep(_ visit: Visit) async throws -> Answer {
    guard let step = visit.call.path["step"].flatMap(SetupStep.init) else { throw Self.noPage }
    let facts = try await setupFacts(visit)
    guard facts.isOpen(step) else { return .redirect(facts.next.path) }
    return try await show(step, facts, visit)
  }

  /// What a step's form says. One address for all: the router tells pages from forms only where their paths are the same.
  func takeStep(_ visit: Visit) async throws -> Answer {
    switch visit.call.path["step"].flatMap(SetupStep.init) {
    case .brand: return try await saveFirstBrand(visit)
    case .store: return try await saveFirstStore(visit)
    case .till: return try await saveFirstTill(visit)
    case .programme: return try await saveFirstProgramme(visit)
    case .promotion: return try await publishFirst(visit)
    case .receipt: return try await sellOnScreen(visit)
    case nil: throw Self.noPage
    }
  }

  /// A step, perhaps with what was wrong with what was sent.
  func show(
    _ step: SetupStep, _ facts: SetupFacts, _ visit: Visit, _ refusal: Problem? = nil
  ) async throws -> Answer {
    let till = step == .receipt ? try await screenTill(facts, visit) : nil
    let page = SetupPage(
      step: step, facts: facts, visit: visit, faults: FormFaults(refusal, visit.reader), till: till)
    return page.answer(status: refusal == nil ? 200 : 422)
  }

  /// Writes what a step says and goes on to the next, or shows the step again with what was wrong.
  func take(
    _ step: SetupStep, _ visit: Visit, _ write: @escaping @Sendable (SetupFacts, inout Transaction) throws -> Void
  ) async throws -> Answer {
    let facts = try await setupFacts(visit)
    guard facts.isOpen(step) else { return .redirect(facts.next.path) }
    do { try await database.write { tx in try write(facts, &tx) } } catch let problem as Problem {
      return try await show(step, facts, visit, problem)
    }
    return .redirect(step.next?.path ?? "/console")
  }

  func saveFirstBrand(_ visit: Visit) async throws -> Answer {
    let (form, account, change) = (visit.form, visit.account.id, change(visit))
    return try await take(.brand, visit) { facts, tx in
      let places = Places(of: account)
      let issues = IssueList()
      if form["brand"].isEmpty { issues.add("/brand", "missing", "the brand has a name") }
      if form["seller"].isEmpty { issues.add("/seller", "missing", "the seller has a name") }
      try issues.check("the brand")
      _ = try places.save(
        [BrandDetails(code: facts.brand?.code ?? Slug(form["brand"]).text, name: form["brand"])], by: change, in: &tx)
      let seller = LegalEntityDetails(
        code: facts.seller?.code ?? Slug(form["seller"]).text, name: form["seller"],
        taxNumber: form["taxNumber"].isEmpty ? nil : form["taxNumber"],
        taxSystem: LegalEntityDetails.TaxSystem(rawValue: form["taxSystem"]) ?? .other)
      _ = try places.save([seller], by: change, in: &tx)
    }
  }

  func saveFirstStore(_ visit: Visit) async throws -> Answer {
    let (form, account, change, zones) = (visit.form, visit.account.id, change(visit), zones)
    return try await take(.store, visit) { facts, tx in
      guard let brand = facts.brand, let seller = facts.seller else { return }
      let issues = IssueList()
      if zones(form["zone"]) == nil { issues.add("/zone", "not_a_zone", "this machine knows no such time zone") }
      let dayStart = Clock(form["dayStart"])
      if dayStart == nil { issues.add("/dayStart", "not_a_time", "a time of day is expected, for example 04:00") }
      try issues.check("the store")
      func text(_ name: String) -> String? { form[name].isEmpty ? nil : form[name] }
      let store = StoreDetails(
        code: facts.store?.details.code ?? form["code"], name: form["name"], brand: facts.store?.details.brand ?? brand.code,
        legalEntity: facts.store?.details.legalEntity ?? seller.code, priceZone: facts.store?.details.priceZone,
        address: Address(region: facts.store?.details.address.region, city: text("city"), street: text("street")),
        coordinates: facts.store?.details.coordinates, zone: form["zone"], dayStart: dayStart ?? .midnight,
        isClosed: facts.store?.details.isClosed ?? false, format: facts.store?.details.format)
      _ = try Places(of: account).save([store], by: change, in: &tx)
    }
  }

  func saveFirstTill(_ visit: Visit) async throws -> Answer {
    let (form, account, change) = (visit.form, visit.account.id, change(visit))
    return try await take(.till, visit) { facts, tx in
      guard let store = facts.store else { return }
      let known = facts.register?.details
      let register = RegisterDetails(
        code: known?.code ?? form["code"], name: form["name"], profile: known?.profile ?? .object([JSON.Member]()),
        isClosed: known?.isClosed ?? false)
      _ = try Registers(of: account, in: store.id).save([register], readProfile: { _ in }, by: change, in: &tx)
    }
  }
}
