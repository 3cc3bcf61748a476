import Kernel

/// What somebody did. Those that the program knows have a name of their own; everybody's own begin with `x-`, so that a misspelt one is
/// refused and not counted as something new.
public struct EventKind: Hashable, Sendable {
  public let code: String

  /// Nil for a word that is neither known nor of one's own: `x-` and small letters, digits and hyphens, 40 characters at most.
  public init?(_ code: String) {
    guard Self.known.contains(where: { $0.code == code }) || Self.isOwn(code) else { return nil }
    self.code = code
  }

  private init(known code: String) { self.code = code }

  private static func isOwn(_ code: String) -> Bool {
    code.hasPrefix("x-") && (3...40).contains(code.utf8.count)
      && code.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
  }

  public static let pageView = EventKind(known: "pageView")
  public static let productView = EventKind(known: "productView")
  public static let search = EventKind(known: "search")
  public static let cartAdd = EventKind(known: "cartAdd")
  public static let cartRemove = EventKind(known: "cartRemove")
  public static let checkout = EventKind(known: "checkout")
  public static let order = EventKind(known: "order")
  public static let click = EventKind(known: "click")
  public static let open = EventKind(known: "open")
  public static let signUp = EventKind(known: "signUp")
  public static let appOpen = EventKind(known: "appOpen")

  public static let known: [EventKind] = [
    .pageView, .productView, .search, .cartAdd, .cartRemove, .checkout, .order, .click, .open, .signUp, .appOpen,
  ]

  public var isOwn: Bool { code.hasPrefix("x-") }

  /// As people read it.
  public var title: LocalText {
    switch code {
    case "pageView": LocalText(ru: "Просмотр страницы", en: "Page view")
    case "productView": LocalText(ru: "Просмотр товара", en: "Product view")
    case "search": LocalText(ru: "Поиск", en: "Search")
    case "cartAdd": LocalText(ru: "В корзину", en: "Added to cart")
    case "cartRemove": LocalText(ru: "Из корзины", en: "Removed from cart")
    case "checkout": LocalText(ru: "Оформление", en: "Checkout")
    case "order": LocalText(ru: "Заказ", en: "Order")
    case "click": LocalText(ru: "Переход по ссылке", en: "Click")
    case "open": LocalText(ru: "Открытие письма", en: "Open")
    case "signUp": LocalText(ru: "Регистрация", en: "Sign-up")
    case "appOpen": LocalText(ru: "Запуск приложения", en: "App opened")
    default: .sign(code)
    }
  }
}
