import Kernel

// Reports of the back office: how promotions and coupons are used, what is owed, and whether tills and books agree.
extension ReportName {
  var officeTitle: LocalText {
    switch self {
    case .promotions: LocalText(ru: "Акции и купоны", en: "Promotions and coupons")
    case .certificates: LocalText(ru: "Сертификаты по возрасту", en: "Certificates by age")
    case .shifts: LocalText(ru: "Сверка со сменами", en: "Reconciliation with shifts")
    case .pointsByEntity: LocalText(ru: "Бонусы по юридическим лицам", en: "Points by legal entity")
    case .priceBands: LocalText(ru: "Ценовые уровни и скидки", en: "Price bands and discounts")
    case .board, .rfm, .cohorts, .lifeCycle, .tree, .points, .affinities, .stores, .discounts, .traffic: title
    }
  }

  var officeQuestion: LocalText {
    switch self {
    case .promotions:
      LocalText(
        ru: "Какие акции и купоны работают, сколько стоят и сколько купонов сгорит неиспользованными?",
        en: "Which promotions and coupons work, what do they cost, and how many coupons run out unused?")
    case .certificates:
      LocalText(
        ru: "Сколько должны по сертификатам, как давно они проданы и сколько скоро сгорит?",
        en: "What is owed on certificates, how long ago were they sold, and what lapses soon?")
    case .shifts:
      LocalText(
        ru: "Сходятся ли наши чеки с итогами смен на кассах, и где не сходятся?",
        en: "Do our receipts agree with the sums of the tills' shifts, and where do they not?")
    case .pointsByEntity:
      LocalText(
        ru: "Сколько бонусов начислено, потрачено и возвращено в магазинах каждого юридического лица?",
        en: "How many points were issued, spent and returned in the stores of each legal entity?")
    case .priceBands:
      LocalText(
        ru: "За какие цены покупают в каждой категории и какая доля продаж держится на скидках?",
        en: "At what prices do people buy in each category, and how much of sales hangs on discounts?")
    case .board, .rfm, .cohorts, .lifeCycle, .tree, .points, .affinities, .stores, .discounts, .traffic: question
    }
  }
}
