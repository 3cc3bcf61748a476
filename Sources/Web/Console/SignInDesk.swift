import Access
import Kernel
import NIOPosix
import Storage

/// The door: password, then the second factor where there is one.
extension ConsoleDesk {
  /// What the door says when somebody failed.
  enum Failure {
    case wrong(left: Int)
    case closed(until: Instant)
    case noAccount
    case foreign
  }

  func signInPage(_ call: Call) async throws -> Answer {
    if let (_, session) = try await session(call) { return .redirect(Self.home(session)) }
    if try await isEmpty() { return Refusal(reader: guest(call), problem: Self.nobodyYet).page }
    return try await door(call, Form(call.query), nil)
  }

  func signIn(_ call: Call) async throws -> Answer {
    let form = Form(call.body)
    guard call.browser?.isSameSite == true else { return try await door(call, form, .foreign) }
    guard let account = try await account(form["account"]) else { return try await door(call, form, .noAccount) }
    let (login, at) = (String(form["login"].prefix(Limits.code)), call.at)
    let door = SignIn(of: account)
    let candidate = try await database.read { tx in try door.candidate(login, at: at, in: &tx) }
    let isRight = try await isRight(form.verbatim("password"), candidate?.password ?? .decoy, at)
    guard let candidate else {
      let state = strangers.refuse(login, at: at)
      return try await self.door(call, form, state.closedUntil.map { .closed(until: $0) } ?? .wrong(left: state.left))
    }
    if let until = candidate.closedUntil { return try await self.door(call, form, .closed(until: until)) }
    guard isRight else { return try await refuse(candidate.member, call, form, door) }
    return try await begin(candidate, account, call, form)
  }

  private func refuse(_ member: StaffMember, _ call: Call, _ form: Form, _ door: SignIn) async throws -> Answer {
    let change = Change(by: Actor(.staff, member.login) ?? .background, at: call.at, ids: ids)
    let left = try await database.write { tx in try door.refuse(member, by: change, in: &tx) }
    return try await self.door(call, form, left == 0 ? .closed(until: call.at + SignIn.closed) : .wrong(left: left))
  }

  private func begin(_ candidate: Candidate, _ account: AccountID, _ call: Call, _ form: Form) async throws -> Answer {
    let secret = SessionSecret(random: random)
    let change = Change(by: Actor(.staff, candidate.member.login) ?? .background, at: call.at, ids: ids)
    let session = try await database.write { tx in
      try Sessions(of: account).begin(for: candidate.member, secret, isProven: !candidate.hasFactor, by: change, in: &tx)
    }
    var answer = Answer.redirect(session.isProven ? Self.next(form["next"]) ?? Self.home(session) : "/console/second-factor")
    answer.headers.append(cookie(cookieName, secret.text, seconds: Session.length.micros / 1_000_000, call))
    return answer
  }

  static let crowded = Problem(
    .unavailable, "too_many_requests", "too many people are at the door; wait a second",
    cashier: LocalText(
      ru: "Слишком много попыток входа сразу. Подождите секунду", en: "Too many people sign in at once. Wait a second"))

  private static let nobodyYet = Problem(
    .notFound, "no_account", "there is no account yet; open the address that `regulars serve` said when it started",
    cashier: LocalText(
      ru: "Здесь ещё нет ни одной компании. Откройте адрес, который назвал regulars serve при запуске",
      en: "There is no company here yet. Open the address that regulars serve said when it started"))

  /// Where somebody wanted to go: only to pages of ours.
  static func next(_ path: String) -> String? {
    path.hasPrefix("/console/") && !path.contains("//") && !path.contains("\\") && !path.contains(":") ? path : nil
  }

  /// On a thread of its own: 50 ms of work would keep everybody else on this event loop waiting.
  /// - Throws: `Problem.unavailable` where more ask than this instance has time for.
  func isRight(_ text: String, _ password: Password, _ now: Instant) async throws -> Bool {
    guard strangers.mayKnock(at: now) else { throw Self.crowded }
    return try await NIOThreadPool.singleton.runIfActive { try password.isRight(text) }
  }

  func made(_ text: String) async throws -> Password {
    let salt = Password.salt(random)
    return try await NIOThreadPool.singleton.runIfActive { try Password(text, salt: salt) }
  }

  /// The account of a code; where the installation has only one, nobody need name it.
  func account(_ code: String) async throws -> AccountID? {
    try await database.read { tx in
      if !code.isEmpty { return try Accounts().account(code: code, in: &tx)?.id }
      let some = try Accounts().all(limit: 2, in: &tx)
      return some.count == 1 ? some.first?.id : nil
    }
  }

  /// Whoever stands at the door has to say which account is meant.
  func needsAccount() async throws -> Bool {
    try await database.read { tx in try Accounts().all(limit: 2, in: &tx).count != 1 }
  }

  private func door(_ call: Call, _ form: Form, _ failure: Failure?) async throws -> Answer {
    let needsAccount = try await needsAccount()
    return SignInPage(
      reader: guest(call), form: form, failure: failure, needsAccount: needsAccount, hasMail: installation.isMailConfigured
    ).answer
  }
}

// MARK: the second factor

extension ConsoleDesk {
  func factorPage(_ call: Call) async throws -> Answer {
    guard let (secret, session) = try await session(call) else { return .redirect("/console/sign-in") }
    if session.isProven { return .redirect(Self.home(session)) }
    return FactorPage(reader: guest(call), key: secret.formKey, failure: nil).answer
  }

  func proveFactor(_ call: Call) async throws -> Answer {
    guard let (secret, session) = try await session(call) else { return .redirect("/console/sign-in") }
    if session.isProven { return .redirect(Self.home(session)) }
    let form = Form(call.body)
    guard call.browser?.isSameSite == true, secret.isFormKey(form["key"]) else {
      return Refusal(reader: guest(call), problem: Self.foreignForm).page
    }
    let (door, staff, at) = (SignIn(of: session.account), session.staff.id, call.at)
    // Other sessions of the same password may have closed it.
    if let until = try await database.read({ tx in try door.state(of: staff, at: at, in: &tx) }).closedUntil {
      return try await self.door(call, Form(), .closed(until: until))
    }
    guard try await isProven(form["code"], session, call.at) else {
      return try await refuseFactor(session, secret, call)
    }
    return .redirect(Self.home(session))
  }

  private func isProven(_ code: String, _ session: Session, _ at: Instant) async throws -> Bool {
    let door = SignIn(of: session.account)
    guard let factor = try await database.read({ tx in try door.factor(of: session.staff.id, in: &tx) }), let keys else {
      throw Problem(
        .unavailable, "factor_unreadable", "the second factor cannot be read; the configuration lacks secrets.key",
        cashier: LocalText(
          ru: "Второй фактор не читается: в настройках сервера нет ключа secrets.key",
          en: "The second factor cannot be read: the server's configuration lacks secrets.key"))
    }
    let shared = try keys.open(factor.sealed, for: SignIn.place(of: session.staff.id))
    guard let step = OneTimeCode.step(of: code, shared, at: at, after: factor.used) else { return false }
    return try await database.write { tx in
      guard try door.use(step, of: session.staff.id, in: &tx) else { return false }
      try Sessions(of: session.account).prove(session, in: &tx)
      return true
    }
  }

  /// Too many wrong codes end the session: its password has to be shown again, behind the closed door.
  private func refuseFactor(_ session: Session, _ secret: SessionSecret, _ call: Call) async throws -> Answer {
    let change = Change(by: session.actor, at: call.at, ids: ids)
    let left = try await database.write { tx in
      let left = try SignIn(of: session.account).refuse(session.staff, by: change, in: &tx)
      if left == 0 { try Sessions(of: session.account).end(session, by: change, in: &tx) }
      return left
    }
    guard left > 0 else { return try await door(call, Form(), .closed(until: call.at + SignIn.closed)) }
    return FactorPage(reader: guest(call), key: secret.formKey, failure: left).answer
  }
}
