import Kernel
import Loyalty

/// What a what-if comes to beside what goods cost, and how much of the turnover that is known of.
struct MarginPanel {
  let report: WhatIfReport
  let reader: Reader

  private var title: String { reader("Маржа", "Margin") }

  var html: Markup {
    let margin = report.margin
    guard let known = report.marginKnown, margin.turnover > .zero else {
      return """
        <section class="panel"><header class="panel-head"><h2>\(title)</h2></header><p class="panel-body soft">\
        \(reader("У товаров этих чеков нет себестоимости. Её загружают с каталогом или ставят на странице товара.", "The goods of these receipts have no cost. Import it with the catalogue, or set it on a product's page."))</p></section>
        """
    }
    let share = report.costOfMargin.map { rate in
      reader("\(self.share(rate)) маржи", "\(self.share(rate)) of the margin")
    }
    return FactList(rows: [
      (reader("Сейчас", "Now"), side(margin.before)), (reader("Стала бы", "Then"), side(margin.after)),
      (
        reader("Стоило бы", "Would have cost"),
        "<b>\(reader.money(Money(minor: margin.change)))</b> \(share ?? "")"
      ),
      (
        reader("Себестоимость известна", "Cost is known"),
        "\(reader("для \(self.share(known)) выручки", "for \(self.share(known)) of turnover"))"
      ),
    ]).panel(title)
  }

  private func side(_ money: Money) -> Markup {
    let part = Rate(ppm: scaled(money.minor, by: 1_000_000, over: report.margin.turnover.minor, .halfUp))
    return
      "\(reader.money(money))<br>\(reader("\(share(part)) от \(reader.money(report.margin.turnover))", "\(share(part)) of \(reader.money(report.margin.turnover))"))"
  }

  /// To a tenth of a percent.
  private func share(_ rate: Rate) -> String { reader.share(Rate(ppm: scaled(rate.ppm, by: 1, over: 1_000, .halfUp) * 1_000)) }
}
