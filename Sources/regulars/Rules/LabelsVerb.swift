import Access
import ArgumentParser
import Kernel
import Loyalty
import Storage
import Tables
import Web

/// Prices for shelf labels.
struct LabelsVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "labels", abstract: "Write what shelf labels say: each product's price for members, as tills would charge it.",
    discussion: """
      Of one store, or of a price zone. With --since only labels that say something else than on that day, those included whose price for \
      members has ended. docs/marketer/promotion-sheet.md says what is in the file.
      """)

  @OptionGroup var shared: SharedOptions
  @Option(help: ArgumentHelp("The account.", valueName: "code")) var account: String
  @Option(help: ArgumentHelp("The programme.", valueName: "code")) var programme: String
  @Option(help: ArgumentHelp("The store.", valueName: "code")) var store: String?
  @Option(help: ArgumentHelp("The price zone, instead of a store.", valueName: "code")) var zone: String?
  @Option(help: ArgumentHelp("Whose prices; today's otherwise.", valueName: "day")) var day: String?
  @Option(help: ArgumentHelp("Only what changed since this day.", valueName: "day")) var since: String?
  @Option(help: "How the file is written.") var format = Format.csv
  @Option(help: ArgumentHelp("Where to; without it, to the standard output.", valueName: "file")) var out: String?
  @Option(help: "Names in Russian or English: ru, en.") var language = "en"

  enum Format: String, ExpressibleByArgument, CaseIterable { case csv, xlsx }

  func validate() throws {
    guard (store == nil) != (zone == nil) else { throw ValidationError("name one of --store and --zone") }
    if format == .xlsx, out == nil { throw ValidationError("--format xlsx needs --out FILE") }
    guard ["ru", "en"].contains(language) else { throw ValidationError("--language is ru or en") }
  }

  func run(at desk: Desk) async throws {
    let (day, since) = (try RulesSheet.day(day), try RulesSheet.day(since))
    try await desk.withWiring { wiring in
      let known = try await wiring.programme(programme, of: wiring.account(account).id)
      let (ids, now, zones) = (wiring.ids, desk.world.now(), wiring.zoneNamed)
      let (storeCode, zoneCode) = (store, zone)
      let (press, floor, place) = try await wiring.database.read { tx in
        let floor = try SalesFloor(of: known.id, account: known.account, ids: ids, zones: zones, in: &tx)
        let place = try Self.place(storeCode, zoneCode, floor)
        let press = try LabelPress(
          place, on: day ?? floor.zone(of: place).civil(at: now).day, changedSince: since, floor: floor, at: now, in: &tx)
        return (press, floor, place)
      }
      let file = LabelFile(
        press, on: wiring.database, currency: floor.amounts.currency, sign: floor.amounts.currency.code,
        zone: floor.zone(of: place),
        isRussian: language == "ru")
      try await PivotVerb.write(file.table("labels"), format == .csv ? .csv : .xlsx, to: out)
    }
  }

  private static func place(_ store: String?, _ zone: String?, _ floor: SalesFloor) throws(Problem) -> LabelPlace {
    if let store {
      guard let known = floor.store(store) else { throw Problem(.notFound, "store_unknown", "there is no store \(store)") }
      return .store(known.id)
    }
    guard let zone, let id = floor.names.id(.priceZone, zone) else {
      throw Problem(.notFound, "price_zone_unknown", "there is no price zone \(zone ?? "")")
    }
    return .zone(PriceZoneID(id))
  }
}
