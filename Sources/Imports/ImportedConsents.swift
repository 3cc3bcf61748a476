import Access
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import Tables

/// What members agreed to in another system: `"consents": { "advertising-sms": { "column": "SMS", "words": { "Да": "given" } } }` among
/// the fields, with the version of the text and where it was given.
struct ImportedConsents: Sendable {
  enum Word: String, Sendable, CaseIterable { case given, withdrawn }

  private let columns: [(consent: Consent, source: BoundSource)]
  private let at, text, source: BoundSource?
  private let zone: Zone

  init(_ map: FieldMap, zone: Zone) {
    self.zone = zone
    at = map.optional("consentsAt")
    let isAsked = map.sources["consents"].isPresent
    text = isAsked ? map.required("consentsText") : map.optional("consentsText")
    source = isAsked ? map.required("consentsSource") : map.optional("consentsSource")
    columns = map.named("consents", max: Consent.allCases.count).compactMap { name, source in
      guard let consent = Consent(rawValue: name) else {
        let known = Consent.allCases.map(\.rawValue).joined(separator: ", ")
        map.sources["consents"][name].refuse("unknown_word", "a consent is one of \(known)")
        return nil
      }
      return (consent, source)
    }
  }

  /// - Parameter joined: when they are taken to have been said where no column tells.
  func read(_ block: TableBlock, _ row: Int, joined: Instant, _ notes: inout Notes) -> [ConsentAct] {
    let said = columns.compactMap { column -> (Consent, Word)? in
      guard let cell = column.source.text(block, row) else { return nil }
      guard let word = Word(rawValue: cell) else {
        notes.refuse(
          row, column.source.column, "\"\(cell.prefix(40))\" is not known here; say in \"words\" which of given, withdrawn it means"
        )
        return nil
      }
      return (column.consent, word)
    }
    guard !said.isEmpty, let text, let source, let version = notes.text(text, block, row),
      let place = notes.text(source, block, row)
    else { return [] }
    let moment = notes.value(row) { () throws(CellFault) in try at?.instant(block, row, zone: zone) } ?? joined
    return said.map { consent, word in
      ConsentAct(consent, isGiven: word == .given, text: version, at: moment, source: place)
    }
  }

  /// Writes down what is new. Acts that lie in the future are left out and counted.
  static func write(
    _ records: [MemberRecord], _ programme: Programme, by change: Change, _ outcome: inout Outcome, in tx: inout Transaction
  ) throws {
    let telling = records.filter { !$0.consents.isEmpty }
    guard !telling.isEmpty else { return }
    let owners = try programme.identifiers.owners(of: telling.compactMap { Identifier(external: $0.code) }, in: &tx)
    var acts: [(member: MemberID, act: ConsentAct)] = []
    for record in telling {
      guard let member = Identifier(external: record.code).flatMap({ owners[$0] }) else { continue }
      for act in record.consents {
        if act.at > change.at {
          outcome.oddities["consents that lie in the future, left out", default: 0] += 1
        } else {
          acts.append((member, act))
        }
      }
    }
    let book = ConsentBook(of: programme.members)
    for start in stride(from: 0, to: acts.count, by: Limits.bulk) {
      _ = try book.record(Array(acts[start..<min(start + Limits.bulk, acts.count)]), by: change, in: &tx)
    }
  }
}
