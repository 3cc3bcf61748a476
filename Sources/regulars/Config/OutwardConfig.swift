import Kernel

/// What leaves for other systems: webhooks, codes, and the keys that secrets are sealed under.
public struct OutwardConfig: Sendable {
  public let secretKeys: SecretKeys
  public let webhooksPrivate: Bool
  public let webhooksPlain: Bool
  public let codesChannel: CodeAddress
  public let codesSecret: CodeSecret
  public let mailServer: MailServerSetting
  public let mailSender: MailSenderSetting
  public let consoleAddress: ConsoleAddress

  init(_ reader: inout SettingReader) {
    secretKeys = reader.read(
      "secrets.key", SecretKeys.none,
      "The key that secrets, those of webhooks for example, are sealed under in the database. `head -c 32 /dev/urandom | base64` makes "
        + "one. Several with commas between: the first seals, all of them open, so that a key can be replaced.")
    webhooksPrivate = reader.read(
      "webhooks.private-addresses", false,
      "Whether webhooks may lead to addresses that the world cannot reach: private networks, this machine, link-local ones such as a "
        + "cloud's metadata. Leave it off where accounts add webhooks themselves.")
    webhooksPlain = reader.read(
      "webhooks.plain-http", false,
      "Whether webhooks may be sent over plain HTTP to other machines. Anybody between could read them.")
    codesChannel = reader.read(
      "codes.channel", CodeAddress.console,
      "How codes reach members' phones: `console` shows them where the program runs, for demonstrations; an address is sent each code "
        + "as JSON, and sends the text message.")
    codesSecret = reader.read(
      "codes.secret", CodeSecret.none, "What messages with codes are signed with, as webhooks are: `whsec_` and base64.")
    mailServer = reader.read(
      "mail.server", MailServerSetting.none,
      "The mail server that letters to the staff are handed to: invitations, links to a new password. `smtp://` turns to TLS by STARTTLS "
        + "(port 587 where none is said) and refuses a server that will not, but for one on this machine; `smtps://` speaks it from the "
        + "start (465). `?ca=/path.pem` names certificates of one's own, `?tls=no` sends in clear. Escape signs in the password: `%40` "
        + "for `@`. Without it passwords are shown once to whoever sets them.")
    mailSender = reader.read(
      "mail.sender", MailSenderSetting.none, "Who letters to the staff are from: `Lavka <no-reply@lavka.example>`.")
    consoleAddress = reader.read(
      "console.address", ConsoleAddress.none,
      "Where people open the console; links in letters begin with it. What a browser says of itself is not believed for that.")
  }
}
