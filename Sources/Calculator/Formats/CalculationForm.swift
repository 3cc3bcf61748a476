import Conditions
import Kernel

/// A calculation as a document: every amount, every step on its line, and a sentence for people wherever something did not happen.
public struct CalculationForm {
  public static var format: String { "regulars.calculation/1" }

  let rules: RuleBook
  let amounts: AmountForm
  let sentences: Sentences

  /// - Parameter rules: the rule book that the calculation was made by; traces and reasons name promotions by their place in it.
  public init(rules: RuleBook) {
    self.rules = rules
    amounts = AmountForm(rules.terms)
    sentences = Sentences(rules: rules)
  }

  public func json(_ calculation: Calculation) -> JSON {
    var steps: [Int32: [TraceStep]] = [:]
    for step in calculation.trace { steps[step.line, default: []].append(step) }
    return .object([
      "format": .string(Self.format), "totals": totals(calculation),
      "lines": .array(calculation.lines.enumerated().map { line($1, steps[Int32($0)] ?? []) }),
      "promotions": .array(calculation.promotions.map(applied)),
      "tenders": .array(
        calculation.tenders.map { .object(["kind": .string($0.kind.rawValue), "amount": amounts.json($0.amount)]) }),
      "spending": spending(calculation),
      "tradeOff": .array(
        calculation.tradeOff.map {
          .object(["spend": amounts.json($0.spend), "amount": amounts.json($0.amount), "earned": amounts.json($0.earned)])
        }),
      "tenderPrices": .array(
        calculation.tenderPrices.map {
          .object(["kind": .string($0.kind.rawValue), "amount": amounts.json($0.amount), "earned": amounts.json($0.earned)])
        }),
      "reasons": .array(calculation.reasons.map(reason)), "hints": .array(calculation.hints.map(hint)),
      "exclusion": calculation.exclusion.map {
        .object(["method": .string($0.method.rawValue), "candidates": .int(Int64($0.candidates))])
      },
    ])
  }

  private func totals(_ calculation: Calculation) -> JSON {
    .object([
      "shelf": amounts.json(calculation.shelf), "tillReduced": amounts.json(calculation.tillReduced),
      "discount": amounts.json(calculation.discount), "paidWithPoints": amounts.json(calculation.paidWithPoints),
      "rounding": amounts.json(calculation.rounding), "amount": amounts.json(calculation.amount),
      "tillRounding": amounts.json(calculation.tillRounding), "pointsSpent": amounts.json(calculation.pointsSpent),
      "earned": amounts.json(calculation.earned),
      "status": rules.terms.earning.status.map { _ in amounts.json(calculation.status) },
    ])
  }

  private func line(_ line: CalculatedLine, _ steps: [TraceStep]) -> JSON {
    .object([
      "id": .string(line.id), "quantity": .string(line.quantity.decimalText), "shelf": amounts.json(line.shelf),
      "tillReduced": amounts.json(line.tillReduced), "discount": amounts.json(line.discount),
      "paidWithPoints": amounts.json(line.paidWithPoints), "rounding": amounts.json(line.rounding),
      "amount": amounts.json(line.amount),
      "pointsSpent": amounts.json(line.pointsSpent), "earned": amounts.json(line.earned),
      "parts": .array(
        line.parts.map {
          .object([
            "quantity": .string($0.quantity.decimalText), "price": amounts.json($0.price), "amount": amounts.json($0.amount),
          ])
        }),
      "trace": .array(steps.map(step)),
    ])
  }

  /// An amount of money that a step takes off, or the points that it gives.
  private func step(_ step: TraceStep) -> JSON {
    let isEarning = step.kind == .earning
    return .object([
      "kind": .string(step.kind.word), "promotion": step.promotion < 0 ? nil : .string(rules.promotions[Int(step.promotion)].code),
      "base": amounts.json(Money(minor: step.base)), "rate": step.rate == 0 ? nil : .string(Rate(ppm: step.rate).percentText),
      "amount": isEarning ? nil : amounts.json(Money(minor: step.amount)),
      "points": isEarning ? amounts.json(Points(units: step.amount)) : nil,
      "notes": step.notes.isEmpty ? nil : .array(step.notes.words.map(JSON.string)),
    ])
  }

  private func applied(_ applied: AppliedPromotion) -> JSON {
    let promotion = rules.promotions[applied.index]
    return .object([
      "code": .string(promotion.code), "name": promotion.name.json, "money": amounts.json(applied.money),
      "points": amounts.json(applied.points), "times": .int(applied.times), "coupon": applied.coupon.map(JSON.string),
    ])
  }

  private func spending(_ calculation: Calculation) -> JSON {
    let limits = calculation.spending
    return .object([
      "available": amounts.json(limits.available), "least": amounts.json(limits.least), "most": amounts.json(limits.most),
      "brake": limits.brake.map { .string($0.rawValue) }, "sentence": sentences.brake(limits)?.json,
      "byPool": .array(calculation.spentByPool.map(amounts.json)),
    ])
  }

  private func reason(_ reason: Reason) -> JSON {
    .object([
      "promotion": reason.promotion.map { .string(rules.promotions[$0].code) }, "coupon": reason.coupon.map(JSON.string),
      "code": .string(reason.cause.word), "facts": facts(reason.cause), "sentence": sentences.reason(reason).json,
    ])
  }

  /// What the sentence was made of, for machines; nil where the code says it all.
  private func facts(_ cause: Cause) -> JSON? {
    switch cause {
    case .memberAttribute(let name): .object(["attribute": .string(name)])
    case .counter(let name, let have, let bounds): within(have, bounds, JSON.int, ("counter", .string(name)))
    case .couponMissing(let series): .object(["coupon": .string(series)])
    case .amount(let have, let bounds): within(have.minor, bounds) { amounts.json(Money(minor: $0)) }
    case .quantity(let have, let bounds): within(have, bounds) { .string(Quantity(thousandths: $0).decimalText) }
    case .productCount(let have, let bounds): within(have, bounds, JSON.int)
    case .excluded(let by): .object(["by": .string(rules.promotions[by].code)])
    case .notBest(let than): .object(["than": .string(rules.promotions[than].code)])
    case .notFirst(let after): .object(["after": .string(rules.promotions[after].code)])
    case .notStarted, .ended, .otherStore, .otherChannel, .otherDay, .otherHour, .unidentified, .otherMemberKind, .otherTier,
      .otherSegment, .notFirstPurchase, .notBirthday, .coupon, .otherTender, .noGoods, .excludedCircumstance, .controlGroup, .limit,
      .nothingToReduce, .roundedToNothing:
      nil
    }
  }

  private func within(_ have: Int64, _ bounds: Bounds, _ number: (Int64) -> JSON, _ first: (String, JSON)? = nil) -> JSON {
    let members = [
      first, ("have", number(have)), bounds.atLeast.map { ("atLeast", number($0)) }, bounds.atMost.map { ("atMost", number($0)) },
    ]
    return .object(members.compactMap { $0 }.map { JSON.Member($0, $1) })
  }

  private func hint(_ hint: Hint) -> JSON {
    let (word, facts): (String, JSON?) =
      switch hint.missing {
      case .amount(let money): ("amount", .object(["amount": amounts.json(money)]))
      case .quantity(let quantity): ("quantity", .object(["quantity": .string(quantity.decimalText)]))
      case .gift(let units, let price): ("gift", .object(["units": .int(units), "price": amounts.json(price)]))
      case .identification: ("identification", nil)
      }
    return .object([
      "promotion": .string(rules.promotions[hint.promotion].code), "missing": .string(word), "facts": facts,
      "sentence": sentences.hint(hint).json,
    ])
  }
}

extension LocalText {
  public var json: JSON { .object(["ru": .string(ru), "en": .string(en)]) }
}
