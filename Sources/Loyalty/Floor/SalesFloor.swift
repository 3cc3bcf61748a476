import Access
import Calculator
import Conditions
import Kernel
import Storage

/// Everything of one programme that a till's request needs and that is the same for all of them: places, goods and rules, in memory,
/// as of one moment. What is left to ask the database is who the member is.
///
/// Immutable; `refreshed` gives the next. A class, because every request passes it on and it holds some hundred references: copying
/// them cost more than reading the request. About 200 bytes a product and 300 a register.
public final class SalesFloor: Sendable {
  /// A till as its requests name it.
  public struct Till: Sendable {
    public let store: Store
    public let facts: StoreFacts
    /// As receipts print it.
    public let register: String
    public let profile: RegisterProfile
  }

  public let programme: Programme
  public let shelf: RuleShelf
  public let catalogue: CatalogueIndex
  public let names: AccountNames
  public let receipts: Receipts
  /// How amounts stand in requests and answers.
  public let amounts: AmountForm
  /// How a quote stands in an answer.
  public let form: CalculationForm
  /// Who and what is stopped; looked at anew with each `refreshed`, in this floor and those that follow it.
  public let stops: GuardStops
  /// Of which goods the past is counted: likewise.
  let counted: CountedFirsts
  let structure: Int64
  /// In the order of their codes.
  public let everyStore: [Store]
  private let stores: [String: Store]
  private let storesByID: [StoreID: StoreFacts]
  private let registers: [StoreID: [String: RegisterProfile]]
  private let registersByID: [RegisterID: (store: StoreID, code: String)]
  private let storeCodes: [StoreID: String]

  public var rules: RuleBook { shelf.current }

  /// Reads everything.
  /// - Throws: `Problem.notFound`; `Problem.unavailable` (`rules_missing`) before the first rule book.
  public convenience init(
    of programme: ProgrammeID, account: AccountID, ids: IDSource, zones: @escaping @Sendable (String) -> Zone?,
    keys: KeyRing? = nil, in tx: inout Transaction
  ) throws {
    try self.init(programme, account, nil, ids, zones, keys, &tx)
  }

  /// This floor, or the next where something changed. Costs four small reads where nothing did.
  public func refreshed(
    ids: IDSource, zones: @escaping @Sendable (String) -> Zone?, in tx: inout Transaction
  ) throws -> SalesFloor {
    let (account, id) = (programme.account, programme.id)
    stops.set(try tx.rows(GuardBlockSQL.live(programme, Limits.guardBlocks)).map(GuardBlockSQL.block))
    if shelf.asksFirsts { try counted.refresh(of: programme, in: &tx) }
    let now = (
      try structureVersion(of: account, in: &tx), try RuleBooks(of: programme).latestVersion(in: &tx),
      try Programmes(of: account, zones: zones).version(of: id, in: &tx)
    )
    if now == (structure, rules.version, programme.version) { return self }
    return try SalesFloor(id, account, self, ids, zones, receipts.keys, &tx)
  }

  private init(
    _ id: ProgrammeID, _ account: AccountID, _ old: SalesFloor?, _ ids: IDSource, _ zones: @escaping @Sendable (String) -> Zone?,
    _ keys: KeyRing?, _ tx: inout Transaction
  ) throws {
    structure = try structureVersion(of: account, in: &tx)
    var programme = try Programmes(of: account, zones: zones).programme(id, in: &tx)
    stops = try old?.stops ?? GuardStops(tx.rows(GuardBlockSQL.live(programme, Limits.guardBlocks)).map(GuardBlockSQL.block))
    counted = old?.counted ?? CountedFirsts()
    let goods = try (old?.catalogue ?? CatalogueIndex(of: account)).refreshed(in: &tx)
    names = try AccountNames(of: programme, catalogue: goods, in: &tx)
    let plans = SubscriptionShelf(programme.settings.subscriptions, names: names)
    catalogue = goods.forbidding(plans.flags)
    guard let shelf = try RuleShelf.load(of: programme, names: names, after: old?.shelf, in: &tx) else {
      throw Problem(
        .unavailable, "rules_missing", "programme \(programme.code) has no rule book yet; `regulars rules publish` makes one",
        cashier: LocalText(ru: "Программа лояльности ещё не запущена", en: "The loyalty programme has not started yet"))
    }
    self.shelf = shelf
    if shelf.asksFirsts { try counted.refresh(of: programme, in: &tx) }
    if shelf.asksPrivileges { programme.privileges = names.privileges }
    self.programme = programme
    receipts = Receipts(
      of: programme, rules: shelf, ids: ids, keys: keys, hunts: try Hunts.load(of: programme, ids: ids, in: &tx), plans: plans,
      counted: counted)
    amounts = AmountForm(shelf.current.terms)
    form = CalculationForm(rules: shelf.current)
    let known = try everyPage(\.id) { try Places(of: account).stores(after: $0, limit: Limits.page, in: &tx) }
    everyStore = known.sorted { $0.details.code < $1.details.code }
    stores = Dictionary(uniqueKeysWithValues: known.map { ($0.details.code, $0) })
    storeCodes = Dictionary(uniqueKeysWithValues: known.map { ($0.id, $0.details.code) })
    storesByID = try Self.facts(known, zones, asksPlace: shelf.asksPlace)
    (registers, registersByID) = try Self.registers(of: account, shelf.current.terms, in: &tx)
  }

  /// - Parameter asksPlace: a receipt keeps where its store lies only where rules ask for it.
  private static func facts(
    _ stores: [Store], _ zones: (String) -> Zone?, asksPlace: Bool
  ) throws -> [StoreID: StoreFacts] {
    var facts: [StoreID: StoreFacts] = [:]
    for store in stores {
      guard let zone = zones(store.details.zone) else {
        throw Problem(
          .unavailable, "zone_unknown",
          "this machine does not know the time zone \(store.details.zone) of store \(store.details.code); install tzdata")
      }
      facts[store.id] = StoreFacts(
        id: store.id, brand: store.brand, zone: zone, dayStart: store.details.dayStart,
        place: asksPlace ? StorePlace(store) : StorePlace())
    }
    return facts
  }

  private static func registers(
    of account: AccountID, _ terms: ProgrammeTerms, in tx: inout Transaction
  ) throws -> ([StoreID: [String: RegisterProfile]], [RegisterID: (store: StoreID, code: String)]) {
    var profiles: [StoreID: [String: RegisterProfile]] = [:]
    var byID: [RegisterID: (store: StoreID, code: String)] = [:]
    var after: RegisterID?
    while true {
      let page = try Registers.everywhere(of: account, after: after, in: &tx)
      for (store, register) in page {
        // Profiles were read when they were saved; what an older program wrote otherwise counts as the usual.
        let reader = BasketReader(rules: RuleReader(names: InternedNames(), amounts: AmountForm(terms)))
        profiles[store, default: [:]][register.details.code] = reader.register(JSONNode(register.details.profile))
        byID[register.id] = (store, register.details.code)
      }
      guard page.count == Limits.bulk, let last = page.last else { return (profiles, byID) }
      after = last.register.id
    }
  }
}

extension SalesFloor {
  /// Nil where the account has no such store.
  public func store(_ code: String) -> Store? { stores[code] }
  public func storeCode(_ id: StoreID) -> String? { storeCodes[id] }

  /// A till by its codes. A register that nobody described has the usual profile: orders of a web shop come under the channel's name.
  /// - Returns: nil where the account has no such store.
  public func till(store code: String, register: String) -> Till? {
    guard let store = stores[code], let facts = storesByID[store.id] else { return nil }
    return Till(store: store, facts: facts, register: register, profile: registers[store.id]?[register] ?? RegisterProfile())
  }

  /// A till by its register's id; nil where it is not there any more.
  public func till(_ id: RegisterID) -> Till? {
    guard let (store, code) = registersByID[id], let name = storeCodes[store] else { return nil }
    return till(store: name, register: code)
  }
}
