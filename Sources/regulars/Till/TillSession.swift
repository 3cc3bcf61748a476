import Kernel

/// One till at work: a basket, perhaps a member, and a server that may or may not answer.
actor TillSession {
  struct Item: Sendable {
    let good: TillGood
    var quantity: Quantity
    /// That it sells.
    var certificate: String?
    var amount: Money { good.price.times(quantity) }
  }

  /// Whom the shopper showed.
  struct Shown: Sendable {
    let identifier: String
    let isCard: Bool
    /// Typed and verified: points may be spent up to what it says.
    var confirmation: String?
    var json: JSON {
      .object([
        "identifier": .string(identifier), "shown": isCard ? "scanned" : "typed", "confirmation": confirmation.map(JSON.string),
      ])
    }
  }

  enum Spend: Hashable, Sendable { case nothing, most, points(Int64) }

  let client: any TillClient
  let goods: [TillGood]
  let words: TillWords
  let now: @Sendable () -> Instant
  /// What makes request keys unlike those of other tills.
  let random: @Sendable () -> UInt64
  /// Store and register, where the token does not say them.
  let place: [JSON.Member]
  private let print: @Sendable (String) -> Void

  var book: TillBook
  var items: [Item] = []
  var shown: Shown?
  var coupons: [String] = []
  /// Gifts that the shopper chose.
  var choices: [JSON] = []
  /// That are to pay, each with the number under its strip.
  var certificates: [(code: String, pin: String?)] = []
  var spend = Spend.nothing
  var quote: JSON?
  /// Sent to the member, and not typed yet.
  var asked: String?
  var isSwitchedOff = false
  private(set) var hasFailed = false
  private(set) var isOver = false
  private(set) var slip = ""

  init(
    _ client: any TillClient, _ goods: [TillGood], _ book: TillBook, _ words: TillWords, place: [JSON.Member] = [],
    now: @escaping @Sendable () -> Instant, random: @escaping @Sendable () -> UInt64, print: @escaping @Sendable (String) -> Void
  ) {
    (self.client, self.goods, self.book, self.words, self.place) = (client, goods, book, words, place)
    (self.now, self.random, self.print) = (now, random, print)
  }

  /// Does what a line says. What is refused is said, and the till goes on.
  /// - Throws: `FileTrouble` where the till's own book cannot be written.
  func perform(_ line: String) async throws {
    guard let command = TillCommand(line) else { return refuse(words.unknown(line)) }
    switch command {
    case .goods: say(words.list(goods))
    case .scan(let code, let quantity): try await scan(code, quantity)
    case .remove(let number):
      guard items.indices.contains(number - 1) else { return refuse(words.noLine(number)) }
      items.remove(at: number - 1)
      await price()
    case .nobody: await show(nil)
    case .member(let text, let isCard): await show(Shown(identifier: text, isCard: isCard))
    case .join(let phone): await join(phone)
    case .coupon(let code):
      coupons.append(code)
      await price()
    case .choose(let code): await choose(code)
    case .gift(let code, let amount):
      items.append(Item(good: words.gift(for: amount), quantity: .one, certificate: code))
      await price()
    case .certificate(let code, let pin):
      certificates.append((code, pin))
      await price()
    case .points(let points):
      spend = points.map { $0 == 0 ? .nothing : .points($0) } ?? .most
      await price()
    case .code(let code): await verify(code)
    case .pay(let tender): try await pay(tender)
    case .takeBack(let number, let lines): try await takeBack(number, lines)
    case .drop: clear()
    case .slip: say(slip.isEmpty ? words.noSlip : slip)
    case .offline:
      isSwitchedOff = true
      say(words.offline)
    case .online: try await reconnect()
    case .close: try await closeShift()
    case .help: say(words.help)
    case .quit: isOver = true
    }
  }

  func say(_ text: String) { print(text) }

  func refuse(_ text: String) {
    hasFailed = true
    print(words.refusal(text))
  }

  func keep(slip text: String) {
    slip = text
    print(text)
  }

  func clear() {
    (items, shown, coupons, certificates, choices) = ([], nil, [], [], [])
    (spend, quote, asked) = (.nothing, nil, nil)
  }

  /// Asks the server, or learns that it is not there.
  func ask(_ method: String, _ path: String, _ body: JSON?, key: String? = nil) async -> TillReply? {
    guard !isSwitchedOff else { return nil }
    do {
      let reply = try await client.send(method, path, body, key: key)
      if reply.isForLater { say(words.later) }
      return reply.isForLater ? nil : reply
    } catch {
      say(words.noAnswer)
      return nil
    }
  }

  func newKey(_ word: String) -> String { "till-\(word)-\(String(random(), radix: 36))\(String(random(), radix: 36))" }

  func object(_ members: KeyValuePairs<String, JSON?>) -> JSON {
    guard case .object(let own) = JSON.object(members) else { return .null }
    return .object(place + own)
  }

  private func scan(_ code: String, _ quantity: Quantity) async throws {
    let byPlace = Int(code).flatMap { goods.indices.contains($0 - 1) ? goods[$0 - 1] : nil }
    guard let good = goods.first(where: { $0.barcode == code || $0.product == code }) ?? byPlace else {
      return refuse(words.unknownGood(code))
    }
    if !good.isWeighed, quantity.wholePieces == nil { return refuse(words.notWeighed(good)) }
    if !good.isWeighed, let known = items.firstIndex(where: { $0.good == good }) {
      items[known].quantity += quantity
    } else {
      items.append(Item(good: good, quantity: quantity))
    }
    await price()
  }

  /// Tells which gift it is to be: one of the promotion that lists it, or else of the first that offers any.
  private func choose(_ code: String) async {
    let product = goods.first { $0.barcode == code || $0.product == code }?.product ?? code
    let offers = quote?["gifts"]?.list ?? []
    let listed = offers.first { offer in
      (offer["of"]?.list ?? []).contains { ($0["products"]?.list ?? []).contains(.string(product)) }
    }
    guard let promotion = (listed ?? offers.first)?["promotion"] else { return refuse(words.noGifts) }
    choices.append(.object(["promotion": promotion, "product": .string(product)]))
    await price()
  }

  private func show(_ who: Shown?) async {
    (shown, spend, asked) = (who, .nothing, nil)
    guard let who else { return await price() }
    let query = "/till/v1/members?identifier=" + pathPart(who.identifier)
    if let reply = await ask("GET", query, nil) {
      guard reply.isDone else {
        shown = nil
        return refuse(reply.sentence(words.language))
      }
      say(words.greeting(reply.json))
    }
    await price()
  }

  private func join(_ phone: String) async {
    let body = object(["identifiers": .array([.object(["kind": "phone", "value": .string(phone)])])])
    guard let reply = await ask("POST", "/till/v1/members", body, key: newKey("join")) else { return refuse(words.needsServer) }
    guard reply.isDone else { return refuse(reply.sentence(words.language)) }
    await show(Shown(identifier: phone, isCard: false))
  }

  /// Asks for prices anew and shows the basket.
  func price() async {
    quote = nil
    guard !items.isEmpty else { return say(words.emptyBasket) }
    let reply = await ask("POST", "/till/v1/calculations", request(isQuote: true))
    if let reply, !reply.isDone { return refuse(reply.sentence(words.language)) }
    quote = reply?.json
    say(words.basket(items, quote, spend))
  }

  /// What is bought, as both a quote and a receipt say it.
  func request(isQuote: Bool, _ more: [JSON.Member] = []) -> JSON {
    var wish: JSON?
    switch spend {
    case .nothing: wish = nil
    case .most: wish = isQuote ? "most" : quote?["totals"]?["pointsSpent"]
    case .points(let points): wish = isQuote ? .string(String(points)) : quote?["totals"]?["pointsSpent"]
    }
    if wish == "0" { wish = nil }
    let common = object([
      "time": .string(now().text), "member": shown.map(\.json),
      "coupons": coupons.isEmpty ? nil : .array(coupons.map(JSON.string)), "spend": wish,
      "choices": choices.isEmpty ? nil : .array(choices), "lines": .array(lines(isQuote)),
    ])
    guard case .object(let members) = common else { return common }
    let tenders = isQuote && !certificates.isEmpty ? [JSON.Member("tenders", .array(paying(rest: nil)))] : []
    return .object(members + tenders + more)
  }

  /// The certificates, with what the quote says that each pays, and what pays the rest.
  func paying(rest: String?) -> [JSON] {
    let paid = quote?["tenders"]?.list ?? []
    let own = certificates.map { certificate -> JSON in
      .object([
        "kind": "gift-card", "certificate": .string(certificate.code), "pin": certificate.pin.map(JSON.string),
        "amount": rest == nil ? nil : paid.first { $0["certificate"] == .string(certificate.code) }?["amount"] ?? "0",
      ])
    }
    return own + (rest.map { [.object(["kind": .string($0)])] } ?? [])
  }

  private func lines(_ isQuote: Bool) -> [JSON] {
    let priced = quote?["lines"]?.list ?? []
    return items.enumerated().map { place, item in
      let line = priced.indices.contains(place) ? priced[place] : nil
      return .object([
        "id": .string(String(place + 1)), "product": .string(item.good.product), "quantity": .string(words.quantity(item.quantity)),
        "price": .string(words.money(item.good.price)),
        "kind": item.certificate != nil ? "gift-card" : item.good.isWeighed ? "weighed" : nil,
        "certificate": item.certificate.map(JSON.string),
        "amount": isQuote ? nil : line?["amount"] ?? .string(words.money(item.amount)),
        "paidWithPoints": isQuote ? nil : line?["paidWithPoints"],
      ])
    }
  }
}
