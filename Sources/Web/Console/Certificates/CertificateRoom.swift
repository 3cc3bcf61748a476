import Access
import Kernel
import Loyalty
import Storage
import Tables

/// Certificates: series, what was ordered of each, one that somebody asks about, and what is owed.
extension ConsoleDesk {
  var certificateDoors: [Door] {
    [
      .page("/console/certificates", .seeFigures) { visit in try await self.certificateList(visit, nil, nil) },
      .form("/console/certificates", .changeProgramme, makeCertificateSeries),
      .form("/console/certificates/find", .seeMembers) { visit in
        try await self.certificateList(visit, visit.form["code"], nil)
      },
      .form("/console/certificates/void", .correctPoints) { visit in
        try await self.act(visit) { try $0.void($1, because: visit.form["reason"], by: $2, in: &$3) }
      },
      .form("/console/certificates/unlock", .correctPoints) { visit in
        try await self.act(visit) { try $0.unlock($1, because: visit.form["reason"], by: $2, in: &$3) }
      },
      .form("/console/certificates/adjust", .correctPoints, adjustCertificate),
      .page("/console/certificates/new", .changeProgramme) { visit in
        try await self.certificateForm(visit, nil, CertificateForm.blank, nil)
      },
      .page("/console/certificates/liability", .seeFigures, certificateLiability),
      .page("/console/certificates/{series}", .seeFigures) { visit in try await self.certificateSeries(visit, nil) },
      .form("/console/certificates/{series}", .changeProgramme, changeCertificateSeries),
      .page("/console/certificates/{series}/edit", .changeProgramme, editCertificateSeries),
      .form("/console/certificates/{series}/batches", .changeProgramme, orderCertificates),
      .page("/console/certificates/{series}/batches/{batch}/codes.csv", .changeProgramme, exportCertificates),
      .page("/console/certificates/{series}/batches/{batch}/codes.xlsx", .changeProgramme, exportCertificateSheet),
    ] + Door.file("/console/certificates/liability", .seeFigures, liabilityFile)
  }

  private func certificates(_ visit: Visit) throws -> Certificates {
    Certificates(of: try visit.programme, ids: ids, keys: keys)
  }

  private static func certificateSeriesID(_ visit: Visit) throws -> CertificateSeriesID {
    guard let id = visit.call.path["series"].flatMap({ CertificateSeriesID($0) }) else { throw noPage }
    return id
  }

  /// The latest series, and the one certificate that somebody asks about. Two statements more for it.
  private func certificateList(_ visit: Visit, _ sought: String?, _ refusal: Problem?) async throws -> Answer {
    let (certificates, query) = (try certificates(visit), Form(visit.call.query))
    let (before, code) = (CertificateSeriesID(query["before"]), String((sought ?? "").prefix(Limits.code)))
    let stores = Dictionary(
      (visit.sales?.everyStore ?? []).map { ($0.id, $0.details.name) }, uniquingKeysWith: { first, _ in first })
    let list = try await database.read { tx -> CertificateList in
      let all = try certificates.all(before: before, limit: CertificateList.size, in: &tx)
      let known = code.isEmpty ? nil : try certificates.certificate(code, in: &tx)
      let found = try known.map { known in
        CertificateList.Found(
          certificate: known.certificate, series: known.series,
          entries: try certificates.entries(of: code, limit: CertificateList.entries, in: &tx), stores: stores)
      }
      return CertificateList(
        series: all, totals: try certificates.totals(of: all.map(\.id), in: &tx), sought: code, found: found,
        next: all.count == CertificateList.size ? all.last?.id : nil)
    }
    var answer = visit.show(CertificateListPage(list: list, visit: visit, refusal: refusal).page, in: .certificates)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// Does something to one certificate and shows it again: its code stands in no address.
  private func act(
    _ visit: Visit,
    _ body: @escaping @Sendable (Certificates, String, Change, inout Transaction) throws -> Void
  ) async throws -> Answer {
    let (certificates, code, change) = (try certificates(visit), visit.form["code"], change(visit))
    guard !code.isEmpty else { throw Self.incomplete }
    do {
      try await database.write { tx in try body(certificates, code, change, &tx) }
    } catch let problem as Problem { return try await certificateList(visit, code, problem) }
    return try await certificateList(visit, code, nil)
  }

  private func adjustCertificate(_ visit: Visit) async throws -> Answer {
    guard let seen = Int64(visit.form["seen"]) else { throw Self.brokenForm }
    guard let balance = visit.reader.money(typed: visit.form["balance"]) else {
      let problem = Problem(
        .invalid, "not_an_amount", "an amount is expected as the new balance",
        cashier: LocalText(
          ru: "Новый остаток – это сумма, например 1 500,00", en: "The new balance is an amount, for example 1,500.00"))
      return try await certificateList(visit, visit.form["code"], problem)
    }
    return try await act(visit) {
      try $0.adjust($1, to: balance, seen: Money(minor: seen), because: visit.form["reason"], by: $2, in: &$3)
    }
  }

  /// - Parameter refusal: why codes were not ordered.
  private func certificateSeries(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let (id, certificates) = (try Self.certificateSeriesID(visit), try certificates(visit))
    let request = String(random(), radix: 36)
    let view = try await database.read { tx in
      CertificateSeriesView(
        series: try certificates.series(id, in: &tx), totals: try certificates.totals(of: [id], in: &tx)[id] ?? CertificateTotals(),
        batches: try certificates.batches(of: id, limit: Limits.page, in: &tx), ages: try certificates.ages(of: [id], in: &tx),
        request: request)
    }
    var answer = visit.show(CertificateSeriesPage(view: view, visit: visit, refusal: refusal).page, in: .certificates)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  private func certificateForm(
    _ visit: Visit, _ series: Known<CertificateSeriesDetails>?, _ form: Form, _ refusal: Problem?
  ) async throws -> Answer {
    let page = CertificateForm(series: series, form: form, refusal: refusal, visit: visit)
    var answer = visit.show(page.page, in: .certificates)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  private func editCertificateSeries(_ visit: Visit) async throws -> Answer {
    let (id, certificates) = (try Self.certificateSeriesID(visit), try certificates(visit))
    let series = try await database.read { tx in try certificates.series(id, in: &tx) }
    return try await certificateForm(visit, series, CertificateForm.form(of: series.details, visit.sales, visit.reader), nil)
  }

  /// Sent twice it makes one series: the second time it is there already, just so.
  private func makeCertificateSeries(_ visit: Visit) async throws -> Answer {
    let (certificates, form, change) = (try certificates(visit), visit.form, change(visit))
    do {
      let details = try CertificateForm.details(form, over: nil, visit.sales, visit.reader)
      let id = try await database.write { tx -> CertificateSeriesID in
        if let known = try certificates.series(codes: [details.code], in: &tx)[details.code], known.details != details {
          throw Self.taken("code")
        }
        return try certificates.save([details], by: change, in: &tx).ids[0]
      }
      return .redirect("/console/certificates/\(id)")
    } catch let problem as Problem { return try await certificateForm(visit, nil, form, problem) }
  }

  private func changeCertificateSeries(_ visit: Visit) async throws -> Answer {
    let (id, certificates, form, change) = (
      try Self.certificateSeriesID(visit), try certificates(visit), visit.form, change(visit)
    )
    let series = try await database.read { tx in try certificates.series(id, in: &tx) }
    do {
      let details = try CertificateForm.details(form, over: series.details, visit.sales, visit.reader)
      try await database.write { tx in _ = try certificates.save([details], by: change, in: &tx) }
    } catch let problem as Problem { return try await certificateForm(visit, series, form, problem) }
    return .redirect("/console/certificates/\(id)")
  }

  private func orderCertificates(_ visit: Visit) async throws -> Answer {
    let (id, certificates, form, change) = (
      try Self.certificateSeriesID(visit), try certificates(visit), visit.form, change(visit)
    )
    guard (1...64).contains(form["request"].utf8.count) else { throw Self.brokenForm }
    let count = Int64(form["count"].filter { !$0.isWhitespace }) ?? 0
    do {
      try await database.write { tx in
        let series = try certificates.series(id, in: &tx).details.code
        _ = try certificates.order(
          count, of: series, label: form["label"], key: "console \(form["request"])", by: change, in: &tx)
      }
    } catch let problem as Problem { return try await certificateSeries(visit, problem) }
    return .redirect("/console/certificates/\(id)")
  }

  /// Codes with their PINs are money: who takes them away is written down. A page of them in memory at a time.
  private func exportCertificates(_ visit: Visit) async throws -> Answer {
    let (certificates, known, currency) = (try certificates(visit), try await certificatesTakenAway(visit), visit.reader.currency)
    var answer = Answer(200, [], type: "text/csv; charset=utf-8")
    answer.headers.append(("Content-Disposition", "attachment; filename=\"\(known.id).csv\""))
    answer.stream = { [database] out in
      try await out.write(CertificateCSV.head + "\r\n")
      var last: String?
      while !out.isClosing() {
        let after = last
        let page = try await database.read { tx in
          try certificates.certificates(of: known, after: after, limit: Limits.bulk, in: &tx)
        }
        try await out.write(page.map { CertificateCSV.row($0.certificate, $0.pin, currency) + "\r\n" }.joined())
        guard page.count == Limits.bulk else { return }
        last = page.last?.certificate.code
      }
    }
    return answer
  }

  /// The batch of the address, once it is written down who takes its codes.
  private func certificatesTakenAway(_ visit: Visit) async throws -> CertificateBatch {
    let (id, certificates, change) = (try Self.certificateSeriesID(visit), try certificates(visit), change(visit))
    guard let batch = visit.call.path["batch"].flatMap({ CertificateBatchID($0) }) else { throw Self.noPage }
    let account = visit.account.id
    return try await database.write { tx -> CertificateBatch in
      let known = try certificates.batch(batch, in: &tx)
      guard known.series == id else { throw Self.noPage }
      let note = AuditNote.did(
        "certificate_series.exported", id, after: .object(["batch": .string("\(batch)"), "codes": .int(known.made)]))
      try AuditTrail(of: account).record([note], by: change, in: &tx)
      return known
    }
  }

  /// The same for people's spreadsheets.
  private func exportCertificateSheet(_ visit: Visit) async throws -> Answer {
    let (certificates, known, reader) = (try certificates(visit), try await certificatesTakenAway(visit), visit.reader)
    let columns: [TableFile.Column] = [
      .init("code", reader("Код", "Code"), .text), .init("pin", "PIN", .text), .init("state", reader("Состояние", "State"), .text),
      reader.moneyColumn("balance", reader("Остаток", "Balance")), .init("good_until", reader("До", "Until"), .moment),
    ]
    let title = reader("Сертификаты", "Certificates")
    let file = TableFile("\(known.id)", title: title, columns: columns, zone: reader.zone) { [database] take in
      var last: String?
      while true {
        let after = last
        let page = try await database.read { tx in
          try certificates.certificates(of: known, after: after, limit: Limits.bulk, in: &tx)
        }
        try await take(
          page.map { certificate, pin in
            [
              .text(certificate.code), .text(pin ?? ""), .text("\(certificate.state)"), .money(certificate.balance),
              .moment(certificate.until),
            ]
          })
        guard page.count == Limits.bulk, let end = page.last else { return }
        last = end.certificate.code
      }
    }
    return Answer(file, as: .xlsx)
  }

  // What is owed.

  private func liability(_ visit: Visit) async throws -> LiabilityView {
    let (certificates, query) = (try certificates(visit), Form(visit.call.query))
    let today = try visit.programme.settings.points.zone.civil(at: visit.call.at).day
    var (days, isWrong) = (today.adding(days: 1 - today.parts.day)...today, false)
    if !query["from"].isEmpty || !query["to"].isEmpty {
      if let from = CivilDay(query["from"]), let to = CivilDay(query["to"]), from <= to, from.number > 0 {
        days = from...to
      } else {
        isWrong = true
      }
    }
    let (asked, isBad) = (days, isWrong)
    return try await database.read { tx in
      let series = try certificates.all(limit: LiabilityView.size, in: &tx)
      let liability = try certificates.liability(of: series.map(\.id), asked, in: &tx)
      return LiabilityView(days: asked, rows: zip(series, liability).map { (series: $0, liability: $1) }, isWrong: isBad)
    }
  }

  private func certificateLiability(_ visit: Visit) async throws -> Answer {
    visit.show(LiabilityPage(view: try await liability(visit), visit: visit).page, in: .certificates)
  }

  private func liabilityFile(_ visit: Visit) async throws -> TableFile {
    let (view, reader) = (try await liability(visit), visit.reader)
    let columns: [TableFile.Column] = [
      .init("series", reader("Серия", "Series"), .text), .init("code", reader("Код", "Code"), .text),
      reader.moneyColumn("opening", reader("Было", "Opening")),
      reader.countColumn("sold_count", reader("Продано, шт", "Sold, pcs")),
      reader.moneyColumn("sold", reader("Продано и пополнено", "Sold and loaded")),
      reader.moneyColumn("given", reader("Выдано по акциям", "Given by promotions")),
      reader.moneyColumn("paid", reader("Оплачено", "Paid")),
      reader.moneyColumn("refunded", reader("Возвращено с товаром", "Back with goods")),
      reader.moneyColumn("lapsed", reader("Сгорело", "Lapsed")),
      reader.moneyColumn("taken_back", reader("Возвращены сами", "Came back")),
      reader.moneyColumn("adjusted", reader("Вручную", "By hand")), reader.moneyColumn("closing", reader("Стало", "Closing")),
    ]
    let rows = view.rows.map { series, liability -> [TableFile.Cell] in
      let flows = liability.flows
      return [
        .text(reader(series.details.name)), .text(series.details.code), .money(liability.opening), .number(flows.count),
        .money(flows.sold), .money(flows.given), .money(flows.paid), .money(flows.refunded), .money(flows.lapsed),
        .money(flows.takenBack),
        .money(flows.adjusted), .money(liability.closing),
      ]
    }
    return TableFile(
      "certificates-\(view.days.lowerBound)-\(view.days.upperBound)",
      title: reader("Обязательства по сертификатам", "Owed on certificates"),
      columns: columns, zone: reader.zone, rows: rows)
  }
}
