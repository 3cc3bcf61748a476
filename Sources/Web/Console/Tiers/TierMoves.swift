import Kernel
import Loyalty

/// Who would move by what was typed.
extension TierForm {
  var moves: Markup? {
    guard isLookedAt else { return nil }
    let title = reader("Кто куда перейдёт", "Who would move")
    guard let trial else {
      let none = reader(
        "Порогов нет: уровни по правилам кончатся, данные вручную останутся.",
        "There are no thresholds: tiers by rules end, those given by hand stay.")
      return
        "<section class=\"panel\"><header class=\"panel-head\"><h2>\(title)</h2></header><div class=\"panel-body\"><p>\(none)</p></div></section>"
    }
    let sorted = trial.moves.sorted { ($0.value, name($1.key.to)) > ($1.value, name($0.key.to)) }
    let rows = sorted.map { move, count -> Markup in
      let change: Markup =
        move.from == move.to
        ? "<span class=\"muted\">\(reader("останутся", "stay"))</span>"
        : isHigher(move.to, move.from)
          ? "<span class=\"badge good\">\(reader("выше", "up"))</span>"
          : "<span class=\"badge warn\">\(reader("ниже", "down"))</span>"
      return """
        <tr><th scope="row">\(name(move.from))</th><td>\(name(move.to))</td><td>\(change)</td><td class="num">\(reader.number(Int64(count)))</td>\
        <td class="num">\(reader.percent(Int64(count), of: Int64(trial.members)).map { $0 + "\u{a0}%" } ?? "–")</td></tr>
        """
    }
    let looked = reader.number(Int64(trial.members))
    let foot =
      trial.isWhole
      ? reader("Просмотрены все, кто покупал: \(looked)", "Everybody who bought was looked at: \(looked)")
      : reader(
        "Просмотрены \(looked) участников, равномерно по времени вступления",
        "\(looked) members were looked at, evenly by when they joined")
    return """
      <section class="panel" id="moves"><header class="panel-head"><h2>\(title)</h2></header>\
      \(DataTable(label: title, columns: [.text(reader("Сейчас", "Now")), .text(reader("Станет", "Then")), .text(reader("Куда", "Which way")), .descending(reader("Участников", "Members")), .number(reader("Доля", "Share"))], rows: rows).html)\
      <footer class="panel-foot"><span>\(foot)</span></footer></section>
      """
  }

  private func name(_ code: String?) -> String {
    guard let code else { return reader("без уровня", "no tier") }
    if let place = (0..<rows).first(where: { form["code-\($0)"] == code }) {
      let name = reader(form["ru-\(place)"], form["en-\(place)"])
      if !name.isEmpty { return name }
    }
    return code
  }

  private func isHigher(_ one: String?, _ other: String?) -> Bool {
    func rank(_ code: String?) -> Int {
      guard let code, let place = (0..<rows).first(where: { form["code-\($0)"] == code }) else { return -1 }
      return Int(form["rank-\(place)"]) ?? -1
    }
    return rank(one) > rank(other)
  }
}
