import Conditions
import Customers
import Kernel
import Storage

/// What a page of events adds to the days of one programme's subjects.
struct GuardSums {
  struct Key: Hashable {
    let place: GuardPlace
    let day: CivilDay
  }

  struct Pair: Hashable, Comparable {
    let place: GuardPlace
    let day: CivilDay
    let owner: Int64

    // One order for all, so that two who write at the same time do not wait for each other crosswise.
    static func < (a: Self, b: Self) -> Bool {
      if a.place != b.place { return a.place < b.place }
      return (a.day, a.owner) < (b.day, b.owner)
    }
  }

  /// One receipt of a member; what came back has no moment.
  struct Visit {
    let day: GuardDay
    let store: StoreID
    let at: Instant?
    let owner: Int64
  }

  /// What happened within ten minutes, with one member or with nobody.
  struct Slot: Hashable, Comparable {
    let hour: GuardHour
    let owner: Int64

    static func < (a: Self, b: Self) -> Bool {
      if a.hour.place != b.hour.place { return a.hour.place < b.hour.place }
      return (a.hour.slot, a.owner) < (b.hour.slot, b.owner)
    }
  }

  /// Whose hours are counted.
  let hourly: Set<GuardSubject>
  private(set) var slots: [Slot: GuardFigures] = [:]
  /// Of cashiers and tills.
  private(set) var days: [Key: GuardDay] = [:]
  private(set) var visits: [Visit] = []
  private(set) var pairs: [Pair: (receipts: Int64, points: Points)] = [:]
  /// Whose the cards are.
  private var holders: [GuardPlace: Int64] = [:]

  init(hourly: Set<GuardSubject> = []) { self.hourly = hourly }

  var isEmpty: Bool { days.isEmpty && visits.isEmpty }

  static func comes(_ a: GuardDay, before b: GuardDay) -> Bool { a.place == b.place ? a.day < b.day : a.place < b.place }

  mutating func add(_ sale: GuardSale) {
    var figures = GuardFigures()
    (figures.receipts, figures.amount) = (1, sale.amount)
    if sale.member != nil {
      (figures.named, figures.discount, figures.earned, figures.spent) = (1, sale.discount, sale.earned, sale.spent)
    } else {
      figures.discount = sale.discount
    }
    for place in sale.places { add(figures, to: place, on: sale.day, sale.member == nil ? nil : sale.place) }
    note(figures, sale)
    if let member = sale.member { visit(member, figures, sale, 1, sale.earned) }
  }

  /// A receipt of nobody that found its member: the receipt was counted when it was sold.
  mutating func add(_ claim: ReceiptClaim, of sale: GuardSale) {
    var figures = GuardFigures()
    (figures.named, figures.earned) = (1, claim.earned)
    for place in sale.places {
      add(figures, to: place, on: sale.day, sale.place)
      note(figures, at: place, on: sale.day, sale.soldAt, with: claim.place.owner)
    }
    figures.receipts = 1
    (figures.amount, figures.discount) = (sale.amount, sale.discount)
    note(figures, at: GuardPlace(MemberID(claim.place.owner)), on: sale.day, sale.soldAt, with: claim.place.owner)
    visit(claim.place.owner, figures, sale, 1, claim.earned)
  }

  /// What came back is told of the cashier who took it, on the day of the return, and taken off whoever sold, on the day of the sale.
  mutating func add(_ stored: GuardReturn, of sale: GuardSale?) {
    var taken = GuardFigures()
    if stored.isCancellation { taken.cancelled = 1 } else { (taken.returns, taken.returned) = (1, stored.amount) }
    let cashier = stored.cashier ?? (stored.isCancellation ? sale?.cashier : nil)
    add(taken, toTakersOf: stored, cashier, sale?.place)
    guard let sale else { return }
    let isWhole = sale.isWhollyBack && stored.isLast
    var gone = GuardFigures()
    (gone.amount, gone.earned, gone.spent) = (.zero - stored.amount, .zero - stored.takenBack, .zero - stored.givenBack)
    if isWhole {
      (gone.receipts, gone.discount) = (-1, .zero - sale.discount)
      if sale.member != nil { gone.named = -1 }
    }
    for place in sale.places { add(gone, to: place, on: sale.day, nil) }
    note(gone, sale)
    guard let member = sale.member else { return }
    visit(member, gone, sale, isWhole ? -1 : 0, gone.earned)
    // Whoever brings things back all the time is told of as well.
    var bringing = GuardFigures()
    (bringing.returns, bringing.returned, bringing.cancelled) = (taken.returns, taken.returned, taken.cancelled)
    if let card = sale.cardPlace {
      add(bringing, to: card, on: stored.day, nil)
      note(bringing, at: card, on: stored.day, stored.at, with: 0)
    }
    visits.append(
      Visit(
        day: GuardDay(place: GuardPlace(MemberID(member)), day: stored.day, figures: bringing), store: sale.store, at: nil,
        owner: member))
    note(bringing, at: GuardPlace(MemberID(member)), on: stored.day, stored.at, with: member)
  }

  /// Goods without a receipt whose sale has come since: they are told of again with it, and so are taken off here.
  mutating func withdraw(_ stored: GuardReturn) {
    var counted = GuardFigures()
    (counted.returns, counted.returned) = (-1, .zero - stored.amount)
    add(counted, toTakersOf: stored, stored.cashier, nil)
  }

  private mutating func add(
    _ figures: GuardFigures, toTakersOf stored: GuardReturn, _ cashier: String?, _ receipt: ReceiptBook.Place?
  ) {
    let takers =
      (cashier.map { [GuardPlace(.cashier, $0, at: stored.store)] } ?? [])
      + [GuardPlace(.register, stored.register, at: stored.store)]
    for place in takers {
      add(figures, to: place, on: stored.day, receipt)
      note(figures, at: place, on: stored.day, stored.at, with: 0)
    }
  }

  /// Points without a purchase, or what of them was taken back: no receipt, no store.
  mutating func add(_ gift: GuardGift) {
    var figures = GuardFigures()
    figures.earned = gift.points
    let place = GuardPlace(MemberID(gift.owner))
    visits.append(
      Visit(day: GuardDay(place: place, day: gift.day, figures: figures), store: StoreID(0), at: nil, owner: gift.owner))
    note(figures, at: place, on: gift.day, gift.at, with: gift.owner)
  }

  /// Points given to another member, or back again: no receipt, no store.
  mutating func add(_ transfer: GuardTransfer) {
    var figures = GuardFigures()
    (figures.givenAway, figures.transfers, figures.circles) = (transfer.points, transfer.count, transfer.circles)
    visits.append(
      Visit(
        day: GuardDay(place: GuardPlace(MemberID(transfer.owner)), day: transfer.day, figures: figures), store: StoreID(0), at: nil,
        owner: transfer.owner))
  }

  /// A code that was refused is told of whoever typed it in, and of whoever showed it.
  mutating func add(_ refusal: GuardRefusal) {
    var figures = GuardFigures()
    figures.refused = 1
    let owner = refusal.member?.raw ?? 0
    for place in refusal.places {
      add(figures, to: place, on: refusal.day, nil)
      note(figures, at: place, on: refusal.day, refusal.at, with: owner)
    }
    guard let member = refusal.member else { return }
    visits.append(
      Visit(
        day: GuardDay(place: GuardPlace(member), day: refusal.day, figures: figures), store: refusal.store, at: nil, owner: owner))
    note(figures, at: GuardPlace(member), on: refusal.day, refusal.at, with: owner)
  }

  /// Which subjects' hours have to be looked at.
  var hours: Set<GuardHour> { Set(slots.keys.map(\.hour)) }

  private mutating func note(_ figures: GuardFigures, _ sale: GuardSale) {
    guard !hourly.isEmpty else { return }
    let places = sale.places + (sale.member.map { [GuardPlace(MemberID($0))] } ?? [])
    for place in places { note(figures, at: place, on: sale.day, sale.soldAt, with: sale.partner(of: place) ?? 0) }
  }

  private mutating func note(
    _ figures: GuardFigures, at place: GuardPlace, on day: CivilDay, _ moment: Instant, with owner: Int64
  ) {
    guard hourly.contains(place.kind) else { return }
    let slot = Slot(hour: GuardHour(place: place, day: day, slot: GuardHours.slot(of: moment)), owner: owner)
    slots[slot] = (slots[slot] ?? GuardFigures()) + figures
  }

  private mutating func add(_ figures: GuardFigures, to place: GuardPlace, on day: CivilDay, _ receipt: ReceiptBook.Place?) {
    let key = Key(place: place, day: day)
    var sum = days[key] ?? GuardDay(place: place, day: day)
    sum.figures = sum.figures + figures
    if let receipt { sum.receipts = GuardReceipts(Array(([receipt] + sum.receipts.places).prefix(20))) }
    days[key] = sum
  }

  private mutating func visit(_ member: Int64, _ figures: GuardFigures, _ sale: GuardSale, _ count: Int64, _ points: Points) {
    let isSale = count > 0
    visits.append(
      Visit(
        day: GuardDay(
          place: GuardPlace(MemberID(member)), day: sale.day, figures: figures, receipts: GuardReceipts(isSale ? [sale.place] : [])),
        store: sale.store, at: isSale ? sale.soldAt : nil, owner: member))
    if let card = sale.cardPlace { holders[card] = member }
    for place in sale.places {
      let pair = Pair(place: place, day: sale.day, owner: sale.partner(of: place) ?? member)
      let before = pairs[pair] ?? (0, .zero)
      pairs[pair] = (before.receipts + count, before.points + points)
    }
  }

  /// Forgets members whose kind is of no concern: their receipts stay counted as receipts of the cashier.
  mutating func leaveOut(kinds: [MemberKind], of members: Members, in tx: inout Transaction) throws {
    guard !kinds.isEmpty, !visits.isEmpty else { return }
    var left: Set<Int64> = []
    for page in Array(Set(visits.map(\.owner))).paged(by: Limits.page) {
      let known = try members.members(page.map { MemberID($0) }, in: &tx)
      left.formUnion(known.values.filter { kinds.contains($0.kind) }.map(\.id.raw))
    }
    let cards = Set(holders.filter { left.contains($0.value) }.keys)
    days = days.filter { !cards.contains($0.key.place) }
    pairs = pairs.filter { !cards.contains($0.key.place) }
    slots = slots.filter { !cards.contains($0.key.hour.place) }
    visits.removeAll { left.contains($0.owner) }
    pairs = pairs.filter { !left.contains($0.key.owner) }
    for (slot, figures) in slots where left.contains(slot.owner) {
      slots[slot] = nil
      guard slot.hour.place.kind != .member else { continue }
      let nobody = Slot(hour: slot.hour, owner: 0)
      slots[nobody] = (slots[nobody] ?? GuardFigures()) + figures
    }
  }
}

extension GuardPlace: Comparable {
  public static func < (a: Self, b: Self) -> Bool {
    (a.kind.rawValue, a.store.raw, a.subject) < (b.kind.rawValue, b.store.raw, b.subject)
  }
}
