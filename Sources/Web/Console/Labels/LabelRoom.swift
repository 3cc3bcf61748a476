import Access
import Kernel
import Loyalty
import Storage
import Tables

/// Which labels somebody wants.
struct LabelChoice: Sendable {
  let place: LabelPlace
  /// As the form has it: `store:S1`, `zone:north`.
  let text: String
  let day: CivilDay
  let since: CivilDay?

  var query: String {
    "?place=\(queryText(text))&day=\(day)" + (since.map { "&since=\($0)" } ?? "")
  }
}

extension ConsoleDesk {
  /// Portions of products that are looked at for a first label.
  private static var looks: Int { 10 }

  /// Prices for shelf labels, the first of them to look at and all of them as a file.
  func labels(_ visit: Visit) async throws -> Answer {
    guard let floor = visit.sales else { throw Self.noPage }
    let (choice, zones) = try await labelChoice(visit, floor)
    var page = LabelPage(choice: choice, stores: floor.everyStore, zones: zones, visit: visit)
    do {
      page.found = try await database.read { tx in
        let press = try LabelPress(
          choice.place, on: choice.day, changedSince: choice.since, floor: floor, at: visit.call.at, in: &tx)
        // Promotions are often about goods that came late: the page looks on a little, the file to the end.
        var found = try press.portion(in: &tx)
        for _ in 0..<Self.looks where found.labels.isEmpty {
          guard let next = found.next else { break }
          found = try press.portion(after: next, in: &tx)
        }
        return found
      }
    } catch let problem as Problem where problem.kind == .invalid { page.refusal = problem }
    return visit.show(page.page, in: .promotions)
  }

  func labelFile(_ visit: Visit) async throws -> TableFile {
    guard let floor = visit.sales else { throw Self.noPage }
    let (choice, _) = try await labelChoice(visit, floor)
    let press = try await database.read { tx in
      try LabelPress(choice.place, on: choice.day, changedSince: choice.since, floor: floor, at: visit.call.at, in: &tx)
    }
    let file = LabelFile(
      press, on: database, currency: floor.amounts.currency, sign: visit.reader.sign, zone: floor.zone(of: choice.place),
      isRussian: visit.reader.language == .ru)
    let place = choice.text.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    return file.table("labels-\(place)-\(choice.day)")
  }

  private func labelChoice(
    _ visit: Visit, _ floor: SalesFloor
  ) async throws -> (choice: LabelChoice, zones: [(id: PriceZoneID, details: PriceZoneDetails)]) {
    let known = try await database.read { tx in try Places(of: visit.account.id).priceZones(in: &tx) }
    let zones = known.values.map { (id: $0.id, details: $0.details) }.sorted { $0.details.code < $1.details.code }
    let text = visit.call.query["place"] ?? floor.everyStore.first.map { "store:" + $0.details.code } ?? "zone:"
    let code = String(text.drop { $0 != ":" }.dropFirst())
    let place: LabelPlace
    if text.hasPrefix("store:"), let store = floor.store(code) {
      place = .store(store.id)
    } else if text.hasPrefix("zone:"), code.isEmpty || known[code] != nil {
      place = .zone(known[code]?.id)
    } else {
      throw Self.noPage
    }
    let today = floor.zone(of: place).civil(at: visit.call.at).day
    let choice = LabelChoice(
      place: place, text: text, day: visit.call.query["day"].flatMap { CivilDay($0) } ?? today,
      since: visit.call.query["since"].flatMap { CivilDay($0) })
    return (choice, zones)
  }
}
