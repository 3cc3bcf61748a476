import Kernel

// What waits in the till's book is told, and the end of a shift.
extension TillSession {
  /// The network is back: receipts are told a batch at a time, then what came back, then the ends of shifts.
  func reconnect() async throws {
    isSwitchedOff = false
    let before = book.waiting.count
    guard try await tellAll() else { return }
    say(words.online(before - book.waiting.count))
    if !items.isEmpty { await price() }
  }

  /// - Returns: false where the server could not be asked about everything that waits, which was said then.
  private func tellAll() async throws -> Bool {
    guard try await tellSales() else { return false }
    for document in book.waiting where document.kind != .sale {
      guard let path = document.path else {
        // The server would not have what was sold, so it cannot know what came back.
        refuse(words.originalLacks(document.number))
        try book.settle([(document.key, .refused("receipt_unknown"))])
        continue
      }
      guard let reply = await ask("POST", path, document.body, key: document.key) else {
        refuse(words.waiting(book.waiting.count))
        return false
      }
      try settle(document, reply, isPaidOut: true)
      guard !reply.isAboutTheTill else { return false }
    }
    return true
  }

  /// Each receipt that waits once, also those that were refused before: somebody may have mended what was wrong with them.
  private func tellSales() async throws -> Bool {
    var rest = book.waiting.filter { $0.kind == .sale }[...]
    var most = Limits.batch
    while !rest.isEmpty {
      let batch = Array(rest.prefix(Self.fitting(rest, most)))
      let receipts = batch.map { receipt -> JSON in
        guard case .object(let members) = receipt.body else { return receipt.body }
        return .object([JSON.Member("requestKey", .string(receipt.key))] + members)
      }
      guard let reply = await ask("POST", "/till/v1/receipt-batches", object(["receipts": .array(receipts)])) else {
        refuse(words.waiting(book.waiting.count))
        return false
      }
      if reply.status == 413, batch.count > 1 {
        // Something on the way takes less than the server does.
        most = batch.count / 2
        continue
      }
      if reply.status == 413 {
        try settle(batch[0], reply)
      } else if reply.isDone {
        let outcomes = zip(batch, reply.json["results"]?.list ?? []).compactMap { receipt, result in
          outcome(of: receipt, TillReply(result: result)).map { (receipt.key, $0) }
        }
        try book.settle(outcomes)
      } else {
        refuse(reply.sentence(words.language))
        return false
      }
      rest = rest.dropFirst(batch.count)
    }
    return true
  }

  /// How many of these one request holds, by number and by bytes; at least one.
  private static func fitting(_ receipts: ArraySlice<TillBook.Waiting>, _ most: Int) -> Int {
    var bytes = 0
    let count = receipts.prefix(most).prefix { receipt in
      // Beside the body its key, with a name, quotes and commas.
      bytes += receipt.body.compact.utf8.count + receipt.key.utf8.count + 20
      return bytes <= Limits.batchBytes
    }.count
    return max(1, count)
  }

  /// Says what the server answered, and writes it into the book.
  /// - Parameter isPaidOut: goods came back while there was no answer, and the till paid by its own reckoning.
  func settle(_ document: TillBook.Waiting, _ reply: TillReply, isPaidOut: Bool = false) throws {
    guard let outcome = outcome(of: document, reply) else { return }
    if isPaidOut, case .taken(_, let amount?) = outcome,
      let printed = book.printed.last(where: { $0.isReturn && $0.number == document.number }), document.shift == book.shift,
      printed.amount != amount, !printed.lines.isEmpty
    {
      say(words.paidOut(document.number, printed.amount, amount))
    }
    try book.settle([(document.key, outcome)])
  }

  /// Nil where the server did not judge the document: it is as if it had not been asked.
  private func outcome(of document: TillBook.Waiting, _ reply: TillReply) -> TillBook.Outcome? {
    guard reply.isDone else {
      refuse(reply.sentence(words.language))
      return reply.isAboutTheTill || reply.isForLater ? nil : .refused(reply.json["code"]?.word ?? "\(reply.status)")
    }
    for discrepancy in reply.json["discrepancies"]?.list ?? [] { say(words.discrepancy(discrepancy)) }
    switch document.kind {
    case .sale: return .taken(named: reply.json["receipt"]?["key"]?.word, amount: nil)
    case .takeBack: return .taken(named: nil, amount: reply.json["amount"]?.word.flatMap { words.minor($0) })
    case .closing:
      say(words.closing(document.number, reply.json))
      return .taken(named: nil, amount: nil)
    }
  }

  /// States the shift. What was printed must be told before: a shift that is stated without it does not tie. The statement is in the book
  /// before it is sent, and the next shift begins at once; without a network the server hears of it later.
  func closeShift() async throws {
    guard items.isEmpty else { return refuse(words.basketOpen) }
    if book.unanswered > 0, !isSwitchedOff { _ = try await tellAll() }
    guard book.unanswered == 0 else { return refuse(words.staysOpen(book.unanswered)) }
    let document = TillBook.Waiting(kind: .closing, key: newKey("shift"), number: String(book.shift), body: statement)
    try book.close(document, at: now())
    guard let reply = await ask("POST", "/till/v1/shift-closings", document.body, key: document.key) else {
      return say(words.closingWaits(document.number))
    }
    try settle(document, reply)
  }

  private var statement: JSON {
    func sum(_ isReturn: Bool) -> JSON {
      let some = book.printed.filter { $0.isReturn == isReturn }
      let amount = some.reduce(Money.zero) { $0 + $1.amount }
      return .object(["count": .int(Int64(some.count)), "amount": .string(words.money(amount))])
    }
    return object([
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
  }
}

extension TillBook.Waiting {
  /// Where it is sent alone; nil for goods whose receipt the server has not named yet.
  var path: String? {
    switch kind {
    case .sale: "/till/v1/receipts"
    case .takeBack(_, let original): original.map { "/till/v1/receipts/\(pathPart($0))/returns" }
    case .closing: "/till/v1/shift-closings"
    }
  }
}
