import Access
import Kernel
import Loyalty

/// Whose sales a cube is of.
public struct CubeScope: Hashable, Sendable {
  public let account: AccountID
  public let programme: ProgrammeID
  /// Whose clock counts in a store whose own zone the machine does not know.
  public let zone: Zone

  public init(account: AccountID, programme: ProgrammeID, zone: Zone) {
    (self.account, self.programme, self.zone) = (account, programme, zone)
  }

  public init(_ programme: Programme) {
    self.init(account: programme.account, programme: programme.id, zone: programme.settings.points.zone)
  }
}
