import Cube
import Kernel

extension Effect {
  /// The same for any value that follows from sums over members: a sum, or a quotient such as an average receipt.
  ///
  /// By the delta method: near the means a value f moves as its gradient says, so that a member's part in its spread is z = ∇f · a, with a what
  /// the member comes to, and the variance of f is that of z over the number of members (Deng, Knoblich, Lu: Applying the Delta Method in
  /// Metric Analytics, 2018, doi:10.1145/3219819.3219919; of a quotient it is Cochran's, Sampling Techniques, 1977, chapter 6). The two groups'
  /// variances add up as Welch's do. The past is taken into account as for means, with x = ∇f' · a' of the period before in the place of what a
  /// member bought (Deng, Xu, Kohavi, Walker 2013, appendix B). For a sum all of it comes to the mean's own formula.
  /// - Parameter atoms: in the order of the matrices.
  /// - Returns: nil where a group is too small, or where there is nothing to divide by.
  public init?(
    _ term: EffectTerm, _ served: EffectMatrix, _ control: EffectMatrix, atoms: [EffectAtom],
    counts: (served: Int64, control: Int64)
  ) {
    guard counts.served >= Self.fewest, counts.control >= Self.fewest, let one = TermSample(term, served, atoms, counts.served),
      let other = TermSample(term, control, atoms, counts.control)
    else { return nil }
    // Where either group has no past, none is taken into account.
    let hasPast = one.past != nil && other.past != nil
    let spread = hasPast ? one.spreadOfX + other.spreadOfX : 0
    let theta = spread > 0 ? (one.jointSpread + other.jointSpread) / spread : 0
    let moved = theta == 0 ? 0 : theta * ((one.past ?? 0) - (other.past ?? 0))
    func error(_ theta: Double) -> Double {
      (one.variance(less: theta) / one.count + other.variance(less: theta) / other.count).squareRoot()
    }
    self.init(
      served: one.value, control: other.value, moved: moved, error: error(theta), plainError: error(0), members: counts.served)
  }
}

/// A value of one group, with how its members are spread around it.
private struct TermSample {
  let count: Double
  let value: Double
  let past: Double?
  /// Sums of squares of z and x around their means, and of their product.
  private let spreadOfZ: Double
  let spreadOfX: Double
  let jointSpread: Double

  init?(_ term: EffectTerm, _ matrix: EffectMatrix, _ atoms: [EffectAtom], _ members: Int64) {
    count = Double(members)
    let n = Int128(members)
    let places = Dictionary(uniqueKeysWithValues: atoms.enumerated().map { ($1, $0) })
    func mean(_ place: Int) -> Double { Double(matrix.sums[place]) / Double(members) }
    guard let now = term.solved({ mean(places[$0] ?? 0) }) else { return nil }
    let before = term.solved { mean((places[$0] ?? 0) + atoms.count) }
    func gradient(_ solved: (value: Double, gradient: [EffectAtom: Double])?, _ from: Int) -> [(place: Int, slope: Double)] {
      (solved?.gradient ?? [:]).compactMap { atom, slope in places[atom].map { ($0 + from, slope) } }.sorted { $0.place < $1.place }
    }
    let (ofNow, ofBefore) = (gradient(now, 0), gradient(before, atoms.count))
    // n·Σab − Σa·Σb in whole numbers: nothing is lost where both are large and alike.
    func spread(_ a: [(place: Int, slope: Double)], _ b: [(place: Int, slope: Double)]) -> Double {
      a.reduce(0) { total, one in
        b.reduce(total) { total, other in
          let joint = n * matrix.product(one.place, other.place) - matrix.sums[one.place] * matrix.sums[other.place]
          return total + one.slope * other.slope * Double(joint) / Double(members)
        }
      }
    }
    (value, past) = (now.value, before?.value)
    (spreadOfZ, spreadOfX, jointSpread) = (
      spread(ofNow, ofNow), spread(ofBefore, ofBefore), spread(ofNow, ofBefore)
    )
  }

  /// Of z − θx.
  func variance(less theta: Double) -> Double {
    max(0, spreadOfZ - 2 * theta * jointSpread + theta * theta * spreadOfX) / (count - 1)
  }
}
