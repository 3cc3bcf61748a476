import Calculator
import Kernel

/// An answer in the short words of a combination, read from its document as anybody would who gets one.
struct Told {
  private(set) var texts: [String: String] = [:]

  init(_ json: JSON, _ calculation: Calculation) {
    let lines = json["lines"]?.items ?? []
    func each(_ member: String) -> String {
      lines.filter { !Self.isNought($0.text(member)) }.map { "\($0.text("id") ?? "") \($0.text(member) ?? "")" }.joined(
        separator: ", ")
    }
    texts["pay"] = lines.map { "\($0.text("id") ?? "") \($0.text("amount") ?? "")" }.joined(separator: ", ")
    texts["earns"] = each("earned")
    texts["rounding"] = each("rounding")
    if let spent = json["totals"]?.text("pointsSpent"), !Self.isNought(spent) {
      texts["points"] = "\(spent): \(each("paidWithPoints"))"
    }
    texts["gives"] = (json["promotions"]?.items ?? []).map { Self.gift($0, json["rewards"]?.items ?? []) }.joined(separator: ", ")
    texts["reasons"] = (json["reasons"]?.items ?? []).map(Self.reason).sorted().joined(separator: "; ")
    texts["hints"] = (json["hints"]?.items ?? []).map(Self.hint).sorted().joined(separator: "; ")
    choices(json)
    texts["tillRounding"] = json["totals"]?.text("tillRounding")
    texts["status"] = json["totals"]?.text("status")
    texts["parts"] = lines.map(Self.parts).joined(separator: ", ")
    texts["notes"] = lines.flatMap { line in (line["trace"]?.items ?? []).map { Self.step($0, line.text("id") ?? "") } }
      .joined(separator: ", ")
    if let exclusion = json["exclusion"], case .int(let count)? = exclusion["candidates"] {
      texts["exclusion"] = "\(exclusion.text("method") ?? "") of \(count)"
    }
  }

  private mutating func choices(_ json: JSON) {
    func list(_ key: String, _ tell: (JSON) -> String) -> String { (json[key]?.items ?? []).map(tell).joined(separator: ", ") }
    texts["tenders"] = list("tenders") { tender in
      [tender.text("kind"), tender.text("certificate"), tender.text("amount")].compactMap { $0 }.joined(separator: " ")
    }
    texts["tradeOff"] = list("tradeOff") {
      "\($0.text("spend") ?? "") for \($0.text("amount") ?? "") earns \($0.text("earned") ?? "")"
    }
    texts["tenderPrices"] = list("tenderPrices") {
      "\($0.text("kind") ?? "") \($0.text("amount") ?? "") earns \($0.text("earned") ?? "")"
    }
    texts["stamps"] = list("stamps", Self.card)
    texts["gifts"] = list("gifts", Self.offer)
    texts["choices"] = list("choices") { choice in
      ["promotion", "product", "state"].compactMap { choice.text($0) }.joined(separator: " ")
    }
    texts["lots"] = list("lots") { lot in
      let days = [("from", lot.text("activeFrom")), ("until", lot.text("activeUntil"))].map { word, day in
        day.map { "\(word) \($0)" }
      }
      return ([lot.text("promotion"), lot.text("points")] + days).compactMap { $0 }.joined(separator: " ")
    }
    let pools = (json["spending"]?["byPool"]?.items ?? []).map { if case .string(let text) = $0 { text } else { "" } }
    texts["spending"] =
      ["most", "brake"].compactMap { json["spending"]?.text($0) }.joined(separator: " ")
      + (pools.count > 1 ? " from " + pools.joined(separator: " + ") : "")
  }

  private static func isNought(_ text: String?) -> Bool { text.map { $0.allSatisfy { "0.".contains($0) } } ?? true }

  /// `coffee 30.00`, `bonus 12 points`, `thanks message to receipt`, `sixth 300.00 stamps -5`, `third 99.90 2 times`.
  private static func gift(_ applied: JSON, _ rewards: [JSON]) -> String {
    let code = applied.text("code") ?? ""
    var words = [code]
    if let money = applied.text("money"), !isNought(money) { words.append(money) }
    if let points = applied.text("points"), !isNought(points) { words.append("\(points) points") }
    for reward in rewards where reward.text("promotion") == code {
      words += [
        reward.text("kind"), reward.text("to").map { "to \($0)" }, reward.text("series"), reward.text("game"),
        reward.text("amount"),
        reward["turns"].map(\.compact), reward.text("tier"), reward["days"].map(\.compact),
        reward.text("through").map { "through \($0)" },
      ].compactMap { $0 }
    }
    if case .int(let stamps)? = applied["stamps"] { words.append("stamps \(stamps)") }
    if case .int(let times)? = applied["times"], times != 1 { words.append("\(times) times") }
    return words.joined(separator: " ")
  }

  /// `gift 1 of 2: mug chosen 1 (mug 1), tea open`: how many may still be chosen of how many, and what of each gift is.
  private static func offer(_ offer: JSON) -> String {
    let gifts = (offer["of"]?.items ?? []).map { gift -> String in
      var words = [gift["name"]?.text("en") ?? ""]
      if gift["open"] == .bool(true) { words.append("open") }
      for key in ["chosen", "missing"] where gift[key] != .int(0) { words.append("\(key) \(gift[key]?.compact ?? "")") }
      let lines = (gift["lines"]?.items ?? []).map { "\($0.text("id") ?? "") \($0["units"]?.compact ?? "")" }
      return (words + (lines.isEmpty ? [] : ["(\(lines.joined(separator: ", ")))"])).joined(separator: " ")
    }
    return "\(offer.text("promotion") ?? "") \(offer["left"]?.compact ?? "") of \(offer["picks"]?.compact ?? ""): "
      + gifts.joined(separator: ", ")
  }

  /// `coffee 4 + 1 - 0 = 5 of 5 lacks 0`: what was on the card, what is given, taken, there then, fills it, and is missing.
  private static func card(_ card: JSON) -> String {
    func count(_ key: String) -> String { card[key]?.compact ?? "" }
    return "\(card.text("card") ?? "") \(count("had")) + \(count("given")) - \(count("taken")) = \(count("has"))"
      + " of \(count("stamps")) lacks \(count("lacks"))"
  }

  /// `night other-hour`, `big amount (have 450.00, atLeast 500.00)`, `[SUMMER] coupon-used`.
  private static func reason(_ reason: JSON) -> String {
    let about = [reason.text("promotion"), (reason.text("coupon") ?? reason.text("certificate")).map { "[\($0)]" }].compactMap {
      $0
    }
    return (about + [reason.text("code") ?? ""]).joined(separator: " ") + facts(reason["facts"])
  }

  private static func hint(_ hint: JSON) -> String {
    "\(hint.text("promotion") ?? "") \(hint.text("missing") ?? "")" + facts(hint["facts"])
  }

  private static func facts(_ facts: JSON?) -> String {
    guard let members = facts?.members else { return "" }
    let told = members.map { member in
      if case .string(let text) = member.value { "\(member.key) \(text)" } else { "\(member.key) \(member.value.compact)" }
    }
    return " (" + told.joined(separator: ", ") + ")"
  }

  /// `bun 1 × 30.16 + 2 × 30.17`.
  private static func parts(_ line: JSON) -> String {
    (line.text("id") ?? "") + " "
      + (line["parts"]?.items ?? []).map { "\($0.text("quantity") ?? "") × \($0.text("price") ?? "")" }.joined(separator: " + ")
  }

  /// `bun ten reduction rounded`.
  private static func step(_ step: JSON, _ line: String) -> String {
    let notes = (step["notes"]?.items ?? []).map { if case .string(let text) = $0 { text } else { "" } }
    return ([line, step.text("promotion"), step.text("kind")].compactMap { $0 } + notes).joined(separator: " ")
  }
}
