import Calculator
import Kernel
import Loyalty

extension ReceiptPage {
  /// What the receipt put on the member's cards and took off them when it was sold; nothing where no stamp moved.
  var stamps: Markup? {
    let reader = visit.reader
    let rows = (visit.sales?.rules.terms.stampCards ?? []).compactMap { card -> Markup? in
      let (given, taken) = story.receipt.points.uses.stamps(of: card)
      guard given + taken > 0 else { return nil }
      let said = [given > 0 ? "+" + reader.stamps(given) : nil, taken > 0 ? "−" + reader.stamps(taken) : nil].compactMap { $0 }
      return """
        <div><dt><a class="text-link" href="/console/stamps/\(card.code)">\(reader(card.name))</a></dt><dd>\(said.joined(separator: ", "))</dd></div>
        """
    }
    guard !rows.isEmpty else { return nil }
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Штампы", "Stamps"))</h2></header>\
      <div class="panel-body"><dl class="facts">\(rows)</dl></div></section>
      """
  }
}
