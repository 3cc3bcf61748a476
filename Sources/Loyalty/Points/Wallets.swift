import Jobs
import Kernel
import Storage

/// A wallet as it was read, to be written back in the same transaction.
struct OpenWallet {
  /// Whose row it is: of whoever stands for the member that was asked for, where that one was merged.
  let owner: Int64
  var version: Int64
  var wallet: Wallet
  /// The next due moment as the row has it.
  let storedDue: Instant?
  var entries: [Entry] = []
  /// Holds that ended or were let go, and whose shared uses have not gone back yet.
  var freed: [Hold] = []
  /// Whom the wallet was asked for, where that is another member than the owner; nearly always nil.
  var asked: MergedMember?
  /// The wallets of the household that the owner is in, where they were opened together with this one; nearly always nil.
  var pool: OpenPool?

  init(owner: Int64, version: Int64, wallet: Wallet) {
    self.owner = owner
    self.version = version
    self.wallet = wallet
    storedDue = wallet.nextDue
  }
}

/// The wallets of one programme, in the database.
public struct Wallets: Sendable {
  let account: AccountID
  let programme: ProgrammeID
  let terms: PointsTerms
  let goodwill: GoodwillLimits
  let ids: IDSource
  /// Whose limits watch what operators give; nil: nobody does.
  var watched: Programme?

  /// The programme is the account's: whoever loaded it for that account has made sure.
  public init(
    of account: AccountID, programme: ProgrammeID, terms: PointsTerms, goodwill: GoodwillLimits = GoodwillLimits(), ids: IDSource
  ) {
    self.account = account
    self.programme = programme
    self.terms = terms
    self.goodwill = goodwill
    self.ids = ids
  }

  /// The wallets of a programme under its settings.
  public init(of programme: Programme, ids: IDSource) {
    let settings = programme.settings
    self.init(of: programme.account, programme: programme.id, terms: settings.points, goodwill: settings.goodwill, ids: ids)
    if settings.watch != nil { watched = programme }
  }

  /// The wallet as it is stored, without advancing it; an empty one for who never had any points.
  public func wallet(of member: MemberID, in tx: inout Transaction) throws -> Wallet {
    try peek(member.raw, in: &tx)?.wallet ?? Wallet()
  }

  /// Makes points of a receipt active that wait for an event, such as those of a delivered order.
  /// - Returns: how many; what pays a debt at once is among them.
  func release(_ receipt: ReceiptID, of open: inout OpenWallet, at now: Instant, in tx: inout Transaction) throws -> Points {
    let entries = open.wallet.activate(.receipt(receipt), on: Occasion(.activation, at: now, posted: now), terms)
    open.entries += entries
    try save(open, at: now, in: &tx)
    if !entries.isEmpty { try tell(.pointsMoved, open, subject: open.owner, at: now, in: &tx) }
    return entries.reduce(Points.zero) { $1.from == .pending && $1.to == .active ? $0 + $1.amount : $0 }
  }

  /// Advances wallets in which something is due: for members who do not come. Call it again while it answers the full limit.
  /// - Returns: how many wallets it looked at.
  public func advanceDue(limit: Int = 200, at now: Instant, in tx: inout Transaction) throws -> Int {
    var ended = 0
    return try advanceDue(limit: limit, at: now, ended: &ended, in: &tx)
  }

  /// The same, adding up how many holds ended by themselves; what a member lends to another's hold is no hold of its own.
  func advanceDue(limit: Int, at now: Instant, ended: inout Int, in tx: inout Transaction) throws -> Int {
    let rows = try tx.rows(WalletSQL.due(programme, now, min(max(1, limit), Limits.bulk), tx.dialect))
    for row in rows {
      var open = OpenWallet(owner: row.int(0), version: row.int(1), wallet: try WalletSQL.wallet(row.bytes(2), of: row.int(0)))
      advance(&open, at: now)
      ended += open.freed.count { $0.borrower == nil }
      try giveBackFreed(&open, in: &tx)
      try save(open, at: now, in: &tx)
      if !open.entries.isEmpty { try tell(.pointsMoved, open, subject: open.owner, at: now, in: &tx) }
    }
    return rows.count
  }

  /// The latest postings of a member, newest first.
  public func postings(of member: MemberID, before: EntryID? = nil, limit: Int, in tx: inout Transaction) throws -> [Posting] {
    let last = before ?? EntryID(.max)
    return try tx.rows(WalletSQL.latest(member.raw, programme, before: last, min(max(1, limit), Limits.page))).map(
      WalletSQL.posting)
  }

  /// The same with their ids, to go on behind one. One indexed statement.
  public func journal(
    of member: MemberID, before: EntryID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [(id: EntryID, posting: Posting)] {
    let some = min(max(1, limit), Limits.page)
    return try tx.rows(WalletSQL.latest(member.raw, programme, before: before ?? EntryID(.max), some)).map {
      (id: $0.id(6), posting: try WalletSQL.posting($0))
    }
  }

  func tell(_ kind: Event.Kind, _ open: OpenWallet, subject: Int64, at now: Instant, in tx: inout Transaction) throws {
    try Outbox(of: account).put(Event(kind, id: ids.next(at: now), owner: open.owner, subject: subject, at: now), in: &tx)
  }
}

extension Wallets {
  /// Reads a wallet, locked and advanced to now. One statement, but for the very first time of an owner.
  func open(_ owner: Int64, at now: Instant, in tx: inout Transaction) throws -> OpenWallet {
    try open(owner, tx.row(WalletSQL.select(owner, programme, tx.dialect)), at: now, in: &tx)
  }

  /// What `open` asks first, for whoever can ask it together with something else.
  func selection(_ owner: Int64, _ dialect: Dialect) -> SQL { WalletSQL.select(owner, programme, dialect) }

  /// Goes on from the row that `selection` found.
  func open(_ owner: Int64, _ found: Row?, at now: Instant, in tx: inout Transaction) throws -> OpenWallet {
    var open = try standing(owner, found, in: &tx)
    try advance(&open, at: now, in: &tx)
    return open
  }

  /// The wallet that stands for the owner, locked and not advanced yet.
  func standing(_ owner: Int64, _ found: Row?, in tx: inout Transaction) throws -> OpenWallet {
    var row = found
    if row == nil {
      // Two tills may serve a new member at once: whoever comes second finds the first one's row.
      try tx.run(WalletSQL.open(owner, programme))
      row = try tx.row(WalletSQL.select(owner, programme, tx.dialect))
    }
    guard let row else { throw StorageFailure.damaged("the wallet of \(owner) is gone while it is open") }
    let open = OpenWallet(owner: owner, version: row.int(0), wallet: try WalletSQL.wallet(row.bytes(1), of: owner))
    return open.wallet.departure == nil ? open : try follow(open, lock: true, in: &tx)
  }

  /// Reads a wallet as it is, neither locked nor advanced; nil for an owner who never had one.
  func peek(_ owner: Int64, in tx: inout Transaction) throws -> OpenWallet? {
    guard let row = try tx.row(WalletSQL.peek(owner, programme)) else { return nil }
    let open = OpenWallet(owner: owner, version: row.int(0), wallet: try WalletSQL.wallet(row.bytes(1), of: owner))
    return open.wallet.departure == nil ? open : try follow(open, lock: false, in: &tx)
  }

  /// The wallets of many owners as they are, neither locked nor advanced; owners without one are missing. One statement.
  func peek(_ owners: [Int64], in tx: inout Transaction) throws -> [Int64: OpenWallet] {
    let asked = Set(owners).sorted()
    guard !asked.isEmpty else { return [:] }
    var found: [Int64: OpenWallet] = [:]
    for row in try tx.rows(WalletSQL.peek(asked, programme)) {
      let owner = row.int(0)
      found[owner] = OpenWallet(owner: owner, version: row.int(1), wallet: try WalletSQL.wallet(row.bytes(2), of: owner))
    }
    for (owner, open) in found where open.wallet.departure != nil { found[owner] = try follow(open, lock: false, in: &tx) }
    return found
  }

  /// Rows that write many wallets, each only where it still is of the version that was read; where fewer are written than are given,
  /// somebody else wrote one meanwhile.
  /// - Parameter open: by owner, ascending.
  func rows(_ open: [OpenWallet]) throws -> RowBatch {
    let rows = open.map { open in
      if let fault = open.wallet.fault { preconditionFailure("the wallet of \(open.owner) broke a rule: \(fault)") }
      return WalletSQL.values(open.owner, programme, open.wallet, version: open.version + 1)
    }
    return try RowBatch(
      rows, into: PointsSchema.wallet, WalletSQL.inserted, .replaced(where: "wallet.version = excluded.version - 1"))
  }

  /// Rows of the journal that say these entries of one owner.
  func rows(_ entries: [Entry], owner: Int64, at now: Instant) -> [[Value]] {
    Posting.grouping(entries).map { WalletSQL.values($0, ids.next(at: now), owner, programme) }
  }

  func advance(_ open: inout OpenWallet, at now: Instant, in tx: inout Transaction) throws {
    advance(&open, at: now)
    try giveBackFreed(&open, in: &tx)
  }

  func advance(_ open: inout OpenWallet, at now: Instant) {
    let advance = open.wallet.advance(to: now, terms)
    open.entries += advance.entries
    open.freed += advance.ended
  }

  /// At once, so that a calculation that follows finds them free.
  func giveBackFreed(_ open: inout OpenWallet, in tx: inout Transaction) throws {
    for hold in open.freed { try budgets.giveBack(hold.uses, at: hold.store, in: &tx) }
    open.freed = []
  }

  /// Writes the wallet and its entries: two statements. Others' of its household as well, where they changed.
  func save(_ open: OpenWallet, at now: Instant, in tx: inout Transaction) throws {
    let saving = saving(open, at: now)
    for statement in saving.postings { try tx.enqueue(statement) }
    try tx.enqueue(saving.wallet)
    if let pool = open.pool { try save(pool.peers.map(\.open), at: now, in: &tx) }
  }

  /// The statements that write a wallet and its entries. The wallet's changes nothing where the row is another than was read.
  func saving(_ open: OpenWallet, at now: Instant) -> (wallet: SQL, postings: [SQL]) {
    if let fault = open.wallet.fault { preconditionFailure("the wallet of \(open.owner) broke a rule: \(fault)") }
    return (writing(open), posting(of: open, at: now))
  }

  /// The statement that writes a wallet that is there, without its entries.
  func writing(_ open: OpenWallet) -> SQL {
    // The index of due wallets is left alone where nothing changes in it: SQLite would write its page again all the same.
    let due = open.wallet.nextDue
    return due == open.storedDue
      ? WalletSQL.updateButDue(open.owner, programme, open.wallet, from: open.version)
      : WalletSQL.update(open.owner, programme, open.wallet, due, from: open.version)
  }

  /// Writes entries that concern no wallet: one statement.
  func post(_ entries: [Entry], owner: Int64, at now: Instant, in tx: inout Transaction) throws {
    for statement in posting(entries, owner: owner, at: now) { try tx.enqueue(statement) }
  }

  /// The statement that writes entries, if there are any.
  func posting(_ entries: [Entry], owner: Int64, at now: Instant) -> [SQL] {
    let postings = Posting.grouping(entries).map { (id: ids.next(Entity.Entry.self, at: now), posting: $0) }
    return postings.isEmpty ? [] : [WalletSQL.insert(postings, owner, programme)]
  }
}

extension PointsRefusal {
  /// The refusal as an answer, with what a cashier can say.
  func problem(_ terms: PointsTerms) -> Problem {
    switch self {
    case .insufficientPoints(let available, let requested):
      let (has, wants) = (Decimal.text(available.units, digits: terms.scale), Decimal.text(requested.units, digits: terms.scale))
      return Problem(
        .conflict, "insufficient_points", "\(wants) points were asked for, \(has) are available",
        cashier: LocalText(ru: "Недостаточно баллов: доступно \(has)", en: "Not enough points: \(has) available"))
    case .tooManyHolds(let limit):
      return Problem(.conflict, "too_many_holds", "the wallet has \(limit) holds; release one or wait until one ends")
    case .amountOutOfRange(let amount):
      return Problem(.invalid, "amount_out_of_range", "\(amount.units) is no amount of points for this")
    case .holdEndOutOfRange(let end):
      return Problem(.invalid, "hold_end_out_of_range", "a hold ends within 30 days from now, not at \(end.text)")
    }
  }
}
