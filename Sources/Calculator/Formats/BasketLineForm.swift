import Conditions
import Kernel

// The lines of a basket, with what is known about their goods.
extension BasketReader {
  public mutating func lines(_ node: JSONNode) -> [BasketLine] {
    guard node.required() else { return [] }
    var seen: Set<String> = []
    var sum: Int64 = 0
    var lines: [BasketLine] = []
    for item in node.items(max: Limits.lines) {
      guard var line = line(item) else { continue }
      if !seen.insert(line.id).inserted {
        item["id"].refuse("repeated", "two lines are called \"\(line.id)\"; each needs a name of its own")
      }
      let amount = line.price.times(line.quantity)
      if amount.minor > Limits.basketAmount {
        item.refuse("too_large", "a line costs at most \(amounts.text(Money(minor: Limits.basketAmount)))")
      }
      check(&line, amount, item)
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

  private static let members = [
    "id", "kind", "product", "quantity", "price", "tillReductions", "isPriceLocked", "legalEntity", "settlement", "mark",
  ]

  private mutating func line(_ node: JSONNode) -> BasketLine? {
    node.expect(shelf.map { Self.members + $0.members } ?? Self.members)
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
    return line
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
