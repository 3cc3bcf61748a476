import Calculator
import Customers
import Kernel
import Loyalty

/// A sale as a till tells of it, read and with what was not in order.
struct SaleReading {
  let sale: Sale
  let showing: Showing?
  let unknownGoods: [String]
  /// Where members or words stood that nobody here knows: left aside, since the goods are sold.
  let left: [String]
  /// The same for sales that may be one member's.
  let lane: String

  private static let members = [
    "store", "register", "receipt", "time", "channel", "member", "basket", "lines", "coupons", "tenders", "spend", "choices",
    "total",
    "hold", "calculationId", "offline", "cashier",
  ]

  /// - Parameter extra: members of the body besides those of a receipt.
  /// - Throws: `Problem.invalid` with every issue. Only what cannot be read is one: what does not fit together is noted with the sale.
  init(
    _ body: JSON, _ floor: SalesFloor, _ till: SalesFloor.Till, offline: Bool, extra: [String] = [], at now: Instant
  ) throws(Problem) {
    let node = JSONNode(body, issues: IssueList(leavingUnknown: true))
    node.expect(Self.members + extra)
    var reading = BasketReading(floor, till, .accepting, stated: true)
    let time = node["time"].required() ? reading.time(node["time"]) ?? now : now
    let basket = reading.basket(node, at: time)
    if basket.spend == .most {
      node["spend"].refuse("not_a_number", "a receipt says how many points it took: \"most\" is for quotes")
    }
    let key = Self.key(node["receipt"], till, at: time)
    let stated = Self.stated(node["lines"], basket, reading.reader.amounts)
    let name = Self.named(node["calculationId"], "calculation", CalculationName.init)
    let hold = Self.named(node["hold"], "hold", OwnedID<Entity.Hold>.init)
    var showing = BasketReading.showing(node["member"])
    let (total, cashier) = (reading.reader.amounts.money(node["total"]), BasketReading.cashier(node["cashier"]))
    _ = node["basket"].code()
    _ = node["offline"].bool()
    Self.refuseOther(till, node)
    try node.issues.check("the receipt")
    var sale = Sale(key: key, basket: basket, stated: stated, hold: hold?.id, isOffline: offline)
    if let name, floor.shelf[name.rules] != nil { sale.follow(name, soldAt: time) }
    sale.bodyHash = BodyHash.of(body, till)
    sale.takesPoints = true
    left = node.issues.left
    sale.notes = reading.reader.oddities.map(Discrepancy.init)
    if let note = Discrepancy.leaving(left) { sale.notes.append(note) }
    (sale.total, sale.cashier) = (total, cashier)
    showing?.post = floor.stops.post(for: sale, at: now)
    self.sale = floor.programme.receiving(sale, at: now)
    self.showing = showing
    unknownGoods = reading.unknownGoods
    lane = showing.map(Self.lane) ?? ""
  }

  /// A receipt in a batch, or a part of an exchange, may say which till it is of: that of the whole.
  static func refuseOther(_ till: SalesFloor.Till, _ node: JSONNode) {
    for (name, own) in [("store", till.store.details.code), ("register", till.register)] {
      if let said = node[name].code(), said != own {
        node[name].refuse("other_till", "this is sent for register \(till.register) of store \(till.store.details.code)")
      }
    }
  }

  private static func named<Name>(_ node: JSONNode, _ what: String, _ read: (String) -> Name?) -> Name? {
    guard let text = node.text() else { return nil }
    if let name = read(text) { return name }
    node.unknown("not_an_id", "this is no \(what) of ours")
    return nil
  }

  private static func lane(_ showing: Showing) -> String {
    switch showing.which {
    case .member(let id): String(id.raw)
    case .text(let text, let kind): (kind?.code ?? "") + " " + text
    }
  }

  /// What is printed on the receipt: shift, number and date, and the fiscal document where the till knows it.
  static func key(_ node: JSONNode, _ till: SalesFloor.Till, at time: Instant) -> ReceiptKey {
    node.expect("shift", "number", "date", "fiscal", "qr")
    let required = node.required()
    let shift = required && node["shift"].required() ? node["shift"].int(0...Limits.amount) : nil
    let number = required && node["number"].required() ? node["number"].code() : nil
    if let number, number.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
      node["number"].refuse("not_a_code", "a number has no control characters")
    }
    let (document, printed) = (fiscal(node["fiscal"]), qr(node["qr"]))
    let day = node["date"].day() ?? till.facts.zone.civil(at: time).day
    return ReceiptKey(
      store: till.store.id, register: till.register, shift: shift ?? 0, number: number ?? "?", day: day,
      fiscal: document ?? printed)
  }

  private static func fiscal(_ node: JSONNode) -> ReceiptKey.Fiscal? {
    guard node.isPresent else { return nil }
    node.expect("drive", "document", "sign")
    _ = node["sign"].code()
    guard node["drive"].required(), node["document"].required(), let drive = node["drive"].code(),
      let document = node["document"].int(1...Limits.amount)
    else { return nil }
    return ReceiptKey.Fiscal(drive: drive, document: document)
  }

  private static func qr(_ node: JSONNode) -> ReceiptKey.Fiscal? {
    guard let text = node.text(max: Limits.name) else { return nil }
    guard let code = FiscalCode(text) else {
      node.unknown("not_a_receipt_code", "the text of the code as printed is expected: t=…&s=…&fn=…&i=…&fp=…&n=1")
      return nil
    }
    return code.fiscal
  }

  /// What the till printed: every line says it, or none does and the till sold as we calculated.
  private static func stated(_ node: JSONNode, _ basket: Basket, _ amounts: AmountForm) -> [Sale.StatedLine]? {
    guard case .array(let given)? = node.json, given.contains(where: { $0.isStated }) else { return nil }
    let items = node.items(max: Limits.lines)
    let lines = items.compactMap { item -> Sale.StatedLine? in
      guard item["amount"].required() else { return nil }
      guard let amount = amounts.money(item["amount"]) else { return nil }
      return Sale.StatedLine(amount: amount, paidWithPoints: amounts.money(item["paidWithPoints"]) ?? .zero)
    }
    return lines.count == basket.lines.count ? lines : nil
  }
}

extension Sale {
  /// By the rules and at the moment of the calculation that the till sold by.
  fileprivate mutating func follow(_ calculation: CalculationName, soldAt time: Instant) {
    rules = calculation.rules
    basket.time = calculation.time
    soldAt = time
  }
}

extension Discrepancy {
  init(_ oddity: (word: BasketReader.Oddity, stated: Int64, taken: Int64)) {
    let cause: Cause =
      switch oddity.word {
      case .reductions: .reductions
      case .marked: .marked
      case .seller: .seller
      }
    self.init(cause, stated: oddity.stated, expected: oddity.taken)
  }
}

extension JSON {
  /// A line that says what the till printed.
  fileprivate var isStated: Bool {
    for name in ["amount", "paidWithPoints"] {
      switch self[name] {
      case nil, .null?: continue
      default: return true
      }
    }
    return false
  }
}
