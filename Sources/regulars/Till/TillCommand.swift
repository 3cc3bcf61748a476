import Kernel

/// One thing a cashier does, as it is typed or read from a script.
enum TillCommand: Hashable, Sendable {
  case goods
  /// A code, a barcode or a place in the list of goods, and how much.
  case scan(String, Quantity)
  case remove(Int)
  case member(String, isCard: Bool)
  case nobody
  case join(String)
  case coupon(String)
  /// A gift of those that are offered.
  case choose(String)
  /// Sells a certificate for so much.
  case gift(String, Money)
  /// Pays with one.
  case certificate(String, pin: String?)
  /// Nil: as many as possible.
  case points(Int64?)
  case code(String)
  case pay(String)
  case takeBack(String, [Back])
  case drop
  case slip
  case offline
  case online
  case close
  case help
  case quit

  struct Back: Hashable, Sendable {
    let line: String
    let quantity: String
  }

  /// Words in either language.
  private static let words: [String: [String]] = [
    "goods": ["goods", "товары"], "scan": ["scan", "товар"], "remove": ["remove", "убрать"], "member": ["member", "участник"],
    "card": ["card", "карта"], "join": ["join", "вступить"], "coupon": ["coupon", "купон"], "choose": ["choose", "выбрать"],
    "gift": ["gift", "подарок"], "certificate": ["certificate", "сертификат"], "points": ["points", "баллы"],
    "code": ["code", "код"], "pay": ["pay", "оплата"], "return": ["return", "возврат"], "drop": ["drop", "сброс"],
    "slip": ["slip", "чек"], "offline": ["offline", "обрыв"], "online": ["online", "связь"], "close": ["close", "смена"],
    "help": ["help", "помощь", "?"], "quit": ["quit", "выход"],
  ]

  /// Nil where it is no command.
  init?(_ line: String) {
    let parts = line.split(separator: " ").map(String.init)
    guard let first = parts.first else { return nil }
    let word = Self.words.first { $0.value.contains(first.lowercased()) }?.key
    let rest = parts.dropFirst().joined(separator: " ")
    switch (word, rest.isEmpty) {
    case ("goods", true): self = .goods
    case ("scan", false): self.init(scanning: Array(parts.dropFirst()))
    case ("remove", false): if let number = Int(rest) { self = .remove(number) } else { return nil }
    case ("member", true): self = .nobody
    case ("member", false): self = .member(rest, isCard: false)
    case ("card", false): self = .member(rest, isCard: true)
    case ("join", false): self = .join(rest)
    case ("coupon", false): self = .coupon(rest)
    case ("choose", false): self = .choose(rest)
    case ("gift", false): self.init(selling: Array(parts.dropFirst()))
    case ("certificate", false): self.init(paying: Array(parts.dropFirst()))
    case ("points", true): self = .points(nil)
    case ("points", false): if let points = Int64(rest), points >= 0 { self = .points(points) } else { return nil }
    case ("code", false): self = .code(rest)
    case ("pay", _): self = .pay(rest.isEmpty ? "card" : rest)
    case ("return", false): self.init(returning: Array(parts.dropFirst()))
    case ("drop", true): self = .drop
    case ("slip", true): self = .slip
    case ("offline", true): self = .offline
    case ("online", true): self = .online
    case ("close", true): self = .close
    case ("help", true): self = .help
    case ("quit", true): self = .quit
    case (nil, _): self.init(scanning: parts)
    default: return nil
    }
  }

  private init?(scanning parts: [String]) {
    guard let code = parts.first, parts.count <= 2 else { return nil }
    let quantity = parts.count == 2 ? Decimal.parse(parts[1], digits: 3) : 1000
    guard let quantity, quantity > 0, quantity <= Limits.quantity else { return nil }
    self = .scan(code, Quantity(thousandths: quantity))
  }

  /// `G7K2 3000`: a certificate and what it is sold for.
  private init?(selling parts: [String]) {
    guard parts.count == 2, let minor = Decimal.parse(parts[1], digits: 2), (1...Limits.certificate).contains(minor) else {
      return nil
    }
    self = .gift(parts[0], Money(minor: minor))
  }

  /// `G7K2` or `G7K2 4711`.
  private init?(paying parts: [String]) {
    guard (1...2).contains(parts.count) else { return nil }
    self = .certificate(parts[0], pin: parts.count == 2 ? parts[1] : nil)
  }

  /// `12`, or `12 1 3*2`: of receipt 12 line 1 once and line 3 twice.
  private init?(returning parts: [String]) {
    guard let number = parts.first else { return nil }
    let lines = parts.dropFirst().map { text -> Back in
      let halves = text.split(separator: "*", maxSplits: 1).map(String.init)
      return Back(line: halves.first ?? text, quantity: halves.count == 2 ? halves[1] : "1")
    }
    self = .takeBack(number, lines)
  }
}
