import Kernel
import Storage

extension RequestKey {
  public var natural: NaturalKey { NaturalKey(.request, text) }
}

extension NaturalKeys {
  /// Takes a request's key for what it is about to do, in the transaction that does it.
  /// - Parameters:
  ///   - target: the thing that the request makes.
  ///   - body: over everything that was asked for.
  /// - Returns: nil where the request is new; else what it made when it was sent first.
  /// - Throws: `Problem.conflict` (`request_key_reused`).
  public func once(
    _ request: RequestKey, owner: Int64, target: Int64, body: StableHash, at now: Instant, in tx: inout Transaction
  ) throws -> Int64? {
    let bodyHash = Int64(bitPattern: body.value)
    let held = try claim([request.natural], owner: owner, target: target, bodyHash: bodyHash, at: now, in: &tx)
    guard let earlier = held[request.natural] else { return nil }
    guard earlier.bodyHash == bodyHash else { throw request.reused }
    return earlier.target
  }
}
