import Access
import Customers
import Kernel

/// A loyalty programme of an account, at one version of its settings. Only `Programmes` makes one, so whoever holds it has been
/// checked to be of its account.
public struct Programme: Hashable, Sendable {
  public let id: ProgrammeID
  public let account: AccountID
  public let code: String
  /// Counts the changes of the settings, from 1.
  public let version: Int64
  public let settings: ProgrammeSettings
  /// What tiers bring: filled by a sales floor whose rules ask for it, and nothing elsewhere.
  public internal(set) var privileges: [TierID: [String]] = [:]

  public var members: Members { Members(of: account, programme: id) }
  public var tiers: Tiers { Tiers(of: account, programme: id) }
  public var identifiers: Identifiers { Identifiers(of: account, programme: id) }
  public var duplicates: Duplicates { Duplicates(of: account, programme: id) }
  public var merges: Merges { Merges(of: account, programme: id) }

  /// True where sales under this brand take part.
  public func takesPart(_ brand: String) -> Bool { settings.brands.isEmpty || settings.brands.contains(brand) }
}
