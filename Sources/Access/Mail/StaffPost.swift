import Jobs
import Kernel
import Storage

/// Writes letters to the staff and hands them to a mail server: what the jobs of `StaffLetter` are done by.
public struct StaffPost: Sendable {
  /// Nobody is sent another letter with a way to a new password before this has passed.
  public static let pause = Span.minutes(5)

  let database: any Database
  /// Where the console is opened, without a slash at its end: `https://crm.example.com`.
  let console: String
  let ids: IDSource
  let now: @Sendable () -> Instant
  let random: @Sendable () -> UInt64
  let send: MailSender

  /// - Parameter random: fit for secrets.
  public init(
    on database: any Database, console: String, ids: IDSource, now: @escaping @Sendable () -> Instant,
    random: @escaping @Sendable () -> UInt64, send: @escaping MailSender
  ) {
    self.database = database
    self.console = console
    self.ids = ids
    self.now = now
    self.random = random
    self.send = send
  }

  /// Sends the letter of a job. Nothing is sent to whoever is blocked, has no address or does not exist: whoever asked is told the same.
  /// - Throws: `MailNotSent` where it should be tried again.
  public func deliver(_ job: Job) async throws {
    let (letter, now) = (try StaffLetter(job), now())
    guard !letter.isOver(at: now) else { return }
    let change = Change(by: .background, at: now, ids: ids)
    let mails = try await database.write(.bulk) { tx in try write(letter, job, change, &tx) }
    for mail in mails { try await send(mail) }
  }

  /// The letters to send; more than one where a reset names an address that several people share.
  private func write(_ letter: StaffLetter, _ job: Job, _ change: Change, _ tx: inout Transaction) throws -> [Mail] {
    let (staff, account) = (Staff(of: job.account), try Accounts().account(job.account, in: &tx))
    guard !account.isSuspended else { return [] }
    var people = try staff.find(letter.login, in: &tx).map { [$0.0] } ?? []
    if people.isEmpty, letter.occasion == .reset, let mail = Email(letter.login) { people = try staff.all(with: mail, in: &tx) }
    var letters: [Mail] = []
    for person in people {
      guard let mail = person.mail, !person.isBlocked else { continue }
      let words = LetterWords(letter: letter, person: person, account: account.details.name)
      guard let purpose = letter.occasion.purpose else {
        letters.append(words.mail(to: mail, link: console + (letter.page ?? "/console")))
        continue
      }
      // An attempt that failed made a link already; the next one is not held back by it.
      if purpose == .reset, job.attempts < 2, try isTooSoon(person, change.at, job.account, &tx) { continue }
      let secret = LinkSecret(random: random)
      try StaffLinks(of: job.account).make(purpose, for: person.id, secret, by: change, in: &tx)
      letters.append(words.mail(to: mail, link: "\(console)/console/welcome/\(secret.text)"))
    }
    return letters
  }

  private func isTooSoon(_ person: StaffMember, _ now: Instant, _ account: AccountID, _ tx: inout Transaction) throws -> Bool {
    try StaffLinks(of: account).all(of: person.id, in: &tx).contains { $0.purpose == .reset && now - $0.madeAt < Self.pause }
  }
}

extension StaffLetter.Occasion {
  /// Nil for a letter that opens nothing.
  var purpose: StaffLink.Purpose? {
    switch self {
    case .invitation: .invitation
    case .reset: .reset
    case .test, .approval, .limit: nil
    }
  }
}

/// What letters say.
struct LetterWords {
  let letter: StaffLetter
  let person: StaffMember
  let account: String

  func mail(to address: Email, link: String) -> Mail {
    let parts =
      switch letter.occasion {
      case .invitation: invitation(link)
      case .reset: reset(link)
      case .test: test(link)
      case .approval: approval(link)
      case .limit: limit(link)
      }
    let greeting =
      letter.occasion == .approval || letter.occasion == .limit
      ? "\(person.name)!" : say("Здравствуйте, \(person.name)!", "Hello \(person.name),")
    return Mail(to: address, subject: parts.subject, text: ([greeting] + parts.text).joined(separator: "\n\n") + "\n")
  }

  private func say(_ ru: String, _ en: String) -> String { letter.language == .ru ? ru : en }

  private func invitation(_ link: String) -> (subject: String, text: [String]) {
    (
      say("Приглашение в Regulars: \(account)", "Your invitation to Regulars: \(account)"),
      [
        say(
          "Вас пригласили в консоль программы лояльности «\(account)». Ваш логин: \(person.login)",
          "You are invited to the console of the loyalty programme of \(account). Your login: \(person.login)"),
        say(
          "Задайте пароль по ссылке. Она действует 72 часа и срабатывает один раз:",
          "Set your password here. The link works once, within 72 hours:"), link,
        say(
          "Если вы не ждали этого письма, ничего делать не нужно.", "If you did not expect this letter, there is nothing to do."),
      ]
    )
  }

  private func reset(_ link: String) -> (subject: String, text: [String]) {
    (
      say("Новый пароль для Regulars: \(account)", "Another password for Regulars: \(account)"),
      [
        say(
          "Кто-то, скорее всего вы, попросил новый пароль к консоли «\(account)». Ваш логин: \(person.login)",
          "Somebody, most likely you, asked for another password to the console of \(account). Your login: \(person.login)"),
        say(
          "Задайте его по ссылке. Она действует 30 минут и срабатывает один раз; на всех устройствах придётся войти заново:",
          "Set it here. The link works once, within 30 minutes; every device will have to sign in again:"), link,
        say(
          "Если это были не вы, ничего делать не нужно: прежний пароль действует.",
          "If it was not you, there is nothing to do: your present password stays."),
      ]
    )
  }

  /// In both languages: nobody has said which one the reader speaks.
  private func approval(_ link: String) -> (subject: String, text: [String]) {
    let about = letter.about ?? LocalText(ru: "без названия", en: "without a name")
    return (
      "Нужно согласование: \(about.ru) / To be approved: \(about.en)",
      [
        "Акция «\(about.ru)» ждёт согласования второго человека («\(account)»). Посмотрите её и ответьте, не обязательно вы:",
        "The promotion “\(about.en)” awaits a second person's word (\(account)). Look at it and answer, you or somebody else:",
        link,
      ]
    )
  }

  /// In both languages, as for a promotion.
  private func limit(_ link: String) -> (subject: String, text: [String]) {
    let about = letter.about ?? LocalText(ru: "порог согласования", en: "the limit of approval")
    return (
      "Нужно согласование: порог согласования акций / To be approved: the limit of approval",
      [
        "Просят изменить порог, выше которого акцию согласует второй человек («\(account)»): \(about.ru). Ответьте, не обязательно вы:",
        "Somebody asks to change the limit above which a second person approves a promotion (\(account)): \(about.en). Answer, you or somebody else:",
        link,
      ]
    )
  }

  private func test(_ link: String) -> (subject: String, text: [String]) {
    (
      say("Проверка почты Regulars: \(account)", "Regulars can send mail: \(account)"),
      [
        say(
          "Письма консоли доходят. Это письмо попросили отправить в настройках:",
          "Letters of the console arrive. Somebody asked for this one in the settings:"), link,
      ]
    )
  }
}
