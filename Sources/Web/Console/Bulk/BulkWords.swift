import Access
import Conditions
import Customers
import Kernel
import Loyalty

/// Words about actions on segments.
struct BulkWords {
  let reader: Reader
  let fields: FieldCatalogue

  static func kind(_ word: BulkDeed.Word, _ reader: Reader) -> String {
    switch word {
    case .attribute: reader("Поле анкеты", "A member field")
    case .list: reader("Список (метка)", "A list (a tag)")
    case .points: reader("Баллы", "Points")
    case .coupon: reader("Личный купон", "A coupon of their own")
    case .tier: reader("Уровень", "A tier")
    case .status: reader("Блокировка", "Blocking")
    }
  }

  /// What is done to each.
  func deed(_ deed: BulkDeed) -> String {
    switch deed {
    case .attribute(let code, let value):
      let name = fields[code].map { reader($0.name) } ?? code
      guard let value else { return reader("Очистить поле «\(name)»", "Clear the field “\(name)”") }
      let words = FieldWords(reader: reader, fields: fields).value(value, of: code)
      return reader("Поле «\(name)»: \(words)", "The field “\(name)”: \(words)")
    case .list(let code, true): return reader("Внести в список \(code)", "Put on the list \(code)")
    case .list(let code, false): return reader("Убрать из списка \(code)", "Take off the list \(code)")
    case .points(let points, _, let note):
      return reader("По \(reader.points(points)) баллов: \(note)", "\(reader.points(points)) points each: \(note)")
    case .coupon(let series): return reader("Личный купон серии \(series)", "A coupon of the series \(series)")
    case .tier(let code, let day, let reason):
      let end = day.map { reader("по \(reader.date($0))", "through \(reader.date($0))") } ?? reader("без срока", "without an end")
      return reader("Уровень \(code) \(end): \(reason)", "The tier \(code) \(end): \(reason)")
    case .status(true, let reason): return reader("Заблокировать: \(reason)", "Block: \(reason)")
    case .status(false, let reason): return reader("Разблокировать: \(reason)", "Unblock: \(reason)")
    }
  }

  func badge(_ state: BulkAction.State) -> Markup {
    let (style, text) =
      switch state {
      case .counting: ("", reader("считаем", "counting"))
      case .ready: ("accent", reader("ждёт подтверждения", "to be confirmed"))
      case .asked: ("warn", reader("ждёт второго слова", "waits for a second word"))
      case .running: ("accent", reader("выполняется", "running"))
      case .stopped: ("warn", reader("остановлено", "stopped"))
      case .done: ("good", reader("выполнено", "done"))
      case .undoing: ("warn", reader("отменяется", "being undone"))
      case .undone: ("", reader("отменено", "undone"))
      case .dropped: ("", reader("не начато", "dropped"))
      }
    return "<span class=\"badge \(style)\">\(text)</span>"
  }

  func state(_ state: BulkMember.State) -> String {
    switch state {
    case .due: reader("ждёт", "waiting")
    case .changed: reader("сделано", "done")
    case .leftOut: reader("пропущен", "left out")
    case .undone: reader("отменено", "undone")
    case .kept: reader("не отменено", "not undone")
    }
  }
}

extension BulkDeed {
  /// What it sets, so that a value can be called by its name.
  var attributes: Attributes? {
    guard case .attribute(let code, let value?) = self else { return nil }
    return Attributes([code: value])
  }

  /// Who may do such a thing to one member may do it to many.
  func right(_ goodwill: GoodwillLimits) -> Right {
    switch self {
    case .points(let points, _, _): goodwill.soft.map { points > $0 } ?? false ? .correctPoints : .adjustPoints
    case .status: .changeMembers
    case .attribute, .list, .coupon, .tier: .changeProgramme
    }
  }
}
