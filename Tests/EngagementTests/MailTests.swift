import Access
import Foundation
import Gateways
import Kernel
import TestKit
import Testing

/// Letters through a server that speaks SMTP, and read by somebody else's reader of mail.
@Suite struct `a mail server` {
  private static let now = Instant("2026-11-26T05:45:32Z") ?? Instant(seconds: 0)
  private static let letter = Mail(
    to: Email("ivan@lavka.example") ?? fallback,
    subject: "Приглашение в Regulars: «Лавка у дома» и всё остальное, что длиннее строки",
    text: "Здравствуйте!\n\n.\nhttps://crm.example/console/welcome/rgl_0123456789abcdefghjkmnpqrstvwxyz0123456789abcdefghjk\n")
  private static var fallback: Email {
    guard let mail = Email("a@b.example") else { preconditionFailure("an address") }
    return mail
  }

  private static func gateway(_ url: String) throws -> MailGateway {
    let sender = (name: "Лавка, «у дома»", address: try #require(Email("no-reply@lavka.example")))
    return MailGateway(to: try #require(MailServer(url)), from: sender, now: { now }, random: { 7 })
  }

  private static func failure(_ url: String, _ mail: Mail = letter) async throws -> MailNotSent? {
    do {
      try await gateway(url).sendMail(mail)
      return nil
    } catch let failure as MailNotSent { return failure }
  }

  @Test(arguments: ["smtp", "smtps"])
  func `takes a letter over TLS from who signs in, and everybody reads it`(_ scheme: String) async throws {
    try await PostOffice.on { office in
      let port = scheme == "smtp" ? office.port : office.securePort
      let failure = try await Self.failure("\(scheme)://crm%40lavka:pass%20word@localhost:\(port)?ca=\(office.authority)")
      #expect(failure == nil)
      let taken = try #require(try office.taken().first)
      #expect(
        taken.isSecure && taken.user == "crm@lavka" && taken.from == "no-reply@lavka.example" && taken.to == ["ivan@lavka.example"])
      #expect(taken.subject == Self.letter.subject && taken.text == Self.letter.text.replacing("\n", with: "\r\n"))
      #expect(taken.sender == "Лавка, «у дома» <no-reply@lavka.example>" && taken.date == "2026-11-26T05:45:32+00:00")
      #expect(taken.longestLine <= 78 && taken.isASCII && taken.headers.contains("Message-ID"), "\(taken.longestLine)")
    }
  }

  @Test func `is not believed without a certificate that fits, and hears no password in clear`() async throws {
    try await PostOffice.on { office in
      let strange = try await Self.failure("smtps://u:p@localhost:\(office.securePort)")
      #expect(strange?.plainText == "the mail server's certificate cannot be trusted")
      // This one offers no TLS; on this machine that is enough, elsewhere it is refused.
      #expect(try await Self.failure("smtp://localhost:\(office.plainPort)?tls=no") == nil)
      #expect(try office.taken().count == 1)
    }
  }

  @Test func `that refuses is told from one that is not there, and an address that is none from one that is full`() async throws {
    try await PostOffice.on { office in
      let place = "crm%40lavka:pass%20word@localhost:\(office.port)?ca=\(office.authority)"
      let to = { (name: String) in Mail(to: try #require(Email("\(name)@lavka.example")), subject: "x", text: "y") }
      #expect(try await Self.failure("smtp://" + place, to("bounce")) == MailNotSent("the mail server answered 550", isFinal: true))
      #expect(try await Self.failure("smtp://" + place, to("full")) == MailNotSent("the mail server answered 452"))
      let denied = try await Self.failure("smtp://crm%40lavka:wrong@localhost:\(office.port)?ca=\(office.authority)")
      #expect(denied == MailNotSent("the mail server refused user and password"))
      let away = try await Self.failure("smtp://localhost:1")
      #expect(away?.isFinal == false && away?.plainText.contains("connect") == true)
      #expect(try office.taken().isEmpty)
    }
  }

  @Test(arguments: [
    ("smtp://mail.example", "smtp://mail.example:587"), ("smtps://u:p@mail.example/", "smtps://***@mail.example:465"),
    ("smtp://[::1]:25", "smtp://[::1]:25"),
  ]) func `is named by one address`(_ text: String, _ masked: String) throws {
    #expect(try #require(MailServer(text)).masked == masked)
  }

  @Test(arguments: [
    ("smtp://mail.example", MailServer.Security.upgraded), ("smtp://127.0.0.1:25", .ifOffered),
    ("smtp://mail.example?tls=no", .none),
    ("smtps://mail.example", .fromTheStart),
  ]) func `is spoken to in clear only where one may`(_ text: String, _ security: MailServer.Security) throws {
    #expect(try #require(MailServer(text)).security == security)
  }
}
