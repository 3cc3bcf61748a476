import Access
import Kernel
import Loyalty
import Storage

extension ReportDesk {
  /// The journal by the legal entities of the stores where points moved. Two statements.
  func pointsByEntity(_ ground: Ground) async throws -> ReportSheet {
    let programme = programme
    let (places, entities) = try await database.read { tx in
      (try PointsPlaces.read(of: programme, in: &tx), try Places(of: programme.account).legalEntities(in: &tx))
    }
    let names = Dictionary(entities.values.map { ($0.id, $0.details.name) }, uniquingKeysWith: { first, _ in first })
    var result = sheet(.pointsByEntity, ground, Self.entities(places, names, ground.period.days))
    guard let at = places.whole.at else {
      result.warnings.append(
        LocalText(
          ru: "Журнал ещё не сложен по юридическим лицам: это делает сервер раз в сутки.",
          en: "The journal is not added up by legal entity yet: the server does it once a day."))
      return result
    }
    let day = programme.settings.points.zone.civil(at: at)
    let clock = "\(day.clock)".prefix(5)
    let all = places.whole.months.keys.reduce(Int64(0)) { $0 + places.whole.change(in: $1) }
    if all == places.whole.wallets {
      result.remarks.append(
        LocalText(
          ru: "Журнал сложен \(day.day) в \(clock) и сошёлся со счетами всех участников.",
          en: "The journal was added up on \(day.day) at \(clock) and agrees with the wallets of all members."))
    } else {
      result.warnings.append(
        LocalText(
          ru: "Журнал не сходится со счетами участников: по журналу \(all), на счетах \(places.whole.wallets) мельчайших единиц.",
          en:
            "The journal does not agree with members' wallets: \(all) by the journal, \(places.whole.wallets) in wallets, in the smallest units."
        ))
    }
    return result
  }

  private static func entities(
    _ places: PointsPlaces, _ names: [LegalEntityID: String], _ days: ClosedRange<CivilDay>
  ) -> [ReportSheet.Part] {
    let known = places.flows.keys.compactMap { $0 }.sorted { (names[$0] ?? "", $0) < (names[$1] ?? "", $1) }
    let entities: [(title: ReportSheet.Cell, flows: PointsFlows)] =
      known.map { id in (.text(names[id] ?? "\(id)"), places.flows[id] ?? PointsFlows()) } + [
        (.word(LocalText(ru: "Без магазина", en: "In no store")), places.flows[nil] ?? PointsFlows()),
        (.word(LocalText(ru: "Вся программа", en: "The whole programme")), places.whole),
      ]
    let months = WholeMonths(days).now
    let rows = entities.map { pointCells($0.title, pointTotals($0.flows, months)) }
    var part = ReportSheet.Part(
      "entities", LocalText(ru: "Бонусы по юридическим лицам", en: "Points by legal entity"),
      [.init("entity", LocalText(ru: "Юридическое лицо", en: "Legal entity"), .text)] + pointSums, rows)
    part.totals = 1
    part.note = LocalText(
      ru:
        "Целые месяцы периода. Юридическое лицо – того магазина, где чек продан или возвращён; его остаток – сколько там начислено сверх потраченного и сгоревшего, и он бывает меньше нуля. Сгорание и активация – у того лица, чей магазин начислил. Подарки, ручные начисления, загруженные и пришедшие от других участников бонусы – без магазина, и их сгорание тоже; там же бонусы, которыми за участника заплатила его семья. Строки в сумме – вся программа, ровно.",
      en:
        "Whole months of the period. The entity is that of the store which sold or took back; its balance is what was issued there beyond what was spent and expired, and may be below nought. Expiry and activation stand with the entity whose store issued the points. Gifts, points by hand, imported ones and those that came from other members stand in no store, and so does their expiry; points that others of a household paid with, too. The lines add up to the whole programme, exactly."
    )
    return [part, entityPeriods(entities, days)]
  }
}
