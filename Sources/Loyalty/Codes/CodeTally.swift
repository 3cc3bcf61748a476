import Kernel
import Storage

/// Sums of a round by series and part of it – a day, a month, 0 for the series as a whole –, equally many of each.
///
/// They lie flat: a place takes some 45 bytes and each sum eight. For 5,000 series over three years that is 30 MB of days of coupons where a
/// series has 90 of them (three sums each), and 24 MB of months of certificates where it has all 36 (eleven sums each).
struct CodeTally: Sendable {
  struct Place: Hashable, Comparable, Sendable {
    let series: Int64
    let part: Int64

    static func < (a: Place, b: Place) -> Bool { (a.series, a.part) < (b.series, b.part) }
  }

  let width: Int
  private var begins: [Place: Int] = [:]
  private var sums: [Int64] = []

  init(width: Int) { self.width = width }

  /// - Precondition: there are `width` values.
  mutating func add(_ values: some Collection<Int64>, to series: Int64, _ part: Int64 = 0) {
    precondition(values.count == width, "sums of one tally are equally many")
    let place = Place(series: series, part: part)
    guard let begin = begins[place] else {
      begins[place] = sums.count
      sums += values
      return
    }
    for (offset, value) in values.enumerated() { sums[begin + offset] += value }
  }

  mutating func add(_ other: CodeTally) {
    for (place, begin) in other.begins { add(other.sums[begin..<begin + width], to: place.series, place.part) }
  }

  /// Nil where nothing was counted.
  subscript(series: Int64, part: Int64 = 0) -> [Int64]? {
    begins[Place(series: series, part: part)].map { Array(sums[$0..<$0 + width]) }
  }

  /// In their order. - Parameter isMeant: by the series.
  func places(where isMeant: (Int64) -> Bool) -> [Place] { begins.keys.filter { isMeant($0.series) }.sorted() }

  /// What has to be written so that the rows of a programme say what was counted.
  /// - Parameters:
  ///   - places: those that are to be there, in their order.
  ///   - kept: selects what is there: series, part and the sums, in the order of the first two.
  ///   - always: written whatever was there.
  func changes(
    at places: [Place], of programme: ProgrammeID, against kept: SQL, always: (Place) -> Bool = { _ in false },
    in tx: inout Transaction
  ) throws -> [CodeChange] {
    var changes: [CodeChange] = []
    var next = 0
    func sums(_ place: Place) -> [Int64] { self[place.series, place.part] ?? [Int64](repeating: 0, count: width) }
    func add(_ place: Place, _ wasThere: Bool, _ sums: [Int64]?) {
      changes.append(CodeChange(programme: programme, place: place, wasThere: wasThere, sums: sums))
    }
    try tx.each(kept) { row in
      let place = Place(series: row.int(0), part: row.int(1))
      while next < places.count, places[next] < place {
        add(places[next], false, sums(places[next]))
        next += 1
      }
      guard next < places.count, places[next] == place else { return add(place, true, nil) }
      let counted = sums(place)
      let isOther = counted.indices.contains { row.int(2 + $0) != counted[$0] }
      if isOther || always(place) { add(place, true, counted) }
      next += 1
    }
    for place in places[next...] { add(place, false, sums(place)) }
    return changes
  }
}

/// A row of what a count keeps that is no longer as it was.
struct CodeChange: Sendable {
  /// Written in one transaction: a tenth of a second.
  static var step: Int { 2_000 }

  let programme: ProgrammeID
  let place: CodeTally.Place
  let wasThere: Bool
  /// Nil where the row goes.
  let sums: [Int64]?
}
