import Calculator
import Kernel
import Storage

extension ReceiptPoints {
  var document: [UInt8] {
    var pen = PointsPen(version: version)
    pen.write(self)
    return pen.bytes.bytes
  }

  private var version: UInt8 {
    if spending.burns.contains(where: { $0.lender != nil }) { return 4 }
    return earned.contains { $0.promotion != nil } ? 3 : status == .zero ? 1 : 2
  }

  /// - Throws: `StorageFailure.damaged`.
  init(document: [UInt8]) throws {
    do {
      var eye = try PointsEye(document)
      self = try eye.points()
    } catch let damage as ByteReader.Damaged {
      throw StorageFailure.damaged("receipt.points cannot be read near byte \(damage.offset)")
    }
  }
}

// Version 1 has no status points; version 2 ends with them. Version 3 ends with them as well, and says of points that came by a
// promotion of a course of its own which it was, and the days. Version 4 is 3 with whose each burnt lot was, 0 for the buyer's own.
// Documents that need no more are written as version 1, so that they stay short and the program before this one can read them.
struct PointsPen {
  var bytes: ByteWriter
  private let version: UInt8
  private var last: Int64 = 0

  init(version: UInt8) {
    self.version = version
    bytes = ByteWriter(version: version, reserving: 64)
  }

  private mutating func id(_ raw: Int64) {
    bytes.signed(raw &- last)
    last = raw
  }

  mutating func write(_ points: ReceiptPoints) {
    bytes.count(points.earned.count)
    for earned in points.earned {
      write(earned.kind)
      bytes.signed(earned.amount.units)
      if version >= 3 { write(earned) }
    }
    let spending = points.spending
    bytes.count(spending.burns.count)
    for burn in spending.burns { write(burn) }
    for part in [spending.debt, spending.late, spending.discrepancy] { bytes.signed(part.units) }
    bytes.count(points.uses.count)
    for use in points.uses {
      id(use.promotion.raw)
      bytes.signed(Int64(use.day.number))
      bytes.signed(use.given.uses)
      bytes.signed(use.given.money.minor)
      bytes.signed(use.given.points.units)
    }
    for family in LotFamily.allCases { bytes.signed(points.slides[family]?.seconds ?? 0) }
    if version >= 3 || points.status != .zero { bytes.signed(points.status.units) }
  }

  private mutating func write(_ earned: Earned) {
    bytes.byte(earned.promotion == nil ? 0 : 1)
    guard let promotion = earned.promotion else { return }
    id(promotion.raw)
    for day in [earned.days.from, earned.days.until] {
      bytes.byte(day == nil ? 0 : 1)
      if let day { bytes.signed(Int64(day.number)) }
    }
  }

  private mutating func write(_ kind: LotKind) {
    switch kind {
    case .base: bytes.byte(0)
    case .promotional: bytes.byte(1)
    case .targeted(let scope):
      bytes.byte(2)
      id(scope.raw)
    }
  }

  private mutating func write(_ burn: Burn) {
    bytes.unsigned(UInt64(burn.lot.raw))
    write(burn.kind)
    switch burn.expiry {
    case .never: bytes.byte(0)
    case .sliding: bytes.byte(1)
    case .at(let time):
      bytes.byte(2)
      bytes.signed(time.seconds)
    }
    switch burn.origin {
    case .various: bytes.byte(0)
    case .receipt(let origin): tagged(1, origin.raw)
    case .promotion(let origin): tagged(2, origin.raw)
    case .opening(let origin): tagged(3, origin.raw)
    case .adjustment(let origin): tagged(4, origin.raw)
    case .gift(let origin): tagged(6, origin.raw)
    case .transfer(let origin): tagged(7, origin.raw)
    case .earned(let origin, let promotion):
      tagged(5, origin.raw)
      id(promotion.raw)
    }
    bytes.signed(burn.amount.units)
    if version >= 4 { id(burn.lender?.raw ?? 0) }
  }

  private mutating func tagged(_ tag: UInt8, _ raw: Int64) {
    bytes.byte(tag)
    id(raw)
  }
}

struct PointsEye {
  private var bytes: ByteReader
  private var last: Int64 = 0
  private let length: Int

  init(_ document: [UInt8]) throws {
    bytes = try ByteReader(document)
    length = document.count
    guard (1...4).contains(bytes.version) else { throw ByteReader.Damaged(offset: 0) }
  }

  private var damage: ByteReader.Damaged { ByteReader.Damaged(offset: length) }

  private mutating func id<T: Identified>(_: T.Type = T.self) throws -> ID<T> {
    last = last &+ (try bytes.signed())
    return ID(last)
  }

  private mutating func amount() throws -> Points { Points(units: try bytes.signed()) }

  mutating func points() throws -> ReceiptPoints {
    var points = ReceiptPoints()
    for _ in 0..<(try bytes.count()) {
      let kind = try kind()
      points.earned.append(try earned(try amount(), kind))
    }
    for _ in 0..<(try bytes.count()) { points.spending.burns.append(try burn()) }
    points.spending.debt = try amount()
    points.spending.late = try amount()
    points.spending.discrepancy = try amount()
    for _ in 0..<(try bytes.count()) {
      let promotion: PromotionID = try id()
      guard let day = Int32(exactly: try bytes.signed()) else { throw damage }
      let given = Given(uses: try bytes.signed(), money: Money(minor: try bytes.signed()), points: try amount())
      points.uses.append(Use(promotion: promotion, day: CivilDay(number: day), given: given))
    }
    for family in LotFamily.allCases {
      let seconds = try bytes.signed()
      points.slides[family] = seconds == 0 ? nil : Instant(seconds: seconds)
    }
    if bytes.version >= 2 { points.status = try amount() }
    return points
  }

  private mutating func earned(_ amount: Points, _ kind: LotKind) throws -> Earned {
    guard bytes.version >= 3, try bytes.byte() == 1 else { return Earned(amount, kind: kind) }
    let promotion: PromotionID = try id()
    let (from, until) = (try day(), try day())
    return Earned(amount, kind: kind, by: promotion, LotDays(from: from, until: until))
  }

  private mutating func day() throws -> CivilDay? {
    guard try bytes.byte() == 1 else { return nil }
    guard let number = Int32(exactly: try bytes.signed()) else { throw damage }
    return CivilDay(number: number)
  }

  private mutating func kind() throws -> LotKind {
    switch try bytes.byte() {
    case 0: return .base
    case 1: return .promotional
    case 2: return .targeted(try id())
    default: throw damage
    }
  }

  private mutating func burn() throws -> Burn {
    guard let lot = UInt32(exactly: try bytes.unsigned()) else { throw damage }
    let kind = try kind()
    let expiry: Expiry
    switch try bytes.byte() {
    case 0: expiry = .never
    case 1: expiry = .sliding
    case 2: expiry = .at(Instant(seconds: try bytes.signed()))
    default: throw damage
    }
    let origin: Origin
    switch try bytes.byte() {
    case 0: origin = .various
    case 1: origin = .receipt(try id())
    case 2: origin = .promotion(try id())
    case 3: origin = .opening(try id())
    case 4: origin = .adjustment(try id())
    case 5: origin = .earned(try id(), by: try id())
    case 6: origin = .gift(try id())
    case 7: origin = .transfer(try id())
    default: throw damage
    }
    var burn = Burn(lot: LotNumber(lot), kind: kind, expiry: expiry, origin: origin, amount: try amount())
    guard bytes.version >= 4 else { return burn }
    let lender: MemberID = try id()
    if lender != MemberID(0) { burn.lender = lender }
    return burn
  }
}
