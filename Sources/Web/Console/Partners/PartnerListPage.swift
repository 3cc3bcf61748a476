import Access
import Kernel
import Loyalty

struct PartnerListPage {
  let rows: [PartnerListed]
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    Page(
      title: reader("Партнёры", "Partners"), actions: visit.may(.settle) && !rows.isEmpty ? make : .nothing,
      notes: [
        reader(
          "Компании, в чьих магазинах копят и тратят баллы этой программы",
          "Companies in whose stores this programme's points are earned and spent")
      ], body: "<div class=\"page-body\">\(rows.isEmpty ? empty : table)</div>")
  }

  private var make: Markup {
    "<a class=\"button primary\" href=\"/console/partners/new\">\(Icon.plus.small)\(reader("Новый партнёр", "New partner"))</a>"
  }

  private var empty: Markup {
    """
    <section class="panel"><div class="empty">\(Icon.partners.usual)<h2>\(reader("Партнёров пока нет", "There are no partners yet"))</h2>\
    <p>\(reader("Партнёр – другая компания, чьи магазины работают с вашими баллами. Её магазины узнают по юридическому лицу.", "A partner is another company whose stores take part with your points. Its stores are known by their legal entity."))</p>\
    \(visit.may(.settle) ? make : .nothing)</div></section>
    """
  }

  private var table: Markup {
    let rows = rows.map { row -> Markup in
      let details = row.partner.details
      let last = row.last.map {
        reader(
          "№ \($0.number), по \(reader.date($0.days.upperBound))", "No. \($0.number), through \(reader.date($0.days.upperBound))")
      }
      return """
        <tr><th scope="row"><a href="/console/partners/\(row.partner.id)">\(details.name)</a><small>\(details.code)</small></th>\
        <td class="num">\(row.terms.map { reader.money($0.earned) } ?? "–")</td>\
        <td class="num">\(row.terms.map { reader.money($0.spent) } ?? "–")</td>\
        <td class="num">\(row.terms.map { reader.share($0.commission) } ?? "–")</td>\
        <td>\(last ?? reader("ещё не было", "none yet"))</td><td class="num">\(row.last.map { reader.money($0.closing) } ?? "–")</td></tr>
        """
    }
    return DataTable(
      label: reader("Партнёры", "Partners"),
      columns: [
        .text(reader("Кто", "Who")), .number(reader("За начисленный балл", "For an earned point")),
        .number(reader("За потраченный балл", "For a spent point")), .number(reader("Комиссия", "Commission")),
        .text(reader("Последний отчёт", "Last statement")), .number(reader("Должен нам", "Owes us")),
      ], rows: rows, files: .own
    ).panel(foot: "<footer class=\"panel-foot\"><span></span>\(reader.files("/console/partners"))</footer>")
  }
}
