import Customers
import Jobs
import Kernel
import Storage

/// A confirmation code on its way to a member's phone, as a job: nobody at a till waits for it to be sent.
public struct CodeLetter: Hashable, Sendable {
  /// The kind of its job.
  public static let job = "code"
  /// Soon or never: a code that comes after a quarter of an hour helps nobody.
  public static let retry = Retry(first: .seconds(2), longest: .seconds(60), attempts: 8)

  public let message: ConfirmationMessage
  public let language: Person.Language
  public let madeAt: Instant

  /// Puts the letter's job, in the transaction that makes the code.
  public static func post(
    _ message: ConfirmationMessage, language: Person.Language, ids: IDSource, at now: Instant, in tx: inout Transaction
  ) throws {
    let body = JSON.object([
      "confirmation": .string("\(message.id)"), "programme": .string("\(message.programme)"),
      "member": .string("\(message.member)"),
      "phone": .string(message.phone), "code": .string(message.code), "points": .int(message.points.units),
      "language": .string(language.rawValue), "purpose": .string(message.purpose.rawValue),
    ])
    try JobQueue().put(job, body, of: message.account, ids: ids, at: now, in: &tx)
  }

  /// Reads a job of ours. - Throws: `Problem.invalid`.
  public init(_ job: Job) throws(Problem) {
    let node = JSONNode(job.body)
    func text(_ key: String) -> String { node[key].required() ? node[key].text() ?? "" : "" }
    let (id, programme, member) = (
      ConfirmationID(text("confirmation")), ProgrammeID(text("programme")), MemberID(text("member"))
    )
    let (phone, code) = (text("phone"), text("code"))
    let points = node["points"].int() ?? 0
    let language: Person.Language = node["language"].word() ?? .ru
    try node.issues.check("the job")
    guard let id, let programme, let member else { throw Problem(.invalid, "not_an_id", "the job names nobody") }
    message = ConfirmationMessage(
      id: id, account: job.account, programme: programme, member: member, phone: phone, code: code, points: Points(units: points),
      purpose: node["purpose"].text().flatMap(Confirmation.Purpose.init(rawValue:)))
    self.language = language
    madeAt = job.madeAt
  }

  /// Takes away letters to somebody whose person is forgotten: those on their way, and those that were given up and hold the number still.
  public static func forget(to member: MemberID, of account: AccountID, in tx: inout Transaction) throws {
    let name: JSON = .string("\(member)")
    for state in Job.State.allCases {
      var after: JobID?
      repeat {
        let page = try JobQueue().jobs(state, kind: job, of: account, after: after, limit: Limits.page, in: &tx)
        for job in page where job.body["member"] == name { try JobQueue().drop(job.id, in: &tx) }
        after = page.count == Limits.page ? page.last?.id : nil
      } while after != nil
    }
  }

  /// True where sending it makes no sense any more.
  public func isOver(at now: Instant, limits: ConfirmationLimits = ConfirmationLimits()) -> Bool { now >= madeAt + limits.life }

  /// The text of the message.
  public func text(pointsScale: Int) -> String {
    let text = message.text(points: Decimal.text(message.points.units, digits: pointsScale))
    return language == .ru ? text.ru : text.en
  }

  /// For another system that sends text messages: signed as webhooks are, so that nobody else can have messages sent.
  public func post(
    to url: WebhookURL, under rule: AddressRule, signed secret: WebhookSecret, text: String, at now: Instant
  ) -> WebhookPost {
    let body = JSON.object([
      "type": "confirmation.code", "id": .string("\(message.id)"), "phone": .string(message.phone), "code": .string(message.code),
      "text": .string(text), "language": .string(language.rawValue),
    ]).compact
    let id = "\(message.id)"
    return WebhookPost(
      to: url, under: rule,
      headers: [
        WebhookPost.Header("content-type", "application/json"), WebhookPost.Header("webhook-id", id),
        WebhookPost.Header("webhook-timestamp", String(now.seconds)),
        WebhookPost.Header("webhook-signature", secret.signature(id: id, timestamp: now.seconds, body: body)),
      ], body: body)
  }
}

/// How codes reach members' phones.
public enum CodeChannel: Sendable {
  /// Shown where the program runs: for demonstrations and training.
  case console(@Sendable (String) -> Void)
  /// Another system sends the text message.
  case webhook(WebhookURL, AddressRule, WebhookSecret, WebhookSender)

  /// - Throws: `CodeNotSent` where it should be tried again.
  public func send(_ letter: CodeLetter, pointsScale: Int, at now: Instant) async throws {
    let text = letter.text(pointsScale: pointsScale)
    switch self {
    case .console(let show): show(text)
    case .webhook(let url, let rule, let secret, let send):
      let answer = await send(letter.post(to: url, under: rule, signed: secret, text: text, at: now))
      guard !answer.isDelivered else { return }
      throw CodeNotSent(answer.outcome)
    }
  }
}

/// The other system did not take a code.
public struct CodeNotSent: PlainlyTold {
  public let plainText: String

  init(_ outcome: WebhookAnswer.Outcome) {
    switch outcome {
    case .status(let code): plainText = "answered \(code)"
    case .failed(let word): plainText = word
    }
  }
}
