import Engagement

/// What the console shows of the program that serves it, and what it needs of the world beyond its database.
public struct Installation: Sendable {
  public let version: String
  /// The step of the schema that the program knows.
  public let schema: Int
  /// Letters to the staff are sent; else passwords are shown once to whoever sets them.
  public let isMailConfigured: Bool
  /// Without user and password.
  public let mailServer: String
  public let mailSender: String
  /// Where webhooks may lead.
  public let addressRule: AddressRule
  /// Sends one request to another system's server: for trying out a webhook.
  public let send: WebhookSender

  public init(
    version: String, schema: Int, isMailConfigured: Bool = false, mailServer: String = "", mailSender: String = "",
    addressRule: AddressRule = AddressRule(), send: @escaping WebhookSender
  ) {
    self.version = version
    self.schema = schema
    self.isMailConfigured = isMailConfigured
    self.mailServer = mailServer
    self.mailSender = mailSender
    self.addressRule = addressRule
    self.send = send
  }
}
