import Cube
import Foundation
import Kernel

/// How the members who are served differ from those of the control group in one value, with how sure that is.
///
/// The difference of two means with Welch's standard error; 95 % of intervals made so hold the true difference. Where the members bought
/// before, the difference is freed of what they differed by already: y − θ(x − x̄) with θ = cov(x, y) / var(x) of both groups together
/// (Deng, Xu, Kohavi, Walker: Improving the Sensitivity of Online Controlled Experiments by Utilizing Pre-Experiment Data, 2013). It
/// moves no expectation, because the lot knows nothing of the past, and makes the interval narrower.
public struct Effect: Hashable, Sendable {
  /// Of a member, in the value's smallest unit.
  public let served: Double
  public let control: Double
  /// Of a member: the difference, freed of the past where that is known, and half the width of its interval.
  public let difference: Double
  public let margin: Double
  /// The same without the past.
  public let plain: Double
  public let plainMargin: Double
  /// Both sides: how probable so great a difference is where there is none.
  public let p: Double
  public let members: Int64

  /// Standard errors to each side.
  static let width = 1.959_963_984_540_054
  /// Members of a group below which nothing is said of the difference.
  public static let fewest: Int64 = 30

  public var isSure: Bool { abs(difference) > margin }
  /// Of all served members together: what would not have been without it.
  public var total: Double { difference * Double(members) }
  public var totalMargin: Double { margin * Double(members) }
  /// In what a member of the control group comes to; nil where that is nothing.
  public var lift: Double? { control > 0 ? difference / control : nil }

  /// - Parameter counts: members of each group, those who bought nothing included.
  /// - Returns: nil where a group is too small to say anything.
  public init?(_ served: EffectMoments, _ control: EffectMoments, counts: (served: Int64, control: Int64)) {
    guard counts.served >= Self.fewest, counts.control >= Self.fewest else { return nil }
    let (one, other) = (Sample(served, counts.served), Sample(control, counts.control))
    (self.served, self.control, members) = (one.y, other.y, counts.served)
    plain = one.y - other.y
    plainMargin = Self.width * (one.varianceOfY / one.count + other.varianceOfY / other.count).squareRoot()
    let spread = one.spreadOfX + other.spreadOfX
    let theta = spread > 0 ? (one.jointSpread + other.jointSpread) / spread : 0
    difference = plain - theta * (one.x - other.x)
    let error = (one.variance(less: theta) / one.count + other.variance(less: theta) / other.count).squareRoot()
    margin = Self.width * error
    p = error > 0 ? erfc(abs(difference) / error / 2.0.squareRoot()) : difference == 0 ? 1 : 0
  }

  /// From what was found: `moved` is what the past explains of the difference.
  init(served: Double, control: Double, moved: Double, error: Double, plainError: Double, members: Int64) {
    (self.served, self.control, self.members) = (served, control, members)
    plain = served - control
    plainMargin = Self.width * plainError
    difference = plain - moved
    margin = Self.width * error
    p = error > 0 ? erfc(abs(difference) / error / 2.0.squareRoot()) : difference == 0 ? 1 : 0
  }

  /// Means and spreads of one group.
  private struct Sample {
    let count: Double
    let y: Double
    let x: Double
    /// Sums of squared differences from the mean.
    let spreadOfY: Double
    let spreadOfX: Double
    let jointSpread: Double

    init(_ moments: EffectMoments, _ members: Int64) {
      count = Double(members)
      let n = Int128(members)
      // n·Σa² − (Σa)² in whole numbers: nothing is lost where both are large and alike.
      func spread(_ ab: Int128, _ a: Int128, _ b: Int128) -> Double { Double(n * ab - a * b) / Double(members) }
      (y, x) = (Double(moments.y) / count, Double(moments.x) / count)
      spreadOfY = spread(moments.yy, moments.y, moments.y)
      spreadOfX = spread(moments.xx, moments.x, moments.x)
      jointSpread = spread(moments.xy, moments.x, moments.y)
    }

    var varianceOfY: Double { spreadOfY / (count - 1) }

    /// Of y − θx.
    func variance(less theta: Double) -> Double {
      max(0, spreadOfY - 2 * theta * jointSpread + theta * theta * spreadOfX) / (count - 1)
    }
  }
}

/// Whether the groups are as large as the lot should have made them: one degree of freedom of χ².
struct ShareCheck {
  let p: Double

  init(control: Int64, of all: Int64, share: Rate) {
    let expected = Double(all) * Double(share.ppm) / 1_000_000
    let rest = Double(all) - expected
    guard expected > 0, rest > 0 else {
      p = 1
      return
    }
    let difference = Double(control) - expected
    p = erfc((difference * difference * (1 / expected + 1 / rest) / 2).squareRoot())
  }
}
