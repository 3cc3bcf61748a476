import Cube
import Kernel
import Storage

import enum Cube.Dimension

/// Pivots as SQL over the shop's own tables: receipts, returns, claims, merges, stores, the catalogue and people as they lie there, and the
/// lines of documents as `TruthRows` unfolded them. Written beside the product and sharing nothing with it.
struct TruthSQL {
  /// Something that SQL may forget on purpose, to show that comparing would find it.
  enum Forgetting: CaseIterable { case returns, merges, claims, cancellations }

  let dialect: Dialect
  let account: Int64
  let programme: Int64
  /// As of which people have an age.
  let today: CivilDay
  var forgetting: Forgetting?

  /// A number of days since 1970 as a date.
  func date(_ days: String) -> String {
    switch dialect {
    case .sqlite: "date((\(days)) * 86400, 'unixepoch')"
    case .postgres: "to_char(date '1970-01-01' + cast((\(days)) as integer), 'YYYY-MM-DD')"
    }
  }

  /// Whole years on a day, of somebody whose birthday is a number of days.
  func age(_ birthday: String, on day: CivilDay) -> String {
    let born = date(birthday)
    return """
      (cast(substr('\(day)', 1, 4) as integer) - cast(substr(\(born), 1, 4) as integer)
        - case when substr('\(day)', 6) < substr(\(born), 6) then 1 else 0 end)
      """
  }

  /// Half up, and half down below zero; nothing where there is nothing to divide by.
  static func ratio(_ part: String, _ count: String, _ scale: Int) -> String {
    """
    case when \(count) > 0 then case when \(part) < 0 then -((-2 * \(scale) * \(part) + \(count)) / (2 * \(count)))
      else (2 * \(scale) * \(part) + \(count)) / (2 * \(count)) end end
    """
  }

  /// Fills `truth_fact`: a row for each line of what was sold and what came back, with whose it is now.
  var filling: String {
    let claimed = forgetting == .claims ? "0" : "coalesce(a.owner_id, 0)"
    let survivor = forgetting == .merges ? "h.owner" : "coalesce(s.survivor, h.owner)"
    let gone = forgetting == .cancellations ? "5, 5" : "2, 5"
    let sign = forgetting == .returns ? "1" : "-1"
    let quantity = """
      case when p.unit in ('gram', 'millilitre') then \(Self.ratio("(g.sign * l.quantity)", "1000", 1)) else g.sign * l.quantity end
      """
    return """
      insert into truth_fact (\(TruthRows.facts.joined(separator: ", ")))
      with recursive stands(member, survivor, next) as (
        select owner_id, owner_id, merged_into from member where programme_id = \(programme)
        union all
        select s.member, m.owner_id, m.merged_into from stands s join member m on m.owner_id = s.next),
      heads as (
        select r.id as document, r.id as sale, 'sale' as kind, case when r.state = 4 then 0 else 1 end as counts, r.store_id,
          case when r.owner_id = r.store_id then \(claimed) else r.owner_id end as owner,
          r.business_day as day, r.sold_at as moment, a.earned as claimed, 0 as taken
        from receipt r left join receipt_alias a on a.receipt_id = r.id
        where r.account_id = \(account) and r.programme_id = \(programme) and r.state not in (\(gone))
        union all
        select b.id, b.receipt_id, 'return', 0, b.store_id,
          case when r.id is null then case when b.owner_id = b.store_id then 0 else b.owner_id end
            when r.owner_id = r.store_id then \(claimed) else r.owner_id end,
          b.business_day, b.returned_at, null, b.taken_back
        from receipt_return b left join receipt r on r.id = b.receipt_id left join receipt_alias a on a.receipt_id = b.receipt_id
        where b.account_id = \(account) and b.programme_id = \(programme) and (r.id is null or r.state not in (\(gone)))),
      bought as (
        select h.*, \(survivor) as member, h.moment / 60000000 % 1440 as minute, coalesce(w.channel, 'till') as channel, t.register
        from heads h left join stands s on s.member = h.owner and s.next is null
          left join truth_head w on w.document = h.sale join truth_head t on t.document = h.document),
      newcomer as (
        select document from (
          select document, row_number() over (
            partition by member order by day, minute, document) as place
          from bought where counts = 1 and member <> 0) firsts where place = 1)
      select b.document, l.place, b.kind, b.counts, b.member, b.store_id, b.day, b.minute, b.channel, b.register,
        case when n.document is null then 0 else 1 end, l.product, \(quantity), g.sign * l.amount, l.discount, l.reduced,
        g.sign * l.paid, g.sign * l.spent,
        case when l.place > 0 then l.earned when b.kind = 'return' then -b.taken else coalesce(b.claimed, l.earned) end
      from bought b join truth_line l on l.document = b.document
        join (select 'sale' as kind, 1 as sign union all select 'return', \(sign)) g on g.kind = b.kind
        left join newcomer n on n.document = b.document left join product p on p.id = l.product
      """
  }

  /// `up`: every category with itself and all above it.
  var up: String {
    """
    up(leaf, id, parent_id, code, depth) as (
      select id, id, parent_id, code, depth from category where account_id = \(account)
      union all
      select u.leaf, c.id, c.parent_id, c.code, c.depth from up u join category c on c.id = u.parent_id)
    """
  }

  private static func way(_ depth: Int) -> String {
    "coalesce((select u.code from up u where u.leaf = p.category_id and u.depth <= \(depth) order by u.depth desc limit 1), '–')"
  }

  /// What quantities are added up in; goods that nobody knows are pieces.
  static let unit = """
    case coalesce(p.unit, 'piece') when 'gram' then 'kilogram' when 'millilitre' then 'litre' when 'portion' then 'piece'
      else coalesce(p.unit, 'piece') end
    """

  /// What each dimension says of a line.
  func word(_ dimension: Dimension) -> String? {
    let day = date("f.day")
    let age = age("o.birthday", on: today)
    let words: [Dimension: String] = [
      .year: "substr(\(day), 1, 4)", .month: "substr(\(day), 1, 7)", .day: day,
      .quarter: "substr(\(day), 1, 4) || ' Q' || cast((cast(substr(\(day), 6, 2) as integer) + 2) / 3 as text)",
      .week: date("f.day - (f.day + 3) % 7"), .weekday: "cast((f.day + 3) % 7 + 1 as text)",
      .hour: "case when f.minute < 600 then '0' else '' end || cast(f.minute / 60 as text)", .store: "s.code",
      .city: "coalesce(s.city, '–')", .region: "coalesce(s.region, '–')", .register: "s.code || '/' || f.register",
      .department: Self.way(1), .category: Self.way(2), .subcategory: Self.way(3), .product: "coalesce(p.code, '–')",
      .unit: Self.unit, .brand: "coalesce(k.code, '–')", .manufacturer: "coalesce(w.code, '–')", .kind: "f.kind",
      .card: "case when f.member = 0 then 'without' else 'with' end", .channel: "f.channel", .sex: "coalesce(o.sex, '–')",
      .home: "coalesce(lower(o.city), '–')",
      .joined: "coalesce(substr(\(date("m.joined_at / 86400000000")), 1, 7), '–')",
      .age: """
      case when o.birthday is null then '–' when \(age) < 18 then '00–17' when \(age) < 25 then '18–24' when \(age) < 35 then '25–34'
        when \(age) < 45 then '35–44' when \(age) < 55 then '45–54' when \(age) < 65 then '55–64' else '65+' end
      """,
      .recency: "coalesce('R' || cast(x.recency as text), '–')", .frequency: "coalesce('F' || cast(x.frequency as text), '–')",
      .monetary: "coalesce('M' || cast(x.money as text), '–')",
      .rfm: "coalesce('R' || cast(x.recency as text) || ' F' || cast(x.frequency as text), '–')",
    ]
    return words[dimension]
  }

  /// Those that it can say, of lines and of people.
  static let dimensions: [Dimension] = [
    .year, .quarter, .month, .week, .day, .weekday, .hour, .store, .city, .region, .register, .department, .category, .subcategory,
    .product, .brand, .manufacturer, .unit, .kind, .card, .channel, .sex, .age, .home, .joined, .recency, .frequency, .monetary,
    .rfm,
  ]

  /// `marks`: fifths of those who bought in some days. Of n values the one with r smaller ones is in the fifth 1 + ⌊5r ÷ n⌋.
  func marks(_ days: ClosedRange<CivilDay>, named name: String = "marks") -> String {
    let (first, last) = (days.lowerBound.number, days.upperBound.number)
    return """
      \(name) as (
        select member, bills, amount, 1 + 5 * (rank() over (order by latest) - 1) / count(*) over () as recency,
          1 + 5 * (rank() over (order by bills) - 1) / count(*) over () as frequency,
          1 + 5 * (rank() over (order by amount) - 1) / count(*) over () as money
        from (
          select member, max(case when counts = 1 then day end) as latest,
            count(distinct case when counts = 1 then document end) as bills, cast(sum(amount) as bigint) as amount
          from truth_fact where member <> 0 and day between \(first) and \(last) group by member) standings
        where bills > 0)
      """
  }
}
