import Kernel

// Money changes hands: paying, returning, and codes.
extension TillSession {
  /// The receipt is printed first and told afterwards: what the server does not hear now, it hears later.
  func pay(_ tender: String) async throws {
    guard !items.isEmpty else { return refuse(words.emptyBasket) }
    let kinds = ["cash", "card", "fast-payment"]
    guard kinds.contains(tender) else { return refuse(words.tenders(kinds)) }
    if quote?["confirmation"]?["isNeeded"] == .bool(true), let spent = quote?["totals"]?["pointsSpent"]?.word,
      let above = quote?["confirmation"]?["above"]?.word, words.isMore(spent, above), shown?.confirmation == nil
    {
      return await askForCode(spent)
    }
    let number = book.number
    let total = quote?["totals"]?["amount"]?.word.flatMap { words.minor($0) } ?? items.reduce(Money.zero) { $0 + $1.amount }
    let body = request(
      isQuote: false,
      [
        JSON.Member("receipt", .object(["shift": .int(book.shift), "number": .string(number)])),
        JSON.Member("tenders", .array(paying(rest: tender))), JSON.Member("total", .string(words.money(total))),
      ] + (quote?["calculationId"].map { [JSON.Member("calculationId", $0)] } ?? [JSON.Member("offline", true)]))
    let receipt = TillBook.Waiting(kind: .sale, key: newKey("sale"), number: number, body: body)
    try book.print(receipt, amount: total, lines: printedLines)
    let sold = isOnline ? await ask("POST", "/till/v1/receipts", body, key: receipt.key) : nil
    keep(slip: words.slip(number, book.shift, items, quote, total, sold?.json))
    clear()
    guard let sold else { return say(words.waiting(book.waiting.count)) }
    try settle(receipt, sold)
  }

  private var isOnline: Bool { quote != nil }

  private func askForCode(_ points: String) async {
    let body = object(["member": shown?.json, "points": .string(points)])
    guard let reply = await ask("POST", "/till/v1/confirmations", body, key: newKey("code")) else {
      return refuse(words.needsServer)
    }
    guard reply.isDone, let id = reply.json["confirmation"]?.word else { return refuse(reply.sentence(words.language)) }
    asked = id
    say(words.codeSent(reply.json["sentTo"]?.word ?? ""))
  }

  func verify(_ code: String) async {
    guard let asked else { return refuse(words.noCode) }
    let body = object(["code": .string(code)])
    guard let reply = await ask("POST", "/till/v1/confirmations/\(pathPart(asked))/verification", body, key: newKey("verify"))
    else {
      return refuse(words.needsServer)
    }
    guard reply.isDone else { return refuse(reply.sentence(words.language)) }
    shown?.confirmation = asked
    self.asked = nil
    await price()
  }

  /// By the number of a receipt of this shift. The return is in the book, with its key and its time, before it is sent: where no answer
  /// comes, the goods are taken back all the same, and the very same request goes again later.
  func takeBack(_ number: String, _ lines: [TillCommand.Back]) async throws {
    guard let sold = book.printed.last(where: { $0.number == number && !$0.isReturn }) else {
      return refuse(words.noReceipt(number))
    }
    guard !lines.isEmpty else { return refuse(words.whichLines) }
    let back = sold.lines.isEmpty ? [] : book.comesBack(of: sold, lines)
    guard let back else { return refuse(words.notSoldSo(number)) }
    let due = back.isEmpty ? nil : back.reduce(Money.zero) { $0 + $1.amount }
    let body = object([
      "time": .string(now().text), "receipt": .object(["shift": .int(book.shift), "number": .string(book.number)]),
      "lines": .array(lines.map { .object(["line": .string($0.line), "quantity": .string($0.quantity)]) }),
    ])
    let document = TillBook.Waiting(
      kind: .takeBack(of: number, key: sold.key), key: newKey("return"), number: book.number, body: body)
    try book.print(document, amount: due ?? .zero, lines: back)
    guard let path = document.path, let reply = await ask("POST", path, body, key: document.key) else {
      keep(slip: words.returnSlip(document.number, of: number, due))
      return say(words.waiting(book.waiting.count))
    }
    guard reply.isDone else {
      try book.void(document)
      return refuse(reply.sentence(words.language))
    }
    keep(slip: words.returnSlip(document.number, of: number, reply.json))
    try settle(document, reply)
  }

  /// What the book keeps of the basket, as it is printed.
  private var printedLines: [TillBook.Line] {
    let priced = quote?["lines"]?.list ?? []
    return items.enumerated().map { place, item in
      let amount = priced.indices.contains(place) ? priced[place]["amount"]?.word.flatMap { words.minor($0) } : nil
      return TillBook.Line(id: String(place + 1), quantity: item.quantity, amount: amount ?? item.amount)
    }
  }
}
