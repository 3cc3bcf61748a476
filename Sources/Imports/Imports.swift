import Access
import Calculator
import Kernel
import Loyalty
import Storage
import Tables

/// Files from other systems, taken in: catalogue, stores, members, receipts and certificates.
///
/// An import is carried out in short transactions, each with the place it reached in the file, so that it can be stopped at any moment
/// – by a signal or by a power cut – and goes on without doing anything twice.
extension ImportRun {
  /// - Parameters:
  ///   - desk: what members and receipts need besides; nil for stores and catalogues.
  ///   - zones: the system's time zones by name.
  ///   - progress: told after every chunk; what it throws ends the import there, to be gone on with.
  /// - Throws: `Problem` where the mapping or the file as a whole cannot be used; `StorageFailure`.
  public func carryOut(
    _ opened: OpenedFile, for desk: ImportDesk?, zones: @Sendable (String) throws(Problem) -> Zone,
    progress: @Sendable (ImportReport) async throws -> Void = { _ in }
  ) async throws -> ImportReport {
    let account = try await database.read { [account] tx in try Accounts().account(account, in: &tx) }
    let (mapping, header) = (opened.mapping, opened.header)
    let opened = opened.into(desk?.programme.id)
    do {
      switch mapping.kind {
      case .stores: return try await run(StoreIntake(mapping, header: header, account: account.id), opened, progress)
      case .catalogue: return try await run(ProductIntake(mapping, header: header, account: account), opened, progress)
      case .members:
        let intake = try MemberIntake(
          mapping, header: header, account: account, programme: programme(desk).programme, zones: zones)
        return try await run(intake, opened, progress)
      case .certificates:
        let intake = try CertificateIntake(mapping, header: header, programme(desk), zones: zones)
        return try await run(intake, opened, progress)
      case .events:
        let intake = try EventIntake(mapping, header: header, programme(desk), ids: ids, now: now, zones: zones)
        return try await run(intake, opened, progress)
      case .prices: throw Problem(.invalid, "needs_no_mapping", "a sheet of prices is taken in by `regulars rules sheet`")
      case .receipts:
        let desk = try programme(desk)
        let columns = try ReceiptColumns(mapping, header: header, zones: zones)
        let surroundings = try await ReceiptSurroundings(desk.programme, zones: zones, in: database)
        return try await run(ReceiptIntake(columns, surroundings, desk.receipts, desk.shoppers), opened, progress)
      }
    } catch let fault as TableFault {
      throw Self.refusal(fault)
    }
  }

  private func programme(_ desk: ImportDesk?) throws(Problem) -> ImportDesk {
    if let desk { return desk }
    throw Problem(.invalid, "missing", "members, receipts, certificates and events belong to a programme; name it with --programme")
  }
}

/// The programme that members join and receipts are sold under.
public struct ImportDesk: Sendable {
  public let programme: Programme
  public let receipts: Receipts
  /// What prices the receipts.
  public let rules: RuleBook
  public let shoppers: Shoppers

  public init(_ programme: Programme, receipts: Receipts, rules: RuleBook, shoppers: Shoppers = Shoppers()) {
    self.programme = programme
    self.receipts = receipts
    self.rules = rules
    self.shoppers = shoppers
  }

  /// For members and what they bring: nothing is priced.
  public init(joining programme: Programme, ids: IDSource) {
    let rules = RuleBook(version: 0, terms: programme.settings.terms, promotions: [])
    self.init(programme, receipts: Receipts(of: programme, rules: RuleShelf(rules), ids: ids), rules: rules)
  }
}
