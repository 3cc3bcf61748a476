import Access
import Kernel
import Loyalty

/// What was ordered of a series' codes, and the order of more.
struct CodeBatchPanels<Kind: CodeKind> {
  /// The address of the series.
  let path: String
  let visit: Visit
  /// Latest first.
  let batches: [CodeBatch<Kind>]

  private var reader: Reader { visit.reader }

  /// - Parameter request: what makes an order the same when its form is sent again.
  func order(request: String, example: String) -> Markup {
    let count = Field(
      name: "count", label: reader("Сколько кодов", "How many codes"), limit: 12, unit: reader("шт", "pcs"), example: "10 000")
    let label = Field(name: "label", label: reader("Для чего", "What for"), limit: Limits.name, example: example)
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Выпустить коды", "Issue codes"))</h2></header><div class="panel-body">\
      <form class="stack" method="post" action="\(path)/batches">\(visit.key)<input type="hidden" name="request" value="\(request)">\
      \(count.html)\(label.html)<div><button class="button primary">\(reader("Выпустить", "Issue"))</button></div></form></div></section>
      """
  }

  var table: Markup {
    guard !batches.isEmpty else {
      return Notice.info(
        reader(
          "Кодов ещё нет. Выпустите партию, и её можно будет скачать.",
          "There are no codes yet. Issue a batch, and it can be downloaded."))
    }
    let rows = batches.map { batch -> Markup in
      let download: Markup? =
        visit.may(.changeProgramme) && batch.isWhole
        ? """
        <a class="button s" href="\(path)/batches/\(batch.id)/codes.csv" download>\(Icon.download.small)CSV\
        <span class="sr">: \(batch.label)</span></a>\
        <a class="button s" href="\(path)/batches/\(batch.id)/codes.xlsx" download>XLSX<span class="sr">: \(batch.label)</span></a>
        """ : nil
      return """
        <tr><th scope="row">\(batch.label.isEmpty ? "\(batch.id)" : batch.label)<small>\(batch.id)</small></th>\
        <td class="num">\(progress(batch))</td><td class="nowrap">\(reader.moment(batch.madeAt))</td><td class="acts">\(download)</td></tr>
        """
    }
    return DataTable(
      label: reader("Партии кодов", "Batches of codes"),
      columns: [
        .text(reader("Партия", "Batch"), small: reader("Номер", "Number")), .number(reader("Кодов", "Codes")),
        .text(reader("Когда", "When")),
        .acts(reader("Скачать", "Download")),
      ], rows: rows
    ).panel(heading: true)
  }

  private func progress(_ batch: CodeBatch<Kind>) -> Markup {
    if batch.isWhole { return "\(reader.number(batch.made))" }
    let of = reader(
      "\(reader.number(batch.made)) из \(reader.number(batch.asked))",
      "\(reader.number(batch.made)) of \(reader.number(batch.asked))")
    return """
      <div class="progress"><progress max="\(Int(batch.asked))" value="\(Int(batch.made))" aria-label="\(of)"></progress><small>\(of)</small></div>
      """
  }
}

extension CodePattern {
  /// What a code looks like. Always the same one: an example is no coupon.
  var example: String {
    var dice = Still()
    return code(using: &dice)
  }

  private struct Still: RandomNumberGenerator {
    private var state: UInt64 = 41
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state
    }
  }
}
