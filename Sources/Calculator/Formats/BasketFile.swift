import Conditions
import Kernel

/// A basket as a document: what the till would send, with the facts about store and goods that the server would look up. Amounts are in
/// the currency and scale of the rules.
public struct BasketFile: Hashable, Sendable {
  public static var format: String { "regulars.basket/1" }

  public var basket: Basket
  /// How far limits and budgets that all tills share are used up.
  public var usage: [PromotionID: SharedUsage]

  /// Reads a document. What it accepts can be calculated without a trap.
  ///
  /// - Parameter zone: finds a time zone by its IANA name, or says why there is none.
  /// - Throws: `invalid_input` with every issue at its JSON pointer.
  public init(
    _ json: JSON, for rules: RuleBook, names: inout any Names, zone: (String) throws(Problem) -> Zone
  ) throws(Problem) {
    let node = JSONNode(json)
    node.expect("format", "store", "register", "channel", "time", "lines", "coupons", "tenders", "spend", "choices", "usage")
    node["format"].expectFormat(Self.format)
    var reader = BasketReader(rules: RuleReader(names: names, amounts: AmountForm(rules.terms)))
    let store = reader.store(node["store"], zone: zone)
    let time = node["time"].required() ? node["time"].instant() : nil
    basket = Basket(store: store, time: time ?? Instant(micros: 0), lines: reader.lines(node["lines"]))
    basket.certificates = reader.sold
    basket.register = reader.register(node["register"], allowing: ["code"])
    basket.till = node["register"]["code"].code()
    basket.channel = node["channel"].word() ?? .till
    basket.coupons = reader.coupons(node["coupons"])
    basket.tenders = reader.tenders(node["tenders"])
    basket.spend = reader.spend(node["spend"])
    basket.choices = reader.choices(node["choices"])
    usage = reader.usage(node["usage"], rules)
    try node.issues.check("the basket")
    names = reader.rules.names
  }
}

/// Reads baskets, from documents that describe their goods or from tills that name them.
public struct BasketReader {
  /// What a till's line names and its server knows.
  public struct Shelf {
    /// Members of a line beside those of every basket.
    let members: [String]
    /// What is known of a product by its code; nil where nothing is.
    let known: (String) -> ProductFacts?
    /// What is known of a line's goods; notes what is missing at the line's node. Nil where the line cannot be read.
    let find: (JSONNode) -> ProductFacts?

    public init(
      members: [String], known: @escaping (String) -> ProductFacts?, find: @escaping (JSONNode) -> ProductFacts?
    ) {
      self.members = members
      self.known = known
      self.find = find
    }
  }

  /// How much a basket may contradict itself.
  public enum Rigour: Sendable {
    /// What does not fit together is refused.
    case refusing
    /// The goods are sold: what can be told apart from nonsense is taken as it can be, and counted in `oddities`.
    case accepting
  }

  public internal(set) var rules: RuleReader
  let shelf: Shelf?
  let rigour: Rigour
  /// Of a line.
  let members: [String]
  /// What was set right: each a word for the discrepancy it is, and the two amounts that did not fit.
  public internal(set) var oddities: [(word: Oddity, stated: Int64, taken: Int64)] = []
  /// Certificates that the lines read last sell or load.
  public internal(set) var sold: [SoldCertificate] = []
  public var amounts: AmountForm { rules.amounts }

  public enum Oddity: Sendable {
    /// The till says it took off more than the line costs.
    case reductions
    /// A marked unit whose quantity is not one.
    case marked
    /// A legal entity that the account does not know.
    case seller
  }

  public init(rules: RuleReader, shelf: Shelf? = nil, rigour: Rigour = .refusing) {
    self.rules = rules
    self.shelf = shelf
    self.rigour = rigour
    members = Self.lineMembers + (shelf?.members ?? [])
  }

  mutating func store(_ node: JSONNode, zone find: (String) throws(Problem) -> Zone) -> StoreFacts {
    node.expect("code", "brand", "zone", "dayStart", "priceZone", "region", "city", "format")
    var store = StoreFacts(id: StoreID(0), zone: .utc)
    guard node.required() else { return store }
    if node["code"].required() { store.id = rules.id(.store, node["code"]) ?? store.id }
    store.brand = rules.id(.brand, node["brand"])
    if node["zone"].required(), let name = node["zone"].code() {
      do throws(Problem) {
        if let fixed = Zone(offset: name) { store.zone = fixed } else { store.zone = try find(name) }
      } catch {
        node["zone"].refuse(error.code, "\(error.detail); an offset such as +03:00 needs no zone file")
      }
    }
    store.dayStart = node["dayStart"].clock() ?? .midnight
    store.place = StorePlace(
      priceZone: rules.id(.priceZone, node["priceZone"]), region: node["region"].text(max: Limits.name),
      city: node["city"].text(max: Limits.name), format: node["format"].text(max: Limits.name))
    return store
  }

  /// - Parameter others: members that whoever asks reads beside the profile.
  public func register(_ node: JSONNode, allowing others: [String] = []) -> RegisterProfile {
    node.expect(["tolerance", "split", "leastPrice", "maxLines"] + others)
    let usual = RegisterProfile()
    return RegisterProfile(
      tolerance: node["tolerance"].int(0...1) ?? usual.tolerance, split: node["split"].word() ?? usual.split,
      leastPrice: amounts.money(node["leastPrice"], 0...100) ?? usual.leastPrice,
      maxLines: Int(node["maxLines"].int(1...Int64(Limits.lines)) ?? Int64(usual.maxLines)))
  }

  public func coupons(_ node: JSONNode) -> [PresentedCoupon] {
    node.items(max: Limits.coupons).compactMap { item in
      if case .string? = item.json { return item.code().map { PresentedCoupon(code: $0) } }
      item.expect("code", "series", "state")
      guard item["code"].required(), let code = item["code"].code() else { return nil }
      return PresentedCoupon(code: code, series: item["series"].code(), state: item["state"].word() ?? .valid)
    }
  }

  public mutating func tenders(_ node: JSONNode) -> [Tender] {
    var tenders: [Tender] = []
    for item in node.items(max: Limits.tenders) {
      // A till's server knows the series; a document has to say it.
      if shelf == nil {
        item.expect("kind", "amount", "only", "certificate", "series", "pin")
      } else {
        item.expect("kind", "amount", "only", "certificate", "pin")
      }
      guard item["kind"].required(), let kind = item["kind"].word(TenderKind.self) ?? (item.issues.leavesUnknown ? .other : nil)
      else {
        continue
      }
      let only = only(item["only"])
      let tender = Tender(kind: kind, amount: amounts.money(item["amount"]), only: only, certificate: certificate(item))
      // Twice the same: it pays once, and then for both.
      if let code = tender.certificate?.code,
        let first = tenders.firstIndex(where: { $0.certificate.map { folded($0.code) } == folded(code) })
      {
        if rigour == .refusing { item["certificate"].refuse("repeated", "the certificate pays twice; say once for how much") }
        if let more = tender.amount, let amount = tenders[first].amount { tenders[first].amount = amount + more }
        continue
      }
      tenders.append(tender)
    }
    return tenders
  }

  /// Which goods a tender may pay. Where one name in it is unknown and that is no issue, it is left aside as a whole: a part of a filter
  /// means something else.
  private mutating func only(_ node: JSONNode) -> ProductFilter? {
    guard node.isPresent else { return nil }
    guard node.issues.leavesUnknown, let json = node.json else { return rules.filter(node) }
    let alone = JSONNode(json)
    let filter = rules.filter(alone)
    if alone.issues.isEmpty { return filter }
    node.unknown("unknown_name", "which goods it may pay is not known here")
    return nil
  }

  /// `"certificate": "CODE"`, with `"pin": "1234"` where it has one; its series is looked up where there is a database to look in.
  private func certificate(_ node: JSONNode) -> PresentedCertificate? {
    let pin = node["pin"].code(max: 16)
    guard let code = node["certificate"].code() else {
      if pin != nil { node["pin"].refuse("no_certificate", "a PIN is a certificate's: name it in certificate") }
      return nil
    }
    var certificate = PresentedCertificate(code: code, pin: pin)
    if shelf == nil { certificate.series = node["series"].code() }
    return certificate
  }

  /// `"most"` or a number of points.
  public func spend(_ node: JSONNode) -> SpendWish {
    if case .string("most")? = node.json { return .most }
    return amounts.points(node).map { $0 == .zero ? .nothing : .points($0) } ?? .nothing
  }

  func usage(_ node: JSONNode, _ book: RuleBook) -> [PromotionID: SharedUsage] {
    node.byPromotion(book) { item in
      item.expect(
        "storeToday", "storeTodayMoney", "storeTodayPoints", "storeUses", "storeMoney", "storePoints", "today", "todayMoney",
        "todayPoints", "uses", "money", "points")
      return SharedUsage(
        all: rules.used(item, "uses", "money", "points"), store: rules.used(item, "storeUses", "storeMoney", "storePoints"),
        storeDay: rules.used(item, "storeToday", "storeTodayMoney", "storeTodayPoints"),
        day: rules.used(item, "today", "todayMoney", "todayPoints"))
    }
  }
}

extension JSONNode {
  /// An object whose members are named by codes of promotions that the rules hold.
  func byPromotion<T>(_ book: RuleBook, _ read: (JSONNode) -> T) -> [PromotionID: T] {
    let entries = members(max: Limits.promotions)
    guard !entries.isEmpty else { return [:] }
    let ids = Dictionary(book.promotions.map { ($0.code, $0.id) }, uniquingKeysWith: { first, _ in first })
    var found: [PromotionID: T] = [:]
    for (code, node) in entries {
      let value = read(node)
      if let id = ids[code] { found[id] = value } else { node.refuse("unknown_name", "the rules have no promotion \"\(code)\"") }
    }
    return found
  }
}

extension Zone {
  /// A fixed offset, `+03:00`; nil for anything else.
  init?(offset text: String) {
    guard let midnight = Instant("1970-01-01T00:00:00" + text), text.first == "+" || text.first == "-" else { return nil }
    self.init(name: text, initial: Int32(-midnight.seconds), transitions: [])
  }
}
