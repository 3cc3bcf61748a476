import Kernel

/// A receipt of ours that carries the shift's number.
struct FoundReceipt: Hashable, Sendable {
  /// Whether it counts as what it is.
  enum Standing: Int64, Sendable, CaseIterable {
    case counts = 0
    /// The till said later that nothing was printed.
    case cancelled = 1
    /// Another receipt has the same fiscal document: kept for whoever looks into it, without effect.
    case beside = 2
  }

  let receipt: ShiftReceipt
  let standing: Standing
}

/// How a till's statement of a shift compares with the receipts that arrived here.
public struct ShiftAnswer: Hashable, Sendable {
  /// The till has it, we lack it.
  public struct Missing: Hashable, Sendable {
    /// Why a receipt of ours does not count.
    public enum Cause: String, Sendable, CaseIterable { case cancelled, beside }
    public let receipt: ShiftReceipt
    /// Nil: it never arrived.
    public let cause: Cause?
  }

  /// Both have it, with other amounts.
  public struct Different: Hashable, Sendable {
    /// As the till states it.
    public let receipt: ShiftReceipt
    public let found: Money

    public init(receipt: ShiftReceipt, found: Money) {
      self.receipt = receipt
      self.found = found
    }
  }

  public let id: ShiftClosingID
  /// True where counts and sums are equal and, where receipts were listed, they are the same.
  public let ties: Bool
  /// Ours.
  public let sales: ShiftSum
  public let returns: ShiftSum
  /// At most `Limits.differences` of each are listed; the counts are whole.
  public let missing: [Missing]
  public let missingCount: Int
  /// We have it, the till lacks it.
  public let surplus: [ShiftReceipt]
  public let surplusCount: Int
  public let different: [Different]
  public let differentCount: Int
  /// False where the till's list does not come to its own sums.
  public let listAddsUp: Bool
  /// Nothing was listed and the sums differ: only a list can tell where. `ours` is what the till can compare itself with.
  public let needsList: Bool
  /// At most `Limits.shiftReceipts`.
  public let ours: [ShiftReceipt]
  /// When it was compared.
  public let at: Instant
}

extension ShiftAnswer {
  /// Compares a statement with what was found.
  init(_ closing: ShiftClosing, _ found: [FoundReceipt], id: ShiftClosingID, at now: Instant) {
    let counted = found.filter { $0.standing == .counts }.map(\.receipt)
    let (sales, returns) = (counted.sum(.sale), counted.sum(.return))
    let difference = ShiftDifference(closing.receipts, found)
    let sumsTie = sales == closing.sales && returns == closing.returns
    let listed = closing.receipts
    let ties = sumsTie && difference.isNone
    let needsList = !ties && listed == nil
    self.init(
      id: id, ties: ties, sales: sales, returns: returns, missing: Array(difference.missing.prefix(Limits.differences)),
      missingCount: difference.missing.count, surplus: Array(difference.surplus.prefix(Limits.differences)),
      surplusCount: difference.surplus.count, different: Array(difference.different.prefix(Limits.differences)),
      differentCount: difference.different.count,
      listAddsUp: listed.map { $0.sum(.sale) == closing.sales && $0.sum(.return) == closing.returns } ?? true,
      needsList: needsList, ours: needsList ? Array(counted.prefix(Limits.shiftReceipts)) : [], at: now)
  }

  /// The answer to a statement that tied: what it said is what was found.
  init(tied closing: ShiftClosing, id: ShiftClosingID, at now: Instant) {
    self.init(
      id: id, ties: true, sales: closing.sales, returns: closing.returns, missing: [], missingCount: 0, surplus: [],
      surplusCount: 0,
      different: [], differentCount: 0, listAddsUp: true, needsList: false, ours: [], at: now)
  }
}

/// Receipt by receipt, where the till listed them.
private struct ShiftDifference {
  var missing: [ShiftAnswer.Missing] = []
  var surplus: [ShiftReceipt] = []
  var different: [ShiftAnswer.Different] = []
  var isNone: Bool { missing.isEmpty && surplus.isEmpty && different.isEmpty }

  init(_ stated: [ShiftReceipt]?, _ found: [FoundReceipt]) {
    guard let stated else { return }
    var ours = Dictionary(found.map { ($0.receipt.name, $0) }, uniquingKeysWith: { first, _ in first })
    for receipt in stated {
      let own = ours.removeValue(forKey: receipt.name)
      switch own?.standing {
      case .counts?:
        if let own, own.receipt.amount != receipt.amount {
          different.append(ShiftAnswer.Different(receipt: receipt, found: own.receipt.amount))
        }
      case .cancelled?: missing.append(ShiftAnswer.Missing(receipt: receipt, cause: .cancelled))
      case .beside?: missing.append(ShiftAnswer.Missing(receipt: receipt, cause: .beside))
      case nil: missing.append(ShiftAnswer.Missing(receipt: receipt, cause: nil))
      }
    }
    surplus = found.filter { $0.standing == .counts && ours[$0.receipt.name] != nil }.map(\.receipt)
  }
}

extension [ShiftReceipt] {
  func sum(_ kind: ShiftReceipt.Kind) -> ShiftSum {
    reduce(into: ShiftSum()) { sum, receipt in if receipt.kind == kind { sum.add(receipt.amount) } }
  }
}
