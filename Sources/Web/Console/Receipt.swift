import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage

/// One receipt with everything that made its price.
struct ReceiptStory: Sendable {
  struct Line: Sendable {
    let sold: SoldLine
    let code: String
    let name: String
    let unit: UnitOfMeasure?
    let steps: [TraceStep]
  }

  let entry: ReceiptBook.Entry
  let lines: [Line]
  /// The rule book that it was sold by; nil for history of another system.
  let rules: RuleBook?
  let member: Member?
  let discrepancies: [Discrepancy]

  var receipt: Receipt { entry.receipt }

  /// Six indexed statements at most.
  static func read(_ id: ReceiptID, of owner: Int64, _ floor: SalesFloor, in tx: inout Transaction) throws -> ReceiptStory {
    let book = ReceiptBook(of: floor.programme.account)
    guard let entry = try book.receipt(id, of: owner, in: &tx), entry.programme == floor.programme.id else { throw unknown }
    let receipt = entry.receipt
    let codes = receipt.lines.map { floor.catalogue.code($0.product) }
    let products = try Catalogue(of: floor.programme.account).products(codes: Array(Set(codes.compactMap { $0 })), in: &tx)
    let byLine = Dictionary(grouping: try receipt.steps()) { Int($0.line) }
    let lines = receipt.lines.enumerated().map { place, sold in
      let details = codes[place].flatMap { products[$0] }?.details
      return Line(
        sold: sold, code: codes[place] ?? "\(sold.product)", name: details?.name.ru ?? details?.name.en ?? codes[place] ?? "",
        unit: floor.catalogue.unit(sold.product), steps: byLine[place] ?? [])
    }
    let member = receipt.hasMember ? try floor.programme.members.members([MemberID(owner)], in: &tx).values.first : nil
    return ReceiptStory(
      entry: entry, lines: lines, rules: receipt.isPast ? nil : floor.shelf[receipt.rules], member: member,
      discrepancies: try book.discrepancies(of: id, owner: owner, in: &tx))
  }

  static let unknown = Problem(
    .notFound, "receipt_unknown", "there is no such receipt",
    cashier: LocalText(ru: "Такого чека нет", en: "There is no such receipt"))
}

extension ConsoleDesk {
  func receipt(_ visit: Visit) async throws -> Answer {
    guard let owner = visit.call.path["owner"].flatMap(Int64.init), let id = visit.call.path["id"].flatMap({ ReceiptID($0) }) else {
      throw ReceiptStory.unknown
    }
    let floor = try visit.floor
    let story = try await database.read { tx in try ReceiptStory.read(id, of: owner, floor, in: &tx) }
    return visit.show(ReceiptPage(story: story, visit: visit).page, in: .receipts)
  }
}
