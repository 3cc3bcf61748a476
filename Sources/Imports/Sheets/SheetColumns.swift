import Conditions
import Kernel

/// What the columns of a promotion sheet mean, by their names.
struct SheetColumns {
  enum Role: Hashable {
    case code, barcode, name, from, through, zone, price, percent
  }

  let roles: [Role: Int]
  /// Columns that are price zones; nil stands for every zone without a column.
  let zones: [(column: Int, zone: PriceZoneID?)]
  /// Columns that mean nothing here, by name.
  let unused: [String]

  /// A zone in each row, instead of a column for each.
  var isLong: Bool { roles[.zone] != nil || zones.isEmpty }

  init(_ header: [String], zones known: [String: PriceZoneID]) {
    var roles: [Role: Int] = [:]
    var zones: [(column: Int, zone: PriceZoneID?)] = []
    var unused: [String] = []
    for (column, title) in header.enumerated() where !title.isEmpty {
      let name = Self.folded(title)
      if let zone = Self.zone(title, known) {
        zones.append((column, zone))
      } else if let role = Self.words[name], roles[role] == nil {
        roles[role] = column
      } else {
        unused.append(title)
      }
    }
    (self.roles, self.zones, self.unused) = (roles, zones, unused)
  }

  /// A zone by its code or name; a word for all of them is `.some(nil)`; nil where it is neither.
  static func zone(_ text: String, _ known: [String: PriceZoneID]) -> PriceZoneID?? {
    let name = folded(text)
    if text == "*" || everywhere.contains(name) { return .some(nil) }
    return known[text].map { .some($0) } ?? known[name].map { .some($0) }
  }

  /// Letters and digits alone, small, ё as е.
  static func folded(_ text: String) -> String {
    String(text.lowercased().map { $0 == "ё" ? "е" : $0 }.filter { $0.isLetter || $0.isNumber || $0 == "%" })
  }

  private static let everywhere: Set<String> = ["все", "всезоны", "везде", "all", "everywhere", "allzones"]

  private static let words: [String: Role] = {
    let lists: [(Role, [String])] = [
      (.code, ["код", "кодтовара", "артикул", "sku", "code", "product", "productcode", "товар", "productid", "id"]),
      (.barcode, ["штрихкод", "шк", "barcode", "ean", "gtin", "ean13"]),
      (.name, ["название", "наименование", "наименованиетовара", "name", "title", "description"]),
      (.from, ["с", "от", "from", "since", "начало", "действуетс", "датаначала", "датас", "start"]),
      (.through, ["по", "до", "through", "until", "to", "конец", "действуетпо", "действуетдо", "датаокончания", "датапо", "end"]),
      (.zone, ["зона", "ценоваязона", "zone", "pricezone"]),
      (.price, ["цена", "ценапокарте", "ценаучастника", "ценаакции", "акционнаяцена", "price", "memberprice", "cardprice"]),
      (.percent, ["скидка", "скидка%", "процент", "%", "percent", "discount", "discount%"]),
    ]
    var words: [String: Role] = [:]
    for (role, names) in lists { for name in names { words[name] = role } }
    return words
  }()
}
