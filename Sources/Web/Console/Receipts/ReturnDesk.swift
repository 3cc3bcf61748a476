import Access
import Kernel
import Loyalty
import Storage

/// Goods that somebody wants to give back, as the form says.
struct GoodsBack {
  /// The register of returns that no till made.
  static let register = "console"

  let query: Form
  let story: ReceiptStory
  /// What of each line has not come back yet.
  let remaining: [Quantity]
  /// What was chosen before, by line: the form that confirms carries it in one field, because lines may be many.
  private let chosen: [Int: Quantity]

  init(_ query: Form, _ story: ReceiptStory) {
    self.query = query
    self.story = story
    remaining = story.history.remaining(of: story.receipt)
    let pairs = query["lines"].split(separator: ",").prefix(Limits.lines).compactMap { pair -> (Int, Quantity)? in
      let parts = pair.split(separator: ":").compactMap { Int64($0) }
      guard parts.count == 2, let place = Int(exactly: parts[0]), (0...Limits.quantity).contains(parts[1]) else { return nil }
      return (place, Quantity(thousandths: parts[1]))
    }
    chosen = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  /// The form was filled in; without, nothing is worked out.
  var isAsked: Bool { !query["show"].isEmpty }
  var isDefect: Bool { query["defect"] == "yes" }
  var policy: ReturnTerms.Money? { ReturnTerms.Money(rawValue: query["refund"]) }

  /// What was typed for a line.
  func typed(_ place: Int, _ reader: Reader) -> String {
    if query["show"] == "all" { return reader.number(remaining[place]) }
    return chosen[place].map { reader.number($0) } ?? query["line\(place)"]
  }

  /// - Parameter most: what each line can give: what is left, or, where the same may have been done already, what was sold.
  /// - Throws: `Problem.invalid` (`bad_quantity`, `nothing_chosen`, `bad_key`).
  func goods(_ visit: Visit, upTo most: [Quantity]) throws -> Return {
    let (floor, receipt, now) = (try visit.floor, story.receipt, visit.call.at)
    guard let code = floor.storeCode(receipt.store), let till = floor.till(store: code, register: Self.register) else {
      throw ReceiptStory.unknown
    }
    let lines = try receipt.basket().lines.enumerated().compactMap { place, line -> Return.Line? in
      let quantity = try quantity(place, upTo: most[place], visit.reader)
      return quantity > .zero ? Return.Line(.line(line.id), quantity: quantity) : nil
    }
    guard !lines.isEmpty else { throw Self.nothingChosen }
    let zone = till.facts.zone
    var goods = Return(
      key: try key(zone.civil(at: now).day), original: story.entry.key, lines: lines, at: now,
      day: zone.businessDay(at: now, dayStart: till.facts.dayStart), refund: policy, isDefect: isDefect)
    goods.bodyHash = hash(lines)
    return goods
  }

  private func quantity(_ place: Int, upTo most: Quantity, _ reader: Reader) throws(Problem) -> Quantity {
    if query["show"] == "all" { return most }
    if query["line\(place)"].isEmpty, chosen[place] == nil { return .zero }
    guard let some = chosen[place] ?? reader.quantity(typed: query["line\(place)"]), some >= .zero, some <= most else {
      let number = reader.number(most)
      throw Problem(
        .invalid, "bad_quantity", "line \(place + 1): a quantity from 0 to \(number) is expected",
        cashier: LocalText(
          ru: "Строка \(place + 1): нужно количество от 0 до \(number)",
          en: "Line \(place + 1): a quantity from 0 to \(number) is expected"))
    }
    return some
  }

  /// Of the return's own document: as a till printed it, where it did, else made from the form's request.
  private func key(_ today: CivilDay) throws(Problem) -> ReceiptKey {
    let number = query["number"]
    guard !number.isEmpty else {
      let request = String(query["request"].prefix(Limits.code))
      return ReceiptKey(
        store: story.receipt.store, register: Self.register, shift: 0, number: request.isEmpty ? "?" : request, day: today)
    }
    guard isCode(number), isCode(query["register"]), let shift = Int64(query["shift"]), (0...Limits.amount).contains(shift),
      let day = query["date"].isEmpty ? today : CivilDay(query["date"])
    else { throw Self.badKey }
    return ReceiptKey(store: story.receipt.store, register: query["register"], shift: shift, number: number, day: day)
  }

  /// Over what is asked for, without the moment: sent again the form means the same.
  private func hash(_ lines: [Return.Line]) -> Int64 {
    var hash = StableHash()
    for name in ["reason", "register", "shift", "number", "date", "refund", "defect"] { hash.mix(query[name]) }
    hash.mix(story.receipt.id.raw)
    for line in lines {
      if case .line(let id) = line.which { hash.mix(id) }
      hash.mix(line.quantity.thousandths)
    }
    return Int64(bitPattern: hash.value)
  }

  private static let nothingChosen = Problem(
    .invalid, "nothing_chosen", "say how much of which line comes back",
    cashier: LocalText(ru: "Укажите, сколько чего возвращают", en: "Say how much of which line comes back"))
  private static let badKey = Problem(
    .invalid, "bad_key", "a printed return has a till, a shift and a number",
    cashier: LocalText(
      ru: "У пробитого возврата нужны касса, смена и номер чека", en: "A printed return has a till, a shift and a number"))
}

extension ConsoleDesk {
  /// Chooses lines and shows what goes back; a second form confirms it.
  func goodsBack(_ visit: Visit) async throws -> Answer {
    try await goodsBack(visit, Form(visit.call.query), nil)
  }

  private func goodsBack(_ visit: Visit, _ query: Form, _ refusal: Problem?) async throws -> Answer {
    let story = try await story(visit)
    let form = GoodsBack(query, story)
    var page = ReturnPage(form: form, visit: visit, request: String(random(), radix: 36))
    page.refusal = refusal
    if story.isOpen, story.rules != nil || story.receipt.isPast {
      let (receipts, at, receipt) = (try visit.floor.receipts, visit.call.at, story.receipt)
      do {
        let goods = form.isAsked ? try form.goods(visit, upTo: form.remaining) : nil
        let whole = try receipts.cancellation(of: receipt, story.entry.key, at: at)
        (page.preview, page.whole) = try await database.read { tx in
          let preview = try goods.flatMap { try receipts.preview($0, of: receipt, at: at, in: &tx) }
          return (preview, try receipts.preview(whole, of: receipt, at: at, in: &tx))
        }
      } catch let problem as Problem where problem.kind == .invalid { page.refusal = refusal ?? problem }
    }
    var answer = visit.show(page.page, in: .receipts)
    if let refusal = page.refusal { answer.status = refusal.kind == .conflict ? 409 : 422 }
    return answer
  }

  func takeBack(_ visit: Visit) async throws -> Answer {
    let story = try await story(visit)
    let form = GoodsBack(visit.form, story)
    do {
      let request = try Self.request(visit)
      guard let shown = ReturnSums(visit.form["sums"]) else { throw Self.brokenForm }
      guard story.receipt.state != .beside else { throw Self.besideNothing }
      let goods = try form.goods(visit, upTo: story.receipt.lines.map(\.quantity))
      let (receipts, change, reason) = (try visit.floor.receipts, change(visit), visit.form["reason"])
      _ = try await database.write(.till) { tx in
        try receipts.takeBack(goods, shown: shown, because: reason, request: request, by: change, in: &tx)
      }
      return .redirect(story.receipt.path + "?done=return")
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await goodsBack(visit, visit.form, problem)
    }
  }

  func cancelReceipt(_ visit: Visit) async throws -> Answer {
    let story = try await story(visit)
    do {
      let request = try Self.request(visit)
      guard let shown = ReturnSums(visit.form["sums"]) else { throw Self.brokenForm }
      guard story.receipt.state != .beside else { throw Self.besideNothing }
      let (receipts, change, reason, key) = (try visit.floor.receipts, change(visit), visit.form["reason"], story.entry.key)
      _ = try await database.write(.till) { tx in
        try receipts.cancel(key, shown: shown, because: reason, request: request, by: change, in: &tx)
      }
      return .redirect(story.receipt.path + "?done=cancellation")
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await goodsBack(visit, visit.form, problem)
    }
  }

  /// A form's own key: sent twice by an impatient hand it acts once.
  static func request(_ visit: Visit) throws(Problem) -> RequestKey {
    let text = visit.form["request"]
    guard (1...Limits.code).contains(text.utf8.count), isCode(text) else { throw brokenForm }
    return RequestKey("console " + text)
  }

  static let besideNothing = Problem(
    .conflict, "receipt_beside", "this receipt stands beside another of its number and moves nothing",
    cashier: LocalText(
      ru: "Этот чек записан рядом с другим и ничего не двигает: возвращать нечего",
      en: "This receipt stands beside another of its number and moves nothing"))
}
