import Kernel

/// Reads what `WalletPen` wrote. Every number is bounded before it is used.
struct WalletEye {
  enum Fault: Error {
    case bytes(ByteReader.Damaged)
    case version(UInt8)
  }

  private var bytes: ByteReader
  private let length: Int
  private var time: Int64 = WalletPen.start
  private var id: Int64 = 0
  private var promotion: Int64 = 0
  /// Every amount read so far.
  private var total: UInt64 = 0

  init(_ document: [UInt8]) throws(Fault) {
    length = document.count
    do throws(ByteReader.Damaged) { bytes = try ByteReader(document) } catch { throw .bytes(error) }
    guard bytes.version == Wallet.documentVersion else { throw .version(bytes.version) }
  }

  private var malformed: Fault { .bytes(ByteReader.Damaged(offset: length)) }

  mutating func wallet() throws(Fault) -> Wallet {
    var wallet = Wallet()
    let sections = Wallet.Section(rawValue: try unsigned())
    guard sections.rawValue < 512 else { throw malformed }
    wallet.lastLot = try lotNumber()
    var previous = LotNumber.none
    for _ in 0..<(try count()) {
      wallet.lots.append(try lot(after: previous))
      previous = wallet.lots[wallet.lots.count - 1].number
    }
    if sections.contains(.history) { wallet.history = try history() }
    if sections.contains(.debt) { wallet.debt = try points() }
    if sections.contains(.status) { wallet.status = try points() }
    if sections.contains(.slides) { for family in LotFamily.allCases { wallet.slides[family] = try optionalInstant() } }
    if sections.contains(.holds) { for _ in 0..<(try count()) { wallet.holds.append(try hold()) } }
    if sections.contains(.tallies) { for _ in 0..<(try count()) { wallet.tallies.append(try tally()) } }
    if sections.contains(.departure) { wallet.departure = try departure() }
    if sections.contains(.guests) { for _ in 0..<(try count()) { wallet.guests.append(MemberID(try rawID())) } }
    if sections.contains(.loans) { for place in wallet.holds.indices { try loans(of: &wallet.holds[place]) } }
    guard bytes.isAtEnd else { throw malformed }
    return wallet
  }

  private mutating func lot(after previous: LotNumber) throws(Fault) -> Lot {
    let head = try byte()
    let step = try lotNumber().raw
    let (number, overflow) = previous.raw.addingReportingOverflow(step)
    guard !overflow else { throw malformed }
    let kind = try kind(head & 15)
    let phase = try phase(head & 15)
    let first = Lot.Share(origin: try origin(head >> 5), amount: try points())
    var lot = Lot(number: LotNumber(number), kind: kind, phase: phase, first: first)
    guard head & 16 != 0 else { return lot }
    for _ in 0..<(try count()) {
      let tag = try byte()
      lot.others.append(Lot.Share(origin: try origin(tag), amount: try points()))
    }
    return lot
  }

  private mutating func kind(_ tag: UInt8) throws(Fault) -> LotKind {
    switch tag / 5 {
    case 0: return .base
    case 1: return .promotional
    case 2: return .targeted(try scope())
    default: throw malformed
    }
  }

  private mutating func phase(_ tag: UInt8) throws(Fault) -> Lot.Phase {
    switch tag % 5 {
    case 0: return .pending(from: try instant(), life: try life())
    case 1: return .pending(from: nil, life: try life())
    case 2: return .active(.never)
    case 3: return .active(.at(try instant()))
    default: return .active(.sliding)
    }
  }

  private mutating func life() throws(Fault) -> Life {
    switch try byte() {
    case 0: return .forever
    case 1: return .days(try days())
    case 2: return .through(.month, later: try days())
    case 3: return .through(.quarter, later: try days())
    case 4: return .through(.year, later: try days())
    case 5: return .until(try day())
    case 6: return .sliding(days: try days())
    default: throw malformed
    }
  }

  private mutating func origin(_ tag: UInt8) throws(Fault) -> Origin {
    switch tag {
    case 0: return .receipt(ID(try rawID()))
    case 1: return .promotion(ID(try rawID()))
    case 2: return .opening(ID(try rawID()))
    case 3: return .adjustment(ID(try rawID()))
    case 4: return .various
    case 5: return .earned(ID(try rawID()), by: try scope())
    case 6: return .gift(ID(try rawID()))
    case 7: return .transfer(ID(try rawID()))
    default: throw malformed
    }
  }

  private mutating func departure() throws(Fault) -> Wallet.Departure {
    let (into, merge) = (MemberID(try rawID()), MergeID(try rawID()))
    return Wallet.Departure(into: into, merge: merge, shift: try lotNumber().raw)
  }

  private mutating func history() throws(Fault) -> History {
    var history = History()
    history.purchases = try signed()
    history.paid = Money(minor: try signed())
    history.first = try optionalInstant()
    history.last = try optionalInstant()
    return history
  }

  private mutating func hold() throws(Fault) -> Hold {
    let (id, ends) = (HoldID(try rawID()), try instant())
    var parts: [Hold.Part] = []
    for _ in 0..<(try count()) { parts.append(Hold.Part(lot: try lotNumber(), amount: try points())) }
    let store = StoreID(try signed())
    var uses: [Use] = []
    for _ in 0..<(try count()) { uses.append(Use(promotion: try scope(), day: try day(), given: try given())) }
    return Hold(id: id, ends: ends, parts: parts, store: store, uses: uses)
  }

  private mutating func loans(of hold: inout Hold) throws(Fault) {
    let borrower = try rawID()
    hold.borrower = borrower == 0 ? nil : MemberID(borrower)
    for _ in 0..<(try count()) { hold.lenders.append(MemberID(try rawID())) }
  }

  private mutating func tally() throws(Fault) -> Tally {
    var tally = Tally(promotion: try scope(), total: try given(), latest: [])
    for _ in 0..<(try count()) { tally.latest.append(Tally.Day(day: try day(), given: try given())) }
    return tally
  }

  private mutating func given() throws(Fault) -> Given {
    Given(uses: try signed(), money: Money(minor: try signed()), points: Points(units: try signed()))
  }

  // Numbers.

  private mutating func byte() throws(Fault) -> UInt8 {
    do throws(ByteReader.Damaged) { return try bytes.byte() } catch { throw .bytes(error) }
  }
  private mutating func unsigned() throws(Fault) -> UInt64 {
    do throws(ByteReader.Damaged) { return try bytes.unsigned() } catch { throw .bytes(error) }
  }
  private mutating func signed() throws(Fault) -> Int64 {
    do throws(ByteReader.Damaged) { return try bytes.signed() } catch { throw .bytes(error) }
  }
  private mutating func count() throws(Fault) -> Int {
    do throws(ByteReader.Damaged) { return try bytes.count() } catch { throw .bytes(error) }
  }

  private mutating func lotNumber() throws(Fault) -> LotNumber {
    guard let raw = UInt32(exactly: try unsigned()) else { throw malformed }
    return LotNumber(raw)
  }

  /// An amount that can be added to all others of the wallet within 64 bits.
  private mutating func points() throws(Fault) -> Points {
    let units = try signed()
    let (sum, overflow) = total.addingReportingOverflow(units.magnitude)
    guard !overflow, sum <= UInt64(Int64.max) / 4 else { throw malformed }
    total = sum
    return Points(units: units)
  }

  private mutating func days() throws(Fault) -> Int {
    let days = try unsigned()
    guard days <= 36_500 else { throw malformed }
    return Int(days)
  }

  private mutating func day() throws(Fault) -> CivilDay {
    let number = try signed()
    // Ten thousand years either way.
    guard number.magnitude <= 3_652_500 else { throw malformed }
    return CivilDay(number: Int32(number))
  }

  private mutating func instant() throws(Fault) -> Instant {
    let (seconds, overflow) = time.addingReportingOverflow(try signed())
    guard !overflow, seconds.magnitude <= 315_576_000_000 else { throw malformed }
    time = seconds
    return Instant(seconds: seconds)
  }

  private mutating func optionalInstant() throws(Fault) -> Instant? { try byte() == 0 ? nil : try instant() }

  private mutating func rawID() throws(Fault) -> Int64 {
    id = id &+ (try signed())
    return id
  }

  private mutating func scope() throws(Fault) -> PromotionID {
    promotion = promotion &+ (try signed())
    return PromotionID(promotion)
  }
}
