import Insight
import Kernel

/// What leans on a promotion and what only names it, before it is put into the archive.
struct PromotionUsesPanel {
  let uses: PromotionUses
  let reader: Reader

  var html: Markup {
    if uses.all.isEmpty {
      return panel(
        reader("Где используется", "Where it is used"),
        "<p class=\"panel-body soft\">\(reader("На ней ничего не держится, и её не называют ни другие акции, ни сегменты, ни отчёты.", "Nothing leans on it, and no other promotion, segment or report names it."))</p>"
      )
    }
    return "\(breaking)\(loosening)"
  }

  private var breaking: Markup? {
    guard !uses.breaking.isEmpty else { return nil }
    let says = Notice.warning(
      reader(
        "В архив она пока не уходит: участникам обещано то, что без неё не сбудется. Закройте это или дайте ему другую акцию.",
        "It does not go into the archive yet: members were promised what would not come true without it. Close that, or give it another promotion."
      ))
    return "\(says)\(list(reader("Держится на этой акции", "What leans on it"), uses.breaking))"
  }

  private var loosening: Markup? {
    guard !uses.loosening.isEmpty else { return nil }
    return list(reader("Называет эту акцию и обойдётся без неё", "What names it and does without it"), uses.loosening)
  }

  private func list(_ title: String, _ some: [PromotionUses.Use]) -> Markup {
    let rows = some.prefix(Limits.page).map { use -> Markup in
      "<li>\(icon(use.kind).usual)<div><a href=\"\(use.path)\">\(reader(use.name))</a><p>\(word(use.kind)): \(says(use.tie))</p></div></li>"
    }
    return panel(title, "<ul class=\"items ruled\">\(rows)</ul>", count: some.count)
  }

  private func panel(_ title: String, _ body: Markup, count: Int? = nil) -> Markup {
    let badge = count.map { count -> Markup in "<span class=\"badge\">\(count)</span>" }
    return "<section class=\"panel\"><header class=\"panel-head\"><h2>\(title)</h2>\(badge)</header>\(body)</section>"
  }

  private func says(_ tie: PromotionUses.Tie) -> String {
    switch tie {
    case .onlyTaker:
      reader(
        "у участников есть что принести, и другой акции, которая это примет, нет",
        "members hold some, and no other promotion takes them")
    case .givesInVain:
      reader(
        "раздаёт купоны, которые без этой акции ничего не дадут", "gives coupons that would do nothing without this promotion")
    case .onlyGiver: reader("другая акция этого не даёт", "no other promotion gives it")
    case .keepsApart: reader("не вместе с этой, по метке", "keeps apart from this one, by a tag")
    case .asks: reader("спрашивает о ней; прошлые чеки найдёт и дальше", "asks for it; goes on finding past receipts")
    case .pays: reader("платит за неё долю; за прошлое акты останутся", "pays a share of it; acts for the past stay")
    case .lists: reader("её цены уйдут с ценников", "its prices leave the shelf labels")
    case .switchedOn: reader("у тех, кто её включил, она выключится", "it ends for those who have activated it")
    }
  }

  private func word(_ kind: PromotionUses.Kind) -> String {
    switch kind {
    case .coupons: reader("серия купонов", "series of coupons")
    case .certificates: reader("серия сертификатов", "series of certificates")
    case .card: reader("карточка", "stamp card")
    case .game: reader("игра", "game")
    case .action: reader("действие над сегментом", "action on a segment")
    case .promotion: reader("акция", "promotion")
    case .contract: reader("договор", "contract")
    case .segment: reader("сегмент", "segment")
    case .report: reader("отчёт", "report")
    case .prices: reader("прайс акции", "its sheet of prices")
    case .activations: reader("предложение участникам", "offer to members")
    }
  }

  private func icon(_ kind: PromotionUses.Kind) -> Icon {
    switch kind {
    case .coupons: .coupon
    case .certificates: .card
    case .card: .star
    case .game: .game
    case .action: .members
    case .promotion: .promotions
    case .contract: .funding
    case .segment: .filter
    case .report: .chart
    case .prices: .table
    case .activations: .heart
    }
  }
}
