import Access
import Kernel
import Loyalty

/// What certificates and their series are called.
struct CertificateWords {
  let reader: Reader

  func use(_ use: CertificateSeriesDetails.Use) -> String {
    switch use {
    case .single: reader("на один чек", "for one receipt")
    case .partial: reader("по частям", "in parts")
    case .reloadable: reader("по частям, с пополнением", "in parts, and reloadable")
    }
  }

  func face(_ face: CertificateSeriesDetails.Face) -> String {
    switch face {
    case .fixed(let money): reader.money(money)
    case .free(let range): "\(reader.amount(range.lowerBound))–\(reader.money(range.upperBound))"
    }
  }

  func life(_ days: Int?) -> String {
    days.map { reader.count($0, ("день", "дня", "дней"), ("day", "days")) } ?? reader("без срока", "without end")
  }

  func badge(_ series: CertificateSeriesDetails) -> Markup {
    series.isClosed
      ? "<span class=\"badge\">\(reader("продажа закрыта", "not sold any more"))</span>"
      : "<span class=\"badge good\">\(Icon.check.usual)\(reader("продаётся", "on sale"))</span>"
  }

  func badge(_ certificate: Certificate, at now: Instant) -> Markup {
    if certificate.isLocked { return warning(reader("закрыт после неверных ПИН", "locked after wrong PINs")) }
    switch certificate.state {
    case .blank: return "<span class=\"badge\">\(reader("не продан", "not sold"))</span>"
    case .spent: return "<span class=\"badge\">\(reader("израсходован", "used up"))</span>"
    case .lapsed: return "<span class=\"badge\">\(reader("сгорел", "lapsed"))</span>"
    case .void: return warning(reader("заблокирован", "blocked"))
    case .active: break
    }
    if let until = certificate.until, until <= now { return "<span class=\"badge\">\(reader("истёк", "expired"))</span>" }
    if let held = certificate.held, held.until > now { return warning(reader("занят открытой корзиной", "set aside for a basket")) }
    return "<span class=\"badge good\">\(Icon.check.usual)\(reader("действует", "good"))</span>"
  }

  private func warning(_ text: String) -> Markup { "<span class=\"badge warn\">\(text)</span>" }

  func kind(_ kind: CertificateEntry.Kind) -> String {
    switch kind {
    case .sold: reader("Продан", "Sold")
    case .loaded: reader("Пополнен", "Loaded")
    case .paid: reader("Оплата", "Paid")
    case .refunded: reader("Возврат товара", "Goods came back")
    case .lapsed: reader("Сгорело", "Lapsed")
    case .restored: reader("Восстановлено", "Restored")
    case .takenBack: reader("Сертификат возвращён", "The certificate came back")
    case .voided: reader("Заблокирован", "Blocked")
    case .adjusted: reader("Исправлено вручную", "Changed by hand")
    case .given: reader("Выдан по акции", "Given by a promotion")
    case .opened: reader("Перенесён из другой системы", "Taken over")
    }
  }
}
