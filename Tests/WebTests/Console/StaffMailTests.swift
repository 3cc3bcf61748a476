import Access
import Jobs
import Kernel
import Storage
import TestKit
import Testing
import Web

@Suite struct `letters to the staff` {
  private static func link(_ mail: Mail) throws -> String {
    String(try #require(mail.text.firstMatch(of: /https:\/\/crm\.example(\/console\/welcome\/rgl_[0-9a-z]{52})/)).output.1)
  }

  private static let ivan = ["name": "Иван Котов", "login": "ivan", "mail": "Ivan@Lavka.example", "role": "marketer"]
  private static let password = ["new": "battery staple", "again": "battery staple"]

  @Test(arguments: TestDatabase.available)
  func `invite somebody, who sets a password by a link that works once`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let owner = try await shop.window(of: shop.hire("olga", .owner))
      #expect(try await owner.submit("/console/staff", Self.ivan).location == "/console/staff")
      let mail = try #require(try await shop.sendLetters().first)
      #expect(mail.to.text == "ivan@lavka.example" && mail.subject.contains("Приглашение"))
      #expect(try await owner.open("/console/staff").text.contains("приглашён, до 24\u{a0}ноя\u{a0}2026, 12:00"))
      let path = try Self.link(mail)
      let secret = String(path.split(separator: "/").last ?? "")
      let kept = try await shop.database.read { tx in
        try ["staff_link", "job", "audit", "staff"].flatMap { table in
          try tx.rows(SQL(prepared: "select * from \(table)", [])).flatMap(\.values)
        }
      }
      #expect(!kept.contains { if case .text(let text) = $0 { text.contains(secret) } else { false } })
      let guest = shop.window()
      #expect(try await guest.open(path).text.contains("Добро пожаловать, Иван Котов"))
      for wrong in [["new": "short", "again": "short"], ["new": "battery staple", "again": "battery stable"]] {
        #expect(try await guest.send(path, wrong, site: "same-origin").status == 422)
      }
      #expect(try await guest.send(path, Self.password, site: "cross-site").status == 422)
      #expect(try await guest.send(path, Self.password, site: "same-origin").location == "/console/sign-in?ready=1")
      #expect(try await guest.open(path).status == 404)
      #expect(try await guest.send(path, ["new": "another one", "again": "another one"], site: "same-origin").status == 404)
      let form = ["account": "lavka", "login": "ivan", "password": "battery staple"]
      #expect(try await guest.send("/console/sign-in", form, site: "same-origin").location == "/console")
      #expect(try await guest.open("/console").status == 200)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `say the same to whoever forgot a password, known or not, and end every session`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let olga = try await shop.hire("olga", .owner)
      let (account, change) = (shop.account, Change(by: .demo, at: shop.now, ids: shop.ids))
      try await shop.database.write { tx in try Staff(of: account).set(Email("olga@lavka.example"), of: "olga", by: change, in: &tx)
      }
      let elsewhere = try await shop.window(of: olga)
      let guest = shop.window()
      #expect(try await guest.open("/console/sign-in").text.contains("href=\"/console/forgotten\""))
      var answers: Set<String> = []
      for login in ["olga", "nobody", "nobody@lavka.example"] {
        let seen = try await guest.send("/console/forgotten", ["account": "lavka", "login": login], site: "same-origin")
        #expect(seen.status == 200)
        answers.insert(seen.text)
      }
      answers.insert(
        try await guest.send("/console/forgotten", ["account": "elsewhere", "login": "olga"], site: "same-origin").text)
      #expect(answers.count == 1)
      let mail = try #require(try await shop.sendLetters().first)
      #expect(mail.subject.contains("Новый пароль"))
      // Whoever asks again at once gets no second letter, by the address neither.
      _ = try await guest.send("/console/forgotten", ["account": "lavka", "login": "olga@lavka.example"], site: "same-origin")
      #expect(try await shop.sendLetters().isEmpty)
      #expect(try await elsewhere.open("/console").status == 200)
      #expect(try await guest.send(Self.link(mail), Self.password, site: "same-origin").status == 303)
      #expect(try await elsewhere.open("/console").location == "/console/sign-in")
      let acts = try await shop.database.read { tx in
        try AuditTrail(of: account).entries(of: olga.id, limit: 9, in: &tx).map(\.act)
      }
      for act in ["staff.link_sent", "staff.link_used", "staff.password_set"] { #expect(acts.contains(act), "\(acts)") }
    }
  }

  @Test func `go where somebody says who shows the password`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("olga", .analyst))
      var form = ["mail": "olga@lavka.example", "password": "wrong horse"]
      #expect(try await window.submit("/console/profile/mail", form).status == 422)
      form["password"] = "correct horse"
      #expect(try await window.submit("/console/profile/mail", form).location == "/console/profile")
      #expect(try await window.open("/console/profile").text.contains("value=\"olga@lavka.example\""))
      form["mail"] = "nowhere"
      #expect(try await window.submit("/console/profile/mail", form).status == 422)
    }
  }

  @Test func `open nothing when their time is over, for who was blocked, and after another address`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let owner = try await shop.window(of: shop.hire("olga", .owner))
      _ = try await owner.submit("/console/staff", Self.ivan)
      let invitation = try Self.link(try #require(try await shop.sendLetters().first))
      let guest = shop.window()
      shop.pass(.minutes(72 * 60 - 1))
      #expect(try await guest.open(invitation).status == 200)
      shop.pass(.minutes(1))
      #expect(try await guest.open(invitation).status == 404)
      #expect(try await guest.send(invitation, Self.password, site: "same-origin").status == 404)
      let fresh = try await shop.window(of: shop.hire("olga2", .owner))
      func letter() async throws -> String {
        #expect(try await fresh.submit("/console/staff/change", ["login": "ivan", "act": "letter"]).status == 303)
        return try Self.link(try #require(try await shop.sendLetters().first))
      }
      let second = try await letter()
      _ = try await fresh.submit("/console/staff/change", ["login": "ivan", "act": "mail", "mail": "ivan@other.example"])
      #expect(try await guest.open(second).status == 404)
      let third = try await letter()
      _ = try await fresh.submit("/console/staff/change", ["login": "ivan", "act": "block"])
      #expect(try await guest.open(third).status == 404)
      #expect(try await fresh.submit("/console/staff/change", ["login": "ivan", "act": "letter"]).status == 422)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `are tried again, and stand among the jobs when a server refuses them`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let owner = try await shop.window(of: shop.hire("olga", .owner))
      _ = try await owner.submit("/console/staff", Self.ivan)
      #expect(try await shop.sendLetters(refusal: MailNotSent("the mail server took too long")).isEmpty)
      #expect(try await owner.open("/console/jobs").text.contains("почтовый сервер не ответил вовремя"))
      shop.pass(.minutes(1))
      #expect(try await shop.sendLetters().count == 1)
      let petr = ["name": "Пётр", "login": "petr", "mail": "petr@lavka.example", "role": "analyst"]
      #expect(try await owner.submit("/console/staff", petr).location == "/console/staff")
      // At another moment: the test's dice would give the same secret again.
      shop.pass(.seconds(1))
      _ = try await shop.sendLetters(refusal: MailNotSent("the mail server answered 550", isFinal: true))
      let page = try await owner.open("/console/jobs").text
      for text in ["Не удались", "почтовый сервер ответил 550", "Письмо сотруднику"] { #expect(page.contains(text), "\(text)") }
      #expect(!page.contains("petr@lavka.example"))
    }
  }

  @Test func `are not promised without a mail server, where a password is shown once`() async throws {
    try await WebShop.open(.sqlite, hasMail: false) { shop in
      let owner = try await shop.window(of: shop.hire("olga", .owner))
      let page = try await owner.submit("/console/staff", Self.ivan).text
      let shown = try #require(page.firstMatch(of: /id="shown-once">([0-9a-z]{16})</)).output.1
      let guest = shop.window()
      #expect(!(try await guest.open("/console/sign-in").text.contains("/console/forgotten")))
      #expect(try await guest.open("/console/forgotten").location == "/console/sign-in")
      let form = ["account": "lavka", "login": "ivan", "password": String(shown)]
      #expect(try await guest.send("/console/sign-in", form, site: "same-origin").location == "/console")
      #expect(try await guest.open("/console").location == "/console/profile")
      #expect(try await owner.open("/console/settings").text.contains("Почтовый сервер не настроен"))
    }
  }

  @Test func `can only be asked for so often`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let guest = shop.window()
      var seen: [Int] = []
      for number in 0..<22 {
        seen.append(
          try await guest.send("/console/forgotten", ["account": "lavka", "login": "n\(number)"], site: "same-origin").status)
      }
      #expect(seen == Array(repeating: 200, count: 20) + [422, 422])
      shop.pass(.seconds(2))
      #expect(try await guest.send("/console/forgotten", ["account": "lavka", "login": "m"], site: "same-origin").status == 200)
    }
  }
}

@Suite struct `the room of settings` {
  @Test(arguments: TestDatabase.available)
  func `changes the company's name, and says what this installation is`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      let page = try await window.open("/console/settings").text
      let database = if case .sqlite = kind { "SQLite" } else { "PostgreSQL" }
      for text in ["7.0", database, "Europe/Moscow", "smtp://mail.example:587", "RUB"] {
        #expect(page.contains(text), "\(text)")
      }
      let wrong = try await window.submit("/console/settings", ["name": "Лавка", "country": "x"])
      #expect(wrong.status == 422 && wrong.text.contains("value=\"Лавка\""))
      #expect(try await window.submit("/console/settings", ["name": "Лавка <у дома>", "country": "7"]).status == 303)
      #expect(try await window.open("/console/settings").text.contains("Лавка &lt;у дома&gt;"))
      let acts = try await shop.database.read { tx in try AuditTrail(of: shop.account).entries(of: shop.account, limit: 1, in: &tx)
      }
      #expect(acts.first?.act == "account.changed" && acts.first?.actor == "staff:olga")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `sends a test letter to whoever asks, and says what came of it`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      #expect(try await window.submit("/console/settings/mail", ["mail": "nowhere"]).status == 422)
      let place = try #require(try await window.submit("/console/settings/mail", ["mail": "olga@lavka.example"]).location)
      #expect(try await window.open(place).text.contains("Письмо в очереди"))
      _ = try await shop.sendLetters(refusal: MailNotSent("the mail server offers no TLS"))
      #expect(try await window.open(place).text.contains("Попытка не удалась: почтовый сервер не предлагает шифрования"))
      shop.pass(.minutes(1))
      #expect(try await shop.sendLetters().map(\.to.text) == ["olga@lavka.example"])
      #expect(try await window.open(place).text.contains("Почтовый сервер принял письмо"))
    }
  }
}
