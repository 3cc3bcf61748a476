import Access
import Customers
import Insight
import Kernel
import Loyalty
import Storage

/// A segment on the builder with everything that its page shows.
struct SegmentView: Sendable {
  var state: SegmentState
  let bench: RuleBench
  let names: RuleNames
  /// Of what can be chosen in the form that is open.
  var choices: SegmentNames?
  var stored: SegmentSummary?
  /// What the stored condition is; nil where it names what is not there any more.
  var saved: SegmentCondition?
  /// Nil while there are no columns, and for no condition.
  var figures: SegmentFigures?
  var hasColumns = false
  /// What was typed into the open condition, and what is wrong with it.
  var clause: (form: Form, refusal: Problem?)?
  var why: SegmentWhy?
  var uses: SegmentUses?
  /// Oldest first.
  var sizes: [SegmentSize] = []
  var byHand: (included: Int, excluded: Int) = (0, 0)
  var phrase: PhraseReading?
  var refusal: Problem?
  /// What the account defines of members, with the values of the field that the open condition asks of.
  var fields = FieldCatalogue()
  /// The condition as text, where that is what is edited.
  var text: String?

  var form: SegmentForm { bench.segmentForm }
  var isChanged: Bool { state.condition != saved }
}

/// Why somebody is in a segment or not.
struct SegmentWhy: Sendable {
  let member: Member
  let reason: SegmentReason
  /// Since when a till knows them to be in it; nil where they are not.
  let since: Instant?
  let choice: SegmentChoice?
  /// Whether tills knew them to be in it at the end of the day that is asked of; nil where that cannot be told.
  let wasIn: Bool?
  /// Receipts that lie with the member, by id.
  let receipts: [ReceiptID: Receipt]
}

extension ConsoleDesk {
  /// Reads what the page of a state needs. Some ten statements, and a walk over the columns.
  func segmentView(_ state: SegmentState, _ visit: Visit, tried: [SegmentCondition] = []) async throws -> SegmentView {
    let (bench, reader, programme) = (try await RuleBench.of(visit, database), visit.reader, try visit.programme)
    let segments = Segments(of: programme.account)
    let since = try today(of: visit).adding(days: -92)
    let (zones, at) = (zones, visit.call.at)
    var view = try await database.read { tx -> SegmentView in
      let names = try RuleNames(for: state.parts + tried, bench, reader, in: &tx)
      var view = SegmentView(state: state, bench: bench, names: names)
      if state.edit != nil {
        view.choices = try SegmentNames(of: programme, catalogue: bench.catalogue, stores: bench.stores, in: &tx)
      }
      guard let id = state.id else { return view }
      let stored = try segments.summary(id, in: &tx)
      view.stored = stored
      view.sizes = try segments.sizes(of: [id], since: since, in: &tx)[id] ?? []
      view.byHand = try segments.choiceCounts(of: id, in: &tx)
      view.uses = try SegmentUses(of: stored.segment, in: Programmes(of: programme.account, zones: zones).all(in: &tx), at: at, &tx)
      return view
    }
    if let rule = view.stored?.rule {
      var reading = bench.segmentForm
      do { view.saved = try reading.condition(rule.condition) } catch { view.refusal = error }
    }
    try await count(&view, visit)
    return view
  }

  func today(of visit: Visit) throws -> CivilDay { try visit.programme.settings.points.zone.civil(at: visit.call.at).day }

  private func count(_ view: inout SegmentView, _ visit: Visit) async throws {
    let programme = try visit.programme
    guard let (keeper, _) = try await cube(visit, knowing: []) else { return }
    view.hasColumns = true
    guard let condition = view.state.condition else { return }
    view.figures = try await keeper.count(condition, of: programme, on: view.state.on, at: visit.call.at)
    if !view.state.who.isEmpty, visit.may(.seeMembers) { try await explain(condition, &view, keeper, visit) }
  }

  /// Nobody is shown where nobody, or several, have what was typed.
  private func explain(
    _ condition: SegmentCondition, _ view: inout SegmentView, _ keeper: CubeKeeper, _ visit: Visit
  ) async throws {
    let (programme, who, id) = (try visit.programme, view.state.who, view.state.id)
    let found = try await database.read { tx in try Self.find(who, nil, size: 2, programme, in: &tx).members }
    guard found.count == 1, let member = found.first else { return }
    let reason = try await keeper.explain(condition, for: member.id, of: programme, on: view.state.on, at: visit.call.at)
    guard let reason else { return }
    let (segments, book) = (Segments(of: programme.account), ReceiptBook(of: programme.account))
    let (on, at, zone) = (view.state.on, visit.call.at, programme.settings.points.zone)
    let places = reason.every.map { ReceiptBook.Place(owner: member.id.raw, id: $0) }
    view.why = try await database.read { tx in
      let since = try id.flatMap { id in try segments.segments(of: member.id, in: &tx).first { $0.segment.id == id }?.since }
      let choice = try id.flatMap { try segments.choices(for: [member.id], in: $0, in: &tx)[member.id] }
      let receipts = try places.isEmpty ? [] : book.receipts(places, in: &tx)
      var wasIn: Bool?
      if let id, let day = on, let from = try Segments.pastKnown(at: at, in: &tx), zone.civil(at: from).day <= day {
        let end = zone.instant(day.adding(days: 1))
        wasIn = try segments.listed([member.id], in: id, before: end, in: &tx)[member.id] != nil
      }
      return SegmentWhy(
        member: member, reason: reason, since: since, choice: choice, wasIn: wasIn,
        receipts: Dictionary(receipts.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }))
    }
  }
}

extension RuleBench {
  /// What conditions of segments are read and written with.
  var segmentForm: SegmentForm { SegmentForm(names: names, terms: programme.settings.terms) }
}

extension SegmentReason {
  /// Receipts of this condition and of those in it.
  fileprivate var every: [ReceiptID] { Array((receipts.map(\.id) + parts.flatMap(\.every)).prefix(Limits.page)) }
}
