/// A share as a bar. It is a picture of a number that stands beside it, so it is not read aloud.
struct Meter {
  enum Tone: String { case usual = "", warn, bad }

  /// Of a thousand; more is as full as full.
  let permille: Int64
  var tone = Tone.usual

  /// As a page that keeps watch colours it: nearly used, used.
  static func budget(_ permille: Int64) -> Meter {
    Meter(permille: permille, tone: permille >= 1_000 ? .bad : permille >= 900 ? .warn : .usual)
  }

  var html: Markup {
    """
    <svg class="meter \(tone.rawValue)" viewBox="0 0 1000 6" preserveAspectRatio="none" aria-hidden="true">\
    <rect width="\(Int(min(max(permille, 0), 1_000)))" height="6"/></svg>
    """
  }
}
