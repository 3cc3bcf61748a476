/// A table of the feed: what each of its columns holds stands here once, and `schema.json` beside the files and
/// docs/formats/feed.md say the same.
public enum FeedTable: String, Sendable, CaseIterable {
  case stores, categories, products, promotions, tiers, segments
  case members
  case segmentMembers = "segment_members"
  case documents, lines
  case linePromotions = "line_promotions"
  case points

  /// What a delivery of changes holds of it.
  public enum Share: String, Sendable {
    /// All of it in every delivery: what is missing is gone.
    case whole
    /// Rows that are new or other than before, to be put in the place of those with the same key.
    case rows
    /// Everything about the documents of this delivery, to be put in the place of all that was known about them.
    case documents
  }

  public var share: Share {
    switch self {
    case .stores, .categories, .products, .promotions, .tiers, .segments: .whole
    case .members, .segmentMembers, .documents, .points: .rows
    case .lines, .linePromotions: .documents
    }
  }

  /// Names of the columns that tell a row from all others.
  public var key: [String] {
    switch self {
    case .stores: ["store"]
    case .categories: ["category"]
    case .products: ["product"]
    case .promotions: ["promotion"]
    case .tiers: ["tier"]
    case .segments: ["segment"]
    case .members: ["member"]
    case .segmentMembers: ["segment", "member"]
    case .documents: ["document"]
    case .lines: ["document", "line"]
    case .linePromotions: ["document", "line", "promotion"]
    case .points: ["posting", "entry"]
    }
  }

  public var columns: [FeedColumn] {
    switch self {
    case .stores, .categories, .products, .promotions, .tiers, .segments: catalogue
    case .members, .segmentMembers: people
    case .documents, .lines, .linePromotions, .points: facts
    }
  }
}

/// A column of a feed's table.
public struct FeedColumn: Hashable, Sendable {
  public enum Kind: String, Sendable {
    /// One of our ids, such as `rec_0f5…`: letters that never change.
    case id
    /// What the retailer calls it.
    case code
    case text
    case whole
    /// Decimals of the programme's currency, its points and thousandths.
    case money, points, quantity
    /// `2026-11-27`, by the store's business day.
    case day
    /// RFC 3339 in UTC.
    case time
    /// `1` or `0`.
    case flag
    /// Words with a space between two.
    case words
    case json
  }

  public let name: String
  public let kind: Kind
  public let meaning: String

  init(_ name: String, _ kind: Kind, _ meaning: String) {
    (self.name, self.kind, self.meaning) = (name, kind, meaning)
  }
}

extension FeedTable {
  private var catalogue: [FeedColumn] {
    switch self {
    case .stores:
      [
        FeedColumn("store", .code, "the store's code"), FeedColumn("name", .text, ""),
        FeedColumn("brand", .code, "the chain's sign"),
        FeedColumn("legal_entity", .code, "who sells there"), FeedColumn("price_zone", .code, ""), FeedColumn("region", .text, ""),
        FeedColumn("city", .text, ""), FeedColumn("street", .text, ""),
        FeedColumn("zone", .text, "its time zone, as Europe/Moscow"),
        FeedColumn("is_closed", .flag, "for good"),
        FeedColumn("format", .text, "what kind of shop it is, in the retailer's word"),
      ]
    case .categories:
      [
        FeedColumn("category", .code, ""), FeedColumn("name_ru", .text, ""), FeedColumn("name_en", .text, ""),
        FeedColumn("parent", .code, "the category above; empty at the top"),
      ]
    case .products:
      [
        FeedColumn("product", .code, "the article"), FeedColumn("name_ru", .text, ""), FeedColumn("name_en", .text, ""),
        FeedColumn("category", .code, ""), FeedColumn("brand", .code, "the product's, not the store's"),
        FeedColumn("manufacturer", .code, ""), FeedColumn("unit", .text, "what a quantity counts"),
        FeedColumn("barcodes", .words, ""), FeedColumn("is_archived", .flag, "no longer sold"),
      ]
    case .promotions: Self.promotionColumns
    case .tiers:
      [
        FeedColumn("tier", .code, ""), FeedColumn("name_ru", .text, ""), FeedColumn("name_en", .text, ""),
        FeedColumn("rank", .whole, "the higher is the better"),
      ]
    default:
      [
        FeedColumn("segment", .code, ""), FeedColumn("name_ru", .text, ""), FeedColumn("name_en", .text, ""),
        FeedColumn("kind", .text, "dynamic, static, snapshot"),
      ]
    }
  }

  private static let promotionColumns = [
    FeedColumn("promotion", .code, ""), FeedColumn("name_ru", .text, ""), FeedColumn("name_en", .text, ""),
    FeedColumn("status", .text, "draft, running, paused, archived"),
    FeedColumn("version", .whole, "counts the changes, from 1"),
    FeedColumn("rules", .json, "as a rules file says it"),
  ]

  private var people: [FeedColumn] {
    self == .members
      ? [
        FeedColumn("member", .id, ""), FeedColumn("code", .code, "the retailer's own code of the member"),
        FeedColumn("kind", .text, "person, anonymous, employee, company, store-card, test"),
        FeedColumn("status", .text, "active, blocked, erased"), FeedColumn("joined_at", .time, ""),
        FeedColumn("joined_in", .code, "the store"), FeedColumn("merged_into", .id, "who stands for the member now"),
        FeedColumn("household", .id, ""), FeedColumn("tier", .code, "in force when it was written"),
        FeedColumn("birth_year", .whole, "of the birthday nothing else"), FeedColumn("sex", .text, "female, male"),
        FeedColumn("city", .text, ""), FeedColumn("language", .text, "ru, en"),
        FeedColumn("consents", .words, "those that stand"),
      ]
      : [
        FeedColumn("segment", .code, ""), FeedColumn("member", .id, ""),
        FeedColumn("is_in", .flag, "0: was in it before and is no longer"),
      ]
  }

  private var facts: [FeedColumn] {
    switch self {
    case .documents: Self.documentColumns
    case .lines: Self.lineColumns
    case .linePromotions:
      [
        FeedColumn("document", .id, ""), FeedColumn("line", .whole, ""),
        FeedColumn("promotion", .code, "gave money off this line, or points on it"),
      ]
    default: Self.pointColumns
    }
  }

  private static let documentColumns = [
    FeedColumn("document", .id, "a sale, or what one return took back of one receipt"),
    FeedColumn("state", .text, "sale, undone (a sale of which everything came back), returned, cancelled (counts for nothing)"),
    FeedColumn("sale", .id, "of a return: the sale it took back; empty without a receipt"),
    FeedColumn("member", .id, "whoever it counts for now; empty for nobody"), FeedColumn("store", .code, ""),
    FeedColumn("register", .text, ""), FeedColumn("shift", .whole, ""), FeedColumn("number", .text, "as printed"),
    FeedColumn("business_day", .day, ""), FeedColumn("happened_at", .time, ""), FeedColumn("channel", .text, "till, shop, app"),
    FeedColumn("tenders", .words, "how it was paid"), FeedColumn("coupons", .words, "series of coupons that were good"),
    FeedColumn("tier", .code, "the member's, at the sale"),
  ]

  private static let lineColumns = [
    FeedColumn("document", .id, ""), FeedColumn("line", .whole, "from 1"),
    FeedColumn("product", .code, "empty where nobody knows it"),
    FeedColumn("quantity", .quantity, "below zero on returns, as all sums of them"),
    FeedColumn("shelf", .money, "price times quantity before anything was taken off: the sum of the next four"),
    FeedColumn("till_reduced", .money, "taken off by the till itself"), FeedColumn("discount", .money, "taken off by promotions"),
    FeedColumn("paid_with_points", .money, ""), FeedColumn("amount", .money, "paid with money"),
    FeedColumn("points_spent", .points, ""), FeedColumn("points_earned", .points, ""),
    FeedColumn("cost", .money, "of the goods, by price zone and day; empty where the catalogue has none"),
  ]

  private static let pointColumns = [
    FeedColumn("posting", .id, "what was written down at once"), FeedColumn("entry", .whole, "from 1"),
    FeedColumn("member", .id, ""),
    FeedColumn("cause", .text, "why"), FeedColumn("cause_id", .id, "the sale, return or adjustment; empty where time did it"),
    FeedColumn("from_account", .text, ""), FeedColumn("to_account", .text, ""), FeedColumn("points", .points, "above zero"),
    FeedColumn("lot", .whole, "the member's lot"), FeedColumn("happened_at", .time, ""),
    FeedColumn("posted_at", .time, "when the books learnt of it"),
  ]
}
