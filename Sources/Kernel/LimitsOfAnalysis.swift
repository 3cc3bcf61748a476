// Of what other systems ask of analysis and segments.
extension Limits {
  /// Questions that one instance works out at a time for other systems, and those of them that one token may have under way. Pages of the
  /// console are not counted: people wait for those.
  public static var analysesAtOnce: Int { 4 }
  public static var analysesOfToken: Int { 2 }
  /// Cells of an answer as JSON, and as a file. Both count what is compared three times.
  public static var analysisCells: Int { 100_000 }
  public static var analysisFileCells: Int { 2_000_000 }
  /// Segments of one page, and members of one page of a segment.
  public static var segmentPage: Int { 50 }
  public static var segmentMemberPage: Int { 10_000 }
}
