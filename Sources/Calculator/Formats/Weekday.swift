/// Days of the week as rules write them.
enum Weekday: String, CaseIterable {
  case mon, tue, wed, thu, fri, sat, sun

  /// 1 (Monday) … 7 (Sunday).
  var number: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }
}
