import Calculator
import Conditions
import Cube
import Customers
import Kernel
import Loyalty

/// Members told apart by what a question asks of them: everybody of whom the same is true is of one sort.
///
/// One pass over the members, and one over each roll beside it; both are in the order of ids. Four bytes for each member.
struct PeopleSorts: Sendable {
  static let dimensions = scored.union(origins).union([.sex, .age, .home, .joined, .segment, .group])
  /// Those that need every member's marks.
  static let scored: Set<Dimension> = [.recency, .frequency, .monetary, .rfm]
  /// Those that need to know whence members came first.
  static let origins: Set<Dimension> = [.firstSource, .firstCampaign]
  /// The first year of each band.
  static let ages = [0, 18, 25, 35, 45, 55, 65]

  private struct Sort: Hashable {
    var words: [String]
    var segments: [SegmentID] = []
    var several: [[String]] = []
  }

  private let sorts: [[UInt32]]
  /// Of every member that is registered, by their ids in order: whoever never bought has no place in a roll.
  private let ofMember: (ids: [Int64], sorts: [UInt32])
  private let tables: [DimensionTable]
  private let count: Int

  init(
    _ wanted: Set<Dimension>, _ register: MemberRegister, _ segments: [SegmentID: String], _ programme: Programme, at now: Instant,
    _ cube: Cube, marks: [Int64: RFMMarks.Mark] = [:], origins: FirstVisits = FirstVisits()
  ) {
    var words = Words(zone: programme.settings.points.zone, control: programme.settings.terms.control, now: now)
    (words.marks, words.origins) = (marks, origins)
    let several = wanted.filter { $0.isMany && $0 != .segment }.sorted { $0.rawValue < $1.rawValue }
    let single = wanted.filter { !$0.isMany }.sorted { $0.rawValue < $1.rawValue }
    let nothing = Sort(words: single.map { _ in "" }, several: several.map { _ in [] })
    // Nobody; whoever is not registered any more.
    var (known, places) = ([nothing, nothing], [Sort: UInt32]())
    let ofEntry = register.entries.map { entry -> UInt32 in
      var sort = Sort(words: single.map { words.word($0, entry) })
      if wanted.contains(.segment) { sort.segments = entry.segments }
      sort.several = several.map { dimension in
        if case .list(let codes)? = dimension.attribute.flatMap({ entry.attributes[$0] }) { codes } else { [] }
      }
      if let place = places[sort] { return place }
      places[sort] = UInt32(known.count)
      known.append(sort)
      return UInt32(known.count - 1)
    }
    sorts = register.spread(ofEntry, over: cube, other: 1)
    ofMember = (register.entries.map(\.id), ofEntry)
    count = known.count
    var tables = single.enumerated().map { place, dimension in Self.table(dimension, known.map { $0.words[place] }) }
    if wanted.contains(.segment) {
      tables.append(CubeFrames.table(.segment, sets: known.map { sort in sort.segments.compactMap { segments[$0] } }))
    }
    tables += several.enumerated().map { place, dimension in CubeFrames.table(dimension, sets: known.map { $0.several[place] }) }
    self.tables = tables
  }

  /// Marks have all their words, so that a filter may name one that nobody has in these days.
  private static func table(_ dimension: Dimension, _ words: [String]) -> DimensionTable {
    let all =
      switch dimension {
      case .recency: (1...5).map { "R\($0)" }
      case .frequency: (1...5).map { "F\($0)" }
      case .monetary: (1...5).map { "M\($0)" }
      case .rfm: (1...5).flatMap { recency in (1...5).map { "R\(recency) F\($0)" } }
      default: [String]()
      }
    var table = CubeFrames.table(dimension, words + all)
    table.codes = Array(table.codes.prefix(words.count))
    return table
  }

  /// Of a member, by halving; of whoever is not registered any more it is that of all those.
  func sort(of member: Int64) -> UInt32 {
    var (low, high) = (0, ofMember.ids.count)
    while low < high {
      let middle = (low + high) / 2
      if ofMember.ids[middle] < member { low = middle + 1 } else { high = middle }
    }
    return low < ofMember.ids.count && ofMember.ids[low] == member ? ofMember.sorts[low] : 1
  }

  func set(in frame: inout CubeFrame) {
    frame.setMembers(sorts, count: count)
    for table in tables { frame.set(table) }
  }

  /// What a member is called by each dimension.
  private struct Words {
    let zone: Zone
    let control: ControlGroup?
    let now: Instant
    let today: CivilDay
    var marks: [Int64: RFMMarks.Mark] = [:]
    var origins = FirstVisits()

    init(zone: Zone, control: ControlGroup?, now: Instant) {
      (self.zone, self.control, self.now, today) = (zone, control, now, zone.civil(at: now).day)
    }

    func word(_ dimension: Dimension, _ entry: MemberRegister.Entry) -> String {
      switch dimension {
      case .sex: entry.sex?.rawValue ?? ""
      case .age: entry.birthday.map { PeopleSorts.band(MemberRegister.Entry.age($0, on: today)) } ?? ""
      case .home: entry.city ?? ""
      case .joined: String("\(zone.civil(at: entry.joinedAt).day)".prefix(7))
      case .group: control.map { $0.contains(MemberID(entry.id), at: now) ? "control" : "served" } ?? ""
      case .attribute(let code): Self.word(entry.attributes[code])
      case .firstSource: origins.source(of: entry.id).map { $0.name } ?? ""
      case .firstCampaign: origins.source(of: entry.id).map { $0.campaign } ?? ""
      case .recency: marks[entry.id].map { "R\($0.recency)" } ?? ""
      case .frequency: marks[entry.id].map { "F\($0.frequency)" } ?? ""
      case .monetary: marks[entry.id].map { "M\($0.money)" } ?? ""
      case .rfm: marks[entry.id].map { "R\($0.recency) F\($0.frequency)" } ?? ""
      default: ""
      }
    }

    private static func word(_ value: AttributeValue?) -> String {
      switch value {
      case .text(let code)?: code
      case .flag(let flag)?: flag ? "yes" : "no"
      case .number?, .day?, .list?, nil: ""
      }
    }
  }

  /// Bands are as wide as two digits, so that their words are in order.
  private static func band(_ age: Int64) -> String {
    let place = ages.lastIndex { $0 <= max(0, age) } ?? 0
    guard place + 1 < ages.count else { return "\(ages[place])+" }
    return (ages[place] < 10 ? "0" : "") + "\(ages[place])–\(ages[place + 1] - 1)"
  }
}
