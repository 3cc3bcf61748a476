import Kernel

/// What leaves for other systems: webhooks, codes, and the keys that secrets are sealed under.
public struct OutwardConfig: Sendable {
  public let secretKeys: SecretKeys
  public let webhooksPrivate: Bool
  public let webhooksPlain: Bool
  public let codesChannel: CodeAddress
  public let codesSecret: CodeSecret

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
  }
}
