import Insight

/// Where pivots are asked.
public struct ColumnsPlace: Hashable, SettingValue {
  public static let rolls = ColumnsPlace(place: nil)
  public static var expected: String { "`rolls`, or http://USER:PASSWORD@HOST:PORT/DATABASE of a ClickHouse" }
  /// Nil: here.
  public let place: ColumnServerPlace?

  private init(place: ColumnServerPlace?) { self.place = place }

  public init?(setting text: String) {
    guard text != "rolls" else {
      place = nil
      return
    }
    guard let place = ColumnServerPlace(text) else { return nil }
    self.place = place
  }

  public var settingText: String { place.map { text($0, password: $0.password) } ?? "rolls" }
  public var maskedText: String { place.map { text($0, password: $0.password.isEmpty ? "" : "***") } ?? "rolls" }

  private func text(_ place: ColumnServerPlace, password: String) -> String {
    let login = place.user.isEmpty ? "" : place.user + (password.isEmpty ? "" : ":" + password) + "@"
    let parts = place.base.split(separator: "//", maxSplits: 1)
    return "\(parts[0])//\(login)\(parts[1])/\(place.database)"
  }
}
