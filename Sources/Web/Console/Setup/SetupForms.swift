import Access
import Kernel
import Loyalty

// The steps' forms.
extension SetupPage {
  var brand: Markup {
    let systems = LegalEntityDetails.TaxSystem.allCases.map { ($0.rawValue, taxSystem($0)) }
    let system = typed("taxSystem", facts.seller?.taxSystem.rawValue ?? "general")
    let fields: Markup = """
      \(field("brand", reader("Название на вывеске", "The name over the door"), facts.brand?.name ?? visit.account.details.name))\
      \(field("seller", reader("Продавец, как в чеке", "The seller, as receipts name it"), facts.seller?.name, hint: reader("Например: ООО «Лавка»", "For example: Pantry Ltd")))\
      <div class="fields">\(Choice(name: "taxSystem", label: reader("Система налогообложения", "Tax system"), options: systems, chosen: system).html)\
      \(field("taxNumber", reader("ИНН", "Tax number"), facts.seller?.taxNumber, hint: reader("10 или 12 цифр; вне России – как принято", "In Russia an INN; elsewhere as it is written there"), optional: true))</div>
      """
    return form(
      reader("Кто продаёт", "Who sells"),
      reader("Название увидят покупатели, продавец стоит в чеке.", "Shoppers see the name; the seller stands on receipts."), fields)
  }

  private func taxSystem(_ system: LegalEntityDetails.TaxSystem) -> String {
    switch system {
    case .general: reader("общая (ОСН)", "general (Russia)")
    case .simplifiedIncome: reader("УСН, доходы", "simplified, income (Russia)")
    case .simplifiedIncomeLessExpense: reader("УСН, доходы минус расходы", "simplified, income less expense (Russia)")
    case .agricultural: reader("ЕСХН", "agricultural (Russia)")
    case .patent: reader("патент", "patent (Russia)")
    case .other: reader("не в России", "outside Russia")
    }
  }

  var store: Markup {
    let known = facts.store?.details
    let code: Markup =
      known == nil
      ? field(
        "code", reader("Код", "Code"), "S1",
        hint: reader("Так магазин называет касса; потом не меняется", "As tills name the store; it stays"))
      : "<input type=\"hidden\" name=\"code\" value=\"\(known?.code ?? "")\">"
    let zone = typed("zone", known?.zone ?? "Europe/Moscow")
    let zones = SetupPage.zones(with: zone).map { ($0, $0.replacing("_", with: " ")) }
    let fields: Markup = """
      <div class="fields">\(field("name", reader("Название", "Name"), known?.name))\(code)</div>\
      <div class="fields">\(field("city", reader("Город", "City"), known?.address.city, optional: true))\
      \(field("street", reader("Улица и дом", "Street and house"), known?.address.street, optional: true))</div>\
      <div class="fields">\(Choice(name: "zone", label: reader("Часовой пояс", "Time zone"), options: zones, chosen: zone).html)\
      \(field("dayStart", reader("Начало кассового дня", "The business day begins at"), known.map { String($0.dayStart.description.prefix(5)) } ?? "00:00", hint: reader("Если закрываетесь после полуночи – позже закрытия", "Later than closing time where that is past midnight")))</div>
      """
    return form(
      reader("Первый магазин", "The first store"),
      reader(
        "Остальные добавите списком: сотни магазинов загружаются из файла.", "Add the others from a file: hundreds come in one go."),
      fields)
  }

  /// Russia's zones from west to east, and neighbours'. A store elsewhere keeps its own.
  static func zones(with chosen: String) -> [String] {
    let usual = [
      "Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Novosibirsk",
      "Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan", "Asia/Kamchatka", "Europe/Minsk",
      "Asia/Almaty", "Asia/Tashkent", "Asia/Yerevan", "Asia/Tbilisi", "Asia/Baku", "Europe/London", "Europe/Berlin", "UTC",
    ]
    return usual.contains(chosen) || chosen.isEmpty ? usual : usual + [chosen]
  }

  var register: Markup {
    let known = facts.register?.details
    let code: Markup =
      known == nil
      ? field(
        "code", reader("Номер", "Number"), "1",
        hint: reader("Как в чеках этой кассы; потом не меняется", "As on its receipts; it stays"))
      : "<input type=\"hidden\" name=\"code\" value=\"\(known?.code ?? "")\">"
    return form(
      reader("Заведите кассу", "Make a till"),
      reader(
        "У каждой кассы свой токен: потерянный отзывается, остальные работают.",
        "Each till has a token of its own: a lost one is revoked, the others go on."),
      "<div class=\"fields\">\(field("name", reader("Имя кассы", "Name"), known?.name ?? reader("Касса 1", "Till 1")))\(code)</div>"
    )
  }

  var programme: Markup {
    let usual = FirstProgramme()
    guard facts.programme == nil else { return programmeIsThere }
    let zone = facts.store?.details.zone ?? "Europe/Moscow"
    let fields: Markup = """
      <input type="hidden" name="zone" value="\(zone)">\
      \(field("name", reader("Название программы", "The programme's name"), reader("Клуб «\(facts.brand?.name ?? "")»", "\(facts.brand?.name ?? "") Club")))\
      <div class="fields">\
      \(field("share", reader("Баллами можно оплатить, % чека", "Points may pay, % of a receipt"), usual.share))\
      \(field("activation", reader("Баллы активны через, дней", "Points can be spent after, days"), usual.activation, hint: reader("0 – сразу; 14 – после срока возврата", "0: at once; 14: after the time for returns")))\
      \(field("life", reader("И сгорают через, дней", "And expire after, days"), usual.life))</div>\
      <p class="notice accent">\(Icon.info.usual)<span>\(reader(
        "Пример: при 50 % с чека на 1000 ₽ баллами платят до 500, остальное деньгами.",
        "An example: at 50 % points pay up to 500 of a receipt of 1,000; money pays the rest."))</span></p>
      """
    return form(
      reader("Как живут баллы", "How points live"),
      reader(
        "Остальные настройки имеют разумные значения, их меняют потом в разделе программы.",
        "Everything else has a sensible value and can be changed later."), fields)
  }

  private var programmeIsThere: Markup {
    let name = facts.programme.map { reader.name($0.settings.name) } ?? ""
    return form(
      name, reader("Программа создана, валюта и знаки баллов закреплены.", "The programme is made; its currency and scale stay."),
      Notice.good(
        reader(
          "Настройки меняются в разделе «Программа», каждая версия сохраняется.",
          "Settings change in the room of the programme; every version is kept.")))
  }

  var promotion: Markup {
    guard facts.rules == 0 else {
      let names = facts.promotions.map { $0.body["name"]?[reader.language.rawValue]?.text ?? $0.code }.joined(separator: ", ")
      return form(
        reader("Правила на кассах", "Rules are at the tills"),
        reader("Версия \(facts.rules): \(names)", "Version \(facts.rules): \(names)"),
        Notice.good(reader("Новые акции создаются в разделе «Акции».", "Further promotions are made in their own room.")))
    }
    let chosen = typed("promotion", FirstPromotion.points.rawValue)
    let choices = FirstPromotion.allCases.map { kind -> Markup in
      let mark: Markup = kind.rawValue == chosen ? " checked" : ""
      let name = "value-" + kind.rawValue
      let fault = faults[name].map { SignInPage.error($0, "e-" + name) }
      return """
        <div class="stack s"><label><input type="radio" name="promotion" value="\(kind.rawValue)"\(mark)><b>\(kind.title(reader))</b>\
        <small>\(kind.sentence(reader))</small></label><div class="row"><input class="input" name="\(name)" inputmode="decimal" \
        value="\(typed(name, kind.value))" aria-label="\(kind.title(reader)), \(kind.unit(reader))" maxlength="12"><span>\(kind.unit(reader))</span></div>\(fault)</div>
        """
    }
    return form(
      reader("Первая акция", "The first promotion"),
      reader("Выберите одну и поправьте число. Работать начнёт сразу.", "Choose one and set its number. It begins at once."),
      "<fieldset class=\"field\"><legend>\(reader("Что получает участник", "What a member gets"))</legend><div class=\"choice two\">\(choices)</div></fieldset>"
    )
  }
}
