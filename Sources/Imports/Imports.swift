import Access
import Kernel
import Storage
import Tables

/// Files from other systems, taken in: catalogue, stores, members and receipts.
///
/// An import is carried out in short transactions, each with the place it reached in the file, so that it can be stopped at any moment
/// – by a signal or by a power cut – and goes on without doing anything twice.
extension ImportRun {
  /// - Parameters:
  ///   - zones: gives a zone by its name, nil where the system does not know it.
  /// - Throws: `Problem` where the mapping or the file as a whole cannot be used; `StorageFailure`.
  public func carryOut(
    _ file: ImportFile, _ mapping: ImportMapping, programme: ProgrammeID?, zones: @Sendable (String) -> Zone?
  ) async throws -> ImportReport {
    let account = try await database.read { [account] tx in try Accounts().account(account, in: &tx) }
    let opened = try OpenedFile(file, mapping, scope: "\(account.id) \(programme.map(\.description) ?? "")")
    do {
      switch mapping.kind {
      case .stores: return try await run(StoreIntake(mapping, header: opened.header, account: account.id), opened)
      case .catalogue: return try await run(ProductIntake(mapping, header: opened.header, account: account), opened)
      case .members:
        guard let programme else { throw Problem(.invalid, "missing", "members join a programme; name it with --programme") }
        return try await run(
          MemberIntake(mapping, header: opened.header, account: account, programme: programme, zones: zones), opened)
      case .receipts:
        throw Problem(.invalid, "not_yet", "importing \(mapping.kind.rawValue) is not there yet")
      }
    } catch let fault as TableFault {
      throw Self.refusal(fault)
    }
  }
}
