import Calculator
import Kernel
import Loyalty
import Storage
import Tables

/// Labels as a file for whatever prints them: every product that has a price for members, or whose label changes. Read and written portion by
/// portion, however long the catalogue is.
public struct LabelFile: Sendable {
  let press: LabelPress
  let database: any Database
  let currency: Currency
  let sign: String
  let zone: Zone
  let isRussian: Bool

  public init(_ press: LabelPress, on database: any Database, currency: Currency, sign: String, zone: Zone, isRussian: Bool) {
    (self.press, self.database, self.currency, self.sign) = (press, database, currency, sign)
    (self.zone, self.isRussian) = (zone, isRussian)
  }

  /// - Parameter name: of the file.
  public func table(_ name: String) -> TableFile {
    let (press, database, isRussian) = (press, database, isRussian)
    func said(_ ru: String, _ en: String) -> String { isRussian ? ru : en }
    let money = TableFile.Kind.money(digits: currency.digits, sign: sign)
    let columns: [TableFile.Column] = [
      .init("product", said("Код", "Code"), .text), .init("barcode", said("Штрихкод", "Barcode"), .text),
      .init("name", said("Название", "Name"), .text), .init("shelf_price", said("Цена", "Price"), money),
      .init("member_price", said("По карте", "For members"), money), .init("unit", said("Единица", "Unit"), .text),
      .init("from", said("С", "From"), .day), .init("through", said("По", "Through"), .day),
      .init("promotion", said("Акция", "Promotion"), .text), .init("promotion_code", said("Код акции", "Promotion's code"), .text),
      .init("change", said("Что", "Change"), .text),
    ]
    return TableFile(name, title: said("Ценники", "Labels"), columns: columns, zone: zone) { take in
      var after: ProductID?
      repeat {
        let from = after
        let portion = try await database.read { tx in try press.portion(after: from, in: &tx) }
        try await take(portion.labels.map { Self.row($0, isRussian) })
        after = portion.next
      } while after != nil
    }
  }

  private static func row(_ label: Label, _ isRussian: Bool) -> [TableFile.Cell] {
    func said(_ text: LocalText) -> String { isRussian ? text.ru : text.en }
    return [
      .text(label.code), label.barcode.map { .text($0) } ?? .empty, .text(said(label.name.text)), .number(label.words.shelf.minor),
      label.words.member.map { .number($0.minor) } ?? .empty, .text(label.unit.rawValue),
      label.words.from.map { .day($0) } ?? .empty, label.words.through.map { .day($0) } ?? .empty,
      .text(label.words.names.map(said).joined(separator: ", ")), .text(label.words.promotions.joined(separator: ", ")),
      label.change.map { .text($0.rawValue) } ?? .empty,
    ]
  }
}
