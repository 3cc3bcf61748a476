import Access
import Engagement
import Insight
import Jobs
import Kernel
import Loyalty

/// Words about background work. What has none is shown by its own name.
enum JobWords {
  static func kind(_ kind: String, _ reader: Reader) -> String {
    switch kind {
    case CodeLetter.job: reader("Код на телефон", "Code to a telephone")
    case StaffLetter.job: reader("Письмо сотруднику", "Letter to the staff")
    case ReportPost.job: reader("Рассылка отчёта", "Report by mail")
    case ReplayJob.job: reader("Повтор вебхука", "Webhook sent again")
    case CouponCodes.issuing: reader("Выпуск купонов", "Coupons issued")
    case CertificateCodes.issuing: reader("Выпуск сертификатов", "Certificates issued")
    case BulkActions.job: reader("Действие над сегментом", "Action on a segment")
    case "import": reader("Импорт", "Import")
    default: kind
    }
  }

  static func chore(_ name: String, _ reader: Reader) -> String {
    switch name {
    case "points": reader("Баллы: активация и сгорание", "Points: activation and expiry")
    case "request-keys": reader("Старые ключи запросов", "Old request keys")
    case "retention": reader("Удаление старого", "Removal of what is old")
    case "shifts": reader("Сверка смен", "Shifts looked at again")
    case "shopper-spread": reader("Как покупают участники", "How members buy")
    case "points-owed": reader("Баллы у участников", "Points owed")
    case "points-flows": reader("Движение баллов", "Points roll-forward")
    case "coupon-use": reader("Подсчёт купонов", "Count of coupons")
    case "certificate-ages": reader("Подсчёт сертификатов", "Count of certificates")
    case "reports": reader("Рассылки отчётов", "Schedules of reports")
    case "funding-goods": reader("Товары в актах за прошлые дни", "Goods on acts of earlier days")
    case "silent-tills": reader("Молчащие кассы", "Silent tills")
    default: name
    }
  }

  static func follower(_ name: String, _ reader: Reader) -> String {
    switch name {
    case "relay": reader("Нумерация событий", "Numbering of events")
    case "store-days": reader("Дни магазинов", "Days of stores")
    case "member-days": reader("Дни участников", "Days of members")
    default: name
    }
  }

  /// The plain words that are kept of an error.
  static func cause(_ word: String, _ reader: Reader) -> String {
    switch word {
    case JobStopped.word: reader("остановлено сотрудником", "stopped by the staff")
    case "": reader("неизвестно", "unknown")
    case "the mail server refused user and password": reader("почтовый сервер не принял имя и пароль", word)
    case "the columns for analysis are not on this machine":
      reader("на этом сервере нет столбцов для анализа", word)
    case "another instance is sending it": reader("отправляет другой сервер", word)
    case "nobody may see it and has an address": reader("отчёт никому не открыт или почта не задана", word)
    case "the report is in the archive": reader("отчёт в архиве", word)
    case "the server stopped while it was handed over": reader("сервер остановился во время передачи", word)
    case "the mail server offers no TLS": reader("почтовый сервер не предлагает шифрования", word)
    case "the mail server's certificate cannot be trusted": reader("сертификату почтового сервера нельзя верить", word)
    case "the mail server took too long": reader("почтовый сервер не ответил вовремя", word)
    case let word where word.hasPrefix("the mail server answered "):
      reader("почтовый сервер ответил \(word.dropFirst("the mail server answered ".count))", word)
    case let word where word.hasPrefix("the mail server: "):
      reader("почтовый сервер: \(word.dropFirst("the mail server: ".count))", word)
    case let word where word.hasPrefix("storage: "): reader("база данных: \(word.dropFirst("storage: ".count))", word)
    case let word where word.hasPrefix("refused: "): reader("отказ: \(word.dropFirst("refused: ".count))", word)
    default: word
    }
  }
}

extension ChoreState {
  /// A chore that was due for longer than this and has not begun is late.
  static let grace = Span.minutes(2)

  var isRunning: Bool {
    guard let started = startedAt else { return false }
    return endedAt.map { $0 < started } ?? true
  }

  /// Nil where it is on time.
  func lateness(at now: Instant) -> Span? {
    let late = now - dueAt
    // One that is under way renews its lease; one whose instance died does not end, and is late by its own due time.
    return late > Self.grace && !(isRunning && now - (startedAt ?? now) < .hours(1)) ? late : nil
  }
}
