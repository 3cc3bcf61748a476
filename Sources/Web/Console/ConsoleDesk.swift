import Access
import Insight
import Kernel
import Loyalty
import Storage

/// Whoever is signed in, and what they ask.
struct Visit: Sendable {
  var call: Call
  let session: Session
  let secret: SessionSecret
  let account: Account
  /// Nil before the account has one.
  let started: Programme?
  /// Nil before the programme has rules.
  let sales: SalesFloor?
  var reader: Reader
  let form: Form

  /// - Throws: `not_set_up` before there is one; whoever may, is sent to set it up.
  var programme: Programme {
    get throws {
      guard let started else { throw Self.notSetUp }
      return started
    }
  }

  /// - Throws: as `programme`, also before there are rules.
  var floor: SalesFloor {
    get throws {
      guard let sales else { throw Self.notSetUp }
      return sales
    }
  }

  static let notSetUp = Problem(
    .conflict, "not_set_up", "the loyalty programme has not started; an owner finishes the set-up",
    cashier: LocalText(
      ru: "Программа лояльности ещё не запущена. Владелец завершает настройку",
      en: "The loyalty programme has not started yet. An owner finishes the set-up"))
  var formKey: String { secret.formKey }

  /// The hidden field that every form carries.
  var key: Markup { "<input type=\"hidden\" name=\"key\" value=\"\(formKey)\">" }

  func may(_ right: Right) -> Bool { session.may(right) }

  func show(_ page: Page, in room: Room?) -> Answer {
    Frame(
      reader: reader, account: account.details.name, programme: started.map { reader.name($0.settings.name) } ?? "",
      name: session.staff.name,
      rooms: Room.allCases.filter { may($0.right) }, formKey: formKey, brand: started?.settings.colour
    ).html(page, in: room)
  }
}

/// What the console's pages work with.
public struct ConsoleDesk: Sendable {
  let database: any Database
  let floors: SalesFloors
  let ids: IDSource
  let random: @Sendable () -> UInt64
  /// Nil where the configuration has no key: then nobody can set a second factor.
  let keys: KeyRing?
  /// Cookies only over TLS.
  let isSecure: Bool
  let zones: @Sendable (String) -> Zone?
  /// Nil where the server found an account when it started.
  let firstRun: FirstRun?
  let installation: Installation
  /// Nil where this server keeps no columns for analysis.
  let cubes: Cubes?
  let strangers = Strangers()
  let priceShelf = PriceShelf()
  let averages = NetworkAverages()
  let room: LiveRoom

  public init(
    database: any Database, floors: SalesFloors, ids: IDSource, random: @escaping @Sendable () -> UInt64, keys: KeyRing?,
    isSecure: Bool, zones: @escaping @Sendable (String) -> Zone?, installation: Installation, firstRun: FirstRun? = nil,
    cubes: Cubes? = nil
  ) {
    self.database = database
    self.floors = floors
    self.ids = ids
    self.random = random
    self.keys = keys
    self.isSecure = isSecure
    self.zones = zones
    self.firstRun = firstRun
    self.installation = installation
    self.cubes = cubes
    room = LiveRoom(on: database)
  }

  func change(_ visit: Visit) -> Change { Change(by: visit.session.actor, at: visit.call.at, ids: ids) }

  /// Lets a request of somebody signed in through to a page; everybody else is told where to go.
  func welcome(
    _ call: Call, _ right: Right?, isForm: Bool, _ page: @Sendable (Visit) async throws -> Answer
  ) async throws -> Answer {
    let guest = guest(call)
    guard let (secret, session) = try await session(call) else { return goSignIn(call, isForm) }
    if !session.isProven { return .redirect("/console/second-factor") }
    let form = Form(call.body)
    if isForm, call.browser?.isSameSite != true || !secret.isFormKey(form["key"]) {
      return Refusal(reader: guest, problem: Self.foreignForm).page
    }
    let isLeaving = call.browser?.path == "/console/sign-out"
    let isAtHome = ["/console/profile", "/console/password"].contains(call.browser?.path ?? "")
    if session.staff.mustChange, !isAtHome, !isLeaving { return .redirect("/console/profile") }
    do {
      let visit = try await visit(call, session, secret, form, guest)
      guard right.map({ session.may($0) }) ?? true else {
        return Refusal(reader: visit.reader, problem: Self.noRight, way: Self.home(session)).page
      }
      return try await page(visit)
    } catch {
      let told = ProblemAnswer.Told(error: error)
      if told.problem.code == Visit.notSetUp.code, session.may(.setUp) { return .redirect("/console/setup") }
      guard !told.isOurs else { throw error }
      return Refusal(reader: guest, problem: told.problem, status: told.status).page
    }
  }

  /// Where somebody of this role begins.
  static func home(_ session: Session) -> String {
    Room.allCases.first { session.may($0.right) }?.path ?? "/console/profile"
  }

  private func goSignIn(_ call: Call, _ isForm: Bool) -> Answer {
    let path = call.browser?.path ?? "/console"
    return .redirect("/console/sign-in" + (isForm || path == "/console" ? "" : "?next=" + queryText(path)))
  }

  /// The session of the request's cookie; nil for none and for one that is over.
  func session(_ call: Call) async throws -> (SessionSecret, Session)? {
    guard let text = call.browser?.cookies[cookieName], let secret = SessionSecret(shown: text) else { return nil }
    let at = call.at
    guard let session = try await database.read({ tx in try Sessions.find(secret, at: at, in: &tx) }) else { return nil }
    if Sessions.isStale(session, at: at) {
      try await database.write { tx in try Sessions(of: session.account).touch(session, at: at, in: &tx) }
    }
    return (secret, session)
  }

  private func visit(
    _ call: Call, _ session: Session, _ secret: SessionSecret, _ form: Form, _ guest: Reader
  ) async throws -> Visit {
    let zones = zones
    let (account, programmes) = try await database.read { tx in
      (try Accounts().account(session.account, in: &tx), try Programmes(of: session.account, zones: zones).all(in: &tx))
    }
    let floor = try await floor(of: programmes.first)
    var reader = guest
    if let settings = (floor?.programme ?? programmes.first)?.settings {
      reader.zone = settings.points.zone
      reader.currency = settings.terms.currency
      reader.pointsScale = settings.terms.pointsScale
    }
    return Visit(
      call: call, session: session, secret: secret, account: account, started: floor?.programme ?? programmes.first, sales: floor,
      reader: reader, form: form)
  }

  private func floor(of programme: Programme?) async throws -> SalesFloor? {
    guard let programme else { return nil }
    do { return try await floors.floor(of: programme.id, account: programme.account) } catch let problem as Problem
      where problem.code == "rules_missing"
    { return nil }
  }

  func guest(_ call: Call) -> Reader { Reader(guest: call.browser) }

  static let foreignForm = Problem(
    .forbidden, "foreign_form", "this form was not sent from this page, or the page is too old; open it again",
    cashier: LocalText(
      ru: "Форма отправлена не с этой страницы или страница устарела. Откройте её заново",
      en: "This form was not sent from this page, or the page is too old. Open it again"))
  static let brokenForm = Problem(
    .invalid, "broken_form", "the form lacks something that its page puts in; open the page again",
    cashier: LocalText(ru: "Форма пришла неполной. Откройте страницу заново", en: "The form came incomplete. Open the page again"))
  static let noPage = Problem(
    .notFound, "path_unknown", "there is no such page",
    cashier: LocalText(ru: "Такой страницы нет", en: "There is no such page"))
  static let noRight = Problem(
    .forbidden, "right_missing", "your role does not include this page",
    cashier: LocalText(
      ru: "Ваша роль не даёт прав на эту страницу. Их выдаёт владелец",
      en: "Your role does not include this page. The owner can change that"))
}

// MARK: cookies

extension ConsoleDesk {
  /// With TLS the browser itself keeps other hosts from setting it.
  var cookieName: String { isSecure ? "__Host-regulars" : "regulars" }

  func cookie(_ name: String, _ value: String, seconds: Int64, _ call: Call) -> (name: String, value: String) {
    // A balancer that ends TLS says so; a browser that says it to itself only makes its own cookie stricter.
    let isSecure = isSecure || call.browser?.isForwardedTLS == true
    let parts = [
      "\(name)=\(value)", "Path=/", "Max-Age=\(seconds)", "SameSite=Lax", "HttpOnly", isSecure ? "Secure" : nil,
    ]
    return ("Set-Cookie", parts.compactMap { $0 }.joined(separator: "; "))
  }
}

/// A refusal as a page.
struct Refusal {
  let reader: Reader
  let problem: Problem
  var status: Int?
  /// The door sends who is signed in on to where they begin.
  var way = "/console/sign-in"

  var page: Answer {
    let told = ProblemAnswer.Told(problem)
    let title = reader("Так не получится", "That does not work")
    let body: Markup = """
      <body class="sign"><main id="main"><div class="brand">\(Frame.mark)<b>Regulars</b></div>\
      <div class="stack l"><h1>\(title)</h1><p class="notice">\(Icon.warning.usual)<span>\(sentence)</span></p>\
      <p><a class="button primary l block" href="\(way)">\(reader("К началу", "To the start"))</a></p></div>\
      <footer class="muted small"><span>\(problem.code)</span></footer></main></body>
      """
    return Frame.document(reader, title, body, status: status ?? told.status)
  }

  private var sentence: String { reader.sentence(problem) }
}

extension Reader {
  /// Before we know who it is: as the cookies and the browser say.
  init(guest browser: Browser?) {
    let cookies = browser?.cookies ?? [:]
    let spoken: Language = browser?.language.lowercased().hasPrefix("en") == true ? .en : .ru
    self.init(
      language: cookies["regulars_language"].flatMap(Language.init(rawValue:)) ?? spoken,
      theme: cookies["regulars_theme"].flatMap(Theme.init(rawValue:)), zone: .moscow, currency: .rub)
  }

  func name(_ name: CatalogueName) -> String { (language == .ru ? name.ru ?? name.en : name.en ?? name.ru) ?? "" }
}
