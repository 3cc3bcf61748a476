import Kernel
import Storage

/// A statement as it is stored.
extension PartnerStatement {
  var json: JSON {
    .object([
      "party": party.json, "from": .int(Int64(span.lowerBound.number)), "to": .int(Int64(span.upperBound.number)),
      "opening": .int(opening.minor),
      "days": .array(days.map(\.json)), "corrections": .array(corrections.map(\.json)), "lines": .array(lines.map(\.json)),
    ])
  }

  /// - Parameter current: the party as it is called now, for a statement that was issued before statements kept it.
  /// - Throws: `StorageFailure.damaged`.
  init(stored text: String, else current: DocumentParty) throws {
    let body = StoredFigures(try storedJSON(text, in: "partner_statement.body"))
    self.init(
      party: try body.party(else: current), span: try body.day("from")...body.day("to"), opening: try body.money("opening"),
      days: try body.items("days").map(PartnerDay.init),
      corrections: try body.items("corrections").map(Correction.init), lines: try body.items("lines").map(Line.init))
  }
}

extension PartnerDay {
  fileprivate var json: JSON {
    .object([
      "day": .int(Int64(day.number)), "receipts": .int(sums.receipts), "amount": .int(sums.amount.minor),
      "earnedPoints": .int(sums.earned.units), "spentPoints": .int(sums.spent.units), "returns": .int(sums.returns),
      "takenBackPoints": .int(sums.takenBack.units), "givenBackPoints": .int(sums.givenBack.units), "earned": .int(earned.minor),
      "takenBack": .int(takenBack.minor), "spent": .int(spent.minor), "givenBack": .int(givenBack.minor),
      "commission": .int(commission.minor),
    ])
  }

  fileprivate init(_ body: StoredFigures) throws {
    var sums = ClearingDay()
    (sums.receipts, sums.returns) = (try body.number("receipts"), try body.number("returns"))
    sums.amount = try body.money("amount")
    sums.earned = Points(units: try body.number("earnedPoints"))
    sums.spent = Points(units: try body.number("spentPoints"))
    sums.takenBack = Points(units: try body.number("takenBackPoints"))
    sums.givenBack = Points(units: try body.number("givenBackPoints"))
    self.init(
      day: try body.day("day"), sums: sums, earned: try body.money("earned"), takenBack: try body.money("takenBack"),
      spent: try body.money("spent"), givenBack: try body.money("givenBack"), commission: try body.money("commission"))
  }
}

extension PartnerStatement.Correction {
  fileprivate var json: JSON { .object(["day": .int(Int64(day.number)), "amount": .int(amount.minor)]) }

  fileprivate init(_ body: StoredFigures) throws { self.init(day: try body.day("day"), amount: try body.money("amount")) }
}

extension PartnerStatement.Line {
  fileprivate var json: JSON {
    .object([
      "entry": .int(entry.raw), "kind": .int(kind.rawValue), "day": .int(Int64(day.number)), "amount": .int(amount.minor),
      "reason": .string(reason),
    ])
  }

  fileprivate init(_ body: StoredFigures) throws {
    guard let kind = PartnerEntry.Kind(rawValue: try body.number("kind")) else {
      throw StorageFailure.damaged("partner_statement.body has a line of an unknown kind")
    }
    self.init(
      entry: PartnerEntryID(try body.number("entry")), kind: kind, day: try body.day("day"), amount: try body.money("amount"),
      reason: try body.text("reason"))
  }
}
