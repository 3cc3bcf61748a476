/// How much one may ask of the past, and how much is read before anybody asks.
extension Limits {
  /// What-ifs of one programme that wait or run at a time, days of their period, and days that their results are kept.
  public static var whatIfRuns: Int { 5 }
  public static var whatIfDays: Int { 1_100 }
  public static var whatIfKept: Int { 400 }
  /// Programmes whose goods and rules a server reads before it says that it is ready; those of the rest when their first till asks.
  public static var openedFloors: Int { 16 }
}
