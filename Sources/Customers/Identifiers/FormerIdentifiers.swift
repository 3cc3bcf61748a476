import Access
import Kernel
import Storage

// Identifiers that members had once, as marks.
extension Identifiers {
  /// Keeps a mark of what does not find the member any more.
  func remember(_ identifiers: [Identifier], of member: MemberID, at now: Instant, in tx: inout Transaction) throws {
    for identifier in identifiers {
      try tx.enqueue(IdentifierSQL.remember(account, programme, mark(of: identifier), member, at: now))
    }
  }

  /// Members who had one of these identifiers once, by its mark: nearly always those, and nobody by chance. One statement.
  public func formerOwners(of identifiers: [Identifier], in tx: inout Transaction) throws -> Set<MemberID> {
    guard !identifiers.isEmpty else { return [] }
    let marks = identifiers.prefix(Limits.bulk).map { mark(of: $0) }
    return Set(try tx.rows(IdentifierSQL.formerOwners(account, programme, marks)).map { $0.id(0) })
  }

  /// The first 32 bits of a digest under the programme.
  private func mark(of identifier: Identifier) -> Int64 {
    Int64(fingerprint(of: "\(programme) \(identifier.kind.code) \(identifier.value)").prefix(8), radix: 16) ?? 0
  }
}
