import Jobs
import Kernel
import Storage

/// A letter to somebody of the staff on its way, as a job: no page waits for a mail server. What the job holds opens nothing: the link's
/// secret is made when the letter is written.
public struct StaffLetter: Hashable, Sendable {
  public enum Occasion: String, Sendable, CaseIterable {
    /// Set a password and come in.
    case invitation
    /// Set another password.
    case reset
    /// Does mail arrive at all?
    case test
    /// Somebody waits for a second person's word.
    case approval
    /// Somebody wants to raise the limit above which a second person is asked.
    case limit
  }

  public enum Language: String, Sendable, CaseIterable { case ru, en }

  /// The kind of its job.
  public static let job = "staff-mail"
  /// 10 s, 20 s … up to half an hour: about three hours. A reset ends sooner, with `life`.
  public static let retry = Retry(first: .seconds(10), longest: .minutes(30), attempts: 12)

  public let occasion: Occasion
  /// A login, or for a reset what somebody typed: nobody's, it may be.
  public let login: String
  public let language: Language
  public let madeAt: Instant
  /// What it is about, and the page of the console that shows it; of an approval only.
  public let about: LocalText?
  public let page: String?

  /// Puts the letter's job.
  /// - Parameter actor: who asked for it; nil for somebody who is not signed in.
  /// - Returns: by which its state is looked up.
  @discardableResult
  public static func post(
    _ occasion: Occasion, to login: String, language: Language, about: LocalText? = nil, page: String? = nil, of account: AccountID,
    by actor: Actor?, ids: IDSource, at now: Instant, in tx: inout Transaction
  ) throws -> JobID? {
    let body = JSON.object([
      "occasion": .string(occasion.rawValue), "login": .string(String(login.prefix(Limits.code))),
      "language": .string(language.rawValue),
      "about": about.map { .object(["ru": .string($0.ru), "en": .string($0.en)]) }, "page": page.map(JSON.string),
    ])
    return try JobQueue().put(job, body, of: account, by: actor?.description, ids: ids, at: now, in: &tx)
  }

  /// Reads a job of ours. - Throws: `Problem.invalid`.
  public init(_ job: Job) throws(Problem) {
    let node = JSONNode(job.body)
    let occasion: Occasion? = node["occasion"].word()
    let language: Language? = node["language"].word()
    let login = node["login"].text() ?? ""
    try node.issues.check("the job")
    guard let occasion, let language else { throw Problem(.invalid, "not_a_letter", "the job does not say what to write") }
    self.occasion = occasion
    self.language = language
    self.login = login
    madeAt = job.madeAt
    let (ru, en) = (node["about"]["ru"].text(), node["about"]["en"].text())
    about = ru.flatMap { ru in en.map { LocalText(ru: ru, en: $0) } }
    page = node["page"].text()
  }

  /// True where sending it makes no sense any more.
  public func isOver(at now: Instant) -> Bool {
    switch occasion {
    case .invitation: now >= madeAt + StaffLink.Purpose.invitation.life
    case .reset: now >= madeAt + StaffLink.Purpose.reset.life
    case .test: now >= madeAt + .hours(1)
    case .approval, .limit: now >= madeAt + .days(1)
    }
  }
}
