import Calculator
import Kernel
import Storage

/// The compact forms of what a receipt keeps besides its lines. Version 1 each.
enum TraceDocument {
  static func write(_ steps: [TraceStep]) -> [UInt8] {
    var pen = ByteWriter(version: 1, reserving: 12 * steps.count + 4)
    pen.count(steps.count)
    var promotion: Int64 = -1
    for step in steps {
      // Kind and notes share two bytes at most; most steps have few notes, and most rates are whole tenths of a percent.
      pen.unsigned(UInt64(step.kind.rawValue) | UInt64(step.notes.rawValue) << 3)
      pen.unsigned(UInt64(step.line))
      pen.signed(Int64(step.promotion) - promotion)
      promotion = Int64(step.promotion)
      pen.signed(step.base)
      pen.signed(step.amount)
      let isRound = step.rate % 1000 == 0
      pen.signed(isRound ? step.rate / 1000 << 1 : step.rate << 1 | 1)
    }
    return pen.bytes
  }

  static func read(_ document: [UInt8]) throws -> [TraceStep] {
    do {
      var eye = try ByteReader(document)
      var promotion: Int64 = -1
      var steps: [TraceStep] = []
      for _ in 0..<(try eye.count()) {
        let head = try eye.unsigned()
        let line = try eye.unsigned()
        promotion += try eye.signed()
        let base = try eye.signed()
        let amount = try eye.signed()
        let rate = try eye.signed()
        guard let kind = TraceStep.Kind(rawValue: UInt8(head & 7)), line < UInt64(Limits.lines), head < 1 << 11,
          promotion >= -1, promotion < Int64(Limits.promotions)
        else { throw ByteReader.Damaged(offset: 0) }
        steps.append(
          TraceStep(
            kind: kind, line: Int(line), promotion: Int(promotion), base: base,
            rate: rate & 1 == 0 ? (rate >> 1) * 1000 : rate >> 1,
            amount: amount, notes: TraceNotes(rawValue: UInt8(head >> 3))))
      }
      return steps
    } catch let damage as ByteReader.Damaged {
      throw StorageFailure.damaged("receipt.trace cannot be read near byte \(damage.offset)")
    }
  }
}

extension ReceiptPoints {
  var document: [UInt8] {
    var pen = PointsPen()
    pen.write(self)
    return pen.bytes.bytes
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

struct PointsPen {
  var bytes = ByteWriter(version: 1, reserving: 64)
  private var last: Int64 = 0

  private mutating func id(_ raw: Int64) {
    bytes.signed(raw &- last)
    last = raw
  }

  mutating func write(_ points: ReceiptPoints) {
    bytes.count(points.earned.count)
    for earned in points.earned {
      write(earned.kind)
      bytes.signed(earned.amount.units)
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
    }
    bytes.signed(burn.amount.units)
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
    guard bytes.version == 1 else { throw ByteReader.Damaged(offset: 0) }
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
      points.earned.append(Earned(try amount(), kind: kind))
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
    return points
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
    default: throw damage
    }
    return Burn(lot: LotNumber(lot), kind: kind, expiry: expiry, origin: origin, amount: try amount())
  }
}
