import Calculator
import Kernel
import Loyalty

/// What a till or the office asks: everything that is needed to ask it again.
enum TillRequest: Sendable {
  case quote(Basket, Shopper)
  /// A calculation that sets points and limits aside. It has no key: asked again it is another hold, and the first ends by itself.
  case hold(Basket, Shopper)
  case release(HoldID, MemberID)
  case confirm(Sale, Shopper, RequestKey)
  case batch([OfflineSale])
  case cancel(ReceiptKey, HoldID?, Shopper, RequestKey)
  case takeBack(Return, Shopper, RequestKey)
  case exchange(Return, Sale, Shopper, RequestKey)
  case attach(ReceiptKey, MemberSnapshot, RequestKey)
  case adjust(Points, MemberID, AdjustmentReason, RequestKey)
  /// Points from another system, active or waiting.
  case open(Points, Points, MemberID, ImportID)
  /// Points of members who do not come activate and expire, and so do certificates.
  case advance
  /// The codes of the certificates that were printed for the year.
  case stock
  /// A turn is played.
  case draw(MemberID, StoreID, RequestKey)

  /// Where the same question must always have the same answer.
  var hasKey: Bool {
    switch self {
    case .confirm, .batch, .cancel, .takeBack, .exchange, .attach, .adjust, .open, .draw: true
    case .quote, .hold, .release, .advance, .stock: false
    }
  }

  /// As the till writes it down before it asks.
  var note: JSON {
    switch self {
    case .quote(let basket, let shopper): .object(["do": "quote", "basket": basket.note, "member": shopper.note])
    case .hold(let basket, let shopper): .object(["do": "hold", "basket": basket.note, "member": shopper.note])
    case .release(let hold, let member): .object(["do": "release", "hold": .int(hold.raw), "member": .int(member.raw)])
    case .confirm(let sale, let shopper, let request):
      .object(["do": "confirm", "request": .string(request.text), "sale": sale.note(shopper)])
    case .batch(let sales): .object(["do": "batch", "sales": .array(sales.map(\.note))])
    case .cancel(let key, let hold, let shopper, let request):
      .object([
        "do": "cancel", "request": .string(request.text), "key": key.note, "hold": hold.map { .int($0.raw) },
        "member": shopper.note,
      ])
    case .takeBack(let goods, let shopper, let request):
      .object(["do": "return", "request": .string(request.text), "goods": goods.note(shopper)])
    case .exchange(let goods, let sale, let shopper, let request):
      .object([
        "do": "exchange", "request": .string(request.text), "goods": goods.note(shopper), "sale": sale.note(shopper),
      ])
    case .attach(let key, let member, let request):
      .object(["do": "attach", "request": .string(request.text), "key": key.note, "member": .int(member.id.raw)])
    case .adjust(let change, let member, let reason, let request):
      .object([
        "do": "adjust", "request": .string(request.text), "points": .int(change.units), "member": .int(member.raw),
        "reason": .string(reason.rawValue),
      ])
    case .open(let active, let waiting, let member, let source):
      .object([
        "do": "open", "active": .int(active.units), "waiting": .int(waiting.units), "member": .int(member.raw),
        "source": .int(source.raw),
      ])
    case .advance: .object(["do": "advance"])
    case .stock: .object(["do": "stock"])
    case .draw(let member, let store, let request):
      .object([
        "do": "draw", "request": .string(request.text), "member": .int(member.raw), "store": .int(store.raw),
      ])
    }
  }
}

extension Shopper {
  fileprivate var note: JSON {
    switch self {
    case .nobody: 0
    case .member(let snapshot, _): .int(snapshot.id.raw)
    }
  }

  fileprivate var isBlocked: Bool { if case .member(_, isBlocked: true) = self { true } else { false } }
}

extension Basket {
  fileprivate var note: JSON {
    let wish: Int64 =
      switch spend {
      case .nothing: 0
      case .points(let points): points.units
      case .most: -1
      }
    return .object([
      "store": .int(store.id.raw), "time": .int(time.micros), "spend": .int(wish),
      "coupons": .array(coupons.map { .string($0.code) }),
      "pays": showsCertificates ? .array(tenders.compactMap { $0.certificate.map { .string($0.code) } }) : nil,
      "asks": tenders.first { $0.certificate != nil }?.amount.map { .int($0.minor) },
      "sells": showsCertificates ? .array(certificates.map { [.string($0.line), .string($0.certificate.code)] }) : nil,
      "lines": .array(
        lines.map { line in
          [
            .string(line.id), .int(line.product.id.raw), .int(line.quantity.thousandths), .int(line.price.minor),
            .int(line.tillReductions.reduce(0) { $0 + $1.amount.minor }),
          ]
        }),
    ])
  }
}

extension ReceiptKey {
  fileprivate var note: JSON {
    [.int(store.raw), .string(register), .int(shift), .string(number), .int(Int64(day.number))]
  }
}

extension Sale {
  fileprivate func note(_ shopper: Shopper) -> JSON {
    .object([
      "key": key.note, "basket": basket.note, "member": shopper.note, "blocked": shopper.isBlocked ? true : nil,
      "stated": stated.map { .array($0.map { [.int($0.amount.minor), .int($0.paidWithPoints.minor)] }) },
      "hold": hold.map { .int($0.raw) }, "rules": rules.map { .int($0) }, "offline": isOffline ? true : nil,
    ])
  }
}

extension OfflineSale {
  fileprivate var note: JSON { .object(["request": .string(request.text), "sale": sale.note(shopper ?? .nobody)]) }
}

extension Return {
  fileprivate func note(_ shopper: Shopper) -> JSON {
    .object([
      "key": key.note, "original": original?.note, "member": shopper.note, "time": .int(time.micros),
      "lines": .array(
        lines.map { line in
          switch line.which {
          case .line(let id): ["line", .string(id), .int(line.quantity.thousandths)]
          case .mark(let code): ["mark", .string(code), .int(line.quantity.thousandths)]
          case .product(let id): ["product", .int(id.raw), .int(line.quantity.thousandths)]
          }
        }),
      "refund": refund.map { .string($0.rawValue) }, "defect": isDefect ? true : nil, "stated": stated.map { .int($0.minor) },
    ])
  }
}
