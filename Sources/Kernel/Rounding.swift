/// How a division that does not come out even is settled. Symmetric around zero, so a return rounds like its sale.
public enum Rounding: String, Sendable, CaseIterable {
  /// Towards zero.
  case down
  /// To the nearest; a half goes away from zero.
  case halfUp
  /// Away from zero.
  case up
}

/// `a × b ÷ c`, rounded once, exact in between (128 bits where 64 do not suffice).
///
/// - Precondition: `c > 0` and the result fits 64 bits.
@inlinable
public func scaled(_ a: Int64, by b: Int64, over c: Int64, _ rounding: Rounding) -> Int64 {
  let (product, overflow) = a.multipliedReportingOverflow(by: b)
  if !overflow { return divided(product, by: c, rounding) }
  return scaledWide(a, by: b, over: c, rounding)
}

/// `a ÷ b`, rounded. - Precondition: `b > 0`.
@inlinable
public func divided(_ a: Int64, by b: Int64, _ rounding: Rounding) -> Int64 {
  precondition(b > 0, "a divisor is positive")
  let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
  if remainder == 0 { return quotient }
  switch rounding {
  case .down: return quotient
  case .up: return a < 0 ? quotient - 1 : quotient + 1
  case .halfUp:
    let magnitude = remainder.magnitude
    guard magnitude >= b.magnitude - magnitude else { return quotient }
    return a < 0 ? quotient - 1 : quotient + 1
  }
}

@usableFromInline
func scaledWide(_ a: Int64, by b: Int64, over c: Int64, _ rounding: Rounding) -> Int64 {
  precondition(c > 0, "a divisor is positive")
  let product = Int128(a) * Int128(b)
  let divisor = Int128(c)
  let (quotient, remainder) = product.quotientAndRemainder(dividingBy: divisor)
  var result = quotient
  if remainder != 0 {
    let away: Int128 = product < 0 ? -1 : 1
    switch rounding {
    case .down: break
    case .up: result += away
    case .halfUp: if remainder.magnitude * 2 >= divisor.magnitude { result += away }
    }
  }
  return Int64(result)
}
