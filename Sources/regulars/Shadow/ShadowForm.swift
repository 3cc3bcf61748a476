import Calculator
import Kernel

extension ShadowText {
  /// The report for machines.
  public func json(_ report: ShadowReport) -> JSON {
    .object([
      "lines": .int(Int64(report.lines)), "receipts": .int(Int64(report.receipts)), "agreeing": .int(Int64(report.agreeing)),
      "stopped": .bool(report.isStopped), "malformedCount": .int(Int64(report.malformedCount)),
      "malformed": .array(
        report.malformed.map {
          .object(["line": .int(Int64($0.line)), "pointer": .string($0.pointer), "message": .string($0.message)])
        }),
      "rounding": report.rounding.map(\.json), "search": report.search.map { json($0) },
      "classes": .array(ShadowClass.allCases.compactMap { kind in report.classes[kind].map { json(kind, $0) } }),
      "causes": .array(
        report.causes.sorted { ($1.value, sentence($0.key)) < ($0.value, sentence($1.key)) }.prefix(Limits.shadowExamples).map {
          .object(["cause": .string(sentence($0.key)), "receipts": .int(Int64($0.value))])
        }),
      "promotions": .array(report.effects.sorted { $0.key < $1.key }.map { json($0.key, $0.value) }),
      "examples": .array(report.examples.map { json($0) }),
    ])
  }

  private func json(_ search: RoundingSearch) -> JSON {
    .object([
      "sample": .int(Int64(search.sample)), "before": .int(Int64(search.before)), "after": .int(Int64(search.after)),
      "proposed": search.proposed.map(\.json),
    ])
  }

  private func json(_ kind: ShadowClass, _ tally: ShadowReport.Tally) -> JSON {
    .object([
      "class": .string(kind.rawValue), "receipts": .int(Int64(tally.receipts)), "proven": .int(Int64(tally.proven)),
      "amount": .string(form.text(tally.amount)), "amountApart": .string(form.text(tally.amountApart)),
      "spent": .string(form.text(tally.spent)), "earned": .string(form.text(tally.earned)),
      "earnedApart": .string(form.text(tally.earnedApart)),
    ])
  }

  private func json(_ code: String, _ effect: ShadowReport.Effect) -> JSON {
    .object([
      "code": .string(code), "ours": .int(Int64(effect.ours)), "theirs": .int(Int64(effect.theirs)),
      "ourMoney": .string(form.text(effect.ourMoney)), "theirMoney": .string(form.text(effect.theirMoney)),
      "ourPoints": .string(form.text(effect.ourPoints)), "theirPoints": .string(form.text(effect.theirPoints)),
    ])
  }

  private func json(_ example: ShadowReport.Example) -> JSON {
    .object([
      "id": .string(example.record.id), "line": .int(Int64(example.record.line)),
      "class": .string(example.verdict.kind.rawValue), "proven": .bool(example.verdict.isProven),
      "cause": .string(sentence(example.verdict.cause)), "theirs": json(example.record.answer),
      "ours": CalculationForm(rules: example.book).json(example.ours),
    ])
  }

  private func json(_ side: ShadowSide) -> JSON {
    .object([
      "lines": .array(
        side.lines.map { line in
          .object([
            "id": .string(line.id), "amount": .string(form.text(line.amount)), "discount": .string(form.text(line.discount)),
            "paidWithPoints": .string(form.text(line.paidWithPoints)), "earned": line.earned.map { .string(form.text($0)) },
          ])
        }),
      "totals": .object([
        "amount": .string(form.text(side.amount)), "discount": .string(form.text(side.discount)),
        "pointsSpent": .string(form.text(side.pointsSpent)), "earned": .string(form.text(side.earned)),
      ]),
    ])
  }
}
