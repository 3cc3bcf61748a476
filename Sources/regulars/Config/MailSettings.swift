import Engagement
import Gateways
import Kernel

/// The mail server that letters to the staff are handed to.
public struct MailServerSetting: Hashable, SettingValue {
  public static let none = MailServerSetting(server: nil, text: "none")
  public static var expected: String { "`none`, smtp://USER:PASSWORD@HOST:PORT or smtps://USER:PASSWORD@HOST:PORT" }
  public let server: MailServer?
  public let settingText: String

  private init(server: MailServer?, text: String) {
    self.server = server
    settingText = text
  }

  public init?(setting text: String) {
    guard text == "none" || MailServer(text) != nil else { return nil }
    self.init(server: MailServer(text), text: text)
  }

  public var maskedText: String { server?.masked ?? "none" }
}

/// Who letters are from.
public struct MailSenderSetting: Hashable, SettingValue {
  public static let none = MailSenderSetting(address: nil, name: "")
  public static var expected: String { "an address, or NAME <ADDRESS>, or `none`" }
  public let address: Email?
  public let name: String

  private init(address: Email?, name: String) {
    self.address = address
    self.name = name
  }

  public init?(setting text: String) {
    if text == "none" {
      self = .none
      return
    }
    var (name, place) = ("Regulars", text[...])
    if text.hasSuffix(">"), let open = text.lastIndex(of: "<") {
      name = String(String(text[..<open].drop { $0 == " " }).reversed().drop { $0 == " " }.reversed())
      place = text[text.index(after: open)...].dropLast()
    }
    guard let address = Email(String(place)), (1...Limits.name).contains(name.count),
      name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
    else { return nil }
    self.init(address: address, name: name)
  }

  public var settingText: String { address.map { "\(name) <\($0.text)>" } ?? "none" }
}

/// Where people open the console.
public struct ConsoleAddress: Hashable, SettingValue {
  public static let none = ConsoleAddress(text: nil)
  public static var expected: String { "an address like https://crm.example.com, without a path, or `none`" }
  public let text: String?

  private init(text: String?) { self.text = text }

  public init?(setting text: String) {
    if text == "none" {
      self = .none
      return
    }
    let plain = text.hasSuffix("/") ? String(text.dropLast()) : text
    // `https:`, nothing and the host.
    guard WebhookURL(plain) != nil, plain.split(separator: "/", omittingEmptySubsequences: false).count == 3, !plain.contains("?")
    else { return nil }
    self.text = plain
  }

  public var settingText: String { text ?? "none" }
}

/// What letters need, all of it there.
struct MailConfig: Sendable {
  let server: MailServer
  let sender: (name: String, address: Email)
  let console: String
}

extension OutwardConfig {
  /// Nil where no mail server is configured.
  var mail: MailConfig? {
    guard let server = mailServer.server, let address = mailSender.address, let console = consoleAddress.text else { return nil }
    return MailConfig(server: server, sender: (mailSender.name, address), console: console)
  }

  /// - Throws: `Problem` (`invalid_configuration`).
  func refuseHalfMail() throws(Problem) {
    guard mailServer.server != nil, mail == nil else { return }
    throw Problem(
      .invalid, "invalid_configuration",
      "mail.server needs mail.sender, whom letters are from, and console.address, where their links lead; set all three")
  }
}
