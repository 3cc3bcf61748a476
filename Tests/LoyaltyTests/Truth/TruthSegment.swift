import Conditions
import Customers
import Insight
import Kernel
import Storage

/// Segments as SQL: a predicate about the member `m` and what is known of them in `o`. Each part is 1 or 0, never unknown, so that "none of
/// these" is what it says.
struct TruthSegment {
  let sql: TruthSQL
  /// As of which is asked.
  let day: CivilDay
  let now: Instant
  /// Something that SQL forgets on purpose about what members may use.
  var neglecting: Neglect?

  func members(of condition: SegmentCondition) -> String {
    """
    with recursive \(sql.up)
    select m.owner_id from member m left join member_person o on o.owner_id = m.owner_id
    where m.programme_id = \(sql.programme) and m.merged_into is null and m.status <> 'erased' and \(predicate(condition))
    order by m.owner_id
    """
  }

  private func predicate(_ condition: SegmentCondition) -> String { "case when \(claim(condition)) then 1 else 0 end = 1" }

  private func claim(_ condition: SegmentCondition) -> String {
    switch condition {
    case .all(let parts): return joined(parts, "and", "1 = 1")
    case .any(let parts): return joined(parts, "or", "1 = 0")
    case .none(let parts): return "not (\(joined(parts, "or", "1 = 0")))"
    case .bought(let purchase, let amount, let bounds): return within("(\(sum(purchase, amount)))", bounds)
    case .lastBought(let purchase, let bounds):
      return within("(select \(day.number) - max(f.day) from truth_fact f where \(kept(purchase, "f")))", bounds)
    case .sequence(let first, let then, let days, let happens): return sequence(first, then, days, happens)
    case .scored(let scores): return scored(scores)
    case .member(let condition):
      if case .privileges = condition { return right(.member(condition)) }
      return known(condition)
    case .sex(let sex): return "o.sex = '\(sex.rawValue)'"
    case .age(let bounds): return "o.birthday is not null and \(within(sql.age("o.birthday", on: day), bounds))"
    case .cities(let names): return "lower(o.city) in (\(texts(names.map { $0.lowercased() })))"
    case .joined(let bounds): return within("(\(day.number) - m.joined_at / 86400000000)", bounds)
    case .coupons, .offers, .agreed: return right(condition)
    case .did, .points, .identified, .random: preconditionFailure("no table says it alone: \(condition)")
    }
  }

  private func joined(_ parts: [SegmentCondition], _ word: String, _ nothing: String) -> String {
    parts.isEmpty ? nothing : parts.map { "(\(predicate($0)))" }.joined(separator: " \(word) ")
  }

  func within(_ value: String, _ bounds: Bounds) -> String {
    let parts = [bounds.atLeast.map { "\(value) >= \($0)" }, bounds.atMost.map { "\(value) <= \($0)" }].compactMap(\.self)
    return "(\(value) is not null\(parts.map { " and " + $0 }.joined()))"
  }

  func texts(_ words: [String]) -> String { words.map { "'\($0)'" }.joined(separator: ", ") }
  func numbers(_ numbers: some Sequence<Int64>) -> String { numbers.map { "\($0)" }.joined(separator: ", ") }

  private func sum(_ purchase: SegmentCondition.Purchase, _ amount: SegmentCondition.Amount) -> String {
    let bills = "count(distinct case when f.counts = 1 then f.document end)"
    let value =
      switch amount {
      case .receipts: bills
      case .visits:
        "count(distinct case when f.counts = 1 then cast(f.store_id as text) || ' ' || cast(f.day as text) end)"
      case .money: "coalesce(cast(sum(f.amount) as bigint), 0)"
      case .units: "coalesce(cast(sum(f.quantity) as bigint), 0)"
      case .averageReceipt: "case when \(bills) > 0 then cast(sum(f.amount) as bigint) / \(bills) end"
      case .products: "count(distinct case when f.counts = 1 then f.product end)"
      }
    return "select \(value) from truth_fact f where \(lines(purchase, "f"))"
  }

  /// Lines of the member that the purchase means, whatever became of them.
  private func lines(_ purchase: SegmentCondition.Purchase, _ f: String) -> String {
    var parts = ["\(f).member = m.owner_id", "\(f).day <= \(day.number)", goods(purchase.goods, f)]
    switch purchase.window {
    case .always: break
    case .last(let days): parts.append("\(f).day > \(day.number) - \(days)")
    case .between(let first, let last): parts.append("\(f).day between \(first.number) and \(last.number)")
    }
    if !purchase.stores.isEmpty {
      parts.append("\(f).store_id in (select id from store where code in (\(texts(purchase.stores))))")
    }
    if !purchase.cities.isEmpty {
      let cities = texts(purchase.cities.map { $0.lowercased() })
      parts.append("\(f).store_id in (select id from store where lower(city) in (\(cities)))")
    }
    if !purchase.weekdays.isEmpty {
      parts.append("(\(f).day + 3) % 7 + 1 in (\(numbers(purchase.weekdays.map { Int64($0) })))")
    }
    if let hours = purchase.hours { parts.append("\(f).minute / 60 between \(hours.lowerBound) and \(hours.upperBound)") }
    if !purchase.manner.channels.isEmpty { parts.append("\(f).channel in (\(texts(purchase.manner.channels.map(\.rawValue))))") }
    return parts.joined(separator: " and ")
  }

  /// Of sales of which something stayed.
  private func kept(_ purchase: SegmentCondition.Purchase, _ f: String) -> String { lines(purchase, f) + " and \(f).counts = 1" }

  private func goods(_ filter: ProductFilter, _ f: String) -> String {
    filter == .everything ? "1 = 1" : "\(f).product in (select p.id from product p where \(product(filter)))"
  }

  private func product(_ filter: ProductFilter) -> String {
    func among(_ column: String, _ ids: [Int64]) -> String { "coalesce(\(column), 0) in (\(numbers(ids)))" }
    func joined(_ filters: [ProductFilter], _ word: String) -> String {
      "(\(filters.map { "(\(product($0)))" }.joined(separator: " \(word) ")))"
    }
    return switch filter {
    case .everything: "1 = 1"
    case .products(let ids): among("p.id", ids.raws)
    case .categories(let ids): "exists (select 1 from up u where u.leaf = p.category_id and u.id in (\(numbers(ids.raws))))"
    case .brands(let ids): among("p.brand_id", ids.raws)
    case .manufacturers(let ids): among("p.manufacturer_id", ids.raws)
    case .all(let filters): joined(filters, "and")
    case .any(let filters): joined(filters, "or")
    case .none(let filters): "not \(joined(filters, "or"))"
    case .attributes, .flagged, .price, .favourites: preconditionFailure("nobody asks for it here: \(filter)")
    }
  }

  private func sequence(_ first: SegmentCondition.Purchase, _ then: ProductFilter, _ days: Int, _ happens: Bool) -> String {
    let follows = """
      exists (select 1 from truth_fact e where e.member = m.owner_id and e.counts = 1 and \(goods(then, "e"))
        and e.day > s.day and e.day - s.day <= \(days) and e.day <= \(day.number))
      """
    // Days that are not over yet may still bring it.
    let end = happens ? follows : "not \(follows) and s.day + \(days) <= \(day.number)"
    return "exists (select 1 from truth_fact s where \(kept(first, "s")) and \(end))"
  }

  private func scored(_ scores: SegmentCondition.Scores) -> String {
    let parts = [("recency", scores.recency), ("frequency", scores.frequency), ("money", scores.monetary)].compactMap {
      $1.isEmpty ? nil : "\($0) in (\(numbers($1.map { Int64($0) })))"
    }
    return """
      m.owner_id in (with \(sql.marks(day.adding(days: 1 - scores.days)...day))
        select member from marks where \(parts.isEmpty ? "1 = 1" : parts.joined(separator: " and ")))
      """
  }

  /// What promotions ask of a member, too.
  private func known(_ condition: Condition) -> String {
    switch condition {
    case .tiers(let tiers):
      return """
        (select t.id from tier_grant g join tier t on t.id = g.tier_id where g.owner_id = m.owner_id and g.withdrawn_at is null
          and g.starts_at <= \(now.micros) and (g.ends_at is null or g.ends_at > \(now.micros)) order by t.rank desc limit 1)
          in (\(numbers(tiers.raws)))
        """
    case .segments(let ids):
      return "exists (select 1 from segment_member g where g.owner_id = m.owner_id and g.segment_id in (\(numbers(ids.raws))))"
    case .memberAttribute(let name, let comparison): return attribute(name, comparison)
    default: preconditionFailure("nobody asks for it here: \(condition)")
    }
  }

  private func attribute(_ name: String, _ comparison: Comparison) -> String {
    let value =
      switch sql.dialect {
      case .sqlite: "json_extract(o.attributes, '$.\(name)')"
      case .postgres: "cast(o.attributes as json) ->> '\(name)'"
      }
    func words(_ values: [AttributeValue]) -> String {
      texts(values.compactMap { if case .text(let text) = $0 { text } else { nil } })
    }
    switch comparison {
    case .isPresent(let wanted): return "(\(value)) is \(wanted ? "not " : "")null"
    case .isOneOf(let values): return "(\(value)) in (\(words(values)))"
    case .isNoneOf(let values): return "coalesce(\(value), '') not in (\(words(values)))"
    case .number, .day: preconditionFailure("nobody asks for it here: \(comparison)")
    }
  }
}
