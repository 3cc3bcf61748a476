import Access
import Cube
import Jobs
import Kernel
import Loyalty
import Storage
import Synchronization

/// Makes the cube of one programme anew from the database, whatever is in its folder.
///
/// Receipts are read page by page, a short transaction each, beside tills at work; what happens meanwhile is in the event stream behind the
/// position that was noted before, and whoever opens the cube reads it from there. Runs of `runLines` lines are sorted in memory, about
/// 40 bytes a line, and merged from file to file. A stop at any moment leaves the cube as it was.
public struct CubeMaking: Sendable {
  /// Lines of a run, and of a roll.
  static let runLines = 4_000_000
  static let rollLines = 32_000_000

  private let scope: CubeScope
  private let database: any Database
  private let zones: @Sendable (String) -> Zone?
  private let folder: CubeFolder

  public init(
    of scope: CubeScope, on database: any Database, zones: @escaping @Sendable (String) -> Zone?, in folder: CubeFolder
  ) {
    (self.scope, self.database, self.zones, self.folder) = (scope, database, zones, folder)
  }

  /// - Parameter progress: hears how many lines were read.
  /// - Returns: nil where it was stopped.
  /// - Throws: `CubeFailure`, `StorageFailure`.
  public func make(
    at now: Instant, progress: @Sendable (Int) -> Void = { _ in }, isStopping: @Sendable () -> Bool = { false }
  ) async throws -> CubeFolder.Contents? {
    try await folder.writing {
      let runs = CubeRuns(in: folder)
      var contents = CubeFolder.Contents(madeAt: now)
      let sold = SoldGoods(of: scope.account, programme: scope.programme, zones: zones)
      (contents.epoch, contents.position, contents.past) = try await database.read { tx in
        (try Epochs.current(in: &tx), try EventStream.last(in: &tx), try sold.past(in: &tx))
      }
      var intake: CubeIntake
      (intake, contents.costs, contents.zones) = try await self.intake()
      let claims = try await sold.everyClaim(on: database)
      let survivors = try await database.read { tx in try sold.survivors(in: &tx) }
      var (place, books) = (SoldGoods.Place?.none, SoldGoods.Books())
      repeat {
        let (from, known) = (place, books)
        let page = try await database.read { tx in try sold.page(after: from, claims: claims, books: known, in: &tx) }
        books = page.books
        intake = try await Hands.run { [intake] in
          try runs.take(sold.documents(page, claims: claims, survivors: survivors), by: intake)
        }
        progress(runs.lines)
        if isStopping() { return nil }
        place = page.next
      } while place != nil
      try await takeLoose(sold, survivors, &intake, runs)
      contents.codes = intake.codes
      contents = try await Hands.run { [contents] in try runs.finish(into: contents) }
      try folder.put(contents)
      return contents
    }
  }

  private func intake() async throws -> (CubeIntake, costs: Int64, zones: [Int64: Int64]) {
    let (scope, zones) = (scope, zones)
    return try await database.read { tx in
      let stores = try Places(of: scope.account).everyStore(in: &tx)
      let catalogue = try CatalogueIndex(of: scope.account).refreshed(in: &tx)
      var costs = CostBook(of: scope.account)
      try costs.learn(Set(catalogue.everyFact.map(\.id)), in: &tx)
      let intake = CubeIntake(
        stores, zones: zones, other: scope.zone, costs: costs, catalogue: catalogue, codes: CubeCodes(of: catalogue))
      return (intake, try structureVersion(of: scope.account, in: &tx), CubeFolder.Contents.zones(stores))
    }
  }

  /// Goods that came back without a receipt.
  private func takeLoose(
    _ sold: SoldGoods, _ survivors: [Int64: Int64], _ intake: inout CubeIntake, _ runs: CubeRuns
  ) async throws {
    var last: Int64? = 0
    while let from = last {
      let page = try await database.read { tx in try sold.returnsWithoutReceipt(after: from, survivors: survivors, in: &tx) }
      intake = try runs.take(page.documents, by: intake)
      last = page.next
    }
  }
}

extension SoldGoods {
  /// Whose receipts of nobody were found to be later, everybody of the programme, a page in a transaction. Some fifty bytes each in memory.
  func everyClaim(on database: any Database) async throws -> [Int64: Claim] {
    var (all, place) = ([Int64: Claim](), Place?.none)
    repeat {
      let from = place
      let page = try await database.read { tx in try claims(after: from, in: &tx) }
      all.merge(page.claims) { _, last in last }
      place = page.next
    } while place != nil
    return all
  }
}

/// Sorted runs on their way to rolls.
final class CubeRuns: Sendable {
  private struct State {
    var members = RollBuilder()
    var nobody = RollBuilder(anonymous: true)
    var files: (members: [String], nobody: [String]) = ([], [])
    var days: ClosedRange<UInt16>?
    var documents = 0
    var lines = 0
  }

  private let folder: CubeFolder
  private let state = Mutex(State())

  init(in folder: CubeFolder) { self.folder = folder }

  var lines: Int { state.withLock { $0.lines } }

  /// - Returns: the intake, which may know more codes now.
  func take(_ documents: [SoldGoods.Document], by intake: CubeIntake) throws -> CubeIntake {
    var intake = intake
    try state.withLock { state in
      for document in documents { try take(intake.receipt(document), &state) }
    }
    return intake
  }

  func take(_ receipt: CubeReceipt) throws { try state.withLock { state in try take(receipt, &state) } }

  private func take(_ receipt: CubeReceipt, _ state: inout State) throws {
    let days = state.days ?? receipt.day...receipt.day
    state.days = min(days.lowerBound, receipt.day)...max(days.upperBound, receipt.day)
    state.documents += 1
    state.lines += receipt.lines.count
    if receipt.member == 0 { state.nobody.append(receipt) } else { state.members.append(receipt) }
    if state.members.lines >= CubeMaking.runLines { try write(&state.members, anonymous: false, &state.files.members) }
    if state.nobody.lines >= CubeMaking.runLines { try write(&state.nobody, anonymous: true, &state.files.nobody) }
  }

  private func write(_ builder: inout RollBuilder, anonymous: Bool, _ files: inout [String]) throws {
    guard builder.count > 0 else { return }
    let name = "run-\(anonymous ? "nobody-" : "")\(files.count)"
    let image = try builder.finish()
    builder = RollBuilder(anonymous: anonymous)
    try unsafe MappedFile.write(image.size, to: folder.path + "/" + name) { unsafe image.write(into: $0) }
    files.append(name)
  }

  /// Writes what is left and merges the runs; the contents then name the rolls.
  func finish(into known: CubeFolder.Contents) throws -> CubeFolder.Contents {
    var contents = known
    try state.withLock { state in
      try write(&state.members, anonymous: false, &state.files.members)
      try write(&state.nobody, anonymous: true, &state.files.nobody)
      if let days = state.days { contents.days = Int(days.lowerBound)..<Int(days.upperBound) + 1 }
      (contents.documents, contents.lines) = (state.documents, state.lines)
      contents.rolls = try folder.write(
        members: state.files.members.map { RollMerge.Source(try folder.roll($0)) },
        nobody: state.files.nobody.map { RollMerge.Source(try folder.roll($0)) }, stamp: contents.madeAt)
    }
    return contents
  }
}

extension CubeFolder {
  /// Merges the sources into rolls of a new name.
  /// - Parameter costs: what goods cost by what is known now; nil leaves costs as they are.
  /// - Returns: the names.
  func write(members: [RollMerge.Source], nobody: [RollMerge.Source], stamp: Instant, costs: CostCorrection? = nil) throws
    -> [String]
  {
    var names: [String] = []
    for (isAnonymous, sources) in [(false, members), (true, nobody)] where !sources.isEmpty {
      var merge = RollMerge(sources, anonymous: isAnonymous, lines: CubeMaking.rollLines, costs: costs)
      while let roll = merge.next() {
        let name = "roll-\(stamp.micros)-\(names.count)"
        try unsafe MappedFile.write(roll.size, to: path + "/" + name) { unsafe roll.write(into: $0) }
        names.append(name)
      }
    }
    return names
  }
}
