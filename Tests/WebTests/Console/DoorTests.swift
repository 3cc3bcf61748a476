import Access
import Crypto
import Kernel
import Storage
import TestKit
import Testing
import Web

@Suite struct `the console's door` {
  @Test(arguments: TestDatabase.available)
  func `lets in whose password is right, and keeps the secret from scripts and other sites`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await shop.hire("olga", .owner)
      let window = shop.window()
      #expect(try await window.open("/console").location == "/console/sign-in")
      let form = ["account": "lavka", "login": "olga", "password": "correct horse", "next": "/console/stores"]
      let seen = try await window.send("/console/sign-in", form, site: "same-origin")
      #expect(seen.status == 303 && seen.location == "/console/stores")
      let cookie = try #require(seen.cookies.first)
      for word in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=1209600"] { #expect(cookie.contains(word), "\(cookie)") }
      let stored = try await shop.database.read { tx in try tx.row("select secret_hash from staff_session")?.text(0) ?? "" }
      #expect(!stored.isEmpty && !cookie.contains(stored) && window.secret?.contains(stored) == false)
      #expect(try await window.open("/console").status == 200)
      #expect(try await window.submit("/console/sign-out").location == "/console/sign-in")
      #expect(try await window.open("/console").status == 303)
    }
  }

  @Test(arguments: ["https://evil.example/console/x", "//evil.example", "/\\evil", "/console/../x:y", "javascript:alert(1)"])
  func `sends nobody elsewhere`(_ next: String) async throws {
    try await WebShop.open(.sqlite) { shop in
      try await shop.hire("olga", .owner)
      let form = ["account": "lavka", "login": "olga", "password": "correct horse", "next": next]
      #expect(try await shop.window().send("/console/sign-in", form, site: "same-origin").location == "/console")
    }
  }

  @Test(arguments: ["olga", "nobody"])
  func `closes after five failures, whether there is such a login or not`(_ login: String) async throws {
    try await WebShop.open(.sqlite) { shop in
      try await shop.hire("olga", .owner)
      let window = shop.window()
      var form = ["account": "lavka", "login": login, "password": "wrong horse"]
      for left in [4, 3, 2, 1] {
        let seen = try await window.send("/console/sign-in", form, site: "same-origin")
        #expect(seen.status == 422 && seen.text.contains("Осталось: \(left)"), "\(left)")
      }
      #expect(try await window.send("/console/sign-in", form, site: "same-origin").text.contains("Вход закрыт до"))
      form["password"] = "correct horse"
      #expect(try await window.send("/console/sign-in", form, site: "same-origin").text.contains("Вход закрыт до"))
      shop.pass(.minutes(15))
      let seen = try await window.send("/console/sign-in", form, site: "same-origin")
      #expect(seen.status == (login == "olga" ? 303 : 422))
      #expect(seen.text.contains("Осталось: 4") == (login == "nobody"))
    }
  }

  @Test func `takes no form of another site, signed in or not`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let olga = try await shop.hire("olga", .owner)
      let form = ["account": "lavka", "login": "olga", "password": "correct horse"]
      for site in ["cross-site", "same-site"] {
        #expect(try await shop.window().send("/console/sign-in", form, site: site).status == 422)
      }
      let window = try await shop.window(of: olga)
      #expect(try await window.send("/console/sign-out", [:], site: "same-origin").status == 403)
      #expect(
        try await window.send("/console/sign-out", ["key": "0123456789abcdef0123456789abcdef"], site: "same-origin").status == 403)
      let key = try #require(window.secret.flatMap { SessionSecret(shown: $0) }).formKey
      #expect(try await window.send("/console/sign-out", ["key": key], site: "cross-site").status == 403)
      #expect(try await window.open("/console").status == 200)
    }
  }

  @Test func `keeps who has somebody else's password at the page where it is changed`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let olga = try await shop.hire("olga", .owner, mustChange: true)
      let (window, elsewhere) = (try await shop.window(of: olga), try await shop.window(of: olga))
      #expect(try await window.open("/console").location == "/console/profile")
      var form = ["old": "correct horse", "new": "short", "again": "short"]
      #expect(try await window.submit("/console/password", form).status == 422)
      form = ["old": "correct horse", "new": "battery staple", "again": "battery stable"]
      #expect(try await window.submit("/console/password", form).text.contains("набран по-разному"))
      form["again"] = "battery staple"
      form["old"] = "wrong"
      #expect(try await window.submit("/console/password", form).text.contains("не подошёл"))
      form["old"] = "correct horse"
      #expect(try await window.submit("/console/password", form).status == 303)
      #expect(try await window.open("/console").status == 200)
      #expect(try await elsewhere.open("/console").location == "/console/sign-in")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `asks for the second factor once it is set, and takes no code twice`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let olga = try await shop.hire("olga", .owner)
      let window = try await shop.window(of: olga)
      let page = try await window.open("/console/profile").text
      let sealed = try #require(page.firstMatch(of: /name="secret" value="([^"]+)"/)).output.1
      let ring = try #require(KeyRing([Array(repeating: 7, count: KeyRing.size)], random: WebShop.secrets(5)))
      let secret = try ring.open(String(sealed), for: SignIn.place(of: olga.id))
      #expect(page.contains(OneTimeCode.typed(secret)))
      #expect(try await window.submit("/console/factor", ["secret": String(sealed), "code": "000000"]).status == 422)
      let first = Self.code(secret, shop.now)
      #expect(try await window.submit("/console/factor", ["secret": String(sealed), "code": first]).status == 303)
      let again = shop.window()
      let form = ["account": "lavka", "login": "olga", "password": "correct horse"]
      #expect(try await again.send("/console/sign-in", form, site: "same-origin").location == "/console/second-factor")
      #expect(try await again.open("/console").location == "/console/second-factor")
      #expect(try await again.submit("/console/second-factor", ["code": first]).status == 422)
      shop.pass(.seconds(60))
      #expect(try await again.submit("/console/second-factor", ["code": Self.code(secret, shop.now)]).location == "/console")
      #expect(try await again.open("/console").status == 200)
      // Under a new key, put in front of the old one, the secret is the same.
      let both = try #require(
        KeyRing([Array(repeating: 8, count: KeyRing.size), Array(repeating: 7, count: KeyRing.size)], random: WebShop.secrets(6)))
      let last = try await shop.database.write { tx in try SignIn.reseal(after: nil, with: both, in: &tx) }
      #expect(last == olga.id)
      let resealed = try #require(
        try await shop.database.read { tx in try SignIn(of: shop.account).factor(of: olga.id, in: &tx) }
      ).sealed
      let fresh = try #require(KeyRing([Array(repeating: 8, count: KeyRing.size)], random: WebShop.secrets(7)))
      #expect(try fresh.open(resealed, for: SignIn.place(of: olga.id)) == secret)
      #expect(try await again.submit("/console/factor/removal", ["password": "correct horse"]).status == 303)
    }
  }

  @Test func `does not let who knows the password guess codes for ever`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let olga = try await shop.hire("olga", .owner)
      let ring = try #require(KeyRing([Array(repeating: 7, count: KeyRing.size)], random: WebShop.secrets(5)))
      let sealed = try ring.seal(Array(repeating: 9, count: 20), for: SignIn.place(of: olga.id))
      let change = Change(by: .demo, at: shop.now, ids: shop.ids)
      try await shop.database.write { tx in try SignIn(of: shop.account).set(sealed, used: 0, of: olga.id, by: change, in: &tx) }
      let form = ["account": "lavka", "login": "olga", "password": "correct horse"]
      let windows = [shop.window(), shop.window(), shop.window()]
      for window in windows {
        #expect(try await window.send("/console/sign-in", form, site: "same-origin").location == "/console/second-factor")
      }
      // Each session is another, the failures are the same person's.
      for number in 0..<4 {
        #expect(try await windows[number % 2].submit("/console/second-factor", ["code": "00000x"]).status == 422)
      }
      // To show the password once more is no fresh start.
      #expect(try await shop.window().send("/console/sign-in", form, site: "same-origin").location == "/console/second-factor")
      #expect(try await windows[0].submit("/console/second-factor", ["code": "00000x"]).text.contains("Вход закрыт до"))
      let right = Self.code(Array(repeating: 9, count: 20), shop.now)
      #expect(try await windows[2].submit("/console/second-factor", ["code": right]).text.contains("Вход закрыт до"))
      #expect(try await shop.window().send("/console/sign-in", form, site: "same-origin").text.contains("Вход закрыт до"))
      shop.pass(.minutes(15))
      let late = Self.code(Array(repeating: 9, count: 20), shop.now)
      #expect(try await windows[2].submit("/console/second-factor", ["code": late]).location == "/console")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `throws everybody out of an account that is suspended, and lets nobody in`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let olga = try await shop.hire("olga", .owner)
      let window = try await shop.window(of: olga)
      let other = try await shop.window(of: shop.hire("boss", .owner, in: shop.others), in: shop.others)
      #expect(try await window.open("/console").status == 200)
      let (account, change) = (shop.account, Change(by: .commandLine, at: shop.now, ids: shop.ids))
      try await shop.database.write { tx in try Accounts().suspend(account, by: change, in: &tx) }
      #expect(try await window.open("/console").location == "/console/sign-in")
      #expect(try await window.submit("/console/staff", ["name": "x", "login": "x", "role": "owner"]).status == 303)
      // Whoever was about to come in while it happened is no exception.
      let late = try await shop.window(of: olga)
      #expect(try await late.open("/console").location == "/console/sign-in")
      #expect(try await other.open("/console").status == 200)
      try await shop.database.write { tx in try Accounts().resume(account, by: change, in: &tx) }
      // The sessions that were ended stay so.
      #expect(try await window.open("/console").location == "/console/sign-in")
    }
  }

  @Test func `lets only so many knock at once`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = shop.window()
      var seen: [Int] = []
      for number in 0..<22 {
        let form = ["account": "lavka", "login": "nobody \(number)", "password": "wrong horse"]
        seen.append(try await window.send("/console/sign-in", form, site: "same-origin").status)
      }
      #expect(seen == Array(repeating: 422, count: 20) + [429, 429])
      shop.pass(.seconds(1))
      let form = ["account": "lavka", "login": "nobody", "password": "wrong horse"]
      #expect(try await window.send("/console/sign-in", form, site: "same-origin").status == 422)
    }
  }

  @Test func `says of a page that is not there that it is not there, to who may know`() async throws {
    try await WebShop.open(.sqlite) { shop in
      #expect(try await shop.window().open("/console/nowhere").location == "/console/sign-in?next=%2Fconsole%2Fnowhere")
      let seen = try await shop.window(of: shop.hire("olga", .owner)).open("/console/no/where")
      #expect(seen.status == 404 && seen.text.contains("Такой страницы нет"))
    }
  }

  @Test func `shows a page also where something broke, and not what`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("olga", .owner))
      _ = try await shop.database.write { tx in try tx.run("drop table store_day") }
      let seen = try await window.open("/console")
      #expect(seen.status == 500 && seen.text.hasPrefix("<!doctype html>") && !seen.text.contains("store_day"))
      #expect(try await window.open("/console/members").status == 200)
    }
  }

  /// What an app shows, by the standard's own words.
  private static func code(_ secret: [UInt8], _ now: Instant) -> String {
    let counter = (0..<8).map { UInt8(truncatingIfNeeded: (now.seconds / 30) >> (8 * (7 - $0))) }
    let hash = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
    let place = Int(hash[hash.count - 1] & 0xf)
    var number = 0
    for byte in hash[place..<place + 4] { number = number << 8 + Int(byte) }
    return String(String(1_000_000 + (number & 0x7fff_ffff) % 1_000_000).dropFirst())
  }

  /// The examples of RFC 6238, appendix B, last six digits.
  @Test(arguments: [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")])
  func `knows the codes of the standard`(_ seconds: Int, _ code: String) {
    let now = Instant(seconds: Int64(seconds))
    let secret = Array("12345678901234567890".utf8)
    let step = Int64(seconds) / 30
    #expect(OneTimeCode.step(of: code, secret, at: now, after: nil) == step)
    #expect(OneTimeCode.step(of: code, secret, at: now + .seconds(30), after: nil) == step)
    #expect(OneTimeCode.step(of: code, secret, at: now + .seconds(90), after: nil) == nil)
    #expect(OneTimeCode.step(of: code, secret, at: now, after: step) == nil)
    #expect(OneTimeCode.step(of: code + "1", secret, at: now, after: nil) == nil)
  }
}
