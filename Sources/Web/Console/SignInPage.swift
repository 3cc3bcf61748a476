import Kernel

/// The door as a page.
struct SignInPage {
  let reader: Reader
  let form: Form
  let failure: ConsoleDesk.Failure?
  let needsAccount: Bool
  /// Whoever forgot the password can have a letter with a link.
  let hasMail: Bool

  var answer: Answer {
    let body: Markup = """
      <body class="sign with-aside"><main id="main"><div class="brand">\(Frame.mark)<b>Regulars</b></div>\
      <form class="stack l" method="post" action="/console/sign-in"><h1>\(reader("Вход", "Sign in"))</h1>\
      \(ready)<div class="stack">\(account)\(login)\(password)</div><input type="hidden" name="next" value="\(form["next"])">\
      <button class="button primary l block">\(reader("Войти", "Sign in"))</button>\
      \(way)\
      </form><footer class="muted small"><span>\(reader("Регулярные покупатели, доказанные числами", "Regular customers, proved by numbers"))</span></footer></main>\(aside)</body>
      """
    return Frame.document(reader, reader("Вход", "Sign in"), body, status: failure == nil ? 200 : 422)
  }

  private var ready: Markup? {
    guard failure == nil, form["ready"] == "1" else { return nil }
    return Notice.good(reader("Пароль сохранён. Войдите с ним.", "The password is set. Sign in with it."))
  }

  private var way: Markup {
    guard hasMail else {
      return
        "<p class=\"muted small\">\(reader("Забыли пароль или нет доступа? Его даёт владелец учётной записи.", "No access, or the password is forgotten? The owner of the account can help."))</p>"
    }
    return """
      <p class="small"><a class="text-link" href="/console/forgotten">\(reader("Забыли пароль?", "Forgot the password?"))</a></p>
      """
  }

  private var account: Markup? {
    guard needsAccount else { return nil }
    var error: Markup?
    if case .noAccount = failure { error = Self.error(reader("Такой компании здесь нет", "There is no such company here"), "ae") }
    return field("account", reader("Компания", "Company"), "organization", form["account"], error)
  }

  private var login: Markup { field("login", reader("Логин", "Login"), "username", form["login"], nil) }

  private var password: Markup {
    let invalid: Markup = sentence == nil ? "" : " aria-invalid=\"true\" aria-describedby=\"pe\""
    return """
      <div class="field"><label for="password">\(reader("Пароль", "Password"))</label>\
      <input class="input" id="password" name="password" type="password" autocomplete="current-password" required\(invalid)>\
      \(sentence.map { Self.error($0, "pe") })</div>
      """
  }

  private var sentence: String? {
    switch failure {
    case .wrong(let left):
      let tries = reader.count(left, ("попытка", "попытки", "попыток"), ("try", "tries"))
      return reader(
        "Логин или пароль не подошли. Осталось: \(tries), потом вход закроется на 15 минут",
        "The login or the password is not right. \(tries) left, then the door closes for 15 minutes")
    case .closed(let until):
      return reader(
        "Вход закрыт до \(reader.clock(until)): было слишком много неудач", "Closed until \(reader.clock(until)): too many failures"
      )
    case .foreign: return reader(ConsoleDesk.foreignForm.cashier ?? LocalText(ru: "", en: ""))
    case .noAccount, nil: return nil
    }
  }

  private func field(_ name: String, _ label: String, _ kind: String, _ value: String, _ error: Markup?) -> Markup {
    Self.field(name, label, kind, value, error)
  }

  static func field(_ name: String, _ label: String, _ kind: String, _ value: String, _ error: Markup?) -> Markup {
    """
    <div class="field"><label for="\(name)">\(label)</label>\
    <input class="input" id="\(name)" name="\(name)" autocomplete="\(kind)" value="\(value)" required>\(error)</div>
    """
  }

  static func error(_ text: String, _ id: String) -> Markup {
    "<p class=\"error\" id=\"\(id)\" role=\"alert\">\(Icon.warning.usual)<span>\(text)</span></p>"
  }

  private var aside: Markup {
    """
    <aside aria-hidden="true"><div class="slip">\
    <div class="r"><span>\(reader("Кофе зерновой, 250 г × 3", "Coffee beans, 250 g × 3"))</span><span>\(reader.amount(Money(minor: 113_700)))</span></div>\
    <div class="r in"><span>\(reader("третий в подарок", "the third is free"))</span><span>\(reader.amount(Money(minor: -37_900)))</span></div>\
    <div class="r in"><span>\(reader("бонусами", "paid with points"))</span><span>\(reader.amount(Money(minor: -7_514)))</span></div>\
    <div class="r t"><span>\(reader("Деньгами", "In money"))</span><span>\(reader.amount(Money(minor: 68_286)))</span></div>\
    <div class="r in ok"><span>\(reader("5 % уровня «Свой»", "5 % of the tier"))</span><span>+34</span></div></div>\
    <p>\(reader("Каждая цена объяснена. Каждый рубль наград доказан.", "Every price explained. Every reward proved."))</p></aside>
    """
  }
}

/// The second step at the door.
struct FactorPage {
  let reader: Reader
  let key: String
  /// Tries left after a wrong code.
  let failure: Int?

  var answer: Answer {
    let error = failure.map { left in
      let tries = reader.count(left, ("попытка", "попытки", "попыток"), ("try", "tries"))
      return SignInPage.error(reader("Код не подошёл. Осталось: \(tries)", "The code is not right. \(tries) left"), "ce")
    }
    let invalid: Markup = failure == nil ? "" : " aria-invalid=\"true\" aria-describedby=\"ce\""
    let title = reader("Второй шаг", "One more step")
    let body: Markup = """
      <body class="sign"><main id="main"><div class="brand">\(Frame.mark)<b>Regulars</b></div>\
      <form class="stack l" method="post" action="/console/second-factor"><h1>\(title)</h1>\
      <input type="hidden" name="key" value="\(key)">\
      <div class="field"><label for="code">\(reader("Код из приложения, шесть цифр", "The code of your app, six digits"))</label>\
      <input class="input" id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="7" required\(invalid)>\
      \(error)</div><button class="button primary l block">\(reader("Подтвердить", "Confirm"))</button></form>\
      <footer class="muted small"><span>\(reader("Телефон потерян? Владелец снимет второй фактор.", "Lost your phone? The owner can drop the second factor."))</span></footer>\
      </main></body>
      """
    return Frame.document(reader, title, body, status: failure == nil ? 200 : 422)
  }
}
