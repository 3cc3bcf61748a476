import Calculator
import Kernel
import Loyalty
import Storage

// For whoever prints shelf labels.
extension TillDesk {
  /// `GET /till/v1/labels?store=…&day=…&since=…`: what labels say, some products at a time.
  func listLabels(_ call: Call) async throws -> Answer {
    let (floor, till) = try await askByQuery(call)
    let issues = IssueList()
    let place = try await place(call, floor, till, issues)
    let after = call.query["after"].flatMap { ProductID($0) }
    if call.query["after"] != nil, after == nil { issues.add("?after", "not_an_id", "what the last page named is expected here") }
    let (day, since) = (day(call.query["day"], "?day", issues), day(call.query["since"], "?since", issues))
    let shown = place.map { day ?? floor.zone(of: $0).civil(at: call.at).day }
    if let since, let shown, since >= shown {
      issues.add("?since", "bounds_crossed", "an earlier day than \(shown) is expected here")
    }
    try issues.check("the query")
    guard let place, let shown else { throw Problem(.invalid, "invalid_input", "the query names no store and no zone") }
    let (found, form) = try await database.read { tx in
      let press = try LabelPress(place, on: shown, changedSince: since, floor: floor, at: call.at, in: &tx)
      return (try press.portion(after: after, in: &tx), LabelForm(amounts: floor.amounts))
    }
    return Answer(
      200,
      .object(["labels": .array(found.labels.map(form.json)), "next": found.next.map { .string("\($0)") }]))
  }

  private func place(
    _ call: Call, _ floor: SalesFloor, _ till: SalesFloor.Till?, _ issues: IssueList
  ) async throws -> LabelPlace? {
    if let store = till?.store ?? call.query["store"].flatMap({ floor.store($0) }) { return .store(store.id) }
    if call.query["store"] == nil, let code = call.query["zone"] {
      if let id = floor.names.id(.priceZone, code) { return .zone(PriceZoneID(id)) }
      issues.add("?zone", "unknown_zone", "there is no price zone with this code")
      return nil
    }
    issues.add("?store", "unknown_store", "the code of a store of this account is required, or zone and a price zone's")
    return nil
  }

  private func day(_ text: String?, _ pointer: String, _ issues: IssueList) -> CivilDay? {
    guard let text else { return nil }
    if let day = CivilDay(text), (2000...2100).contains(day.parts.year) { return day }
    issues.add(pointer, "not_a_day", "a day is expected here, for example 2026-11-21")
    return nil
  }
}

/// A label as JSON.
struct LabelForm {
  let amounts: AmountForm

  func json(_ label: Label) -> JSON {
    .object([
      "product": .string(label.code), "barcode": label.barcode.map(JSON.string),
      "name": .object(["ru": .string(label.name.text.ru), "en": .string(label.name.text.en)]), "unit": .string(label.unit.rawValue),
      "shelfPrice": amounts.json(label.words.shelf), "memberPrice": label.words.member.map { amounts.json($0) },
      "from": label.words.from.map { .string("\($0)") }, "through": label.words.through.map { .string("\($0)") },
      "promotions": .array(label.words.promotions.map(JSON.string)), "change": label.change.map { .string($0.rawValue) },
    ])
  }
}

extension SalesFloor {
  /// Whose clocks labels of a place go by.
  public func zone(of place: LabelPlace) -> Zone {
    let store: StoreID? = if case .store(let id) = place { id } else { nil }
    let facts = store.flatMap { id in everyStore.first { $0.id == id } }.flatMap {
      till(store: $0.details.code, register: "")?.facts
    }
    return facts?.zone ?? programme.settings.points.zone
  }
}
