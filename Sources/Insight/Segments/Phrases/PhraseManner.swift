import Conditions

extension PhraseParse {
  private static let site = PhraseLexicon.of("site website сайт сайте")
  private static let app = PhraseLexicon.of("app application приложение приложении")
  private static let phone = PhraseLexicon.of("phone telephone телефону телефон")
  private static let online = PhraseLexicon.of("online онлайн он-лайн")

  /// Where it was ordered: на сайте, в приложении, онлайн, by phone.
  mutating func channels() -> [Channel]? {
    if take(Self.online) { return [.web, .app] }
    return attempt { parse -> [Channel]? in
      guard ["в", "во", "на", "через", "по", "in", "on", "through", "via", "by"].contains(parse.text(parse.at)) else { return nil }
      parse.at += 1
      _ = parse.take("the") || parse.take("our") || parse.take("наш") || parse.take("нашем")
      if parse.take(Self.site) { return [.web] }
      if parse.take(Self.app) { return [.app] }
      return parse.take(Self.phone) ? [.phone] : nil
    }
  }
}
