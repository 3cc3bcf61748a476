import Calculator
import Conditions
import Foundation
import Kernel

/// What a check of rules found, as text and as JSON.
struct ConflictText {
  let report: ConflictReport
  let book: RuleBook
  let names: any Names
  let least: Rate
  let stakes: Stakes
  let seconds: Double

  private var amounts: AmountForm { AmountForm(book.terms) }
  private var form: ExampleForm { ExampleForm(book, names: names) }

  private func code(_ place: Int) -> String { book.promotions[place].code }
  private func codes(_ places: [Int]) -> String { places.map(code).joined(separator: " + ") }

  // MARK: Text

  var text: String {
    let reductions = book.promotions.count { $0.benefit.isReduction }
    var parts = [
      aligned([
        ["promotions", "\(book.promotions.count), of which \(reductions) take money off"],
        ["pairs", "\(report.pairs): " + pairs],
        ["calculated", "\(report.calculations) baskets in \(Decimal.text(Int64(seconds * 10), digits: 1)) s"],
      ])
    ]
    parts += section("leave less than \(least.percentText) % of a line's shelf price", report.below.map(row))
    if !stakes.products.isEmpty {
      parts[0] += "\n" + aligned([["costs", "known of \(stakes.values.count) of \(stakes.products.count) products, with a price"]])
    }
    parts += section("sell below cost", report.belowCost.map(row))
    parts += section("one receipt takes all that is left of the budget", report.exhausting.map(row))
    parts += section("go beyond a payer's cap", report.overdrawn.map(row))
    parts += section("can never apply", report.never.map { [code($0.promotion), Self.sentence($0.why)] })
    parts += section(
      "are hidden by another", report.hidden.map { [code($0.promotion), "\(code($0.by)) always comes before it in their group"] })
    parts += section("not decided: look at these yourself", report.undecided.prefix(20).map { [codes($0)] })
    parts += section("no basket was found for these", report.unproven.map { [code($0)] })
    if !report.hasFindings { parts.append("nothing found") }
    return parts.joined(separator: "\n\n")
  }

  private var pairs: String {
    let apart = report.apart.values.reduce(0, +)
    let reasons = report.apart.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
      .map { "\($0.key.rawValue) \($0.value)" }.joined(separator: ", ")
    return "\(apart) cannot meet" + (reasons.isEmpty ? "" : " (\(reasons))")
      + ", \(report.keptApart) are kept apart by groups and tags, \(report.meeting) meet, \(report.undecided.count) undecided"
  }

  private func section(_ title: String, _ rows: [[String]]) -> [String] {
    rows.isEmpty ? [] : [title + "\n" + aligned(rows).split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")]
  }

  private func row(_ meeting: ConflictReport.Meeting) -> [String] {
    let line = meeting.example.basket.lines[0]
    let product = names.code(.product, line.product.id.raw) ?? "any product"
    return [
      "\(meeting.share.percentText.prefix(5)) %", codes(meeting.promotions),
      "\(line.quantity.decimalText) × \(product) at \(amounts.text(line.price)): "
        + "\(amounts.text(meeting.shelf)) → \(amounts.text(meeting.amount))" + (meeting.reachedFloor ? ", at its floor" : "")
        + (meeting.isAlone ? ", were they alone" : ""),
    ]
  }

  private func line(_ example: ExampleBasket) -> String {
    let line = example.basket.lines[0]
    let product = names.code(.product, line.product.id.raw) ?? "any product"
    let more = example.basket.lines.count - 1
    return "\(line.quantity.decimalText) × \(product) at \(amounts.text(line.price))" + (more > 0 ? " and \(more) more lines" : "")
  }

  private func row(_ finding: ConflictReport.BelowCost) -> [String] {
    [
      codes(finding.promotions),
      "\(line(finding.example)): \(amounts.text(finding.shelf)) → \(amounts.text(finding.amount)), cost "
        + "\(amounts.text(finding.cost))" + (finding.isAlone ? ", were they alone" : ""),
    ]
  }

  private func text(_ left: ConflictReport.Exhausting.Left) -> String {
    switch left {
    case .money(let money): amounts.text(money)
    case .points(let points): "\(amounts.text(points)) points"
    }
  }

  private func row(_ finding: ConflictReport.Exhausting) -> [String] {
    guard let example = finding.example else { return [code(finding.promotion), "nothing is left: it gives no more"] }
    let whose =
      switch finding.scope {
      case .total: ""
      case .day: " for a day"
      case .store: " for a store"
      case .storeDay: " for a store and day"
      case .member: " for a member"
      case .memberDay: " for a member and day"
      }
    return [
      code(finding.promotion),
      "\(text(finding.left)) left\(whose), taken by \(line(example)): \(amounts.text(finding.shelf)) at the shelf",
    ]
  }

  private func row(_ finding: ConflictReport.Overdrawn) -> [String] {
    let cap = stakes.caps[finding.cap]
    let most = finding.most.map { "can give \(amounts.text($0)) of it" } ?? "have no bound of their own"
    let single = finding.single?.example.map { "; one receipt does: \(line($0))" } ?? ""
    return [
      "\(cap.payer.rawValue) \(cap.code) \(cap.contract)",
      "\(amounts.text(finding.left)) left; \(codes(finding.promotions)) \(most)\(single)",
    ]
  }

  static func sentence(_ why: Contradiction) -> String {
    switch why {
    case .over: "its time is over"
    case .time: "its period, days and hours leave no moment"
    case .place: "no store meets its conditions"
    case .channel: "no channel meets its conditions"
    case .member: "no member meets its conditions"
    case .coupon: "it wants a coupon and wants it not to be there"
    case .tender: "no way of paying meets its conditions"
    case .goods: "no product meets its conditions"
    case .price: "the price before it is lower already"
    }
  }

  // MARK: JSON

  var json: JSON {
    func list(_ places: [Int]) -> JSON { .array(places.map { .string(code($0)) }) }
    return .object([
      "promotions": .int(Int64(book.promotions.count)), "pairs": .int(Int64(report.pairs)),
      "apart": .object(
        report.apart.sorted { $0.key.rawValue < $1.key.rawValue }.map { JSON.Member($0.key.rawValue, .int(Int64($0.value))) }),
      "keptApart": .int(Int64(report.keptApart)), "meeting": .int(Int64(report.meeting)),
      "undecided": .array(report.undecided.map(list)), "leastShare": .string(least.percentText),
      "below": .array(
        report.below.map { meeting in
          .object([
            "promotions": list(meeting.promotions), "shelf": amounts.json(meeting.shelf), "amount": amounts.json(meeting.amount),
            "share": .string(meeting.share.percentText), "reachedFloor": .bool(meeting.reachedFloor),
            "isAlone": .bool(meeting.isAlone),
            "basket": form.basket(meeting.example), "member": form.member(meeting.example),
          ])
        }),
      "belowCost": .array(
        report.belowCost.map { finding in
          .object([
            "promotions": list(finding.promotions), "shelf": amounts.json(finding.shelf), "amount": amounts.json(finding.amount),
            "cost": amounts.json(finding.cost), "isAlone": .bool(finding.isAlone), "basket": form.basket(finding.example),
            "member": form.member(finding.example),
          ])
        }),
      "costsKnown": .int(Int64(stakes.values.count)),
      "exhausting": .array(report.exhausting.map(json)), "overdrawn": .array(report.overdrawn.map(json)),
      "never": .array(
        report.never.map { .object(["promotion": .string(code($0.promotion)), "why": .string($0.why.rawValue)]) }),
      "hidden": .array(
        report.hidden.map { hidden in
          .object([
            "promotion": .string(code(hidden.promotion)), "by": .string(code(hidden.by)), "basket": form.basket(hidden.example),
            "member": form.member(hidden.example),
          ])
        }),
      "unproven": list(report.unproven), "isWhole": .bool(report.isWhole),
    ])
  }

  private func json(_ finding: ConflictReport.Exhausting) -> JSON {
    let left: JSON.Member =
      switch finding.left {
      case .money(let money): JSON.Member("leftMoney", amounts.json(money))
      case .points(let points): JSON.Member("leftPoints", amounts.json(points))
      }
    return .object(
      [JSON.Member("promotion", .string(code(finding.promotion))), left, JSON.Member("shelf", amounts.json(finding.shelf))]
        + (finding.scope == .total ? [] : [JSON.Member("limit", .string(finding.scope.kind.rawValue))])
        + (finding.example.map { [JSON.Member("basket", form.basket($0))] } ?? [])
        + (finding.example.flatMap { form.member($0) }.map { [JSON.Member("member", $0)] } ?? []))
  }

  private func json(_ finding: ConflictReport.Overdrawn) -> JSON {
    let cap = stakes.caps[finding.cap]
    return .object([
      "payer": .string(cap.payer.rawValue), "code": .string(cap.code), "contract": .string(cap.contract),
      "promotions": .array(finding.promotions.map { .string(code($0)) }), "most": finding.most.map { amounts.json($0) },
      "left": amounts.json(finding.left),
      "single": finding.single.map(json),
    ])
  }

  /// Writes `1-half-price+coupon/basket.json`, and `member.json` where there is one, for every finding.
  func keep(in folder: String) throws {
    let below = report.below.map { ($0.promotions, $0.example) }
    let hidden = report.hidden.map { ([$0.promotion, $0.by], $0.example) }
    let costs = report.belowCost.map { ($0.promotions, $0.example) }
    let budgets = report.exhausting.compactMap { finding in finding.example.map { ([finding.promotion], $0) } }
    for (number, (places, example)) in (below + hidden + costs + budgets).enumerated() {
      let name =
        "\(number + 1)-"
        + places.map(code).joined(separator: "+").map { $0.isLetter || $0.isNumber || "-+_".contains($0) ? $0 : "-" }.prefix(80)
      let place = URL(fileURLWithPath: folder).appendingPathComponent(name)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try writeFile(form.basket(example).pretty, to: place.path + "/basket.json")
      if let member = form.member(example) { try writeFile(member.pretty, to: place.path + "/member.json") }
    }
  }
}
