// Of what visitors do on a site and in an app, and of the questions about it.
extension Limits {
  /// Events of visitors in one call.
  public static var visitEvents: Int { 500 }
  /// Of one event: a visitor's or session's id, its own key, a page's path, named values and the characters of each.
  public static var visitor: Int { 64 }
  public static var visitKey: Int { 100 }
  public static var visitPage: Int { 300 }
  public static var visitValues: Int { 10 }
  public static var visitValue: Int { 200 }
  /// Sources that one programme keeps apart; further ones are the source "(other)".
  public static var trafficSources: Int { 20_000 }
  /// Events of one visitor that a sign-in counts for the member at most, the latest.
  public static var claimedEvents: Int { 20_000 }
  /// Events that a question about events reads for one answer; longer ones are asked of fewer days or on the command line.
  public static var askedEvents: Int { 2_000_000 }
  public static var askedEventsAtLength: Int { 40_000_000 }
  /// Funnels of one programme, those in the archive included, and steps of one.
  public static var funnels: Int { 200 }
  public static var funnelSteps: Int { 8 }
}
