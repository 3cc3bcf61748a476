import Kernel

/// Everything a till says, in the language of its cashier.
struct TillWords: Sendable {
  let language: DemoLanguage
  /// Behind the point of money.
  let digits: Int
  /// On a terminal what matters is bold, and refusals are red.
  let hasColours: Bool

  private func say(_ ru: String, _ en: String) -> String { language(ru: ru, en: en) }
  private func bold(_ text: String) -> String { hasColours ? "\u{1b}[1m\(text)\u{1b}[0m" : text }

  func money(_ amount: Money) -> String { Decimal.text(amount.minor, digits: digits) }
  func minor(_ text: String) -> Money? { Decimal.parse(text, digits: digits).map(Money.init(minor:)) }
  func quantity(_ quantity: Quantity) -> String {
    quantity.wholePieces.map { String($0) } ?? Decimal.text(quantity.thousandths, digits: 3)
  }
  func isMore(_ a: String, _ b: String) -> Bool {
    guard let a = Decimal.parse(a, digits: 4), let b = Decimal.parse(b, digits: 4) else { return false }
    return a > b
  }

  func refusal(_ text: String) -> String { hasColours ? "\u{1b}[31m✗ \(text)\u{1b}[0m" : "✗ " + text }
  func unknown(_ line: String) -> String {
    say("непонятно: \(line.prefix(40)); помощь – список команд", "not understood: \(line.prefix(40)); help lists the commands")
  }
  func unknownGood(_ code: String) -> String { say("нет такого товара: \(code)", "there are no such goods: \(code)") }
  var noGifts: String { say("подарков на выбор нет", "there are no gifts to choose") }
  func notWeighed(_ good: TillGood) -> String {
    say("\(language(good.name)) – штучный товар", "\(language(good.name)) is sold by pieces")
  }
  func noLine(_ number: Int) -> String { say("нет строки \(number)", "there is no line \(number)") }
  func noReceipt(_ number: String) -> String { say("в этой смене нет чека \(number)", "this shift has no receipt \(number)") }
  func notSoldSo(_ number: String) -> String {
    say("столько в чеке \(number) не продано", "receipt \(number) did not sell so much")
  }
  func originalLacks(_ number: String) -> String {
    say(
      "возврат \(number): сервер не принял чек, по которому вернули",
      "return \(number): the server did not take the receipt it is of")
  }
  func paidOut(_ number: String, _ own: Money, _ server: Money) -> String {
    say(
      "возврат \(number): касса выдала \(money(own)), сервер считает \(money(server))",
      "return \(number): the till paid out \(money(own)), the server makes it \(money(server))")
  }
  func staysOpen(_ count: Int) -> String {
    say(
      "смена не закрыта: ждут отправки чеков: \(count); сначала связь",
      "the shift stays open: receipts that wait for the server: \(count); go online first")
  }
  func closingWaits(_ shift: String) -> String {
    say("смена \(shift) закрыта; итог ждёт отправки", "shift \(shift) closed; its total waits for the server")
  }
  var whichLines: String { say("какие строки? возврат 12 1 3*2", "which lines? return 12 1 3*2") }
  var noSlip: String { say("чека ещё не было", "there was no receipt yet") }
  var noCode: String { say("кода никто не просил; он нужен при оплате", "nobody asked for a code; paying does where it is needed") }
  var emptyBasket: String { say("корзина пуста", "the basket is empty") }
  var basketOpen: String { say("сначала оплатите или сбросьте корзину", "pay or drop the basket first") }
  var needsServer: String { say("без связи этого не сделать", "this needs the server") }
  var offline: String { say("связь выключена: чеки копятся в кассе", "offline: receipts are kept in the till") }
  var noAnswer: String { say("сервер не отвечает: работаем без него", "the server does not answer: going on without it") }
  var later: String { say("сервер просит подождать: работаем без него", "the server asks to wait: going on without it") }
  func waiting(_ count: Int) -> String { say("ждут отправки чеков: \(count)", "receipts that wait for the server: \(count)") }
  func online(_ count: Int) -> String { say("связь есть, отправлено чеков: \(count)", "online, receipts sent: \(count)") }
  func codeSent(_ place: String) -> String { say("код отправлен на \(place): код 1234", "a code was sent to \(place): code 1234") }
  func tenders(_ kinds: [String]) -> String { say("оплата: ", "pay: ") + kinds.joined(separator: ", ") }

  func discrepancy(_ json: JSON) -> String {
    let cause = json["cause"]?.word ?? ""
    let (stated, expected) = (json["stated"]?.word ?? "–", json["expected"]?.word ?? "–")
    return say(
      "расхождение \(cause): касса \(stated), сервер \(expected)", "discrepancy \(cause): till \(stated), server \(expected)")
  }

  func list(_ goods: [TillGood]) -> String {
    goods.enumerated().map { place, good in
      "\(place + 1). \(language(good.name)) – \(money(good.price))"
        + (good.isWeighed ? say("/кг", "/kg") : "") + " (\(good.barcode ?? good.product))"
    }.joined(separator: "\n")
  }

  func greeting(_ json: JSON) -> String {
    let balance = json["balance"]?["active"]?.word ?? "0"
    let name = json["greeting"]?.word ?? json["identifier"]?["masked"]?.word ?? ""
    let tier = json["tier"]?.word.map { ", " + $0 } ?? ""
    return bold(name) + tier + say(", баллов: ", ", points: ") + balance
  }

  func basket(_ items: [TillSession.Item], _ quote: JSON?, _ spend: TillSession.Spend) -> String {
    let priced = quote?["lines"]?.list ?? []
    var lines = items.enumerated().map { place, item -> String in
      let amount = priced.indices.contains(place) ? priced[place]["amount"]?.word : nil
      return "\(place + 1). " + self.line(item, amount.flatMap { minor($0) } ?? item.amount)
    }
    let total = quote?["totals"]?["amount"]?.word ?? money(items.reduce(.zero) { $0 + $1.amount })
    lines.append(bold(say("к оплате ", "to pay ") + total))
    guard let quote else { return lines.joined(separator: "\n") }
    lines += totals(quote) + tradeOff(quote) + hints(quote)
    return lines.joined(separator: "\n")
  }

  private func line(_ item: TillSession.Item, _ amount: Money) -> String {
    let whole = money(item.amount)
    let reduced = amount == item.amount ? "" : " (\(whole))"
    return "\(language(item.good.name)) × \(quantity(item.quantity)) = \(money(amount))\(reduced)"
  }

  private func totals(_ quote: JSON) -> [String] {
    let totals = quote["totals"]
    var lines: [String] = []
    func add(_ member: String, _ ru: String, _ en: String) {
      if let text = totals?[member]?.word, Decimal.parse(text, digits: 4) ?? 0 != 0 { lines.append(say(ru, en) + " " + text) }
    }
    add("discount", "скидка", "discount")
    add("pointsSpent", "списываем баллов", "points spent")
    add("earned", "начислим баллов", "points earned")
    for tender in quote["tenders"]?.list ?? [] where tender["certificate"] != nil {
      lines.append(say("сертификат платит", "the certificate pays") + " " + (tender["amount"]?.word ?? ""))
    }
    return lines
  }

  /// What each number of points leaves to pay.
  private func tradeOff(_ quote: JSON) -> [String] {
    let choices = quote["tradeOff"]?.list ?? []
    guard choices.count > 1 else { return [] }
    let texts = choices.suffix(4).map { "\($0["spend"]?.word ?? "") → \($0["amount"]?.word ?? "")" }
    return [say("баллами: ", "with points: ") + texts.joined(separator: ", ")]
  }

  private func hints(_ quote: JSON) -> [String] {
    let hints = quote["hints"]?.list ?? []
    let reasons = (quote["reasons"]?.list ?? []).filter { $0["coupon"] != nil || $0["certificate"] != nil }
    let choices = (quote["choices"]?.list ?? []).filter { $0["state"]?.word != "given" }
    return (choices + hints + reasons).prefix(5).compactMap { $0["sentence"]?[language.rawValue]?.word }.map { "  " + $0 }
  }
}

extension TillWords {
  func slip(
    _ number: String, _ shift: Int64, _ items: [TillSession.Item], _ quote: JSON?, _ total: Money, _ sold: JSON?
  ) -> String {
    let priced = quote?["lines"]?.list ?? []
    let rule = String(repeating: "-", count: 36)
    var lines = [rule, say("Чек \(number), смена \(shift)", "Receipt \(number), shift \(shift)")]
    for (place, item) in items.enumerated() {
      let amount = priced.indices.contains(place) ? priced[place]["amount"]?.word : nil
      lines.append(line(item, amount.flatMap { minor($0) } ?? item.amount))
    }
    lines.append(bold(say("ИТОГО ", "TOTAL ") + money(total)))
    if let discount = quote?["totals"]?["discount"]?.word, minor(discount) ?? .zero > .zero {
      lines.append(say("ваша выгода ", "you saved ") + discount)
    }
    if let sold {
      lines.append(
        say("списано \(sold["spent"]?.word ?? "0"), начислено ", "spent \(sold["spent"]?.word ?? "0"), earned ")
          + (sold["earned"]?.word ?? "0"))
      for use in sold["certificates"]?.list ?? [] {
        lines.append(
          say("сертификат \(use["certificate"]?.word ?? ""), остаток ", "certificate \(use["certificate"]?.word ?? ""), left ")
            + (use["balance"]?.word ?? ""))
      }
      if let active = sold["balance"]?["active"]?.word { lines.append(say("баллов на счёте ", "points in the account ") + active) }
    }
    return (lines + [rule]).joined(separator: "\n")
  }

  /// - Parameter due: what the till works out without the server; nil where its book does not tell.
  func returnSlip(_ number: String, of original: String, _ due: Money?) -> String {
    let rule = String(repeating: "-", count: 36)
    return [
      rule, say("Возврат \(number) по чеку \(original)", "Return \(number) of receipt \(original)"),
      bold(say("К ВЫДАЧЕ ", "TO PAY OUT ") + (due.map { money($0) } ?? say("по чеку покупателя", "by the shopper's receipt"))),
      rule,
    ].joined(separator: "\n")
  }

  func returnSlip(_ number: String, of original: String, _ json: JSON) -> String {
    let rule = String(repeating: "-", count: 36)
    func text(_ member: String) -> String { json[member]?.word ?? "0" }
    return [
      rule, say("Возврат \(number) по чеку \(original)", "Return \(number) of receipt \(original)"),
      bold(say("К ВЫДАЧЕ ", "TO PAY OUT ") + text("amount")),
      say(
        "баллов возвращено \(text("pointsGivenBack")), снято \(text("pointsTakenBack"))",
        "points given back \(text("pointsGivenBack")), taken back \(text("pointsTakenBack"))"),
      rule,
    ].joined(separator: "\n")
  }

  func closing(_ shift: String, _ json: JSON) -> String {
    func sum(_ member: String) -> String {
      "\(json[member]?["count"].map(\.compact) ?? "0") / \(json[member]?["amount"]?.word ?? "0")"
    }
    var lines = [
      say(
        "смена \(shift) закрыта; у сервера продажи \(sum("sales")), возвраты \(sum("returns"))",
        "shift \(shift) closed; the server has sales \(sum("sales")), returns \(sum("returns"))"),
      json["ties"] == .bool(true) ? say("сошлось", "ties") : say("не сошлось", "does not tie"),
    ]
    for (member, ru, en) in [
      ("missing", "нет у сервера", "the server lacks"), ("surplus", "нет у кассы", "the till lacks"),
      ("different", "другая сумма", "another amount"),
    ] {
      for receipt in json[member]?.list ?? [] {
        lines.append("  " + say(ru, en) + ": \(receipt["number"]?.word ?? "") \(receipt["amount"]?.word ?? "")")
      }
    }
    return lines.joined(separator: "\n")
  }

  /// What a certificate stands as on the receipt.
  func gift(for amount: Money) -> TillGood {
    TillGood(
      product: "gift-card", barcode: nil, name: LocalText(ru: "Подарочный сертификат", en: "Gift certificate"), price: amount,
      isWeighed: false)
  }

  var help: String {
    say(
      """
      товары · 4601… [кол-во] · убрать N · карта 1001 · участник +7… · вступить +7… · купон КОД
      выбрать ТОВАР · подарок КОД СУММА · сертификат КОД [ПИН]
      баллы [N] · код 1234 · оплата [cash|card] · чек · возврат N строка[*кол-во] …
      обрыв · связь · смена · сброс · выход
      """,
      """
      goods · 4601… [quantity] · remove N · card 1001 · member +7… · join +7… · coupon CODE
      choose PRODUCT · gift CODE AMOUNT · certificate CODE [PIN]
      points [N] · code 1234 · pay [cash|card] · slip · return N line[*quantity] …
      offline · online · close · drop · quit
      """)
  }
}
