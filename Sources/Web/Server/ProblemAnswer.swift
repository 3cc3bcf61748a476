import Kernel
import Storage

/// Refusals and failures as answers (RFC 9457), in one place for every surface.
enum ProblemAnswer {
  static var type: String { "application/problem+json" }

  /// Who reads the refusal: a till's cashier, or whoever works with another system.
  enum Audience {
    case till, system

    /// By the path that was asked.
    static func asking(_ path: String) -> Audience { path.hasPrefix("/v1/") ? .system : .till }

    /// Where codes are explained.
    var page: String {
      switch self {
      case .till: "/till/v1/docs"
      case .system: "/v1/docs"
      }
    }

    /// The member with a sentence for people.
    var word: String {
      switch self {
      case .till: "cashierText"
      case .system: "message"
      }
    }
  }

  /// - Parameter call: the request's id, which whoever reports the problem can name.
  static func answer(_ error: any Error, call: String, to audience: Audience = .till) -> Answer {
    answer(Told(error: error), call: call, to: audience)
  }

  static func answer(_ told: Told, call: String, to audience: Audience = .till) -> Answer {
    var answer = Answer(told.status, json(told, call: call, to: audience))
    answer.type = type
    if let seconds = told.retryAfter { answer.headers.append(("Retry-After", String(seconds))) }
    if told.status == 401 { answer.headers.append(("WWW-Authenticate", "Bearer")) }
    return answer
  }

  /// A refusal as a part of a larger answer.
  static func json(_ problem: Problem, call: String) -> (status: Int, json: JSON) {
    let told = Told(problem)
    return (told.status, json(told, call: call))
  }

  private static func json(_ told: Told, call: String, to audience: Audience = .till) -> JSON {
    let problem = told.problem
    let issues = problem.issues.map { issue -> JSON in
      .object(["pointer": .string(issue.pointer), "code": .string(issue.code), "message": .string(issue.message)])
    }
    return .object([
      .init("type", .string("\(audience.page)#problem-\(problem.code)")), .init("title", .string(told.title)),
      .init("status", .int(Int64(told.status))), .init("code", .string(problem.code)), .init("detail", .string(problem.detail)),
      .init("retryable", .bool(told.isRetryable)), .init(audience.word, (problem.cashier ?? told.usualText(audience)).json),
      .init("issues", .array(issues)), .init("requestId", .string(call)),
    ])
  }

  /// An error as the outside hears of it. What broke inside never reaches a client: that is in the log.
  struct Told {
    let problem: Problem
    let status: Int
    let isRetryable: Bool
    /// True where an operator should look.
    let isOurs: Bool

    init(error: any Error) {
      switch error {
      case let problem as Problem: self.init(problem)
      case let syntax as JSON.SyntaxError:
        self.init(
          Problem(.invalid, "not_json", "line \(syntax.line), column \(syntax.column): \(syntax.message)"), status: 400)
      case let failure as StorageFailure: self.init(failure)
      default:
        self.init(
          Problem(.unavailable, "internal", "something went wrong in the server; it is logged under this request's id"),
          status: 500, isRetryable: true, isOurs: true)
      }
    }

    init(_ problem: Problem, status: Int? = nil, isRetryable: Bool? = nil, isOurs: Bool = false) {
      self.problem = problem
      self.status = status ?? Self.status(of: problem)
      self.isRetryable = isRetryable ?? problem.isRetryable
      self.isOurs = isOurs
    }

    private init(_ failure: StorageFailure) {
      switch failure {
      case .unknownOutcome:
        self.init(
          Problem(
            .unavailable, "outcome_unknown",
            "it is not known whether this was done; send the same request again under the same key"),
          isOurs: true)
      case .busy, .connectionLost, .closed, .diskFull, .diskFailed, .readOnly, .schemaMissing, .schemaTooNew, .schemaChanged:
        self.init(
          Problem(
            .unavailable, "temporarily_unavailable",
            "the server cannot store anything just now; send the same request again under the same key, or as an offline receipt"),
          isOurs: true)
      case .damaged, .constraint, .statement:
        self.init(
          Problem(.unavailable, "internal", "something went wrong in the server; it is logged under this request's id"),
          status: 500, isRetryable: true, isOurs: true)
      }
    }

    private static func status(of problem: Problem) -> Int {
      switch problem.kind {
      case .invalid: statusByCode[problem.code] ?? 422
      case .unauthenticated: 401
      case .forbidden: 403
      case .notFound: statusByCode[problem.code] ?? 404
      case .conflict: 409
      case .unavailable: statusByCode[problem.code] ?? 503
      }
    }

    private static let statusByCode = [
      "not_json": 400, "body_too_large": 413, "not_a_json_type": 415, "method_not_allowed": 405, "too_many_requests": 429,
      "too_many_codes": 429, "too_many_analyses": 429, "not_acceptable": 406, "internal": 500,
    ]

    var retryAfter: Int? {
      switch status {
      case 429: problem.code == "too_many_codes" ? 600 : problem.code == "too_many_analyses" ? 5 : 1
      case 503: problem.code == "analysis_busy" ? 5 : problem.code == "columns_missing" ? 60 : 1
      default: nil
      }
    }

    var title: String {
      switch status {
      case 400: "The request cannot be read"
      case 401: "Who asks is unknown"
      case 403: "This token may not do that"
      case 404: "There is no such thing"
      case 405: "This cannot be done here"
      case 406: "It is not written in such a form"
      case 409: "The state of things does not allow it"
      case 413: "The request is too large"
      case 415: "JSON is expected"
      case 422: "The request breaks a rule"
      case 429: "Too often"
      case 503: "Not now"
      default: "A fault of the server"
      }
    }

    /// What people read where the refusal has no sentence of its own.
    func usualText(_ audience: Audience) -> LocalText {
      switch audience {
      case .till: usualText
      case .system: usualMessage
      }
    }

    private var usualMessage: LocalText {
      switch problem.kind {
      case .invalid:
        LocalText(
          ru: "В запросе ошибка: места и что в них исправить названы в issues и detail",
          en: "The request is faulty: issues and detail name the places and what to mend")
      case .unauthenticated: LocalText(ru: "Нужен действующий токен", en: "A live token is needed")
      case .forbidden: LocalText(ru: "Этому токену это не разрешено", en: "This token may not do that")
      case .notFound: LocalText(ru: "Такого нет", en: "There is no such thing")
      case .conflict: LocalText(ru: "Сейчас это сделать нельзя", en: "This cannot be done now")
      case .unavailable:
        LocalText(
          ru: "Сейчас ответить нельзя. Повторите тот же запрос позже",
          en: "There is no answer just now. Send the same request later")
      }
    }

    /// What a cashier can read out where the refusal has no sentence of its own.
    var usualText: LocalText {
      switch problem.kind {
      case .invalid:
        LocalText(
          ru: "Касса отправила запрос с ошибкой. Продайте без карты и сообщите в поддержку",
          en: "The till sent a faulty request. Sell without the card and tell support")
      case .unauthenticated, .forbidden:
        LocalText(
          ru: "Касса не подключена к программе лояльности. Сообщите в поддержку",
          en: "The till is not connected to the loyalty programme. Tell support")
      case .notFound: LocalText(ru: "Не найдено", en: "Not found")
      case .conflict: LocalText(ru: "Сейчас это сделать нельзя", en: "This cannot be done now")
      case .unavailable:
        LocalText(
          ru: "Программа лояльности временно недоступна. Чек можно пробить, баллы придут позже",
          en: "The loyalty programme is not available just now. Sell as usual, the points will come later")
      }
    }
  }
}
