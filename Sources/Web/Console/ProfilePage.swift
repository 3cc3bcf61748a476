import Access
import Kernel

struct ProfilePage {
  let visit: Visit
  let hasFactor: Bool
  /// A secret for a second factor, and the same sealed for the form.
  let offer: (secret: [UInt8], sealed: String)?
  /// Letters are sent.
  let hasMail: Bool
  let refusal: Problem?

  private var reader: Reader { visit.reader }
  private var staff: StaffMember { visit.session.staff }

  var page: Page {
    Page(
      title: staff.name, marks: "<span class=\"badge\">\(RoleWords.name(staff.role, reader))</span>", notes: [staff.login],
      body: "<div class=\"page-body\">\(notice)<div class=\"columns\">\(password)\(factor)\(mail)\(looks)\(colour)</div></div>")
  }

  private var notice: Markup? {
    if let refusal { return Notice.refusal(refusal, reader) }
    guard staff.mustChange else { return nil }
    let text = reader(
      "Этот пароль задал кто-то другой, он только для первого входа. Задайте свой, и откроется всё остальное.",
      "Somebody else set this password, for the first time only. Set your own, and everything else opens.")
    return "<p class=\"notice accent\" role=\"status\">\(Icon.info.usual)<span>\(text)</span></p>"
  }

  private var password: Markup {
    let least = reader.count(Password.shortest, ("знак", "знака", "знаков"), ("character", "characters"))
    return panel(
      reader("Пароль", "Password"),
      """
      <form class="inline-form" method="post" action="/console/password">\(visit.key)\(name)\
      \(input("old", reader("Нынешний", "Present"), "current-password"))\(input("new", reader("Новый", "New"), "new-password"))\
      \(input("again", reader("Ещё раз", "Once more"), "new-password"))\
      <p class="muted">\(reader("Не короче \(least). На других устройствах придётся войти заново.", "At least \(least). Other devices will have to sign in again."))</p>\
      <div><button class="button \(staff.mustChange ? "primary" : "")">\(reader("Сменить пароль", "Change the password"))</button></div></form>
      """)
  }

  /// For the browser, which keeps passwords by name.
  private var name: Markup { "<input type=\"text\" name=\"login\" autocomplete=\"username\" value=\"\(staff.login)\" hidden>" }

  private func input(_ name: String, _ label: String, _ kind: String, id: String? = nil) -> Markup {
    let id = id ?? "p-" + name
    return """
      <div class="field"><label for="\(id)">\(label)</label>\
      <input class="input" id="\(id)" name="\(name)" type="password" autocomplete="\(kind)" required></div>
      """
  }

  private var factor: Markup {
    let title = reader("Второй фактор", "Second factor")
    if hasFactor {
      return panel(
        title,
        """
        <div class="inline-form"><p>\(Icon.shield.small) \(reader("Включён: при входе нужен код из приложения.", "On: signing in takes a code of your app."))</p>\
        <form class="stack s" method="post" action="/console/factor/removal">\(visit.key)\(name)\(input("password", reader("Пароль", "Password"), "current-password"))\
        <div><button class="button danger">\(reader("Отключить", "Switch it off"))</button></div></form></div>
        """)
    }
    guard let offer else {
      return panel(
        title,
        "<p class=\"panel-body muted\">\(reader("Чтобы включить, администратор задаёт ключ secrets.key в настройках сервера.", "To switch it on, the administrator sets secrets.key in the server's configuration."))</p>"
      )
    }
    let typed = OneTimeCode.typed(offer.secret)
    let plain = String(typed.filter { $0 != " " })
    let link = "otpauth://totp/Regulars:\(queryText(staff.login))?secret=\(plain)&issuer=Regulars"
    return panel(
      title,
      """
      <form class="inline-form" method="post" action="/console/factor">\(visit.key)\
      <input type="hidden" name="secret" value="\(offer.sealed)">\
      <p>\(reader("Снимите код приложением, которое показывает коды, и введите код, который оно покажет.", "Photograph this with an app that shows codes, and type the code it shows."))</p>\
      \(QRCode(link)?.html(label: reader("Ключ второго фактора как QR-код", "The key of the second factor as a QR code")))\
      <details class="fold"><summary>\(Icon.right.usual)\(reader("Без камеры", "Without a camera"))</summary><div class="stack s pad-s">\
      \(CopyText(id: "factor-key", text: typed, plain: plain).html(reader))\
      \(CopyText(id: "factor-address", text: link).html(reader))\
      <p><a class="text-link" href="\(link)">\(reader("Открыть в приложении на этом устройстве", "Open in an app on this device"))</a></p></div></details>\
      <div class="field"><label for="f-code">\(reader("Код", "Code"))</label>\
      <input class="input" id="f-code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="7" required></div>\
      <div><button class="button">\(reader("Включить", "Switch it on"))</button></div></form>
      """)
  }

  private var mail: Markup? {
    guard hasMail else { return nil }
    let typed = visit.form["mail"].isEmpty ? staff.mail?.text ?? "" : visit.form["mail"]
    let hint = reader("Сюда придёт ссылка, если забудете пароль.", "A link comes here when you forget your password.")
    return panel(
      reader("Почта", "E-mail"),
      """
      <form class="inline-form" method="post" action="/console/profile/mail">\(visit.key)\(name)\
      \(Field(name: "mail", label: reader("Адрес", "Address"), value: typed, type: "email", hint: hint, isRequired: false).html)\
      \(input("password", reader("Пароль", "Password"), "current-password", id: "m-password"))\
      <div><button class="button">\(reader("Сохранить", "Save"))</button></div></form>
      """)
  }

  private var looks: Markup {
    let languages = [("ru", "Русский"), ("en", "English")]
    let themes = [
      ("", reader("Как в системе", "As the system")), ("light", reader("Светлое", "Light")), ("dark", reader("Тёмное", "Dark")),
    ]
    return panel(
      reader("Язык и вид", "Language and looks"),
      """
      <form class="inline-form" method="post" action="/console/looks">\(visit.key)\
      \(choice("language", reader("Язык", "Language"), languages, reader.language.rawValue))\
      \(choice("theme", reader("Оформление", "Looks"), themes, reader.theme?.rawValue ?? ""))\
      <div><button class="button">\(reader("Сохранить", "Save"))</button></div></form>
      """)
  }

  /// Only where there is a programme that keeps it, and for whoever may change that.
  private var colour: Markup? {
    guard visit.may(.changeProgramme), let settings = visit.started?.settings else { return nil }
    let (own, chosen) = (settings.colour?.text ?? Self.ours, settings.colour != nil)
    let remove: Markup? =
      chosen
      ? "<button class=\"button ghost\" name=\"remove\" value=\"1\">\(reader("Вернуть обычный", "Back to the usual"))</button>"
      : nil
    return panel(
      reader("Цвет бренда", "Brand’s colour"),
      """
      <form class="inline-form" method="post" action="/console/colour">\(visit.key)\
      <div class="field"><label for="f-colour">\(reader("Цвет", "Colour"))</label>\
      <input class="input colour" id="f-colour" name="colour" type="color" value="\(own)" aria-describedby="f-colour-hint">\
      <p class="hint" id="f-colour-hint">\(reader("Его увидят все, кто работает с программой. Слишком светлый станет темнее, чтобы текст на нём читался.", "Everybody who works with the programme sees it. One that is too light is darkened, so that text on it can be read."))</p></div>\
      <div class="row wrap"><button class="button">\(reader("Сохранить", "Save"))</button>\(remove)</div></form>
      """)
  }

  private static let ours = "#0b6771"

  private func choice(_ name: String, _ label: String, _ options: [(String, String)], _ chosen: String) -> Markup {
    let rows = options.map { option -> Markup in
      let mark: Markup = option.0 == chosen ? " selected" : ""
      return "<option value=\"\(option.0)\"\(mark)>\(option.1)</option>"
    }
    return
      "<div class=\"field\"><label for=\"l-\(name)\">\(label)</label><select class=\"input\" id=\"l-\(name)\" name=\"\(name)\">\(rows)</select></div>"
  }

  private func panel(_ title: String, _ body: Markup) -> Markup {
    "<section class=\"panel\"><header class=\"panel-head\"><h2>\(title)</h2></header>\(body)</section>"
  }
}

/// What roles are called.
enum RoleWords {
  static func name(_ role: Role, _ reader: Reader) -> String {
    switch role {
    case .owner: reader("владелец", "owner")
    case .marketer: reader("маркетолог", "marketer")
    case .analyst: reader("аналитик", "analyst")
    case .operator: reader("оператор", "operator")
    case .cashierManager: reader("старший кассир", "cashier manager")
    case .accountant: reader("бухгалтер", "accountant")
    case .integrator: reader("интегратор", "integrator")
    }
  }
}
