import Kernel

/// What a phrase was understood as: a condition, and which of its words were not understood. Those are left out of the condition, never
/// guessed.
public struct PhraseReading: Sendable {
  public enum Trouble: Hashable, Sendable {
    /// Nothing is known of these words.
    case unknown
    /// Several things are called so; the first of them.
    case several([SegmentNames.Name])
  }

  public struct Mark: Hashable, Sendable {
    /// Characters of the text, from and to.
    public let range: Range<Int>
    public let trouble: Trouble
  }

  public let text: String
  /// Nil where nothing was understood.
  public let condition: SegmentCondition?
  /// In the order of the text; they do not overlap.
  public let marks: [Mark]

  /// The text in pieces, those that were not understood with what is wrong.
  public var pieces: [(text: String, trouble: Trouble?)] {
    let letters = Array(text)
    var (pieces, from) = ([(text: String, trouble: Trouble?)](), 0)
    for mark in marks {
      if from < mark.range.lowerBound { pieces.append((String(letters[from..<mark.range.lowerBound]), nil)) }
      pieces.append((String(letters[mark.range]), mark.trouble))
      from = mark.range.upperBound
    }
    if from < letters.count { pieces.append((String(letters[from...]), nil)) }
    return pieces
  }
}
