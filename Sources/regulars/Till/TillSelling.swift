import Kernel

// Money changes hands: paying, returning, codes, and the end of a shift.
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
    let receipt = TillBook.Waiting(key: newKey("sale"), number: number, body: body)
    try book.print(receipt, amount: total)
    let sold = isOnline ? await ask("POST", "/till/v1/receipts", body, key: receipt.key) : nil
    keep(slip: words.slip(number, book.shift, items, quote, total, sold?.json))
    clear()
    guard let sold else { return say(words.waiting(book.waiting.count)) }
    try settle(receipt, sold)
  }

  private var isOnline: Bool { quote != nil }

  private func settle(_ receipt: TillBook.Waiting, _ reply: TillReply) throws {
    guard reply.isDone else {
      // It stays in the file of what waits: a receipt is never thrown away.
      return refuse(reply.sentence(words.language))
    }
    try book.settle(receipt.number, key: reply.json["receipt"]?["key"]?.word)
    for discrepancy in reply.json["discrepancies"]?.list ?? [] { say(words.discrepancy(discrepancy)) }
  }

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

  /// By the number of a receipt of this shift; no lines: all of it that the basket had.
  func takeBack(_ number: String, _ lines: [TillCommand.Back]) async throws {
    guard let sold = book.printed.last(where: { $0.number == number && !$0.isReturn }) else {
      return refuse(words.noReceipt(number))
    }
    guard let key = sold.key else { return refuse(words.notToldYet(number)) }
    guard !lines.isEmpty else { return refuse(words.whichLines) }
    let back = book.number
    let body = object([
      "time": .string(now().text), "receipt": .object(["shift": .int(book.shift), "number": .string(back)]),
      "lines": .array(lines.map { .object(["line": .string($0.line), "quantity": .string($0.quantity)]) }),
    ])
    guard let reply = await ask("POST", "/till/v1/receipts/\(pathPart(key))/returns", body, key: newKey("return")) else {
      return refuse(words.needsServer)
    }
    guard reply.isDone else { return refuse(reply.sentence(words.language)) }
    try book.print(return: back, amount: reply.json["amount"]?.word.flatMap { words.minor($0) } ?? .zero)
    keep(slip: words.returnSlip(back, of: number, reply.json))
    for discrepancy in reply.json["discrepancies"]?.list ?? [] { say(words.discrepancy(discrepancy)) }
  }

  /// The network is back: what waits is told, a batch at a time.
  func reconnect() async throws {
    isSwitchedOff = false
    var told = 0
    while !book.waiting.isEmpty {
      let batch = Array(book.waiting.prefix(Limits.batch))
      let receipts = batch.map { receipt -> JSON in
        guard case .object(let members) = receipt.body else { return receipt.body }
        return .object([JSON.Member("requestKey", .string(receipt.key))] + members)
      }
      guard let reply = await ask("POST", "/till/v1/receipt-batches", object(["receipts": .array(receipts)])) else {
        return refuse(words.waiting(book.waiting.count))
      }
      guard reply.isDone else { return refuse(reply.sentence(words.language)) }
      let before = book.waiting.count
      for (receipt, result) in zip(batch, reply.json["results"]?.list ?? []) {
        guard case .int(let status)? = result["status"] else { continue }
        try settle(receipt, TillReply(status: Int(status), json: result[status < 300 ? "receipt" : "problem"] ?? .null))
      }
      told += before - book.waiting.count
      // What the server refuses stays; it would be refused again.
      guard book.waiting.count < before else { break }
    }
    say(words.online(told))
    if !items.isEmpty { await price() }
  }

  func closeShift() async throws {
    guard items.isEmpty else { return refuse(words.basketOpen) }
    if !book.waiting.isEmpty, !isSwitchedOff { try await reconnect() }
    func sum(_ isReturn: Bool) -> JSON {
      let some = book.printed.filter { $0.isReturn == isReturn }
      let amount = some.reduce(Money.zero) { $0 + $1.amount }
      return .object(["count": .int(Int64(some.count)), "amount": .string(words.money(amount))])
    }
    let body = object([
      "shift": .int(book.shift), "opened": .string(book.opened.text), "closed": .string(now().text), "sales": sum(false),
      "returns": sum(true),
      "receipts": .array(
        book.printed.map { receipt in
          .object([
            "kind": receipt.isReturn ? "return" : "sale", "number": .string(receipt.number),
            "date": receipt.key?.split(separator: "~").last.map { .string(String($0)) },
            "amount": .string(words.money(receipt.amount)),
          ])
        }),
    ])
    guard let reply = await ask("POST", "/till/v1/shift-closings", body, key: newKey("shift")) else {
      return refuse(words.needsServer)
    }
    guard reply.isDone else { return refuse(reply.sentence(words.language)) }
    say(words.closing(book.shift, reply.json))
    try book.close(at: now())
  }
}
