import Kernel
import Storage

/// A sale of a till that had no network, with what it was sent under.
public struct OfflineSale: Sendable {
  public let sale: Sale
  public let buyer: Buyer
  /// Sales of one lane are recorded one after another, in the order of sale.
  let lane: String
  public let request: RequestKey

  public init(_ sale: Sale, by shopper: Shopper, request: RequestKey) {
    self.init(sale, boughtBy: .known(shopper), lane: shopper.id.map { "\($0)" } ?? "", request: request)
  }

  /// - Parameter lane: the same for sales to whoever may be the same member: what was shown.
  public init(_ sale: Sale, boughtBy buyer: Buyer, lane: String, request: RequestKey) {
    (self.sale, self.buyer, self.lane, self.request) = (sale, buyer, lane, request)
  }

  /// Nil where the member is still to be found.
  public var shopper: Shopper? { if case .known(let shopper) = buyer.which { shopper } else { nil } }
}

extension Receipts {
  /// Records what a till sold without a network, each receipt in a transaction of its own. Amounts are facts; rules and member are as
  /// of the receipt, the wallet and limits as of now. Safe to send again, as a whole or in part.
  ///
  /// Receipts of one member are recorded in the order of sale; those of different members at the same time, so that a batch waits for
  /// the disk a few times and not once for each receipt.
  /// - Returns: an answer per sale, in the order given: a confirmation, or the refusal of a reused request key.
  /// - Throws: `StorageFailure` when the world breaks: what was answered before is stored, the rest can be sent again.
  public func record(
    _ batch: [OfflineSale], at now: Instant, in database: some Database
  ) async throws -> [Result<Sold, Problem>] {
    let order = batch.indices.sorted { (batch[$0].sale.moment, $0) < (batch[$1].sale.moment, $1) }
    // Sales to nobody need not wait for one another.
    let lanes = Dictionary(grouping: order) { batch[$0].lane.isEmpty ? "\u{0}\($0 % Self.atOnce)" : batch[$0].lane }
    var answers: [Result<Sold, Problem>?] = Array(repeating: nil, count: batch.count)
    try await withThrowingTaskGroup(of: [(Int, Result<Sold, Problem>)].self) { group in
      var waiting = lanes.values.sorted { ($0.first ?? 0) < ($1.first ?? 0) }[...]
      for lane in waiting.prefix(Self.atOnce) { group.addTask { try await self.record(lane, of: batch, at: now, in: database) } }
      waiting = waiting.dropFirst(Self.atOnce)
      while let done = try await group.next() {
        for (index, answer) in done { answers[index] = answer }
        if let lane = waiting.popFirst() { group.addTask { try await self.record(lane, of: batch, at: now, in: database) } }
      }
    }
    return answers.compactMap { $0 }
  }

  private static var atOnce: Int { 16 }

  private func record(
    _ lane: [Int], of batch: [OfflineSale], at now: Instant, in database: some Database
  ) async throws -> [(Int, Result<Sold, Problem>)] {
    var answers: [(Int, Result<Sold, Problem>)] = []
    for index in lane {
      let offline = batch[index]
      var sale = offline.sale
      sale.isOffline = true
      do {
        let sold = try await confirm(
          sale, boughtBy: offline.buyer, request: offline.request, at: now, on: database)
        answers.append((index, .success(sold)))
      } catch let problem as Problem {
        answers.append((index, .failure(problem)))
      }
    }
    return answers
  }
}
