import Access
import Jobs
import Kernel
import Loyalty
import Storage
import Tables

/// Coupons: series, what was ordered of each, and what became of one code.
extension ConsoleDesk {
  var couponDoors: [Door] {
    [
      .page("/console/coupons", .seeFigures, couponList),
      .form("/console/coupons", .changeProgramme, makeCouponSeries),
      .page("/console/coupons/new", .changeProgramme) { visit in
        try await self.couponForm(visit, nil, CouponForm.blank, nil)
      },
      .form("/console/coupons/void", .changeProgramme, voidCoupon),
      .page("/console/coupons/{series}", .seeFigures) { visit in try await self.couponSeries(visit, nil) },
      .form("/console/coupons/{series}", .changeProgramme, changeCouponSeries),
      .page("/console/coupons/{series}/edit", .changeProgramme, editCouponSeries),
      .form("/console/coupons/{series}/batches", .changeProgramme, orderCoupons),
      .page("/console/coupons/{series}/batches/{batch}/codes.csv", .changeProgramme, exportCoupons),
      .page("/console/coupons/{series}/batches/{batch}/codes.xlsx", .changeProgramme, exportCouponSheet),
    ]
  }

  private static func seriesID(_ visit: Visit) throws -> CouponSeriesID {
    guard let id = visit.call.path["series"].flatMap({ CouponSeriesID($0) }) else { throw noPage }
    return id
  }

  /// The latest series, or what became of the code that somebody asks about. Two statements more for a code.
  func couponList(_ visit: Visit) async throws -> Answer {
    let (coupons, query) = (Coupons(of: try visit.programme), Form(visit.call.query))
    let (sought, before) = (String(query["code"].prefix(Limits.code)), query["before"])
    let list = try await database.read { tx -> CouponList in
      let all = try coupons.all(before: CouponSeriesID(before), limit: CouponList.size, in: &tx)
      let found = sought.isEmpty ? nil : try coupons.coupon(sought, in: &tx)
      return CouponList(
        series: all, totals: try coupons.totals(of: all.map(\.id), in: &tx), sought: sought, found: found,
        foundIn: try found.map { try coupons.series($0.series, in: &tx) },
        next: all.count == CouponList.size ? all.last?.id : nil)
    }
    return visit.show(CouponListPage(list: list, visit: visit).page, in: .coupons)
  }

  /// - Parameter refusal: why codes were not ordered.
  func couponSeries(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let (id, coupons) = (try Self.seriesID(visit), Coupons(of: try visit.programme))
    let request = String(random(), radix: 36)
    let view = try await database.read { tx in
      CouponSeriesView(
        series: try coupons.series(id, in: &tx), totals: try coupons.totals(of: [id], in: &tx)[id] ?? (0, 0, 0),
        batches: try coupons.batches(of: id, limit: Limits.page, in: &tx), request: request)
    }
    var answer = visit.show(CouponSeriesPage(view: view, visit: visit, refusal: refusal).page, in: .coupons)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  func couponForm(
    _ visit: Visit, _ series: Known<CouponSeriesDetails>?, _ form: Form, _ refusal: Problem?
  ) async throws -> Answer {
    let page = CouponForm(series: series, form: form, refusal: refusal, visit: visit)
    var answer = visit.show(page.page, in: .coupons)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  func editCouponSeries(_ visit: Visit) async throws -> Answer {
    let (id, programme) = (try Self.seriesID(visit), try visit.programme)
    let series = try await database.read { tx in try Coupons(of: programme).series(id, in: &tx) }
    return try await couponForm(visit, series, CouponForm.form(of: series.details, programme.settings.points.zone), nil)
  }

  /// Sent twice it makes one series: the second time it is there already, just so.
  func makeCouponSeries(_ visit: Visit) async throws -> Answer {
    let (programme, form, change) = (try visit.programme, visit.form, change(visit))
    let coupons = Coupons(of: programme)
    do {
      let details = try CouponForm.details(form, over: nil, programme.settings.points.zone)
      let id = try await database.write { tx -> CouponSeriesID in
        if let known = try coupons.series(codes: [details.code], in: &tx)[details.code], known.details != details {
          throw Self.taken("code")
        }
        return try coupons.save([details], by: change, in: &tx).ids[0]
      }
      // So that a promotion can name it at once.
      try await refreshFloor(visit)
      return .redirect("/console/coupons/\(id)")
    } catch let problem as Problem { return try await couponForm(visit, nil, form, problem) }
  }

  func changeCouponSeries(_ visit: Visit) async throws -> Answer {
    let (id, programme, form, change) = (try Self.seriesID(visit), try visit.programme, visit.form, change(visit))
    let coupons = Coupons(of: programme)
    let series = try await database.read { tx in try coupons.series(id, in: &tx) }
    do {
      let details = try CouponForm.details(form, over: series.details, programme.settings.points.zone)
      try await database.write { tx in _ = try coupons.save([details], by: change, in: &tx) }
    } catch let problem as Problem { return try await couponForm(visit, series, form, problem) }
    return .redirect("/console/coupons/\(id)")
  }

  func orderCoupons(_ visit: Visit) async throws -> Answer {
    let (id, coupons, form, change) = (
      try Self.seriesID(visit), Coupons(of: try visit.programme), visit.form, change(visit)
    )
    guard (1...64).contains(form["request"].utf8.count) else { throw Self.brokenForm }
    let count = Int64(form["count"].filter { !$0.isWhitespace }) ?? 0
    do {
      try await database.write { tx in
        let series = try coupons.series(id, in: &tx).details.code
        _ = try coupons.order(
          count, of: series, label: form["label"], key: "console \(form["request"])", by: change, in: &tx)
      }
    } catch let problem as Problem { return try await couponSeries(visit, problem) }
    return .redirect("/console/coupons/\(id)")
  }

  func voidCoupon(_ visit: Visit) async throws -> Answer {
    let (coupons, form, change) = (Coupons(of: try visit.programme), visit.form, change(visit))
    guard !form["code"].isEmpty else { throw Self.incomplete }
    try await database.write { tx in
      try coupons.void(form["code"], because: form["reason"], by: change, in: &tx)
    }
    return .redirect("/console/coupons?code=\(queryText(form["code"]))")
  }

  /// Codes are worth money: who takes them away is written down. A page of them in memory at a time, however many there are.
  func exportCoupons(_ visit: Visit) async throws -> Answer {
    let (coupons, batch) = (Coupons(of: try visit.programme), try await takenAway(visit))
    var answer = Answer(200, [], type: "text/csv; charset=utf-8")
    answer.headers.append(("Content-Disposition", "attachment; filename=\"\(batch).csv\""))
    answer.stream = { [database] out in
      try await out.write(CouponCSV.head + "\r\n")
      var last: String?
      while !out.isClosing() {
        let after = last
        let page = try await database.read { tx in try coupons.coupons(of: batch, after: after, limit: Limits.bulk, in: &tx) }
        try await out.write(page.map { CouponCSV.row($0) + "\r\n" }.joined())
        guard page.count == Limits.bulk else { return }
        last = page.last?.code
      }
    }
    return answer
  }

  /// The batch of the address, once it is written down who takes its codes.
  private func takenAway(_ visit: Visit) async throws -> CouponBatchID {
    let (id, coupons, change) = (try Self.seriesID(visit), Coupons(of: try visit.programme), change(visit))
    guard let batch = visit.call.path["batch"].flatMap({ CouponBatchID($0) }) else { throw Self.noPage }
    let account = visit.account.id
    try await database.write { tx in
      let known = try coupons.batch(batch, in: &tx)
      guard known.series == id else { throw Self.noPage }
      let note = AuditNote.did(
        "coupon_series.exported", id, after: .object(["batch": .string("\(batch)"), "codes": .int(known.made)]))
      try AuditTrail(of: account).record([note], by: change, in: &tx)
    }
    return batch
  }

  /// The same for people's spreadsheets.
  func exportCouponSheet(_ visit: Visit) async throws -> Answer {
    let (coupons, batch, reader) = (Coupons(of: try visit.programme), try await takenAway(visit), visit.reader)
    let columns: [TableFile.Column] = [
      .init("code", reader("Код", "Code"), .text), .init("state", reader("Состояние", "State"), .text),
      .init("good_from", reader("Действует с", "Good from"), .moment), .init("good_until", reader("До", "Until"), .moment),
      .init("used_at", reader("Погашен", "Used"), .moment),
    ]
    let file = TableFile("\(batch)", title: reader("Купоны", "Coupons"), columns: columns, zone: reader.zone) { [database] take in
      var last: String?
      while true {
        let after = last
        let page = try await database.read { tx in try coupons.coupons(of: batch, after: after, limit: Limits.bulk, in: &tx) }
        try await take(
          page.map { [.text($0.code), .text("\($0.state)"), .moment($0.from), .moment($0.until), .moment($0.usedAt)] })
        guard page.count == Limits.bulk, let end = page.last else { return }
        last = end.code
      }
    }
    return Answer(file, as: .xlsx)
  }
}
