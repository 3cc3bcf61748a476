import Insight
import Kernel

/// A segment said in words: the box, and of what was said the words that were not understood.
struct SegmentPhraseBox {
  let reading: PhraseReading?
  let visit: Visit

  private var reader: Reader { visit.reader }

  var panel: Markup {
    let example = reader(
      "женщины 25–40, потратили больше 5000 за 3 месяца и никогда не покупали пиво",
      "women 25-40 who spent over 5000 in the last 3 months and never bought beer")
    let box = Field(
      name: "phrase", label: reader("Описать словами", "Say it in words"), value: reading?.text ?? "",
      hint: reader(
        "По-русски или по-английски; названия берутся из вашего каталога.",
        "In Russian or English; names come from your own catalogue."),
      limit: PhraseReader.longest, example: example)
    return """
      <section class="panel"><div class="panel-body stack s"><form class="stack s" method="get" action="\(SegmentState.path)/new">\(box.html)\
      <div class="row"><button class="button">\(reader("Собрать условия", "Make conditions"))</button></div></form>\(answer)</div></section>
      """
  }

  private var answer: Markup? {
    guard let reading else { return nil }
    guard !reading.marks.isEmpty else {
      return reading.condition == nil
        ? Notice.info(reader("Здесь нет ни одного условия.", "There is no condition in this."))
        : Notice.good(reader("Понято всё. Проверьте условия ниже.", "All of it was understood. Look over the conditions below."))
    }
    let text = reading.pieces.map { piece, trouble -> Markup in trouble == nil ? "\(piece)" : "<mark>\(piece)</mark>" }
    let several = reading.marks.compactMap { mark -> Markup? in
      guard case .several(let names) = mark.trouble else { return nil }
      let list = names.map { "\(reader($0.text)) [\($0.code)]" }.joined(separator: "; ")
      return "<p>\(reader("Так называется не одно", "More than one is called so")): \(list)</p>"
    }
    return """
      <div class="notice warn" role="status">\(Icon.warning.usual)<div class="stack s"><p>\(reader("Отмеченное не понято и в условия не вошло:", "What is marked was not understood and is in no condition:"))</p>\
      <p class="phrase">\(text)</p>\(several)</div></div>
      """
  }
}
