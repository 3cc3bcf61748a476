import Kernel

/// A wallet's document cannot be read.
public enum WalletDamage: Error, Hashable, Sendable {
  case unknownVersion(UInt8)
  /// The bytes end early, run over, or hold a number that cannot be.
  case malformed(offset: Int)
  /// The bytes can be read, but no wallet is like that.
  case unsound(String)
}

// A wallet of version 1, every number a LEB128 integer, signed ones zig-zag:
//
//   1                          version
//   sections                   which of the optional parts below are there, see `Section`
//   last lot number
//   lots: count, then each     head byte: kind × 5 + phase in bits 0–3, "has others" in bit 4, tag of the origin in bits 5–7
//                              number less the one before · scope of a targeted lot · times · origin · amount · other shares
//   [history] [debt] [status] [slides] [holds] [tallies] [departure] [guests] [loans]
//
// Loans stand behind everything for each hold of a household in the order of the holds: borrower or 0, and the lenders.
//
// Times are whole seconds less the time before them in the document, ids less the id of their kind before them: neighbours are
// alike, and a member of five lots takes about a hundred bytes.

extension Wallet {
  static var documentVersion: UInt8 { 1 }

  struct Section: OptionSet {
    let rawValue: UInt64
    static var history: Section { Section(rawValue: 1) }
    static var debt: Section { Section(rawValue: 2) }
    static var status: Section { Section(rawValue: 4) }
    static var slides: Section { Section(rawValue: 8) }
    static var holds: Section { Section(rawValue: 16) }
    static var tallies: Section { Section(rawValue: 32) }
    static var departure: Section { Section(rawValue: 64) }
    static var guests: Section { Section(rawValue: 128) }
    static var loans: Section { Section(rawValue: 256) }
  }

  private var sections: Section {
    var sections: Section = []
    if history != History() { sections.insert(.history) }
    if debt != .zero { sections.insert(.debt) }
    if status != .zero { sections.insert(.status) }
    if slides != Slides() { sections.insert(.slides) }
    if !holds.isEmpty { sections.insert(.holds) }
    if !tallies.isEmpty { sections.insert(.tallies) }
    if departure != nil { sections.insert(.departure) }
    if !guests.isEmpty { sections.insert(.guests) }
    if holds.contains(where: \.isHouseholds) { sections.insert(.loans) }
    return sections
  }

  /// The compact form that is stored. Reading it gives an equal wallet.
  public var document: [UInt8] {
    var pen = WalletPen(version: Self.documentVersion)
    let sections = sections
    pen.bytes.unsigned(sections.rawValue)
    pen.bytes.unsigned(UInt64(lastLot.raw))
    pen.bytes.count(lots.count)
    var previous = LotNumber.none
    for lot in lots {
      pen.write(lot, after: previous)
      previous = lot.number
    }
    if sections.contains(.history) { pen.write(history) }
    if sections.contains(.debt) { pen.write(debt) }
    if sections.contains(.status) { pen.write(status) }
    if sections.contains(.slides) { for family in LotFamily.allCases { pen.writeOptional(slides[family]) } }
    if sections.contains(.holds) {
      pen.bytes.count(holds.count)
      for hold in holds { pen.write(hold) }
    }
    if sections.contains(.tallies) {
      pen.bytes.count(tallies.count)
      for tally in tallies { pen.write(tally) }
    }
    if let departure { pen.write(departure) }
    if !guests.isEmpty {
      pen.bytes.count(guests.count)
      for guest in guests { pen.write(id: guest.raw) }
    }
    if sections.contains(.loans) { for hold in holds { pen.write(loansOf: hold) } }
    return pen.bytes.bytes
  }

  public init(document: [UInt8]) throws(WalletDamage) {
    do {
      var eye = try WalletEye(document)
      self = try eye.wallet()
    } catch {
      switch error {
      case .bytes(let damage): throw .malformed(offset: damage.offset)
      case .version(let version): throw .unknownVersion(version)
      }
    }
    if let fault { throw .unsound(fault) }
  }
}

/// Writes the parts of a wallet, each number as its difference from the last of its sort.
struct WalletPen {
  var bytes: ByteWriter
  private var time: Int64 = WalletPen.start
  private var id: Int64 = 0
  private var promotion: Int64 = 0

  /// 2026-01-01T00:00:00Z, so that the first time of a document is short.
  static var start: Int64 { 1_767_225_600 }

  init(version: UInt8) { bytes = ByteWriter(version: version, reserving: 160) }

  mutating func write(_ amount: Points) { bytes.signed(amount.units) }

  mutating func write(_ instant: Instant) {
    bytes.signed(instant.seconds - time)
    time = instant.seconds
  }

  mutating func writeOptional(_ instant: Instant?) {
    bytes.byte(instant == nil ? 0 : 1)
    if let instant { write(instant) }
  }

  mutating func write(id raw: Int64) {
    bytes.signed(raw &- id)
    id = raw
  }

  mutating func write(_ promotion: PromotionID) {
    bytes.signed(promotion.raw &- self.promotion)
    self.promotion = promotion.raw
  }

  mutating func write(_ lot: Lot, after previous: LotNumber) {
    let (kind, phase) = (kindTag(lot.kind), phaseTag(lot.phase))
    bytes.byte(kind * 5 + phase | (lot.others.isEmpty ? 0 : 16) | originTag(lot.first.origin) << 5)
    bytes.unsigned(UInt64(lot.number.raw - previous.raw))
    if case .targeted(let scope) = lot.kind { write(scope) }
    switch lot.phase {
    case .pending(let from, let life):
      if let from { write(from) }
      write(life)
    case .active(.at(let end)): write(end)
    case .active(.never), .active(.sliding): break
    }
    write(lot.first.origin)
    write(lot.first.amount)
    guard !lot.others.isEmpty else { return }
    bytes.count(lot.others.count)
    for share in lot.others {
      bytes.byte(originTag(share.origin))
      write(share.origin)
      write(share.amount)
    }
  }

  private mutating func write(_ life: Life) {
    switch life {
    case .forever: bytes.byte(0)
    case .days(let days):
      bytes.byte(1)
      bytes.count(days)
    case .through(let period, let later):
      let tag: UInt8 =
        switch period {
        case .month: 2
        case .quarter: 3
        case .year: 4
        }
      bytes.byte(tag)
      bytes.count(later)
    case .until(let day):
      bytes.byte(5)
      bytes.signed(Int64(day.number))
    case .sliding(let days):
      bytes.byte(6)
      bytes.count(days)
    }
  }

  private mutating func write(_ origin: Origin) {
    switch origin {
    case .receipt(let id): write(id: id.raw)
    case .promotion(let id): write(id: id.raw)
    case .opening(let id): write(id: id.raw)
    case .adjustment(let id): write(id: id.raw)
    case .gift(let id): write(id: id.raw)
    case .transfer(let id): write(id: id.raw)
    case .earned(let id, let promotion):
      write(id: id.raw)
      write(promotion)
    case .various: break
    }
  }

  mutating func write(_ history: History) {
    bytes.signed(history.purchases)
    bytes.signed(history.paid.minor)
    writeOptional(history.first)
    writeOptional(history.last)
  }

  mutating func write(_ departure: Wallet.Departure) {
    write(id: departure.into.raw)
    write(id: departure.merge.raw)
    bytes.unsigned(UInt64(departure.shift))
  }

  mutating func write(_ hold: Hold) {
    write(id: hold.id.raw)
    write(hold.ends)
    bytes.count(hold.parts.count)
    for part in hold.parts {
      bytes.unsigned(UInt64(part.lot.raw))
      write(part.amount)
    }
    bytes.signed(hold.store.raw)
    bytes.count(hold.uses.count)
    for use in hold.uses {
      write(use.promotion)
      bytes.signed(Int64(use.day.number))
      write(use.given)
    }
  }

  mutating func write(loansOf hold: Hold) {
    write(id: hold.borrower?.raw ?? 0)
    bytes.count(hold.lenders.count)
    for lender in hold.lenders { write(id: lender.raw) }
  }

  mutating func write(_ tally: Tally) {
    write(tally.promotion)
    write(tally.total)
    bytes.count(tally.latest.count)
    for day in tally.latest {
      bytes.signed(Int64(day.day.number))
      write(day.given)
    }
  }

  private mutating func write(_ given: Given) {
    bytes.signed(given.uses)
    bytes.signed(given.money.minor)
    bytes.signed(given.points.units)
  }

  private func kindTag(_ kind: LotKind) -> UInt8 {
    switch kind {
    case .base: 0
    case .promotional: 1
    case .targeted: 2
    }
  }

  private func phaseTag(_ phase: Lot.Phase) -> UInt8 {
    switch phase {
    case .pending(.some, _): 0
    case .pending(nil, _): 1
    case .active(.never): 2
    case .active(.at): 3
    case .active(.sliding): 4
    }
  }

  private func originTag(_ origin: Origin) -> UInt8 {
    switch origin {
    case .receipt: 0
    case .promotion: 1
    case .opening: 2
    case .adjustment: 3
    case .various: 4
    case .earned: 5
    case .gift: 6
    case .transfer: 7
    }
  }
}
