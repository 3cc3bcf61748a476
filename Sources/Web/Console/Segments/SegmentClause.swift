import Calculator
import Conditions
import Customers
import Insight
import Kernel
import Loyalty
import Storage

/// What was typed into the form of one condition, read.
struct SegmentClause: Sendable {
  static let mostTicks = 40
  /// Before the code of an answer that is ticked.
  static let answer = "value-"

  /// What is wrong; nil where the condition is whole.
  private(set) var refusal: Problem?
  private(set) var condition: SegmentCondition?

  /// - Parameters:
  ///   - writer: of codes that names stand for.
  init(
    _ kind: SegmentState.Kind, _ form: Form, _ names: SegmentNames, _ fields: FieldCatalogue, _ codes: SegmentForm,
    _ reader: Reader,
    in tx: inout Transaction
  ) throws {
    var reading = Reading(form: form, names: names, fields: fields, reader: reader)
    let json = try reading.json(kind, in: &tx)
    guard reading.issues.issues.isEmpty else {
      refusal = Problem(.invalid, "invalid_input", "the condition", issues: reading.issues.issues)
      return
    }
    var codes = codes
    do { condition = try codes.condition(json) } catch { refusal = error }
  }

  struct Reading {
    let form: Form
    let names: SegmentNames
    let fields: FieldCatalogue
    let reader: Reader
    let issues = IssueList()

    mutating func json(_ kind: SegmentState.Kind, in tx: inout Transaction) throws -> JSON {
      switch kind {
      case .bought:
        let isNot = form["verb"] == "not"
        let amount = isNot ? [] : [JSON.Member("by", .string(form["by"]))] + bounds(form["by"])
        return one(isNot ? "notBought" : "bought", try purchase(in: &tx) + amount)
      case .lastBought: return one("lastBought", try purchase(in: &tx) + [JSON.Member("daysAgo", .object(bounds("days")))])
      case .sequence:
        return one(
          "sequence",
          [
            JSON.Member("first", .object(try purchase(in: &tx))), JSON.Member("withinDays", whole("withinDays") ?? .int(0)),
            JSON.Member("happens", .bool(form["happens"] != "no")),
          ] + (try goods("then-", in: &tx).map { [JSON.Member("then", $0)] } ?? []))
      case .did: return try did(in: &tx)
      case .points: return one("points", points)
      case .identifiers: return one("identifiers", identifiers)
      case .coupons: return one("coupons", try coupons(in: &tx))
      case .offers: return one("offers", try offers(in: &tx))
      case .privileges: return .object([JSON.Member("privileges", try chosen("privileges", .privilege, in: &tx))])
      case .consented: return one("consented", [consents, JSON.Member("daysAgo", .object(bounds("days")))])
      case .rfm: return one("rfm", scores)
      case .sex: return .object([JSON.Member("sex", .string(form["sex"]))])
      case .age: return one("age", bounds("years"))
      case .cities: return .object([JSON.Member("cities", texts("cities", needed: true))])
      case .joined: return one("joined", [JSON.Member("daysAgo", .object(bounds("days")))])
      case .birthday:
        let sides = ["before", "after"].map { JSON.Member($0, whole($0) ?? .int(0)) }
        return one("birthday", sides)
      case .household: return one("household", bounds("members"))
      case .tiers: return .object([JSON.Member("tiers", try chosen("tiers", .tier, in: &tx))])
      case .segments: return .object([JSON.Member("segments", try chosen("segments", .segment, in: &tx))])
      case .consents: return .object([consents])
      case .memberKinds: return .object([JSON.Member("memberKinds", ticked("memberKinds", MemberKind.allCases.map(\.rawValue)))])
      case .memberAttribute: return one("memberAttribute", attribute)
      case .random:
        return one(
          "random", [JSON.Member("share", .string(plain(form["share"]))), JSON.Member("salt", .string(form["salt"]))])
      }
    }

    private var consents: JSON.Member { JSON.Member("consents", ticked("consents", Consent.allCases.map(\.rawValue))) }

    private func did(in tx: inout Transaction) throws -> JSON {
      let isNot = form["verb"] == "not"
      let deed = try event(in: &tx) + window
      return one(isNot ? "didNot" : "did", deed + (isNot ? [] : bounds("times")))
    }

    private func one(_ name: String, _ members: [JSON.Member]) -> JSON { .object([JSON.Member(name, .object(members))]) }

    func plain(_ text: String) -> String { String(text.compactMap { $0 == "," ? "." : $0.isWhitespace ? nil : $0 }) }

    /// Nil for an empty field.
    func whole(_ field: String) -> JSON? {
      let text = form[field].filter { !$0.isWhitespace }
      guard !text.isEmpty else { return nil }
      if let number = Int64(text) { return .int(number) }
      issues.add("/" + field, "not_a_number", "a whole number is expected here")
      return nil
    }

    private func bounds(_ amount: String) -> [JSON.Member] {
      ["atLeast", "atMost"].compactMap { field in
        let text = plain(form[field])
        guard !text.isEmpty else { return nil }
        switch amount {
        case "money", "averageReceipt", "units": return JSON.Member(field, .string(text))
        default: return whole(field).map { JSON.Member(field, $0) }
        }
      }
    }

    func lines(_ field: String) -> [String] {
      form[field].split(whereSeparator: \.isNewline).map { String($0.trimmed) }.filter { !$0.isEmpty }
    }

    func texts(_ field: String, needed: Bool = false) -> JSON {
      let all = lines(field)
      if needed, all.isEmpty { issues.add("/" + field, "empty", "at least one is needed here") }
      return .array(all.prefix(Limits.bulk).map(JSON.string))
    }

    func ticked(_ field: String, _ all: [String]) -> JSON {
      let chosen = all.filter { form.has("\(field)-\($0)") }
      if chosen.isEmpty { issues.add("/" + field, "empty", "at least one is needed here") }
      return .array(chosen.map(JSON.string))
    }

    private func chosen(_ field: String, _ kind: SegmentNames.Kind, in tx: inout Transaction) throws -> JSON {
      let all = names.all.filter { $0.kind == kind }
      return all.count <= SegmentClause.mostTicks
        ? ticked(field, all.map(\.code)) : try codes(field, kind, needed: true, in: &tx) ?? .array([])
    }

    /// Nil for an empty field.
    func codes(
      _ field: String, _ kind: SegmentNames.Kind, needed: Bool = false, in tx: inout Transaction
    ) throws -> JSON? {
      let typed = lines(field)
      if typed.isEmpty {
        if needed { issues.add("/" + field, "empty", "at least one is needed here") }
        return nil
      }
      guard typed.count <= ListField.longest else {
        issues.add("/" + field, "too_many", "at most \(ListField.longest) lines are allowed here")
        return nil
      }
      var found: [String] = []
      for line in typed {
        let named = try names.find(BracketedCode(line).code ?? line, kind, in: &tx)
        if named.count == 1 {
          if !found.contains(named[0].code) { found.append(named[0].code) }
        } else if named.isEmpty {
          issues.add("/" + field, "unknown_name", "not found: \(line)")
        } else {
          let some = named.map { BracketedCode.text(reader($0.text), $0.code) }.joined(separator: "; ")
          issues.add(
            "/" + field, "several_names", reader("«\(line)» подходит нескольким: \(some)", "“\(line)” fits several: \(some)"))
        }
      }
      return .array(found.map(JSON.string))
    }

    /// A filter; nil for every product.
    func goods(_ prefix: String = "", in tx: inout Transaction) throws -> JSON? {
      let kinds: [(String, SegmentNames.Kind)] = [
        ("categories", .category), ("products", .product), ("brands", .brand), ("manufacturers", .manufacturer),
      ]
      var wanted: [JSON] = []
      for (field, kind) in kinds {
        if let list = try codes(prefix + field, kind, in: &tx) { wanted.append(.object([JSON.Member(field, list)])) }
      }
      let except = try codes(prefix + "except", .category, in: &tx).map { list -> JSON in
        .object([JSON.Member("none", .array([.object([JSON.Member("categories", list)])]))])
      }
      let kept: JSON? = wanted.count > 1 ? .object([JSON.Member("any", .array(wanted))]) : wanted.first
      guard let except else { return kept }
      return kept.map { .object([JSON.Member("all", .array([$0, except]))]) } ?? except
    }

    private func purchase(in tx: inout Transaction) throws -> [JSON.Member] {
      var members: [JSON.Member] = []
      func add(_ name: String, _ value: JSON?) { if let value { members.append(JSON.Member(name, value)) } }
      add("of", try goods(in: &tx))
      add("stores", try codes("stores", .store, in: &tx))
      add("cities", lines("cities").isEmpty ? nil : texts("cities"))
      members += window
      let days = (1...7).filter { form.has("w\($0)") }
      add("weekdays", days.isEmpty || days.count == 7 ? nil : .array(days.map { .int(Int64($0)) }))
      let (from, through) = (Int64(form["hourFrom"]), Int64(form["hourThrough"]))
      if from != nil || through != nil {
        add("hours", .object(["from": .int(from ?? 0), "through": .int(through ?? 23)]))
      }
      return members + (try manner(in: &tx))
    }

    private var window: [JSON.Member] {
      (whole("lastDays").map { [JSON.Member("lastDays", $0)] } ?? [])
        + ["from", "through"].filter { !form[$0].isEmpty }.map { JSON.Member($0, .string(form[$0])) }
    }

    /// Which events: as conditions and funnels ask of them.
    func event(_ prefix: String = "", in tx: inout Transaction) throws -> [JSON.Member] {
      let own = String(form[prefix + "own"].trimmed)
      var members = [JSON.Member("event", .string(own.isEmpty ? form[prefix + "event"] : own))]
      func add(_ name: String, _ value: JSON?) { if let value { members.append(JSON.Member(name, value)) } }
      add("of", try goods(prefix, in: &tx))
      let page = String(form[prefix + "page"].trimmed)
      add("page", page.isEmpty ? nil : .string(page))
      for name in ["sources", "campaigns", "channels"] where !lines(prefix + name).isEmpty { add(name, texts(prefix + name)) }
      let groups = ChannelGroup.allCases.map(\.rawValue).filter { form.has("\(prefix)groups-\($0)") }
      add("groups", groups.isEmpty ? nil : .array(groups.map(JSON.string)))
      for name in ["amountAtLeast", "amountAtMost"] where !form[prefix + name].isEmpty {
        add(name, .string(plain(form[prefix + name])))
      }
      return members
    }

    private var attribute: [JSON.Member] {
      let name = JSON.Member("name", .string(form["name"]))
      switch form["how"] {
      case "present", "absent": return [name, JSON.Member("present", .bool(form["how"] == "present"))]
      case "number": return [name, JSON.Member("number", .object(bounds("number")))]
      case "day":
        let sides = ["from", "through"].compactMap { side in
          form[side].isEmpty ? nil : JSON.Member(side, .string(form[side]))
        }
        return [name, JSON.Member("day", .object(sides))]
      default:
        let values = fields[form["name"]].map(answers) ?? lines("values").map(answer)
        if values.isEmpty { issues.add("/values", "empty", "at least one answer is needed here") }
        return [name, JSON.Member(form["how"] == "isNoneOf" ? "isNot" : "is", .array(values))]
      }
    }

    /// Of an attribute that nobody defined.
    private func answer(_ line: String) -> JSON {
      switch line.lowercased() {
      case "да", "yes", "true": .bool(true)
      case "нет", "no", "false": .bool(false)
      default: Int64(line).map(JSON.int) ?? .string(line)
      }
    }

    /// Ticked, or typed by code or by name.
    private func answers(_ field: MemberFieldDetails) -> [JSON] {
      let ticked = form.values.keys.filter { $0.hasPrefix(SegmentClause.answer) }.sorted()
        .map { String($0.dropFirst(SegmentClause.answer.count)) }
      let shown = fields.values(of: field).count <= SegmentClause.mostTicks || field.kind == .flag
      return (shown && field.kind.isDimension ? ticked : lines("values")).compactMap { line in
        do throws(FieldCatalogue.Fault) {
          switch try fields.value(.text(line), of: field, over: .list([line]), true) {
          // Of several any one is asked for.
          case .list(let codes)?: return codes.first.map(JSON.string)
          case let value?: return value.json
          case nil: return nil
          }
        } catch {
          issues.add("/values", error.code, "\(line): \(reader(error.words))")
          return nil
        }
      }
    }
  }
}
