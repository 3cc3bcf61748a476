import Insight
import Kernel

/// Marks of RFM as fields: five ticks for each, and of how many days.
struct ScoreFields {
  let form: Form
  let faults: FormFaults
  let reader: Reader

  var html: Markup {
    let days = Field(
      name: "days", label: reader("Среди покупавших за", "Among who bought within"), value: form["days"],
      hint: reader("пусто: 365", "empty: 365"), fault: faults["days"], limit: 4, isRequired: false, unit: reader("дней", "days"))
    return """
      \(ticks("recency", reader("Давность: 5 – купили только что", "Recency: 5 bought just now")))\
      \(ticks("frequency", reader("Частота: 5 – чаще всех", "Frequency: 5 most often")))\
      \(ticks("monetary", reader("Деньги: 5 – больше всех", "Money: 5 for most")))\
      <div class="fields narrow">\(days.html)</div>\
      <p class="muted">\(reader("Отметьте хотя бы одну оценку; где не отмечено ничего, подходит любая.", "Tick at least one mark; where nothing is ticked, any will do."))</p>
      """
  }

  private func ticks(_ name: String, _ label: String) -> Markup {
    let ticks = (1...5).map { Tick(name: "\(name)-\($0)", label: "\($0)", isOn: form.has("\(name)-\($0)")) }
    return TickGroup(label: label, ticks: ticks, fault: faults[name]).html
  }
}

extension SegmentClause.Reading {
  var scores: [JSON.Member] {
    let marks = ["recency", "frequency", "monetary"].compactMap { name -> JSON.Member? in
      let chosen = (1...5).filter { form.has("\(name)-\($0)") }
      return chosen.isEmpty ? nil : JSON.Member(name, .array(chosen.map { .int(Int64($0)) }))
    }
    if marks.isEmpty { issues.add("/recency", "empty", "at least one is needed here") }
    return marks + (whole("days").map { [JSON.Member("days", $0)] } ?? [])
  }
}

extension SegmentClause.Fields {
  mutating func put(_ scores: SegmentCondition.Scores) {
    for (name, marks) in [("recency", scores.recency), ("frequency", scores.frequency), ("monetary", scores.monetary)] {
      for mark in marks { values["\(name)-\(mark)"] = "on" }
    }
    values["days"] = "\(scores.days)"
  }
}

extension SegmentWords {
  func scores(_ scores: SegmentCondition.Scores) -> [SentencePart] {
    let marks: [(String, [Int])] = [
      (reader("давность", "recency"), scores.recency), (reader("частота", "frequency"), scores.frequency),
      (reader("деньги", "money"), scores.monetary),
    ]
    let said = marks.filter { !$0.1.isEmpty }.map { name, marks in
      "\(name) \(marks.map { "\($0)" }.joined(separator: reader(" или ", " or ")))"
    }
    return [
      .verb(reader("RFM-оценка", "RFM marks")), .value(said.joined(separator: ", ")), .word(reader("за", "within")),
      .value(days(Int64(scores.days))),
    ]
  }
}
