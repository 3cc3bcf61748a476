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
