import Access
import Conditions
import Customers
import Kernel
import Loyalty

// One function for each table: what stands where `FeedTable` has a column.
extension FeedBatch {
  mutating func add(_ documents: [SoldGoods.Document], _ names: FeedNames) {
    for document in documents {
      let id = document.text
      add(.documents, document.fields(id, names))
      for (place, line) in document.lines.enumerated() {
        add(.lines, line.fields(id, place + 1, names, of: document))
        for promotion in line.promotions {
          add(.linePromotions, [id, String(place + 1), names.promotions[promotion] ?? "\(promotion)"])
        }
      }
    }
  }

  /// A receipt that was sent before and counts for nothing now.
  mutating func cancel(_ mark: SoldGoods.Mark, of touched: SoldGoods.Touched, _ names: FeedNames) {
    let text = mark.id == touched.id ? "\(ReceiptID(mark.id))" : "\(ReturnID(mark.id))"
    add(
      .documents,
      [
        text, "cancelled", "", "", names.stores[mark.store]?.details.code ?? "", "", "", "", "\(mark.day)", mark.at.text, "", "",
        "",
        "",
      ])
  }

  mutating func add(_ lines: [PointsJournal.Line], _ names: FeedNames) {
    for line in lines {
      let (entry, occasion) = (line.entry, line.entry.occasion)
      add(
        .points,
        [
          "\(line.posting)", String(line.number), "\(MemberID(line.owner))", occasion.cause.feedWord, occasion.cause.feedSubject,
          entry.from.feedWord, entry.to.feedWord, names.amounts.text(entry.amount), String(entry.lot.raw), occasion.event.text,
          occasion.posted.text,
        ])
    }
  }

  mutating func add(_ member: Member, _ profile: MemberProfile?, code: String?, _ names: FeedNames) {
    let person = member.person
    add(
      .members,
      [
        "\(member.id)", code ?? "", member.kind.rawValue, member.status.rawValue, member.joinedAt.text,
        member.joinedIn.flatMap { names.stores[$0]?.details.code } ?? "", member.mergedInto.map { "\($0)" } ?? "",
        profile?.household.map { "\($0)" } ?? "", profile?.tier.flatMap { names.tiers[$0] } ?? "",
        person?.birthday.map { String($0.parts.year) } ?? "", person?.sex?.rawValue ?? "", person?.city ?? "",
        person?.language?.rawValue ?? "",
        Consent.allCases.filter { profile?.consents.contains($0) ?? false }.map(\.rawValue).joined(separator: " "),
      ])
  }

  mutating func add(_ member: MemberID, in segment: String, _ isIn: Bool) {
    add(.segmentMembers, [segment, "\(member)", isIn ? "1" : "0"])
  }
}

extension SoldGoods.Document {
  /// The id as others write it.
  fileprivate var text: String { kind == .returned ? "\(ReturnID(id))" : "\(ReceiptID(id))" }

  fileprivate func fields(_ id: String, _ names: FeedNames) -> [String] {
    let state =
      switch kind {
      case .sale: "sale"
      case .undone: "undone"
      case .returned: "returned"
      }
    return [
      id, state, sale.map { "\(ReceiptID($0))" } ?? "", member.map { "\($0)" } ?? "", names.stores[store]?.details.code ?? "",
      register, shift, number, "\(day)", at.text, occasion.channel.rawValue,
      occasion.tenders.map(\.rawValue).joined(separator: " "), occasion.coupons.joined(separator: " "),
      occasion.tier.flatMap { names.tiers[$0] } ?? "",
    ]
  }
}

extension SoldGoods.Line {
  fileprivate func fields(_ document: String, _ number: Int, _ names: FeedNames, of sold: SoldGoods.Document) -> [String] {
    let amounts = names.amounts
    return [
      document, String(number), product.flatMap { names.catalogue.code($0) } ?? "", Decimal.text(quantity.thousandths, digits: 3),
      amounts.text(tillReduced + discount + paidWithPoints + amount), amounts.text(tillReduced), amounts.text(discount),
      amounts.text(paidWithPoints), amounts.text(amount), amounts.text(spent), amounts.text(earned),
      names.cost(self, of: sold).map(amounts.text) ?? "",
    ]
  }
}

extension Cause {
  /// Like a column's name, it never changes its meaning.
  var feedWord: String {
    switch self {
    case .sale: "sale"
    case .refund: "return"
    case .attachment: "claim"
    case .hold: "hold"
    case .holdEnded: "hold-ended"
    case .adjustment: "adjustment"
    case .opening: "opening"
    case .activation: "activation"
    case .expiry: "expiry"
    case .regrouping: "regrouping"
    case .merge: "merge"
    case .gift: "gift"
    case .drawn: "household-spent"
    case .drawnBack: "household-returned"
    case .transfer: "transfer"
    case .received: "transfer-received"
    case .transferBack: "transfer-taken-back"
    case .receivedBack: "transfer-given-back"
    case .donation: "donation"
    case .donationBack: "donation-taken-back"
    }
  }

  fileprivate var feedSubject: String {
    switch self {
    case .sale(let id), .attachment(let id), .drawn(let id): "\(id)"
    case .refund(let id), .drawnBack(let id): "\(id)"
    case .hold(let id), .holdEnded(let id): "\(id)"
    case .adjustment(let id): "\(id)"
    case .opening(let id): "\(id)"
    case .merge(let id): "\(id)"
    case .gift(let id): "\(id)"
    case .transfer(let id), .received(let id), .transferBack(let id), .receivedBack(let id): "\(id)"
    case .donation(let id), .donationBack(let id): "\(id)"
    case .activation, .expiry, .regrouping: ""
    }
  }
}

extension JournalAccount {
  /// Like a column's name, it never changes its meaning.
  var feedWord: String {
    switch self {
    case .pending: "pending"
    case .active, .held: "active"
    case .debt: "debt"
    case .status: "status"
    case .issued: "issued"
    case .spent: "spent"
    case .expired: "expired"
    case .cancelled: "taken-back"
    case .partner: "partner"
    case .discrepancy: "discrepancy"
    case .lateConfirm: "late-confirm"
    case .goodwill: "goodwill"
    case .correction: "correction"
    case .opening: "opening"
    case .statusIssued: "status-issued"
    case .regrouped: "regrouped"
    case .moved: "merged"
    case .gifts: "gifts"
    case .pooled: "household"
    case .transferred: "transferred"
    case .fees: "fees"
    case .charity: "charity"
    }
  }
}
