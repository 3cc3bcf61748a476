import Access
import Kernel
import Loyalty
import Tables

/// An act as it was issued.
struct FundingActView: Sendable {
  let contract: FundingContract
  let head: FundingActHead
  let act: FundingAct
}

struct FundingActPage {
  let view: FundingActView
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    let (contract, head) = (view.contract, view.head)
    let days = "\(reader.date(head.days.lowerBound)) – \(reader.date(head.days.upperBound))"
    return Page(
      title: reader("Акт № \(head.number)", "Act no. \(head.number)"),
      actions: reader.files("/console/funding/\(contract.id)/acts/\(head.number)/act"),
      notes: [days, reader("выставлен \(reader.date(head.madeAt))", "issued \(reader.date(head.madeAt))")],
      crumbs: [
        (reader("Кто платит", "Who pays"), "/console/funding"), (contract.details.name, "/console/funding/\(contract.id)"),
      ],
      body: """
        <div class="page-body with-aside"><div class="stack">\(FundingHeading(view: view, reader: reader).panel)\(FundingTable(act: view.act, reader: reader).panel(days))\(FundingGoods(act: view.act, reader: reader).panel)\(FundingHeading(view: view, reader: reader).signatures)</div>\
        <aside class="aside stack">\(facts)</aside></div>
        """)
  }

  private var facts: Markup {
    let (party, act) = (view.act.party, view.act)
    return FactList(rows: [
      (reader("Плательщик", "Payer"), "\(party.name)"),
      (reader("ИНН", "Tax number"), party.taxNumber.isEmpty ? nil : "\(party.taxNumber)"),
      (reader("Договор", "Contract"), party.contract.isEmpty ? nil : "\(party.contract)"),
      (reader("За эти дни", "For these days"), "\(reader.money(act.own))"),
      (reader("Исправления", "Corrections"), act.corrections.isEmpty ? nil : "\(reader.money(act.corrected))"),
      (reader("Предел", "Cap"), act.cap.map { "\(reader.money($0))" }),
      (reader("К оплате", "To pay"), "<b>\(reader.money(act.amount))</b>"),
    ]).panel(reader("Акт", "Act"))
  }
}
