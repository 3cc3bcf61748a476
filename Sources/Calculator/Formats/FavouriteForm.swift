import Conditions
import Kernel

// Favourite categories, and what rules say of them.
extension RuleReader {
  /// `[{ "code": "coffee", "name": { "ru": …, "en": … }, "icon": "☕", "goods": { "categories": ["coffee"] } }, …]`
  public mutating func favourites(_ node: JSONNode) -> [FavouriteCategory] {
    var found: [FavouriteCategory] = []
    for item in node.items(max: Limits.favourites) {
      item.expect("code", "name", "icon", "goods")
      let required = ["code", "name", "goods"].map { item[$0].required() }
      guard required.allSatisfy({ $0 }), let code = Self.favouriteCode(item["code"]), let name = Self.name(item["name"]) else {
        continue
      }
      if found.contains(where: { $0.code == code }) {
        item["code"].refuse("repeated", "the favourite category \"\(code)\" is listed twice")
      }
      found.append(FavouriteCategory(code: code, name: name, icon: Self.icon(item["icon"]), goods: filter(item["goods"])))
    }
    return found
  }

  private static func name(_ node: JSONNode) -> LocalText? {
    node.expect("ru", "en")
    let required = ["ru", "en"].map { node[$0].required() }
    guard required.allSatisfy({ $0 }), let ru = node["ru"].text(max: Limits.name), let en = node["en"].text(max: Limits.name) else {
      return nil
    }
    return LocalText(ru: ru, en: en)
  }

  /// Small letters, digits and hyphens.
  private static func favouriteCode(_ node: JSONNode) -> String? {
    guard let code = node.code() else { return nil }
    let isPlain = code.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || byte == UInt8(ascii: "-")
    }
    if isPlain { return code }
    node.refuse("not_a_code", "the code of a favourite category is small Latin letters, digits and hyphens")
    return nil
  }

  private static func icon(_ node: JSONNode) -> String? {
    guard let text = node.text(max: 16) else { return nil }
    if text.count <= 2 { return text }
    node.refuse("too_long", "an icon is one picture character, two at the most")
    return nil
  }

  /// `{ "favourites": true }`
  func favourites(_ node: JSONNode) -> ProductFilter {
    guard node.isTrue("leave the filter out to mean all goods") else { return .everything }
    if knowsFavourites { return .favourites }
    node.refuse("no_favourites", "favourites cannot be meant here: the programme offers none, or no member is looked at")
    return .everything
  }
}

extension RuleWriter {
  func favourite(_ category: FavouriteCategory) -> JSON {
    .object([
      "code": .string(category.code), "name": category.name.json, "icon": category.icon.map(JSON.string),
      "goods": filter(category.goods) ?? .object(["all": []]),
    ])
  }
}
