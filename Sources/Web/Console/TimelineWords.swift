import Access
import Conditions
import Customers
import Kernel
import Loyalty

/// One line of the timeline in words.
struct TimelineWords {
  struct Told {
    var icon: Icon
    var mood = ""
    var what: Markup
    var more = ""
    var amount: Markup?
  }

  let reader: Reader
  let visit: Visit
  let tiers: [TierID: String]
  let fields: FieldCatalogue
  /// Names of the goods of sessions, by code.
  let goods: [String: CatalogueName]

  func tell(_ what: MemberTimeline.What) -> Told {
    switch what {
    case .receipt(let receipt): tell(receipt)
    case .returned(let goods): tell(goods)
    case .points(let posting, let note): tell(posting, note)
    case .visit(let story): VisitWords(reader: reader, goods: goods).tell(story)
    case .coupon(let moment): tell(moment)
    case .certificate(let entry): tell(entry)
    case .prize(let draw, let prize): tell(draw, prize)
    case .collection(let done): tell(done)
    case .tier(let grant): tell(grant)
    case .subscription(let change): tell(change)
    case .segment(let move): tell(move)
    case .note(let note): tell(note)
    case .act(let entry): tell(entry)
    }
  }

  private func tell(_ receipt: Receipt) -> Told {
    var parts = [reader.count(receipt.lines.count, ("позиция", "позиции", "позиций"), ("line", "lines"))]
    if receipt.discount > .zero { parts.append(reader("скидка", "discount") + " " + reader.money(receipt.discount)) }
    if receipt.spent > .zero { parts.append(reader("списано", "spent") + " " + reader.points(receipt.spent)) }
    if receipt.earned > .zero { parts.append(reader("начислено", "earned") + " " + reader.points(receipt.earned)) }
    let badge = receipt.state == .confirmed ? nil : ReceiptWords.badge(receipt.state, reader)
    return Told(
      icon: .receipt, mood: "accent",
      what: "<a href=\"\(receipt.path)\"><b>\(reader("Чек", "Receipt"))</b></a>, \(visit.store(receipt.store)) \(badge)",
      more: parts.joined(separator: ", "), amount: "\(reader.money(receipt.amount))")
  }

  private func tell(_ goods: ReceiptBook.Brought) -> Told {
    var parts: [String] = []
    if goods.givenBack > .zero {
      parts.append(reader("вернулись баллы", "points given back") + " " + reader.points(goods.givenBack))
    }
    if goods.takenBack > .zero { parts.append(reader("сняты баллы", "points taken back") + " " + reader.points(goods.takenBack)) }
    return Told(
      icon: .undo, mood: "warn", what: "<b>\(reader("Возврат", "Return"))</b>, \(visit.store(goods.store))",
      more: parts.joined(separator: ", "), amount: "\(reader.money(-goods.amount))")
  }

  private func tell(_ posting: Posting, _ note: String?) -> Told {
    let change = posting.change
    let name = posting.entries.first.map { EntryWords.name(posting.occasion.cause, $0, reader) } ?? ""
    let moved = posting.entries.first?.amount ?? .zero
    let amount =
      change > .zero ? "+" + reader.points(change) : change < .zero ? "−" + reader.points(-change) : reader.points(moved)
    return Told(
      icon: .points, mood: change > .zero ? "accent" : "", what: "\(name)", more: self.note(posting, note),
      amount: "\(amount)<small>\(reader("баллы", "points"))</small>")
  }

  /// What the operator said, or what a gift is for.
  private func note(_ posting: Posting, _ note: String?) -> String {
    guard case .gift = posting.occasion.cause, let note else { return note ?? "" }
    if note == ActionGift.bulk { return reader("действие над сегментом", "an action on a segment") }
    if note == ActionGift.referral { return reader("приглашение", "a referral") }
    return visit.sales?.programme.settings.giving.action(note).map { reader($0.name) } ?? note
  }

  private func tell(_ moment: CouponMoment) -> Told {
    let name = moment.series.map { reader($0.name) } ?? moment.coupon.code
    let what = moment.moment == .issued ? reader("Выдан купон", "Coupon given:") : reader("Применён купон", "Coupon used:")
    var parts = [reader("код", "code") + " …" + String(moment.coupon.code.suffix(4))]
    if moment.moment == .issued, let until = moment.coupon.until {
      parts.append(reader("до", "until") + " " + reader.date(until - Span(micros: 1)))
    }
    if moment.coupon.state == .void { parts.append(reader("изъят", "taken out of use")) }
    return Told(
      icon: .coupon, mood: moment.moment == .used ? "accent" : "", what: "\(what) <b>\(name)</b>",
      more: parts.joined(separator: ", "))
  }

  private func tell(_ entry: CertificateEntry) -> Told {
    let kind = CertificateWords(reader: reader).kind(entry.kind)
    let end = "••••" + String(entry.code.suffix(4))
    let amount = entry.change < .zero ? "−" + reader.money(-entry.change) : "+" + reader.money(entry.change)
    return Told(
      icon: .card, mood: "accent", what: "\(reader("Сертификат", "Certificate")) \(end)", more: kind, amount: "\(amount)")
  }

  private func tell(_ draw: GameDraw, _ prize: Prize) -> Told {
    let word = prize.find == nil ? reader("Игра", "Game") : reader("Находка", "Found")
    return Told(
      icon: .game, mood: draw.given > 0 || prize.find != nil ? "accent" : "",
      what: "<a href=\"/console/games/\(draw.game)\">\(word)</a>: <b>\(reader(prize.name))</b>",
      more: draw.code.map { reader("код", "code") + " …" + String($0.suffix(4)) } ?? "")
  }

  private func tell(_ done: Completion) -> Told {
    let gift = GameWords(reader: reader, now: done.at).gift(done.prize.gift, visit.started?.settings.pointsName ?? .standard)
    return Told(
      icon: .game, mood: "accent",
      what:
        "<a href=\"/console/games/\(done.game)\">\(reader("Собрана коллекция", "Collection completed"))</a>: <b>\(reader(done.prize.name))</b>",
      more: gift + (done.code.map { ", " + reader("код", "code") + " …" + String($0.suffix(4)) } ?? ""))
  }

  private func tell(_ note: MemberNote) -> Told {
    Told(
      icon: .message, mood: note.isPinned ? "warn" : "",
      what: "\(reader("Заметка", "Note")), <span class=\"soft\">\(reader.words(note.by))</span>", more: note.text)
  }

  private func tell(_ grant: TierGrant) -> Told {
    var parts = [TierWords(reader: reader).reason(grant)]
    if let until = grant.until { parts.append(reader("до", "until") + " " + reader.date(until)) }
    if let end = grant.withdrawnAt { parts.append(reader("снят", "withdrawn on") + " " + reader.date(end)) }
    return Told(
      icon: .star, mood: "accent", what: "\(reader("Уровень", "Tier")) <b>\(tiers[grant.tier] ?? "")</b>",
      more: parts.joined(separator: ", "))
  }

  private func tell(_ change: SubscriptionChange) -> Told {
    let plan = visit.sales?.programme.settings.subscriptions.first { $0.code == change.plan }
    let happened =
      switch change.kind {
      case .started: reader("началась", "began")
      case .renewed: reader("продлена", "was prolonged")
      case .ended: reader("закончилась", "came to its end")
      case .cancelled: reader("отменена", "was cancelled")
      }
    let isGood = change.kind == .started || change.kind == .renewed
    return Told(
      icon: .calendar, mood: isGood ? "accent" : "",
      what: "\(reader("Подписка", "Subscription")) <b>\(plan.map { reader($0.name) } ?? change.plan)</b> \(happened)")
  }

  private func tell(_ move: SegmentMove) -> Told {
    let name = reader(move.segment.details.name)
    let segment: Markup =
      visit.may(.seeFigures) ? "<a href=\"/console/segments/\(move.segment.id)\"><b>\(name)</b></a>" : "<b>\(name)</b>"
    let what =
      move.isIn ? reader("Теперь в сегменте", "Now in the segment") : reader("Больше не в сегменте", "No longer in the segment")
    return Told(icon: .filter, mood: move.isIn ? "accent" : "", what: "\(what) \(segment)")
  }

  /// From what to what; of what the reader may not see only that it changed.
  private func tellField(_ entry: AuditEntry, _ code: String) -> Told {
    let by = visit.may(.seeAudit) ? [Actor(entry.actor).map(reader.words) ?? entry.actor] : []
    guard let field = fields[code], visit.sees(field) else {
      return Told(icon: .list, what: "\(reader("Изменилось поле анкеты", "A field of the profile changed"))", more: by.joined())
    }
    let words = FieldWords(reader: reader, fields: fields)
    func side(_ json: JSON?) -> String { Attributes(changed: json)?[code].map { words.value($0, of: code) } ?? "–" }
    let change = field.isPersonal ? [] : ["\(side(entry.before)) → \(side(entry.after))"]
    return Told(icon: .list, what: "<b>\(reader(field.name))</b>", more: (change + by).joined(separator: ", "))
  }

  private func tell(_ entry: AuditEntry) -> Told {
    if entry.act == MemberTimeline.fieldChanged, let code = entry.after?["field"]?.text { return tellField(entry, code) }
    var parts: [String] = []
    if let value = entry.after?["value"]?.text, let kind = entry.after?["kind"]?.text.flatMap(IdentifierKind.init) {
      parts.append("\(IdentifierWords.name(kind, reader)) \(value)")
    }
    for key in ["points", "reason", "note"] { if let text = entry.after?[key]?.text { parts.append(text) } }
    // Who did it is for those who may see the trail.
    if visit.may(.seeAudit) { parts.append(Actor(entry.actor).map(reader.words) ?? entry.actor) }
    let isBad = ["member.blocked", "identifier.blocked", "member.erased"].contains(entry.act)
    let icons: [(String, Icon)] = [("identifier.", .card), ("member.", .person), ("task.", .check), ("note.", .message)]
    return Told(
      icon: icons.first { entry.act.hasPrefix($0.0) }?.1 ?? .history,
      mood: isBad ? "bad" : "", what: "\(ActWords.name(entry.act, reader) ?? entry.act)", more: parts.joined(separator: ", "))
  }
}

extension Attributes {
  /// One side of a change as the trail keeps it: `{ "field": "size", "value": "XL" }`; nil for what is no such thing.
  init?(changed side: JSON?) {
    guard let side, case .string(let code)? = side["field"] else { return nil }
    guard let value = side["value"], value != .null else {
      self.init()
      return
    }
    self.init(JSONNode(.object([JSON.Member(code, value)])), lists: true)
  }
}

extension MemberTimeline.What {
  /// What it says of the account's own fields, so that their values can be called by name.
  var attributes: [Attributes] {
    guard case .act(let entry) = self, entry.act == MemberTimeline.fieldChanged else { return [] }
    return [Attributes(changed: entry.before), Attributes(changed: entry.after)].compactMap { $0 }
  }
}
