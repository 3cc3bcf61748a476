import Access
import Kernel
import Storage

/// The way in where nobody is yet: an address with a secret that the server says once, to whoever started it. It opens the page that
/// makes the first account and its owner, and nothing once there is an account.
public struct FirstRun: Sendable {
  let secret: String

  /// - Parameter random: evenly spread bits that nobody can guess.
  /// - Returns: nil where an account is there.
  public static func ifEmpty(_ database: any Database, random: () -> UInt64) async throws -> FirstRun? {
    guard try await database.read({ tx in try Accounts().all(limit: 1, in: &tx).isEmpty }) else { return nil }
    return FirstRun(secret: secretText("rgf_", random))
  }

  /// What follows the server's address.
  public var path: String { "/console/first-run?key=" + secret }

  func isRight(_ text: String) -> Bool { isSameSecret(text.utf8, secret.utf8) }
}

extension ConsoleDesk {
  /// Whether nobody can sign in because there is no account.
  func isEmpty() async throws -> Bool { try await database.read { tx in try Accounts().all(limit: 1, in: &tx).isEmpty } }

  func firstRunPage(_ call: Call) async throws -> Answer {
    let form = Form(call.query)
    guard let firstRun, try await isEmpty() else { return .redirect("/console/sign-in") }
    guard firstRun.isRight(form["key"]) else { return Refusal(reader: guest(call), problem: Self.otherKey).page }
    return FirstRunPage(reader: guest(call), form: form, faults: FormFaults(nil, guest(call))).answer(status: 200)
  }

  /// Makes the account and its owner, and signs the owner in. Sent again it leads to the door: there is an account then.
  func beginFirstRun(_ call: Call) async throws -> Answer {
    let (form, reader) = (Form(call.body), guest(call))
    guard let firstRun, try await isEmpty() else { return .redirect("/console/sign-in") }
    guard call.browser?.isSameSite == true, firstRun.isRight(form["key"]) else {
      return Refusal(reader: reader, problem: Self.otherKey).page
    }
    do {
      let details = try Self.account(form)
      guard strangers.mayKnock(at: call.at) else { throw Self.crowded }
      let password = try await made(form.verbatim("password"))
      let secret = SessionSecret(random: random)
      guard try await make(details, form, password, secret, call) else { return .redirect("/console/sign-in") }
      var answer = Answer.redirect("/console/setup")
      answer.headers.append(cookie(cookieName, secret.text, seconds: Session.length.micros / 1_000_000, call))
      return answer
    } catch let problem as Problem {
      return FirstRunPage(reader: reader, form: form, faults: FormFaults(problem, reader)).answer(status: 422)
    }
  }

  private static func account(_ form: Form) throws(Problem) -> AccountDetails {
    let issues = IssueList()
    for name in ["company", "name", "login", "password"] where form[name].isEmpty {
      issues.add("/" + name, "missing", "this is required")
    }
    let currency = Currency(form["currency"])
    if currency == nil { issues.add("/currency", "unknown_code", "a currency is named by its three letters, for example RUB") }
    try issues.check("the account")
    return AccountDetails(
      code: Slug(form["company"]).text, name: form["company"], currency: currency ?? .rub, country: form["country"])
  }

  /// - Returns: false where somebody was faster.
  private func make(
    _ details: AccountDetails, _ form: Form, _ password: Password, _ secret: SessionSecret, _ call: Call
  ) async throws -> Bool {
    let login = form["login"]
    let change = Change(by: Actor(.staff, login) ?? .background, at: call.at, ids: ids)
    return try await database.write { tx in
      guard try Accounts().all(limit: 1, in: &tx).isEmpty else { return false }
      let account = try Accounts().open(details, by: change, in: &tx)
      let staff = Staff(of: account)
      _ = try staff.add(login: login, name: form["name"], role: .owner, password: password, by: change, in: &tx)
      try staff.set(password, of: login, mustChange: false, by: change, in: &tx)
      guard let (owner, _) = try staff.find(login, in: &tx) else { return false }
      _ = try Sessions(of: account).begin(for: owner, secret, isProven: true, by: change, in: &tx)
      return true
    }
  }

  private static let otherKey = Problem(
    .forbidden, "other_key", "this address is not the one that the server said when it started",
    cashier: LocalText(
      ru: "Адрес не тот, что сервер назвал при запуске. Возьмите его целиком из окна, где запущен regulars serve",
      en: "This is not the address that the server said when it started. Take all of it from where regulars serve runs"))
}

struct FirstRunPage {
  let reader: Reader
  let form: Form
  let faults: FormFaults

  func answer(status: Int) -> Answer {
    let title = reader("Начнём", "Let us begin")
    let body: Markup = """
      <body class="sign"><main id="main"><div class="brand">\(Frame.mark)<b>Regulars</b></div>\
      <form class="stack l" method="post" action="/console/first-run"><div><h1>\(title)</h1>\
      <p class="soft">\(reader("Компания и вы, её владелец. Дальше – магазин, программа и первый чек за несколько минут.", "The company and you, its owner. Then a store, a programme and a first receipt, in minutes."))</p></div>\
      <input type="hidden" name="key" value="\(form["key"])">\(faults.notice)<div class="stack">\
      \(field("company", reader("Компания", "Company")))<div class="fields narrow">\(currency)\(country)</div>\
      \(field("name", reader("Ваше имя", "Your name")))\(field("login", reader("Логин", "Login")))\
      \(password)</div><button class="button primary l block">\(reader("Создать и войти", "Create and sign in"))</button></form>\
      <footer class="muted small"><span>\(reader("Остальных сотрудников пригласите потом", "Invite the others later"))</span></footer></main></body>
      """
    return Frame.document(reader, title, body, status: status)
  }

  private func field(_ name: String, _ label: String) -> Markup {
    Field(name: name, label: label, value: form[name], fault: faults[name]).html
  }

  private var password: Markup {
    Field(
      name: "password", label: reader("Пароль", "Password"), type: "password",
      hint: reader("Не короче десяти знаков", "At least ten characters"), fault: faults["password"]
    ).html
  }

  private var currency: Markup {
    let codes = ["RUB", "BYN", "KZT", "AMD", "UZS", "GEL", "USD", "EUR", "GBP"]
    return Choice(
      name: "currency", label: reader("Валюта", "Currency"), options: codes.map { ($0, $0) },
      chosen: form["currency"].isEmpty ? "RUB" : form["currency"], hint: reader("Потом не меняется", "It stays")
    ).html
  }

  private var country: Markup {
    Field(
      name: "country", label: reader("Код страны", "Calling code"), value: form["country"].isEmpty ? "7" : form["country"],
      hint: reader("Так читаются телефоны", "How telephones are read"), fault: faults["country"], limit: 3
    ).html
  }
}
