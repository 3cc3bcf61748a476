import Cube
import Kernel
import Storage

import enum Cube.Dimension

// Pivots as SQL, a statement for each level of totals.
extension TruthSQL {
  private static let sums: [Measure: String] = [
    .sales: "sum(amount)", .discount: "sum(discount)", .reduced: "sum(reduced)", .paidWithPoints: "sum(paid)",
    .cost: "sum(coalesce(cost, 0))", .margin: "sum(case when cost is null then 0 else amount - cost end)",
    .pointsSpent: "sum(spent)", .pointsEarned: "sum(earned)",
    .units: "case when count(distinct sold_by) = 1 then sum(quantity) end", .lines: "count(*)",
    .receipts: "count(distinct case when counts = 1 then document end)",
    .members: "count(distinct case when counts = 1 and member <> 0 then member end)",
    .newMembers: "count(distinct case when newcomer = 1 then member end)",
    // Somebody in a store on a day; of nobody each receipt.
    .visits: """
    count(distinct case when counts = 0 then null when member = 0 then 'r' || cast(document as text)
      else cast(member as text) || ' ' || cast(store_id as text) || ' ' || cast(day as text) end)
    """,
  ]

  private static let ratios: [Measure: (part: Measure, count: Measure, scale: Int)] = [
    .averageReceipt: (.sales, .receipts, 1), .perMember: (.sales, .members, 1),
    .price: (.sales, .units, 1_000), .visitsPerMember: (.visits, .members, 1_000),
  ]

  static let measures: [Measure] = Array(sums.keys) + Array(ratios.keys) + [.share, .discountShare, .marginShare, .unitsPerReceipt]

  private static func sum(_ measure: Measure) -> String { "cast(\(sums[measure] ?? "null") as bigint)" }

  /// - Parameter columns: what tells the columns of the level, for what is a part of them.
  private static func value(_ measure: Measure, _ columns: String) -> String {
    if sums[measure] != nil { return sum(measure) }
    if let ratio = ratios[measure] { return Self.ratio(sum(ratio.part), sum(ratio.count), ratio.scale) }
    if measure == .share {
      return ratio(
        sum(.sales), "cast(sum(sum(amount)) over (\(columns.isEmpty ? "" : "partition by \(columns)")) as bigint)", 1_000_000)
    }
    if measure == .unitsPerReceipt {
      let items = "cast(sum(case when sold_by = 'piece' then quantity when kind = 'return' then -1000 else 1000 end) as bigint)"
      return ratio(items, sum(.receipts), 1)
    }
    if measure == .marginShare {
      return ratio(sum(.margin), "cast(sum(case when cost is null then 0 else amount end) as bigint)", 1_000_000)
    }
    return ratio(sum(.discount), "cast(sum(amount) + sum(paid) + sum(discount) as bigint)", 1_000_000)
  }

  /// What a unit of the line cost in its store on its day: the price zone's own cost before the one for all, the latest that has begun.
  private static var unitCost: String {
    func latest(_ zone: String) -> String {
      """
      (select g.value from product_figure g where g.product_id = f.product and g.kind = 'cost' and g.zone_id = \(zone)
        and g.since <= f.day order by g.since desc limit 1)
      """
    }
    return "coalesce(\(latest("s.price_zone_id")), \(latest("0")))"
  }

  private func condition(_ pivot: Pivot) -> String {
    var parts = pivot.filters.map { filter in
      let labels = filter.labels.map { "'\($0)'" }.joined(separator: ", ")
      return "\(word(filter.dimension) ?? "null") \(filter.isExcluded ? "not in" : "in") (\(labels))"
    }
    if let first = pivot.first { parts.append("f.day >= \(first.number)") }
    if let last = pivot.last { parts.append("f.day <= \(last.number)") }
    return parts.isEmpty ? "1 = 1" : parts.joined(separator: " and ")
  }

  /// One level: so many dimensions of the rows, and so many of the columns.
  func level(_ pivot: Pivot, rows: Int, columns: Int) -> String {
    let kept = Array(pivot.rows.prefix(rows) + pivot.columns.prefix(columns))
    let names = kept.indices.map { "w\($0)" }
    let words = kept.enumerated().map { "\(word($1) ?? "null") as w\($0), " }.joined()
    let ofColumns = names.suffix(columns).joined(separator: ", ")
    let figures = pivot.values.map { Self.value($0, ofColumns) }
    let days = pivot.days ?? today.adding(days: -364)...today
    return """
      with recursive \(up),
      \(marks(days)),
      sold as (
        select \(words)f.*, \(Self.unitCost) as unit_cost, \(Self.unit) as sold_by,
          case when p.unit in ('gram', 'millilitre') then 1000 else 1 end as parts
        from truth_fact f left join store s on s.id = f.store_id left join product p on p.id = f.product
          left join product_brand k on k.id = p.brand_id left join manufacturer w on w.id = p.manufacturer_id
          left join member m on m.owner_id = f.member left join member_person o on o.owner_id = f.member
          left join marks x on x.member = f.member
        where \(condition(pivot))),
      cell as (select t.*, \(Self.ratio("(unit_cost * quantity * parts)", "1000", 1)) as cost from sold t)
      select \((names + figures).joined(separator: ", ")), count(*) from cell
      \(names.isEmpty ? "" : "group by \(names.joined(separator: ", "))")
      """
  }

  /// Every cell of every level: labels of its row, of its column, and the values.
  func cells(_ pivot: Pivot, in tx: inout Transaction) throws -> [TruthCell: [Int64?]] {
    var cells: [TruthCell: [Int64?]] = [:]
    for rows in 0...pivot.rows.count {
      for columns in 0...pivot.columns.count {
        let found = try tx.rows(SQL(prepared: level(pivot, rows: rows, columns: columns), []))
        // Without dimensions there is a row even of nothing.
        for row in found where row.int(rows + columns + pivot.values.count) > 0 {
          let words = (0..<rows + columns).map { row.text($0) }
          let cell = TruthCell(row: Array(words.prefix(rows)), column: Array(words.suffix(columns)))
          cells[cell] = pivot.values.indices.map { row.intOrNil(rows + columns + $0) }
        }
      }
    }
    return cells
  }
}

struct TruthCell: Hashable {
  let row: [String]
  let column: [String]
}

extension PivotTable {
  /// The same of the cube's answer.
  var truthCells: [TruthCell: [Int64?]] {
    var cells: [TruthCell: [Int64?]] = [:]
    for (place, row) in rows.enumerated() {
      for column in columns.indices where row.cells[column] != nil {
        cells[TruthCell(row: row.labels, column: columns[column])] = pivot.values.map { value($0, row: place, column: column) }
      }
    }
    return cells
  }
}
