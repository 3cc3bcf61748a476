import Kernel

/// Whence a session came, as its first event that told so said it. All empty: directly.
public struct TrafficSource: Hashable, Sendable {
  /// The five labels of a link, `utm_source` and its kin, and the host of the page before.
  public var source = ""
  public var medium = ""
  public var campaign = ""
  public var content = ""
  public var term = ""
  public var referrer = ""

  public init() {}

  public static let direct = TrafficSource()
  /// What further sources are once there are `Limits.trafficSources`.
  static var other: TrafficSource {
    var other = TrafficSource()
    other.source = "(other)"
    return other
  }

  public var isDirect: Bool { self == .direct }

  /// Bytes of each label; longer ones are cut.
  static let longest = 100

  /// What tells it apart in the database. Labels hold no control characters, so a tab cannot make two alike.
  public var mark: String { [source, medium, campaign, content, term, referrer].joined(separator: "\t") }

  /// How a report names it: the link's source, else the host, else directly.
  public var name: String { !source.isEmpty ? source : !referrer.isEmpty ? referrer : "(direct)" }

  /// Labels are compared as small letters; a referrer may be a whole address, of which the host is kept, without `www.`.
  public static func label(_ text: String) -> String {
    let plain = text.lowercased().unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }
    var trimmed = String(String.UnicodeScalarView(plain)).drop(while: \.isWhitespace)
    while trimmed.last?.isWhitespace ?? false { trimmed.removeLast() }
    var cut = String(trimmed)
    while cut.utf8.count > longest { cut.removeLast() }
    return cut
  }

  public static func host(_ text: String) -> String {
    var rest = Substring(label(text))
    if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
    rest = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" && $0 != ":" }
    if rest.hasPrefix("www.") { rest = rest.dropFirst(4) }
    return String(rest)
  }

  public var group: ChannelGroup { ChannelGroup(of: self) }
}

/// What sort of channel brought somebody. The rules are asked in this order, the first that holds counts; docs/marketer/sources-and-funnels.md
/// tells them in words.
public enum ChannelGroup: String, CaseIterable, Sendable {
  case paid, email, messenger, offline, social, organic, referral, direct

  public var title: LocalText {
    switch self {
    case .paid: LocalText(ru: "Реклама", en: "Paid")
    case .email: LocalText(ru: "Письма", en: "E-mail")
    case .messenger: LocalText(ru: "Мессенджеры, SMS и пуши", en: "Messengers, SMS, push")
    case .offline: LocalText(ru: "Офлайн", en: "Offline")
    case .social: LocalText(ru: "Соцсети", en: "Social")
    case .organic: LocalText(ru: "Поиск", en: "Organic search")
    case .referral: LocalText(ru: "Ссылки с сайтов", en: "Referral")
    case .direct: LocalText(ru: "Прямые заходы", en: "Direct")
    }
  }

  public init(of source: TrafficSource) {
    let found = Self.rules.first { rule in
      rule.mediums.contains(source.medium) || rule.beginnings.contains { source.medium.hasPrefix($0) }
        || rule.sources.contains(source.source) || rule.hosts.contains { Self.isOf(source.referrer, $0) }
    }
    self = found?.group ?? (source.isDirect ? .direct : .referral)
  }

  struct Rule: Sendable {
    let group: ChannelGroup
    var mediums: Set<String> = []
    /// Of the medium.
    var beginnings: [String] = []
    var sources: Set<String> = []
    /// Without what stands before them; one that ends in a dot stands for every country's.
    var hosts: [String] = []
  }

  static let rules = [
    Rule(
      group: .paid,
      mediums: ["cpc", "ppc", "cpm", "cpa", "cpv", "cpl", "banner", "display", "retargeting", "remarketing", "affiliate", "ads"],
      beginnings: ["paid"]),
    Rule(
      group: .email, mediums: ["email", "e-mail", "e_mail", "mail", "newsletter"], sources: ["email", "e-mail", "newsletter"]),
    Rule(
      group: .messenger, mediums: ["sms", "push", "messenger", "chat", "viber", "whatsapp", "telegram", "max", "webpush"],
      sources: ["sms", "push", "telegram", "tg", "viber", "whatsapp", "wa"],
      hosts: ["t.me", "telegram.org", "web.telegram.org", "wa.me", "viber.com", "max.ru"]),
    Rule(group: .offline, mediums: ["offline", "qr", "print", "flyer", "outdoor", "store", "receipt", "tv", "radio"]),
    Rule(
      group: .social, mediums: ["social", "smm", "social-network", "social_network", "sm"],
      sources: [
        "vk", "vkontakte", "ok", "odnoklassniki", "instagram", "facebook", "youtube", "tiktok", "dzen", "rutube", "pinterest",
      ],
      hosts: [
        "vk.com", "vk.ru", "ok.ru", "instagram.com", "facebook.com", "youtube.com", "tiktok.com", "dzen.ru", "rutube.ru",
        "pinterest.",
        "twitter.com", "x.com", "linkedin.com", "reddit.com",
      ]),
    Rule(
      group: .organic, mediums: ["organic"],
      hosts: [
        "google.", "yandex.", "ya.ru", "bing.com", "go.mail.ru", "duckduckgo.com", "search.yahoo.com", "rambler.ru", "baidu.com",
      ]),
  ]

  private static func isOf(_ host: String, _ known: String) -> Bool {
    guard !host.isEmpty else { return false }
    if known.hasSuffix(".") { return host.hasPrefix(known) || host.contains("." + known) }
    return host == known || host.hasSuffix("." + known)
  }
}
