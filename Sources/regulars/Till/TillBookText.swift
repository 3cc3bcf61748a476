import Kernel

// How a till's book is written down. What an older book does not have is read as not there.
extension TillBook {
  static func printed(_ item: JSONNode) -> Printed? {
    guard let number = item["number"].text(), let amount = item["amount"].int() else { return nil }
    let lines = item["lines"].items(max: Limits.lines).compactMap { line -> Line? in
      guard let id = line["line"].text(), let quantity = line["quantity"].int(1...Limits.quantity),
        let amount = line["amount"].int()
      else {
        return nil
      }
      return Line(id: id, quantity: Quantity(thousandths: quantity), amount: Money(minor: amount))
    }
    return Printed(
      isReturn: item["return"].bool() ?? false, number: number, key: item["key"].text(), amount: Money(minor: amount), lines: lines,
      original: item["returnOf"].text())
  }

  static func json(_ printed: Printed) -> JSON {
    .object([
      "number": .string(printed.number), "return": printed.isReturn ? true : nil, "key": printed.key.map(JSON.string),
      "amount": .int(printed.amount.minor), "returnOf": printed.original.map(JSON.string),
      "lines": printed.lines.isEmpty
        ? nil
        : .array(
          printed.lines.map {
            .object(["line": .string($0.id), "quantity": .int($0.quantity.thousandths), "amount": .int($0.amount.minor)])
          }),
    ])
  }

  static func waiting(_ item: JSONNode) -> Waiting? {
    guard let key = item["key"].text(), let number = item["number"].text(), let body = item["body"].json else { return nil }
    var kind = Waiting.Kind.sale
    if item["returnOf"].isPresent {
      guard let of = item["returnOf"].text() else { return nil }
      kind = .takeBack(of: of, key: item["original"].text())
    } else if item["closing"].bool() == true {
      kind = .closing
    }
    return Waiting(kind: kind, key: key, number: number, body: body, refusal: item["refused"].text())
  }

  static func json(_ waiting: Waiting) -> JSON {
    var (of, original): (String?, String?)
    if case .takeBack(let number, let key) = waiting.kind { (of, original) = (number, key) }
    return .object([
      "returnOf": of.map(JSON.string), "original": original.map(JSON.string), "closing": waiting.kind == .closing ? true : nil,
      "key": .string(waiting.key), "number": .string(waiting.number), "refused": waiting.refusal.map(JSON.string),
      "body": waiting.body,
    ])
  }
}
