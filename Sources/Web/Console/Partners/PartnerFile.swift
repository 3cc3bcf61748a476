import Kernel
import Loyalty
import Storage
import Tables

/// The list of partners as a table, with the terms in force and what each owes.
extension ConsoleDesk {
  func partnerFile(_ visit: Visit) async throws -> TableFile {
    let (office, reader) = (PartnerOffice(of: try visit.programme), visit.reader)
    let rows = try await database.read { tx in try office.listed(in: &tx) }
    let columns: [TableFile.Column] = [
      .init("code", reader("Код", "Code"), .text), .init("name", reader("Кто", "Who"), .text),
      .init("tax_number", reader("ИНН", "Tax number"), .text), .init("contract", reader("Договор", "Contract"), .text),
      .init("legal_entities", reader("Юрлица", "Legal entities"), .text),
      .init("terms_from", reader("Условия с", "Terms from"), .day),
      reader.moneyColumn("earned_point", reader("За начисленный балл", "For an earned point")),
      reader.moneyColumn("spent_point", reader("За потраченный балл", "For a spent point")),
      .init("commission", reader("Комиссия, %", "Commission, %"), .number(digits: 4)),
      reader.countColumn("statement", reader("Последний отчёт", "Last statement")),
      .init("through", reader("По", "Through"), .day), reader.moneyColumn("owes", reader("Должен нам", "Owes us")),
    ]
    return TableFile(
      "partners", title: reader("Партнёры", "Partners"), columns: columns, zone: reader.zone,
      rows: rows.map { row in
        let (details, terms, last) = (row.partner.details, row.terms, row.last)
        return [
          .text(details.code), .text(details.name), .text(details.taxNumber), .text(details.contract),
          .text(details.entities.joined(separator: " ")), terms.map { .day($0.from) } ?? .empty,
          terms.map { .money($0.earned) } ?? .empty, terms.map { .money($0.spent) } ?? .empty,
          terms.map { .number($0.commission.ppm) } ?? .empty, last.map { .number(Int64($0.number)) } ?? .empty,
          last.map { .day($0.days.upperBound) } ?? .empty, last.map { .money($0.closing) } ?? .empty,
        ]
      })
  }
}
