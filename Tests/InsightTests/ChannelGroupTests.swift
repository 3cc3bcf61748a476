import Insight
import Testing

@Suite struct `A source` {
  private static func source(_ source: String, _ medium: String, _ referrer: String = "") -> TrafficSource {
    var traffic = TrafficSource()
    (traffic.source, traffic.medium) = (TrafficSource.label(source), TrafficSource.label(medium))
    traffic.referrer = TrafficSource.host(referrer)
    return traffic
  }

  private static let cases: [(TrafficSource, ChannelGroup)] = [
    (source("", ""), .direct), (source("yandex", "cpc"), .paid), (source("vk", "paid_social"), .paid),
    (source("google", "organic"), .organic),
    (source("", "", "https://www.google.de/search?q=tea"), .organic), (source("", "", "ya.ru"), .organic),
    (source("", "", "yandex.ru"), .organic), (source("", "", "notyandex.ru"), .referral),
    (source("", "", "https://vk.com/away"), .social), (source("vk", "post"), .social), (source("mailing", "Email"), .email),
    (source("newsletter", ""), .email), (source("", "", "https://t.me/lavka"), .messenger), (source("crm", "sms"), .messenger),
    (source("poster", "qr"), .offline), (source("", "", "https://blog.example/tea"), .referral),
    (source("partner", "banner"), .paid),
    (source("partner", "link"), .referral), (source("", "", "https://sub.facebook.com:443/a"), .social),
  ]

  @Test(arguments: 0..<cases.count) func `belongs to a channel by its labels and its referrer`(place: Int) {
    let (source, group) = Self.cases[place]
    #expect(source.group == group, "\(source)")
  }

  @Test func `is compared without case, and cut where it is long`() {
    #expect(TrafficSource.label("  Yandex\t\n") == "yandex")
    #expect(TrafficSource.label(String(repeating: "ж", count: 80)).utf8.count == 100)
    #expect(TrafficSource.host("HTTPS://WWW.Site.ru/a?b#c") == "site.ru" && TrafficSource.host("site.ru:8080") == "site.ru")
  }

  @Test func `is named by its label, else by the host, else direct`() {
    #expect(Self.source("a", "", "b.ru").name == "a" && Self.source("", "x", "b.ru").name == "b.ru")
    #expect(Self.source("", "").name == "(direct)")
  }

  @Test func `kinds of events are known, or one's own`() {
    #expect(EventKind("pageView") == .pageView && EventKind("x-quiz") != nil)
    for wrong in ["pageview", "x-", "x-Quiz", "", "X-quiz", "x-" + String(repeating: "a", count: 39)] {
      #expect(EventKind(wrong) == nil, "\(wrong)")
    }
  }

  @Test func `a page is kept without what may be somebody's`() {
    #expect(NewEvent.path("https://site.ru/a/b?token=1#x") == "/a/b" && NewEvent.path("sale?x=1") == "/sale")
    #expect(NewEvent.path("https://site.ru") == "/")
  }
}
