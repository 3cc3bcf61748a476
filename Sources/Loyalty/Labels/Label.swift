import Calculator
import Conditions
import Kernel

/// What a shelf label says of one product: what anybody pays, and what a member pays for one piece.
public struct Label: Hashable, Sendable {
  /// What the label itself says; labels that say the same need no printing.
  public struct Words: Hashable, Sendable {
    public let shelf: Money
    /// Nil: no price of its own for members.
    public let member: Money?
    /// Days on which the promotions behind it are in force, as far as they say; the last one counts.
    public let from: CivilDay?
    public let through: CivilDay?
    /// Codes of the promotions.
    public let promotions: [String]
    public let names: [LocalText]
  }

  /// Against an earlier day.
  public enum Change: String, Sendable, CaseIterable {
    case new, changed
    /// The member price has ended: the label is to be taken off.
    case gone
  }

  public let product: ProductID
  public let code: String
  public let barcode: String?
  public let name: CatalogueName
  public let unit: UnitOfMeasure
  public let words: Words
  /// Nil where nothing was compared.
  public let change: Change?
}

/// Whose labels they are.
public enum LabelPlace: Hashable, Sendable {
  case store(StoreID)
  /// Any store of a price zone; nil: of none.
  case zone(PriceZoneID?)
}
