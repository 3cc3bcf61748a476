import Access
import Kernel
import Loyalty
import Storage

/// The steps from an empty account to a receipt, in their order.
enum SetupStep: String, CaseIterable {
  case brand, store, till, programme, promotion, receipt

  var path: String { "/console/setup/" + rawValue }
  var next: SetupStep? { Self.allCases.firstIndex(of: self).flatMap { $0 + 1 < Self.allCases.count ? Self.allCases[$0 + 1] : nil } }
  var former: SetupStep? { Self.allCases.firstIndex(of: self).flatMap { $0 > 0 ? Self.allCases[$0 - 1] : nil } }

  /// A till can come later: the last step sells on the screen.
  var canWait: Bool { self == .till }

  func name(_ reader: Reader) -> String {
    switch self {
    case .brand: reader("Сеть и бренд", "Brand")
    case .store: reader("Магазин", "Store")
    case .till: reader("Касса", "Till")
    case .programme: reader("Программа", "Programme")
    case .promotion: reader("Первая акция", "First promotion")
    case .receipt: reader("Первый чек", "First receipt")
    }
  }
}

/// How far an account is. Nothing is kept for it: what is there says which steps are done, so the set-up can be left and resumed
/// anywhere, and agrees with what was made by command.
struct SetupFacts: Sendable {
  let brand: BrandDetails?
  let seller: LegalEntityDetails?
  /// The first one that was made, and its first register.
  let store: Store?
  let register: Known<RegisterDetails>?
  let programme: Programme?
  let rules: Int64
  let promotions: [StoredPromotion]
  let receipt: Receipt?

  func isDone(_ step: SetupStep) -> Bool {
    switch step {
    case .brand: brand != nil && seller != nil
    case .store: store != nil
    case .till: register != nil
    case .programme: programme != nil
    case .promotion: rules > 0
    case .receipt: receipt != nil
    }
  }

  /// Where to go on: the first step that is not done and cannot wait.
  var next: SetupStep { SetupStep.allCases.first { !isDone($0) && !$0.canWait } ?? .receipt }
  var left: Int { SetupStep.allCases.count { !isDone($0) } }

  /// A step stands on those before it.
  func isOpen(_ step: SetupStep) -> Bool {
    SetupStep.allCases.prefix { $0 != step }.allSatisfy { isDone($0) || $0.canWait }
  }

  /// At most eight small statements, whatever the account holds.
  /// - Parameter sold: a receipt to show instead of the latest: whose, and which.
  static func read(
    _ account: AccountID, _ programme: Programme?, _ sold: (owner: Int64, id: ReceiptID)?, in tx: inout Transaction
  ) throws -> SetupFacts {
    let places = Places(of: account)
    let brands = try places.brands(in: &tx).values.sorted { $0.id < $1.id }
    let sellers = try places.legalEntities(in: &tx).values.sorted { $0.id < $1.id }
    let store = try places.stores(limit: 1, in: &tx).first
    let registers = try store.map { try Registers(of: account, in: $0.id).all(in: &tx).values.sorted { $0.id < $1.id } } ?? []
    return SetupFacts(
      brand: brands.first?.details, seller: sellers.first?.details, store: store, register: registers.first, programme: programme,
      rules: try programme.map { try RuleBooks(of: $0).latestVersion(in: &tx) } ?? 0,
      promotions: try programme.map { try Promotions(of: $0).all(.running, limit: 3, in: &tx) } ?? [],
      receipt: try sold.flatMap { try ReceiptBook(of: account).receipt($0.id, of: $0.owner, in: &tx)?.receipt }
        ?? ReceiptBook(of: account).latest(1, in: &tx).first)
  }
}
