import Kernel
import Storage

/// Whom a document is with, as it named them when it was issued: an edit afterwards is the next document's.
public struct DocumentParty: Hashable, Sendable {
  public let name: String
  public let taxNumber: String
  /// The contract's number; empty where there is none.
  public let contract: String

  init(name: String, taxNumber: String, contract: String) {
    (self.name, self.taxNumber, self.contract) = (name, taxNumber, contract)
  }

  init(_ body: StoredFigures) throws {
    self.init(name: try body.text("name"), taxNumber: try body.text("taxNumber"), contract: try body.text("contract"))
  }

  var json: JSON {
    .object(["name": .string(name), "taxNumber": .string(taxNumber), "contract": .string(contract)])
  }
}

/// An act as it is stored.
extension FundingAct {
  var json: JSON {
    .object([
      "party": party.json, "from": .int(Int64(days.lowerBound.number)), "to": .int(Int64(days.upperBound.number)),
      "lines": .array(lines.map(\.json)), "corrections": .array(corrections.map(\.json)), "cap": cap.map { .int($0.minor) },
      "before": .int(before.minor), "amount": .int(amount.minor), "beyond": .int(beyond.minor), "issuer": issuer?.json,
      "currency": currency.isEmpty ? nil : .string(currency), "goods": goods.isEmpty ? nil : .array(goods.map(\.json)),
    ])
  }

  /// - Parameter current: the party as it is called now, for an act that was issued before acts kept it.
  /// - Throws: `StorageFailure.damaged`.
  init(stored text: String, else current: DocumentParty) throws {
    let body = StoredFigures(try storedJSON(text, in: "funding_act.body"))
    self.init(
      with: try body.party(else: current), days: try body.day("from")...body.day("to"),
      lines: try body.items("lines").map(Line.init),
      corrections: try body.items("corrections").map(Correction.init), cap: try body.has("cap") ? body.money("cap") : nil,
      before: try body.money("before"), amount: try body.money("amount"), beyond: try body.money("beyond"))
    issuer = try body.json["issuer"].map { try DocumentParty(StoredFigures($0)) }
    if body.has("currency") { currency = try body.text("currency") }
    if body.has("goods") { goods = try body.items("goods").map(Goods.init) }
  }
}

extension FundingAct.Line {
  fileprivate var json: JSON {
    .object([
      "promotion": .int(promotion.raw), "code": .string(code), "ru": .string(name.ru), "en": .string(name.en),
      "share": .int(share.ppm), "returned": .bool(isReturned), "receipts": .int(receipts), "discount": .int(discount.minor),
      "points": .int(points.units), "worth": .int(worth.minor), "amount": .int(amount.minor),
    ])
  }

  fileprivate init(_ body: StoredFigures) throws {
    self.init(
      promotion: PromotionID(try body.number("promotion")), code: try body.text("code"),
      name: LocalText(ru: try body.text("ru"), en: try body.text("en")), share: Rate(ppm: try body.number("share")),
      isReturned: body.json["returned"] == .bool(true))
    receipts = try body.number("receipts")
    discount = try body.money("discount")
    points = Points(units: try body.number("points"))
    worth = try body.money("worth")
    amount = try body.money("amount")
  }
}

extension FundingAct.Goods {
  fileprivate var json: JSON {
    .object([
      "promotion": .int(promotion.raw), "code": .string(code), "product": .string(product), "ru": .string(name.ru),
      "en": .string(name.en), "quantity": .int(quantity.thousandths), "returned": .int(returned.thousandths),
      "discount": .int(discount.minor), "points": .int(points.units),
    ])
  }

  fileprivate init(_ body: StoredFigures) throws {
    self.init(
      promotion: PromotionID(try body.number("promotion")), code: try body.text("code"), product: try body.text("product"),
      name: LocalText(ru: try body.text("ru"), en: try body.text("en")),
      quantity: Quantity(thousandths: try body.number("quantity")), returned: Quantity(thousandths: try body.number("returned")),
      discount: try body.money("discount"), points: Points(units: try body.number("points")))
  }

  /// A row of `GoodsSQL.ofContract`.
  init(_ row: Row) {
    let (ru, en, product) = (row.textOrNil(4), row.textOrNil(5), row.textOrNil(3) ?? "\(row.id(2) as ProductID)")
    let day = GoodsSQL.day(row, at: 6)
    self.init(
      promotion: row.id(0), code: row.text(1), product: product,
      name: LocalText(ru: ru ?? en ?? product, en: en ?? ru ?? product), quantity: day.quantity, returned: day.quantityBack,
      discount: day.money, points: day.points)
  }
}

extension FundingAct.Correction {
  fileprivate var json: JSON {
    .object([
      "from": .int(Int64(days.lowerBound.number)), "to": .int(Int64(days.upperBound.number)), "amount": .int(amount.minor),
    ])
  }

  fileprivate init(_ body: StoredFigures) throws {
    self.init(days: try body.day("from")...body.day("to"), amount: try body.money("amount"))
  }
}

/// Figures of a stored document by their names. What is not there is damage.
struct StoredFigures {
  let json: JSON

  init(_ json: JSON) { self.json = json }

  func has(_ key: String) -> Bool { json[key] != nil }

  func number(_ key: String) throws -> Int64 {
    guard case .int(let value)? = json[key] else { throw StorageFailure.damaged("a stored document has no number \"\(key)\"") }
    return value
  }

  func text(_ key: String) throws -> String {
    guard case .string(let value)? = json[key] else { throw StorageFailure.damaged("a stored document has no text \"\(key)\"") }
    return value
  }

  func party(else current: DocumentParty) throws -> DocumentParty {
    try json["party"].map { try DocumentParty(StoredFigures($0)) } ?? current
  }

  func money(_ key: String) throws -> Money { Money(minor: try number(key)) }
  func day(_ key: String) throws -> CivilDay { CivilDay(number: Int32(clamping: try number(key))) }

  func items(_ key: String) throws -> [StoredFigures] {
    guard case .array(let items)? = json[key] else { throw StorageFailure.damaged("a stored document has no list \"\(key)\"") }
    return items.map(StoredFigures.init)
  }
}
