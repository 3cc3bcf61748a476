import Access
import Kernel
import Loyalty
import Storage

/// One store's business day, till by till.
struct ShiftDay: Sendable {
  let store: Store
  let day: CivilDay
  let row: Board.Row?
  let closings: [ShiftSummary]
  /// Sold on this date by their receipts, and closed no shift of this day.
  let open: [String]
}

extension ConsoleDesk {
  func shiftDay(_ visit: Visit) async throws -> Answer {
    let (id, day, account, at, ids) = (try Self.storeID(visit), try Self.day(visit), visit.account.id, visit.call.at, ids)
    let programme = try visit.programme.id
    let model = try await database.read { tx -> ShiftDay in
      let store = try Places(of: account).store(id, in: &tx)
      let closings = try Shifts(of: account, programme: programme, ids: ids).closings(of: id, days: day...day, in: &tx)
      let watch = TillWatch(of: account)
      let closed = Set(closings.map { TillPlace(store: id, register: $0.key.register) })
      let tills = try watch.tills(in: [id], at: at, in: &tx)
      let sold = try watch.sold(tills, on: { _ in day }, in: &tx)
      return ShiftDay(
        store: store, day: day, row: try Board.read(of: account, stores: [store], days: day...day, in: &tx).rows.first,
        closings: closings, open: sold.subtracting(closed).map(\.register).sorted())
    }
    return visit.show(ShiftDayPage(model: model, visit: visit).page, in: .stores)
  }

  /// A shift compared with everything that has arrived by now.
  func shift(_ visit: Visit) async throws -> Answer {
    let (id, day, account, at, ids) = (try Self.storeID(visit), try Self.day(visit), visit.account.id, visit.call.at, ids)
    let parts = (visit.call.path["shift"] ?? "").split(separator: "~", maxSplits: 1).map(String.init)
    guard parts.count == 2, let number = Int64(parts[0]) else { throw Self.noShift }
    let (programme, key) = (try visit.programme.id, ShiftKey(store: id, register: parts[1], shift: number, day: day))
    let (store, shift) = try await database.read { tx -> (Store, ClosedShift) in
      let store = try Places(of: account).store(id, in: &tx)
      do { return (store, try Shifts(of: account, programme: programme, ids: ids).closing(of: key, at: at, in: &tx)) } catch let
        problem
        as Problem where problem.code == "shift_unknown"
      { throw Self.noShift }
    }
    return visit.show(ShiftPage(store: store, shift: shift, visit: visit).page, in: .stores)
  }

  private static func day(_ visit: Visit) throws -> CivilDay {
    guard let day = visit.call.path["day"].flatMap({ CivilDay($0) }) else { throw noShift }
    return day
  }

  static let noShift = Problem(
    .notFound, "shift_unknown", "no till has closed this shift",
    cashier: LocalText(ru: "Такой закрытой смены нет", en: "No till has closed this shift"))
}

struct ShiftDayPage {
  let model: ShiftDay
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    Page(
      title: "\(reader.weekday(model.day)), \(reader.date(model.day))",
      notes: [model.store.details.name, receipts].compactMap { $0 },
      crumbs: [
        (reader("Магазины", "Stores"), "/console/stores"), (reader("Смены", "Shifts"), "/console/shifts?week=\(model.day)"),
        (model.store.details.name, model.store.path),
      ], body: "<div class=\"page-body\">\(open)\(table)</div>")
  }

  private var receipts: String? {
    model.row.map { row in
      reader.count(row.totals.receipts, ("чек", "чека", "чеков"), ("receipt", "receipts")) + ", " + reader.money(row.totals.amount)
    }
  }

  private var open: Markup? {
    guard !model.open.isEmpty else { return nil }
    let tills = model.open.joined(separator: ", ")
    let isToday = model.day == reader.zone.civil(at: visit.call.at).day
    return isToday
      ? Notice.info(reader("Смена ещё идёт на кассах: \(tills)", "The shift is still under way on tills: \(tills)"))
      : Notice.warning(
        reader(
          "Продавали, но смену не закрыли кассы: \(tills). Закройте смену на кассе: она пришлёт итоги.",
          "These tills sold and closed no shift: \(tills). Close it on the till, and it will send its sums."))
  }

  private var table: Markup {
    guard !model.closings.isEmpty else { return Notice.info(reader("Закрытых смен нет", "No shift was closed")) }
    let rows = model.closings.map { shift -> Markup in
      let differences = ShiftWords.differences(missing: shift.missing, surplus: shift.surplus, different: shift.different, reader)
      return """
        <tr><th scope="row"><a href="\(shift.key.path)">\(reader("Касса \(shift.key.register)", "Till \(shift.key.register)"))</a>\
        <small>\(reader("смена \(shift.key.shift)", "shift \(shift.key.shift)"))</small></th>\
        <td>\(ShiftWords.badge(ties: shift.ties, reader))<small>\(differences ?? "")</small></td>\
        <td class="num">\(reader.number(Int64(shift.sales.count)))</td><td class="num">\(reader.amount(shift.sales.amount))</td>\
        <td class="num">\(reader.amount(shift.returns.amount))</td><td class="nowrap">\(reader.moment(shift.closedAt))</td></tr>
        """
    }
    return DataTable(
      label: reader("Закрытые смены", "Closed shifts"),
      columns: [
        .text(reader("Касса", "Till")), .text(reader("Состояние", "State")), .number(reader("Чеков", "Receipts")),
        .number("\(reader("Продажи", "Sales")), \(reader.sign)"), .number("\(reader("Возвраты", "Returns")), \(reader.sign)"),
        .text(reader("Закрыта", "Closed")),
      ], rows: rows
    ).panel()
  }
}

struct ShiftPage {
  let store: Store
  let shift: ClosedShift
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var key: ShiftKey { shift.closing.key }
  private var answer: ShiftAnswer { shift.answer }
  /// Shown of each kind; the counts are whole.
  private static let most = Limits.page

  var page: Page {
    Page(
      title: reader("Смена \(key.shift), касса \(key.register)", "Shift \(key.shift), till \(key.register)"),
      marks: ShiftWords.badge(ties: answer.ties, reader),
      notes: [
        "\(reader.weekday(key.day)), \(reader.date(key.day))",
        reader(
          "\(reader.moment(shift.closing.openedAt)) – \(reader.moment(shift.closing.closedAt))",
          "\(reader.moment(shift.closing.openedAt)) – \(reader.moment(shift.closing.closedAt))"),
        reader("Сверено только что со всем, что дошло", "Compared just now with all that has arrived"),
      ],
      crumbs: [
        (reader("Магазины", "Stores"), "/console/stores"), (reader("Смены", "Shifts"), "/console/shifts?week=\(key.day)"),
        (store.details.name, store.path), (reader.day(key.day), "/console/shifts/\(store.id)/\(key.day)"),
      ], body: "<div class=\"page-body\">\(verdict)\(sums)\(missing)\(surplus)\(different)\(ours)</div>")
  }

  private var verdict: Markup? {
    if answer.ties { return nil }
    if answer.needsList {
      return Notice.warning(
        reader(
          "Суммы не равны, а списка чеков касса не прислала. Сравните её чеки с нашими, они ниже.",
          "The sums differ, and the till listed no receipts. Compare its receipts with ours, which are below."))
    }
    if !answer.listAddsUp {
      return Notice.warning(
        reader("Список чеков кассы не сходится с её же суммами.", "The till's list does not come to its own sums."))
    }
    return nil
  }

  private var sums: Markup {
    let rows = [
      (reader("Продажи", "Sales"), shift.closing.sales, answer.sales),
      (reader("Возвраты", "Returns"), shift.closing.returns, answer.returns),
    ].map { name, stated, found -> Markup in
      let difference = found.amount - stated.amount
      let style: Markup = difference == .zero ? "" : " bad"
      return """
        <tr><th scope="row">\(name)</th><td class="num">\(reader.number(Int64(stated.count)))</td>\
        <td class="num">\(reader.amount(stated.amount))</td><td class="num">\(reader.number(Int64(found.count)))</td>\
        <td class="num">\(reader.amount(found.amount))</td>\
        <td class="num\(style)">\(reader.signed(reader.amount(difference), isPositive: difference > .zero))</td></tr>
        """
    }
    return DataTable(
      label: reader("Что сказала касса и что дошло", "What the till stated and what arrived"),
      columns: [
        .text(reader("Что", "What")), .number(reader("Чеков у кассы", "Till's receipts")),
        .number("\(reader("Сумма кассы", "Till's sum")), \(reader.sign)"),
        .number(reader("Чеков у нас", "Our receipts")), .number("\(reader("Наша сумма", "Our sum")), \(reader.sign)"),
        .number(reader("Разница", "Difference")),
      ], rows: rows
    ).panel(heading: true)
  }

  private var missing: Markup? {
    list(
      answer.missing.prefix(Self.most).map { missing in
        switch missing.cause {
        case nil: (missing.receipt, nil, reader("не дошёл", "never arrived"))
        case .cancelled?: (missing.receipt, path(missing.receipt), reader("у нас отменён", "cancelled here"))
        case .beside?:
          (
            missing.receipt, path(missing.receipt),
            reader("стоит рядом с чеком того же документа", "stands beside one of the same document")
          )
        }
      }, answer.missingCount, reader("Не хватает у нас", "Missing here"))
  }

  private var surplus: Markup? {
    list(
      answer.surplus.prefix(Self.most).map { ($0, path($0), reader("кассе неизвестен", "the till does not have it")) },
      answer.surplusCount,
      reader("Лишние у нас", "Surplus here"))
  }

  private var different: Markup? {
    list(
      answer.different.prefix(Self.most).map { different in
        (
          different.receipt, path(different.receipt),
          reader("у нас \(reader.money(different.found))", "here \(reader.money(different.found))")
        )
      }, answer.differentCount, reader("С другой суммой", "Of another amount"))
  }

  private var ours: Markup? {
    guard answer.needsList else { return nil }
    return list(
      answer.ours.prefix(Self.most).map { ($0, path($0), "") }, answer.ours.count,
      reader("Наши чеки смены", "Our receipts of the shift"))
  }

  private func list(_ receipts: [(receipt: ShiftReceipt, path: String?, note: String)], _ count: Int, _ title: String) -> Markup? {
    guard !receipts.isEmpty else { return nil }
    let rows = receipts.map { receipt, path, note -> Markup in
      let kind =
        receipt.kind == .sale
        ? reader("Чек \(receipt.number)", "Receipt \(receipt.number)")
        : reader("Возврат \(receipt.number)", "Return \(receipt.number)")
      let name: Markup = path.map { "<a href=\"\($0)\">\(kind)</a>" } ?? "\(kind)"
      return """
        <tr><th scope="row">\(name)</th><td class="nowrap">\(reader.date(receipt.date))</td><td class="num">\(reader.amount(receipt.amount))</td>\
        <td>\(note)</td></tr>
        """
    }
    let more: Markup? =
      count > receipts.count
      ? "<footer class=\"panel-foot\"><span>\(reader("Всего \(count), показаны первые", "\(count) in all; these are the first"))</span></footer>"
      : nil
    return DataTable(
      label: title,
      columns: [
        .text(reader("Документ", "Document")), .text(reader("Дата", "Date")),
        .number("\(reader("Сумма", "Amount")), \(reader.sign)"),
        .text(reader("Что с ним", "What about it")),
      ], rows: rows, width: .wide
    ).panel(heading: true, foot: more)
  }

  /// The search by what is printed leads to a sale; documents of returns are found in the receipt they came from.
  private func path(_ receipt: ShiftReceipt) -> String? {
    guard receipt.kind == .sale, visit.may(.seeMembers) else { return nil }
    let values = [
      ("store", store.details.code), ("register", key.register), ("shift", "\(key.shift)"), ("number", receipt.number),
      ("date", "\(receipt.date)"),
    ]
    return "/console/receipts?" + values.map { "\($0.0)=\(queryText($0.1))" }.joined(separator: "&")
  }
}
