import Conditions
import Kernel

// The lines of a basket, with what is known about their goods.
extension BasketReader {
  public mutating func lines(_ node: JSONNode) -> [BasketLine] {
    guard node.required() else { return [] }
    sold = []
    var seen: Set<String> = []
    var sum: Int64 = 0
    var lines: [BasketLine] = []
    let items = node.list(max: Limits.lines)
    lines.reserveCapacity(items.count)
    seen.reserveCapacity(items.count)
    for place in items.indices {
      guard var line = plainLine(items[place]) ?? line(node[place]) else { continue }
      if !seen.insert(line.id).inserted {
        node[place]["id"].refuse("repeated", "two lines are called \"\(line.id)\"; each needs a name of its own")
      }
      let amount = line.price.times(line.quantity)
      if amount.minor > Limits.basketAmount {
        node[place].refuse("too_large", "a line costs at most \(amounts.text(Money(minor: Limits.basketAmount)))")
      }
      if !line.tillReductions.isEmpty { check(&line, amount, node[place]) }
      sum += min(amount.minor, Limits.basketAmount)
      lines.append(line)
    }
    if sum > Limits.basketAmount {
      node.refuse("too_large", "the lines together cost at most \(amounts.text(Money(minor: Limits.basketAmount)))")
    }
    return lines
  }

  /// The till's reductions are at most what the line costs.
  private mutating func check(_ line: inout BasketLine, _ amount: Money, _ node: JSONNode) {
    let reduced = line.tillReductions.reduce(Money.zero) { $0 + $1.amount }
    guard reduced > amount else { return }
    guard rigour == .accepting else {
      return node["tillReductions"].refuse("too_large", "the till's reductions exceed the line's \(amounts.text(amount))")
    }
    oddities.append((.reductions, reduced.minor, amount.minor))
    var left = amount
    for index in line.tillReductions.indices {
      line.tillReductions[index].amount = min(left, line.tillReductions[index].amount)
      left -= line.tillReductions[index].amount
    }
  }

  static let lineMembers = [
    "id", "kind", "product", "quantity", "price", "tillReductions", "isPriceLocked", "legalEntity", "settlement", "mark",
    "certificate",
  ]

  /// A line as nearly all of a till's are: goods that are known, how much of them and at what price, everything in order. Nil for any
  /// other, which is then read in full and knows what to say; of these it must make the same.
  private func plainLine(_ json: JSON) -> BasketLine? {
    guard let shelf, case .object(let members) = json else { return nil }
    var (id, product, price): (String?, ProductFacts?, Int64?) = (nil, nil, nil)
    var (quantity, kind) = (Quantity.one, LineKind.goods)
    // By place, so that nothing is retained on the way.
    for place in members.indices {
      guard case .string(let text) = members[place].value, (1...Limits.code).contains(text.utf8.count) else { return nil }
      switch members[place].key {
      case "id": id = text
      case "product": product = shelf.known(text)
      case "price": price = Decimal.parse(text, digits: amounts.currency.digits)
      case "quantity":
        guard let thousandths = Decimal.parse(text, digits: 3), (1...Limits.quantity).contains(thousandths) else { return nil }
        quantity = Quantity(thousandths: thousandths)
      case "kind":
        guard let word = LineKind(rawValue: text) else { return nil }
        kind = word
      default: return nil
      }
    }
    guard let id, let product, let price, (0...Limits.basketAmount).contains(price) else { return nil }
    return BasketLine(id: id, product: product, quantity: quantity, price: Money(minor: price), kind: kind)
  }

  private mutating func line(_ node: JSONNode) -> BasketLine? {
    node.expect(members)
    let id = node["id"].required() ? node["id"].code() : nil
    let product = shelf.map { $0.find(node) } ?? product(node["product"])
    let price = node["price"].required() ? amounts.money(node["price"]) : nil
    let quantity = node["quantity"].isPresent ? Quantity.read(node["quantity"]) : .one
    guard let id, let product, let price, let quantity else { return nil }
    var line = BasketLine(id: id, product: product, quantity: quantity, price: price, kind: node["kind"].word() ?? .goods)
    line.tillReductions = node["tillReductions"].items(max: Limits.coupons).compactMap(tillReduction)
    line.isPriceLocked = node["isPriceLocked"].bool() ?? false
    line.legalEntity = seller(node["legalEntity"])
    line.settlement = node["settlement"].word() ?? .full
    line.mark = node["mark"].text()
    if line.mark != nil, quantity != .one {
      if rigour == .accepting {
        oddities.append((.marked, quantity.thousandths, Quantity.one.thousandths))
        line.mark = nil
      } else {
        node["quantity"].refuse("marked_unit", "a marked unit is a line of its own: give every code a line with the quantity 1")
      }
    }
    sell(line, node["certificate"])
    return line
  }

  /// One certificate per line, as its only piece.
  private mutating func sell(_ line: BasketLine, _ node: JSONNode) {
    guard let code = node.code() else { return }
    if rigour == .refusing {
      if line.kind != .giftCard, line.kind != .topUp {
        node.refuse(
          "no_certificate_line", "a line that sells a certificate is of the kind gift-card, one that loads it of the kind top-up")
      }
      if line.quantity != .one { node.refuse("many_certificates", "give every certificate a line with the quantity 1") }
      if sold.contains(where: { folded($0.certificate.code) == folded(code) }) {
        node.refuse("repeated", "two lines sell this certificate")
      }
    }
    sold.append(SoldCertificate(line: line.id, certificate: PresentedCertificate(code: code)))
  }

  private mutating func seller(_ node: JSONNode) -> LegalEntityID? {
    guard rigour == .accepting, let code = node.code() else { return rules.id(.legalEntity, node) }
    guard let id = rules.names.id(.legalEntity, code) else {
      oddities.append((.seller, 0, 0))
      return nil
    }
    return LegalEntityID(id)
  }

  private func tillReduction(_ node: JSONNode) -> TillReduction? {
    node.expect("kind", "amount", "reason")
    guard node["kind"].required(), node["amount"].required(), let kind = node["kind"].code(),
      let amount = amounts.money(node["amount"])
    else { return nil }
    return TillReduction(kind: kind, amount: amount, reason: node["reason"].text())
  }

  private mutating func product(_ node: JSONNode) -> ProductFacts? {
    node.expect("code", "categories", "brand", "manufacturer", "attributes", "flags", "minPrice", "maxPrice")
    guard node.required(), node["code"].required(), let id: ProductID = rules.id(.product, node["code"]) else { return nil }
    var product = ProductFacts(id: id)
    product.categories = node["categories"].items(max: Limits.categoryDepth).compactMap { rules.id(.category, $0) }
    product.brand = rules.id(.productBrand, node["brand"])
    product.manufacturer = rules.id(.manufacturer, node["manufacturer"])
    product.attributes = node["attributes"].items(max: Limits.attributes).compactMap { rules.id(.attribute, $0) }
    product.flags = ProductFlags(names: node["flags"], orEmpty: true)
    product.minPrice = amounts.money(node["minPrice"])
    product.maxPrice = amounts.money(node["maxPrice"])
    if let least = product.minPrice, let most = product.maxPrice, least > most {
      node["minPrice"].refuse("bounds_crossed", "minPrice may not be above maxPrice")
    }
    return product
  }
}
