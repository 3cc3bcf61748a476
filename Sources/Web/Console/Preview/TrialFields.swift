import Kernel
import Loyalty

/// The inputs of a basket, for any form to hold.
struct TrialFields {
  let reading: TrialReading
  let bench: RuleBench
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var form: Form { reading.form }

  var html: Markup {
    let rows = (0..<TrialBasket.rows).map(row)
    return """
      <div class="stack s"><div class="trial-rows"><div class="trial-head" aria-hidden="true"><span>\(reader("Товар", "Product"))</span>\
      <span>\(reader("Кол-во", "Quantity"))</span><span>\(reader("Цена", "Price"))</span></div>\(rows)</div>\
      <p class="muted">\(reader("Код, штрихкод или часть названия. Без цены берётся цена каталога.", "A code, a barcode or a part of the name. Without a price the catalogue's is taken."))</p>\
      <div class="fields trial-place">\(store)\(time)\(member)\(coupon)</div>\(spend)</div>
      """
  }

  private func row(_ number: Int) -> Markup {
    let (product, quantity, price) = ("try-product-\(number)", "try-quantity-\(number)", "try-price-\(number)")
    let label = reader("Товар \(number + 1)", "Product \(number + 1)")
    let name: Markup
    if let found = reading.candidates[number] {
      name =
        Choice(
          name: product, label: label, options: found.map { ($0.code, BracketedCode.text($0.name, $0.code)) },
          fault: reading.faults[product]
        ).html
    } else {
      name =
        Field(
          name: product, label: label, value: form[product], fault: reading.faults[product], isRequired: false, isQuiet: true
        ).html
    }
    let many = Field(
      name: quantity, label: reader("Количество, строка \(number + 1)", "Quantity, line \(number + 1)"), value: form[quantity],
      fault: reading.faults[quantity], limit: 20, isRequired: false, isQuiet: true
    ).html
    let cost = Field(
      name: price, label: reader("Цена, строка \(number + 1)", "Price, line \(number + 1)"), value: form[price],
      fault: reading.faults[price], limit: 20, isRequired: false, isQuiet: true
    ).html
    return "<div class=\"trial-row\">\(name)\(many)\(cost)</div>"
  }

  private var store: Markup {
    Field(
      name: "try-store", label: reader("Магазин", "Store"), value: form["try-store"],
      hint: bench.stores.first.map { reader("пусто: \($0.details.name)", "empty: \($0.details.name)") },
      fault: reading.faults["try-store"], isRequired: false,
      suggestions: bench.stores.prefix(Limits.page).map { "\($0.details.code) \($0.details.name)" }
    ).html
  }

  private var time: Markup {
    Field(
      name: "try-time", label: reader("Когда", "When"), value: form["try-time"], type: "datetime-local",
      hint: reader("пусто: сейчас", "empty: now"),
      fault: reading.faults["try-time"], isRequired: false
    ).html
  }

  private var member: Markup? {
    guard visit.may(.seeMembers) else { return nil }
    return Field(
      name: "try-member", label: reader("Участник", "Member"), value: form["try-member"],
      hint: reader("телефон или карта; пусто: без карты", "telephone or card; empty: none"),
      fault: reading.faults["try-member"], isRequired: false
    ).html
  }

  private var coupon: Markup {
    Field(
      name: "try-coupon", label: reader("Купон", "Coupon"), value: form["try-coupon"], limit: Limits.code, isRequired: false
    ).html
  }

  private var spend: Markup {
    Tick(
      name: "try-spend", label: reader("Оплатить баллами, сколько можно", "Pay with points as far as possible"),
      isOn: form.has("try-spend")
    ).html
  }
}
