import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage

/// One receipt with everything that made its price, and what became of it.
struct ReceiptStory: Sendable {
  struct Line: Sendable {
    let sold: SoldLine
    let code: String
    let name: CatalogueName?
    let unit: UnitOfMeasure?
    let steps: [TraceStep]
  }

  let entry: ReceiptBook.Entry
  let lines: [Line]
  /// The rule book that it was sold by; nil for history of another system.
  let rules: RuleBook?
  /// To whom it was sold, or who claimed it later.
  let member: Member?
  let discrepancies: [Discrepancy]
  let history: ReceiptHistory
  /// What was done by hand, latest first.
  let audit: [AuditEntry]
  /// The same by its own rules: what did not apply, and what else could have been chosen. Nil where the rules are not ours.
  let again: Calculation?
  let offer: TillOffer
  /// What is left of the points that it earned, by lot.
  let left: [Lot]

  var receipt: Receipt { entry.receipt }
  /// What the member has of it, also where it was claimed.
  var earned: Points { history.claim?.earned ?? receipt.earned }
  var isOpen: Bool { receipt.state == .confirmed || receipt.state == .partlyReturned }

  /// What a page about it tells.
  enum Scope {
    /// What was sold and what came back: for whoever is about to do something with it.
    case brief
    case whole
    /// With the reasons of every promotion of the rules.
    case everyReason
  }

  /// Twelve indexed statements at most, whatever the receipt's length, and nine in brief.
  static func read(
    _ id: ReceiptID, of owner: Int64, _ floor: SalesFloor, _ ids: IDSource, _ scope: Scope, at now: Instant,
    in tx: inout Transaction
  ) throws -> ReceiptStory {
    let book = ReceiptBook(of: floor.programme.account)
    guard let entry = try book.receipt(id, of: owner, in: &tx), entry.programme == floor.programme.id else { throw unknown }
    let receipt = entry.receipt
    let history = try book.history(of: receipt, in: &tx)
    let rules = receipt.isPast ? nil : floor.shelf[receipt.rules]
    let holder = receipt.hasMember ? MemberID(owner) : history.claim?.member
    let answers = CalculationScope(offersChoices: scope != .brief, explainsAll: scope == .everyReason)
    return ReceiptStory(
      entry: entry, lines: try lines(of: receipt, floor, in: &tx), rules: rules,
      member: try holder.flatMap { try floor.programme.members.members([$0], in: &tx).values.first },
      discrepancies: try book.discrepancies(of: id, owner: owner, in: &tx), history: history,
      audit: scope == .brief ? [] : try AuditTrail(of: floor.programme.account).entries(of: id, limit: 50, in: &tx),
      again: receipt.state == .beside ? nil : try rules.map { try receipt.priced(by: $0, scope: answers) },
      offer: scope == .brief ? .none : try TillOffer.read(entry, floor, at: now, in: &tx),
      left: scope == .brief
        ? []
        : try holder.map { try lots(of: $0, from: id, floor.programme, ids, at: now, in: &tx) } ?? [])
  }

  private static func lines(of receipt: Receipt, _ floor: SalesFloor, in tx: inout Transaction) throws -> [Line] {
    let codes = receipt.lines.map { floor.catalogue.code($0.product) }
    let products = try Catalogue(of: floor.programme.account).products(codes: Array(Set(codes.compactMap { $0 })), in: &tx)
    let byLine = Dictionary(grouping: try receipt.steps()) { Int($0.line) }
    return receipt.lines.enumerated().map { place, sold in
      let details = codes[place].flatMap { products[$0] }?.details
      return Line(
        sold: sold, code: codes[place] ?? "\(sold.product)", name: details?.name,
        unit: floor.catalogue.unit(sold.product), steps: byLine[place] ?? [])
    }
  }

  private static func lots(
    of member: MemberID, from id: ReceiptID, _ programme: Programme, _ ids: IDSource, at now: Instant, in tx: inout Transaction
  ) throws -> [Lot] {
    var wallet = try Wallets(of: programme, ids: ids).wallet(of: member, in: &tx)
    _ = wallet.advance(to: now, programme.settings.points)
    return wallet.lots.filter { $0.amount(of: id) > .zero }
  }

  static let unknown = Problem(
    .notFound, "receipt_unknown", "there is no such receipt",
    cashier: LocalText(ru: "Такого чека нет", en: "There is no such receipt"))
}

extension Lot {
  /// What of the receipt's points is left in the lot.
  func amount(of receipt: ReceiptID) -> Points {
    ([first] + others).reduce(.zero) { $1.origin.receipt == receipt ? $0 + $1.amount : $0 }
  }
}

/// What the till asked before it sold, as far as that is still kept.
struct TillOffer: Sendable {
  /// Answers about this basket, the earliest first.
  let quotes: [TillAnswer]
  /// Where the receipt was refused before it was taken.
  let refusals: [TillAnswer]

  static let none = TillOffer(quotes: [], refusals: [])

  /// One statement, and none where everything is forgotten already.
  static func read(
    _ entry: ReceiptBook.Entry, _ floor: SalesFloor, at now: Instant, in tx: inout Transaction
  ) throws -> TillOffer {
    let receipt = entry.receipt
    guard !receipt.isPast, now - receipt.postedAt < TillAnswers.life else { return none }
    let query = TillAnswerQuery(
      store: receipt.store, register: entry.key.register, from: receipt.postedAt - .hours(1), to: receipt.postedAt + .minutes(1))
    let kept = try TillAnswers(of: floor.programme.account).find(query, limit: 100, in: &tx).reversed()
    let read = kept.map { (answer: $0, words: TillAnswerWords($0)) }
    let time = try receipt.basket().time
    let quotes = read.filter { $0.answer.call == "calculations" && !$0.answer.isRefusal }
    // A till that confirms by its calculation names it, and with it the moment that the rules looked at.
    var ours = quotes.filter { $0.words.calculation?.time == time && $0.words.calculation?.rules == receipt.rules }
    if ours.isEmpty {
      let member = receipt.hasMember ? MemberID(receipt.owner) : nil
      ours = quotes.filter { $0.answer.member == member && $0.words.amount == floor.amounts.text(receipt.amount) }.suffix(1)
    }
    let basket = ours.first?.answer.basket
    return TillOffer(
      quotes: quotes.filter { quote in
        ours.contains { $0.answer.id == quote.answer.id } || (basket != nil && quote.answer.basket == basket)
      }.map(\.answer),
      refusals: read.filter { $0.answer.isRefusal && $0.answer.call.hasPrefix("receipt") && $0.words.receipt == entry.key.number }
        .map(\.answer))
  }
}

extension ConsoleDesk {
  func receipt(_ visit: Visit) async throws -> Answer {
    let explainsAll = visit.call.query["reasons"] == "all"
    let story = try await story(visit, explainsAll ? .everyReason : .whole)
    return visit.show(ReceiptPage(story: story, explainsAll: explainsAll, visit: visit).page, in: .receipts)
  }

  /// The receipt that the path names. - Throws: `Problem.notFound` (`receipt_unknown`).
  func story(_ visit: Visit, _ scope: ReceiptStory.Scope = .brief) async throws -> ReceiptStory {
    let place = try Self.place(visit)
    let (floor, ids, at) = (try visit.floor, ids, visit.call.at)
    return try await database.read { tx in
      try ReceiptStory.read(place.id, of: place.owner, floor, ids, scope, at: at, in: &tx)
    }
  }

  static func place(_ visit: Visit) throws -> ReceiptBook.Place {
    guard let owner = visit.call.path["owner"].flatMap(Int64.init), let id = visit.call.path["id"].flatMap({ ReceiptID($0) }) else {
      throw ReceiptStory.unknown
    }
    return ReceiptBook.Place(owner: owner, id: id)
  }
}
