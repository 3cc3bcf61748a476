import Cube
import Kernel

extension Pivot {
  /// What whoever reads its answer has to know of it.
  /// - Parameter title: what people call a dimension.
  public func notes(_ title: (Dimension) -> LocalText = \.title) -> [LocalText] {
    guard asksExpired else { return [] }
    var notes = [
      LocalText(
        ru: "Сгоревшие бонусы – из журнала бонусов, по дню проводки и по участникам, у которых сгорели.",
        en: "Points expired are of the journal of points, by the day of posting and by the members who lost them.")
    ]
    let empty = dimensionsWithoutExpired
    if !empty.isEmpty {
      let (ru, en) = (empty.map { "«\(title($0).ru)»" }, empty.map { "“\(title($0).en)”" })
      notes.append(
        LocalText(
          ru: "По полям \(ru.joined(separator: ", ")) они не делятся: там, где есть такое деление или фильтр, значения пусты.",
          en: "They are not split by \(en.joined(separator: ", ")): where there is such a split or filter they are empty."))
    }
    return notes
  }
}

extension PivotTable {
  /// The same, and why some of its values are empty.
  public func notes(_ title: (Dimension) -> LocalText = \.title) -> [LocalText] {
    guard hasUnlikeUnits else { return pivot.notes(title) }
    return pivot.notes(title) + [
      LocalText(
        ru:
          "Количество и средняя цена пусты там, где товары в разных единицах: штуки и килограммы не складываются. Разделите по полю «Единица измерения» или поставьте по нему фильтр.",
        en:
          "Units and the average price are empty where goods are of different units: pieces and kilograms have no sum. Split or filter by “Unit of measure”."
      )
    ]
  }
}
