import Kernel
import Storage

/// A sale of a till that had no network, with what it was sent under.
public struct OfflineSale: Sendable {
  public let sale: Sale
  public let shopper: Shopper
  public let request: RequestKey
  public init(_ sale: Sale, by shopper: Shopper, request: RequestKey) {
    self.sale = sale
    self.shopper = shopper
    self.request = request
  }
}

extension Receipts {
  /// Records what a till sold without a network, in the order of sale, each receipt in a transaction of its own. Amounts are facts;
  /// rules and member are as of the receipt, the wallet and limits as of now. Safe to send again, as a whole or in part.
  ///
  /// - Returns: an answer per sale, in the order given: a confirmation, or the refusal of a reused request key.
  /// - Throws: `StorageFailure` when the world breaks: what was answered before is stored, the rest can be sent again.
  public func record(
    _ batch: [OfflineSale], at now: Instant, in database: some Database
  ) async throws -> [Result<Sold, Problem>] {
    var answers: [Result<Sold, Problem>?] = Array(repeating: nil, count: batch.count)
    let order = batch.indices.sorted { (batch[$0].sale.basket.time, $0) < (batch[$1].sale.basket.time, $1) }
    for index in order {
      let offline = batch[index]
      var sale = offline.sale
      sale.isOffline = true
      let stated = sale
      do {
        answers[index] = .success(
          try await confirm(stated, by: offline.shopper, request: offline.request, at: now, on: database))
      } catch let problem as Problem {
        answers[index] = .failure(problem)
      }
    }
    return answers.compactMap { $0 }
  }
}
