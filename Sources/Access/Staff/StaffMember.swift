import Kernel

/// What somebody of the account's staff may do.
public enum Role: String, Sendable, CaseIterable {
  /// Everything, staff and tokens included.
  case owner
  /// Promotions, audiences, campaigns; sees reports.
  case marketer
  /// Sees reports and members without changing anything.
  case analyst
  /// Serves members: looks them up, gives goodwill within limits.
  case `operator`
  /// Stores, registers and shifts; takes goods back.
  case cashierManager = "cashier_manager"
  /// Settles with suppliers and partners.
  case accountant
  /// Tokens, webhooks, jobs.
  case integrator
}

/// Somebody who signs in to the console.
public struct StaffMember: Hashable, Sendable {
  public let id: StaffID
  public let login: String
  public let name: String
  public let role: Role
  /// The password was set by somebody else and serves for one sign-in.
  public let mustChange: Bool
  public let isBlocked: Bool
  public let madeAt: Instant
  /// Where letters to them go.
  public let mail: Email?
}
