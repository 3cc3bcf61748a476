import Conditions
import Cube
import Customers
import Kernel
import Loyalty
import Storage

/// Every member of a programme as segments ask of them, in memory: about 150 bytes each and what their attributes take.
///
/// Read once and then kept up by who changed. Erased members are not among them; blocked ones are.
struct MemberRegister: Sendable {
  struct Entry: Sendable {
    let id: Int64
    let kind: MemberKind
    let sex: Person.Sex?
    let birthday: CivilDay?
    let joinedAt: Instant
    /// Folded as cities are compared.
    let city: String?
    let tier: TierID?
    let segments: [SegmentID]
    let attributes: [String: AttributeValue]
    let consents: Consents
    /// What can be written to or called.
    let addresses: Addresses
    let identifiers: HeldIdentifiers
    let isBlocked: Bool
    /// Whom the member pools points with, and how many they are; nobody and 0 for nearly everybody.
    let household: HouseholdID?
    fileprivate(set) var householdSize: Int64 = 0
  }

  struct Addresses: OptionSet, Sendable {
    let rawValue: UInt8
    static let phone = Addresses(rawValue: 1)
    static let email = Addresses(rawValue: 2)
  }

  /// In the order of their ids.
  private(set) var entries: [Entry] = []

  /// Something of every entry, for each member of a cube: by roll, as `Cube.everyRoll` has them, and place. One walk beside each roll;
  /// both are in the order of ids.
  /// - Parameter other: of members who are not registered any more.
  func spread<Value>(_ ofEntry: [Value], over cube: Cube, other: Value) -> [[Value]] {
    cube.everyRoll.map { roll in
      var next = 0
      return (0..<(roll.isAnonymous ? 0 : roll.members)).map { place in
        let id = roll.memberID(at: place)
        while next < entries.count, entries[next].id < id { next += 1 }
        return next < entries.count && entries[next].id == id ? ofEntry[next] : other
      }
    }
  }

  /// Those who were members by the end of a day.
  func joined(by day: CivilDay, _ zone: Zone) -> MemberRegister {
    let end = zone.instant(day.adding(days: 1))
    guard entries.contains(where: { $0.joinedAt >= end }) else { return self }
    var then = self
    then.entries.removeAll { $0.joinedAt >= end }
    return then
  }

  /// One statement for each thousand members.
  static func read(_ programme: Programme, at now: Instant, on database: any Database) async throws -> MemberRegister {
    var register = MemberRegister()
    var last: MemberID?
    while true {
      let after = last
      let page = try await database.read { tx -> (all: [MemberID], entries: [Entry]) in
        let members = try programme.members.all(after: after, limit: Limits.bulk, in: &tx)
        return (members.map(\.id), try entries(members.map(\.id), programme, now, &tx))
      }
      register.entries += page.entries
      guard let end = page.all.last else { break }
      last = end
    }
    register.entries.sort { $0.id < $1.id }
    register.countHouseholds()
    return register
  }

  /// Whoever joins a household makes it larger for all who are in it.
  private mutating func countHouseholds() {
    var sizes: [HouseholdID: Int64] = [:]
    for entry in entries { if let household = entry.household { sizes[household, default: 0] += 1 } }
    for place in entries.indices where entries[place].household != nil || entries[place].householdSize > 0 {
      entries[place].householdSize = entries[place].household.flatMap { sizes[$0] } ?? 0
    }
  }

  /// This register with what is so now of some members.
  func renewed(_ members: Set<Int64>, _ programme: Programme, at now: Instant, on database: any Database) async throws
    -> MemberRegister
  {
    var fresh: [Int64: Entry] = [:]
    let ids = members.map { MemberID($0) }
    for start in stride(from: 0, to: ids.count, by: Limits.bulk) {
      let some = Array(ids[start..<min(start + Limits.bulk, ids.count)])
      for entry in try await database.read({ tx in try Self.entries(some, programme, now, &tx) }) { fresh[entry.id] = entry }
    }
    var next = self
    next.entries.removeAll { members.contains($0.id) }
    next.entries += fresh.values
    next.entries.sort { $0.id < $1.id }
    next.countHouseholds()
    return next
  }

  private static func entries(_ ids: [MemberID], _ programme: Programme, _ now: Instant, _ tx: inout Transaction) throws -> [Entry]
  {
    let identifiers = Identifiers(of: programme.account, programme: programme.id)
    let kinds = try identifiers.proofs(of: ids, in: &tx)
    return try programme.members.profiles(ids, at: now, in: &tx).values.compactMap { profile in
      let member = profile.member
      // Whoever was merged is somebody else now.
      guard member.status != .erased, member.mergedInto == nil else { return nil }
      let person = member.person
      return Entry(
        id: member.id.raw, kind: member.kind, sex: person?.sex, birthday: person?.birthday, joinedAt: member.joinedAt,
        city: person?.city.map(folded), tier: profile.tier, segments: profile.segments,
        attributes: person?.attributes.values ?? [:],
        consents: profile.consents, addresses: Addresses(Set((kinds[member.id] ?? [:]).keys)),
        identifiers: HeldIdentifiers(kinds[member.id] ?? [:]), isBlocked: member.status == .blocked,
        household: profile.household)
    }
  }
}

extension MemberRegister.Entry {
  /// - Parameter today: the day as of which is asked.
  func answers(_ condition: SegmentCondition, today: CivilDay, zone: Zone) -> Bool {
    switch condition {
    case .sex(let wanted): sex?.rawValue == wanted.rawValue
    case .age(let bounds): birthday.map { bounds.contains(Self.age($0, on: today)) } ?? false
    case .cities(let names): city.map { names.map(folded).contains($0) } ?? false
    case .joined(let bounds): bounds.contains(Int64(today - zone.civil(at: joinedAt).day))
    case .identified(let kinds, let isVerified): identifiers.hasAny(of: kinds, isVerified: isVerified)
    case .random(let share, let salt): Self.lot(id, salt) < UInt64(share.ppm)
    case .member(let condition): answers(condition, today)
    default: preconditionFailure("what people bought is asked of the cube, and what they did of their events")
    }
  }

  private func answers(_ condition: Condition, _ today: CivilDay) -> Bool {
    switch condition {
    case .memberKinds(let kinds): kinds.contains(kind)
    case .tiers(let tiers): tier.map { tiers.raws.contains($0.raw) } ?? false
    case .segments(let wanted): segments.contains { wanted.raws.contains($0.raw) }
    case .memberAttribute(let name, let comparison): comparison.holds(for: attributes[name])
    case .consents(let wanted): wanted.contains { consents.contains($0) }
    case .birthday(let before, let after): hasBirthday(before, after, today)
    case .household(let bounds): householdSize > 0 && bounds.contains(householdSize)
    default: false
    }
  }

  /// Of this year and its neighbours, so that a window over New Year holds. 29 February is the 28th in other years.
  private func hasBirthday(_ before: Int, _ after: Int, _ today: CivilDay) -> Bool {
    guard let (_, month, day) = birthday?.parts else { return false }
    let year = today.parts.year
    return [year - 1, year, year + 1].contains { year in
      guard let date = CivilDay(year: year, month: month, day: day) ?? CivilDay(year: year, month: month, day: 28) else {
        return false
      }
      return today >= date.adding(days: -before) && today <= date.adding(days: after)
    }
  }

  static func age(_ birthday: CivilDay, on day: CivilDay) -> Int64 {
    let (born, now) = (birthday.parts, day.parts)
    let isBefore = (now.month, now.day) < (born.month, born.day)
    return Int64(now.year - born.year - (isBefore ? 1 : 0))
  }

  /// 0 … 999,999, the same for the same member and salt.
  private static func lot(_ id: Int64, _ salt: String) -> UInt64 {
    var hash = StableHash()
    hash.mix(salt)
    hash.mix(id)
    return hash.value % 1_000_000
  }
}
