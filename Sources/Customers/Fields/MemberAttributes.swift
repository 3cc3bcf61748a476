import Access
import Conditions
import Jobs
import Kernel
import Storage

/// What the members of a programme have of the account's fields. Whatever brings attributes – a form, a till, a file, an action on many –
/// comes through here, so that what is defined is checked everywhere alike.
struct MemberAttributes {
  private let members: Members

  init(of members: Members) { self.members = members }

  private var book: FieldBook { FieldBook(of: members.account) }

  /// Of members who are new. Costs nothing where nobody brings attributes.
  func accepted(_ rows: [MemberDetails], in tx: inout Transaction) throws -> [MemberDetails] {
    let brought = rows.map(\.person.attributes).filter { !$0.isEmpty }
    guard !brought.isEmpty else { return rows }
    let (fields, issues) = (try book.catalogue(.codes(of: brought), in: &tx), IssueList())
    let accepted = rows.enumerated().map { place, row in
      row.with(fields.accept(row.person.attributes, at: "/\(place)/person/attributes", issues))
    }
    try issues.check("the members' attributes")
    return accepted
  }

  /// Of one member. Costs nothing where nothing changes.
  func accepted(
    _ new: Attributes, over old: Attributes, at pointer: String, in tx: inout Transaction
  ) throws -> Attributes {
    guard new != old else { return new }
    let (fields, issues) = (try book.catalogue(.codes(of: [new]), in: &tx), IssueList())
    let accepted = fields.accept(new, over: old, at: pointer, issues)
    try issues.check("the member's attributes")
    return accepted
  }

  /// Of a file's rows, which write everything as text and call values as people do.
  /// - Throws: `Problem.invalid` with an issue at each row that is wrong: `/17/person/attributes/size`.
  func read(
    _ rows: [MemberDetails], in tx: inout Transaction, over old: (MemberDetails) -> Attributes
  ) throws -> (FieldCatalogue, [MemberDetails]) {
    let names = Set(rows.flatMap(\.person.attributes.values.keys))
    guard !names.isEmpty || rows.contains(where: { !old($0).isEmpty }) else { return (FieldCatalogue(), rows) }
    let (fields, issues) = (try book.catalogue(.fields(names), in: &tx), IssueList())
    let read = rows.enumerated().map { place, row in
      row.with(
        fields.accept(
          row.person.attributes, over: old(row), readsTexts: true, at: "/\(place)/person/attributes", issues))
    }
    try issues.check("the members' attributes")
    return (fields, read)
  }

  func note(
    _ member: MemberID, from old: Attributes, to new: Attributes, by change: Change, in tx: inout Transaction
  ) throws {
    guard old != new else { return }
    let notes = try book.catalogue(.nothing, in: &tx).notes(of: member, from: old, to: new)
    if !notes.isEmpty { try AuditTrail(of: members.account).record(notes, by: change, in: &tx) }
  }
}

extension MemberDetails {
  fileprivate func with(_ attributes: Attributes) -> MemberDetails {
    guard attributes != person.attributes else { return self }
    var person = person
    person.attributes = attributes
    return MemberDetails(
      code: code, kind: kind, identifiers: identifiers, person: person, joinedAt: joinedAt, joinedIn: joinedIn)
  }
}

extension Members {
  /// Sets some attributes of a member and takes others away; the rest stays. The same again changes nothing.
  /// - Parameter values: by code; nil takes one away.
  /// - Returns: all that the member has then.
  /// - Throws: `Problem.notFound`; `Problem.conflict` (`member_erased`, `member_merged`); `Problem.invalid` with an issue at each
  ///   attribute that is wrong: `/attributes/size`.
  @discardableResult
  public func set(
    _ values: [String: AttributeValue?], of id: MemberID, by change: Change, in tx: inout Transaction
  ) throws -> Attributes {
    let known = try alive(id, &tx)
    let old = known.person?.attributes ?? Attributes()
    let wanted = values.reduce(old) { $0.setting($1.key, $1.value) }
    let issues = IssueList()
    wanted.check(at: "/attributes", issues)
    try issues.check("the member's attributes")
    let new = try MemberAttributes(of: self).accepted(wanted, over: old, at: "/attributes", in: &tx)
    guard new != old else { return old }
    var person = known.person ?? Person()
    person.attributes = new
    try write(known.kind, person, over: known, &tx)
    try note(Self.note(known, known.kind, person), change, &tx)
    try MemberAttributes(of: self).note(id, from: old, to: new, by: change, in: &tx)
    try tell(.memberChanged, id, change, &tx)
    return new
  }

  /// Sets one attribute of many members, or takes it away; who has it just so is passed over. Some five statements for all of them and two
  /// for each that changes.
  /// - Parameter isReturning: what they had before an action: archived values come back all the same.
  /// - Returns: what each who changed had before.
  /// - Throws: as `set`, for a value that the field cannot have.
  public func setEach(
    _ code: String, to value: AttributeValue?, of ids: [MemberID], isReturning: Bool = false, by change: Change,
    in tx: inout Transaction
  ) throws -> [MemberID: AttributeValue?] {
    let known = try members(ids, in: &tx)
    let fields = try FieldBook(of: account).catalogue(.codes(of: value.map { [Attributes([code: $0])] } ?? []), in: &tx)
    var (former, notes, events) = ([MemberID: AttributeValue?](), [AuditNote](), [Event]())
    for member in known.values.sorted(by: { $0.id < $1.id }) where member.status != .erased && member.mergedInto == nil {
      let old = member.person?.attributes ?? Attributes()
      guard old[code] != value else { continue }
      let issues = IssueList()
      let wanted = old.setting(code, value)
      wanted.check(at: "/attributes", issues)
      let new = isReturning ? wanted : fields.accept(wanted, over: old, at: "/attributes", issues)
      try issues.check("the member's attributes")
      guard new != old else { continue }
      var person = member.person ?? Person()
      person.attributes = new
      try write(member.kind, person, over: member, &tx)
      notes += [Self.note(member, member.kind, person)] + fields.notes(of: member.id, from: old, to: new)
      events.append(Event(.memberChanged, id: change.id(), owner: member.id.raw, subject: member.id.raw, at: change.at))
      former[member.id] = .some(old[code])
    }
    if !notes.isEmpty { try AuditTrail(of: account).record(notes, by: change, in: &tx) }
    try Outbox(of: account).put(events, in: &tx)
    return former
  }
}
