import Kernel
import Testing

@Suite struct `phones` {
  @Test(arguments: [
    "+7 916 123-45-67", "8 (916) 123-45-67", "89161234567", "9161234567", "79161234567", "+79161234567", "007 916 123 45 67",
    "8.916.123.45.67", "+7(916)1234567", "8\u{a0}916\u{a0}123\u{2011}45\u{2013}67", " 8 916 123 45 67 ", "8-916-123/45/67",
    "\u{202a}+7 916 123-45-67\u{202c}", "810 7 916 123 45 67", "8~10 7 916 123 45 67",
  ])
  func `are understood as people in Russia write them`(_ text: String) {
    #expect(Phone(text)?.e164 == "+79161234567")
  }

  @Test(arguments: [
    ("8 800 555-35-35", "7", "+78005553535"), ("+49 30 1234567", "7", "+49301234567"), ("0049 30 1234567", "7", "+49301234567"),
    ("8 10 49 30 1234567", "7", "+49301234567"), ("810 375 29 123 45 67", "7", "+375291234567"),
    ("+375 29 123-45-67", "7", "+375291234567"),
    ("07700 900123", "44", "+447700900123"), ("7700 900123", "44", "+447700900123"), ("447700900123", "44", "+447700900123"),
    ("+44 7700 900123", "44", "+447700900123"), ("(212) 555-0123", "1", "+12125550123"), ("1 212 555 0123", "1", "+12125550123"),
    ("030 1234567", "49", "+49301234567"), ("+1 212 555 0123", "7", "+12125550123"), ("8 (727) 250-00-00", "7", "+77272500000"),
  ])
  func `of other countries and habits are understood`(_ text: String, _ country: String, _ e164: String) {
    #expect(Phone(text, country: country)?.e164 == e164)
  }

  @Test(arguments: [
    "", " ", "+", "8", "123", "0161234567", "+0 916 123 45 67", "+7 916 123 45 6", "+7 916 123 45 678", "++79161234567",
    "7+9161234567", "phone", "916 123 45 67 доб. 2", "+1234567890123456", "٨٩١٦١٢٣٤٥٦٧", "+7916123456７",
    "8916 1234567, 8916 7654321", "00",
    "+1 212 555 012", "12345678901234567890",
  ])
  func `that nobody can call are refused`(_ text: String) {
    #expect(Phone(text) == nil)
  }

  @Test func `are shown masked`() {
    #expect(Phone("89161234567")?.masked == "+7********67")
    #expect(Phone("+4930123456")?.masked == "+4*******56")
  }
}

@Suite struct `addresses of mail` {
  @Test(arguments: [
    ("Ann@Example.COM", "ann@example.com"), ("a.b+c@shop.example", "a.b+c@shop.example"), ("ВАСЯ@почта.рф", "вася@почта.рф"),
    ("o'neill_1-2@a-b.co", "o'neill_1-2@a-b.co"),
  ])
  func `are lower case`(_ text: String, _ lowered: String) {
    #expect(Email(text)?.text == lowered)
  }

  @Test(arguments: [
    "", "@", "a", "a@", "@b.ru", "a@b", "a@b.", "a@.ru", "a@b..ru", "a..b@c.ru", ".a@b.ru", "a.@b.ru", "a b@c.ru", "a@b@c.ru",
    "a@-b.ru",
    "a@b-.ru", "a@b.ru,c@d.ru", "<a@b.ru>", "a@[1.2.3.4]", "a\r\nbcc:x@b.ru", "a\r\nx@b.ru", "a@b.ru\r\n", "a\0@b.ru",
    "a\u{a0}@b.ru",
    "a\u{2028}@b.ru", String(repeating: "a", count: 65) + "@b.ru", "a@" + String(repeating: "b", count: 260) + ".ru",
  ])
  func `that nobody can write to are refused`(_ text: String) {
    #expect(Email(text) == nil)
  }
}

@Suite struct `folded text` {
  @Test(arguments: [
    ("Ёлка", "елка"), ("ЕЛКА", "елка"), ("  Иван\t\nПЕТРОВ ", "иван петров"), ("Straße", "straße"), ("", ""), (" \u{a0} ", ""),
    ("И\u{306}од", "йод"), ("е\u{308}ж", "еж"), ("Ёж", "еж"), ("ÅNGSTRÖM", "ångström"),
  ])
  func `is found however it was written`(_ text: String, _ key: String) {
    #expect(folded(text) == key)
  }

  @Test func `folding twice changes nothing`() {
    for text in ["Ёлка ПАЛКА", "  a  b ", "İstanbul", "Å", "й Й И\u{306}", "ß", "e\u{301}"] {
      #expect(folded(folded(text)) == folded(text), "\(text)")
    }
  }
}
