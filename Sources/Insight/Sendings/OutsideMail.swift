import Access
import Kernel
import Storage

/// Whom outside the staff reports may be sent to: one address, or everybody at a domain.
public enum OutsideAddress: Hashable, Sendable {
  case address(Email)
  /// In lower case, without the sign before it. Domains below it are others.
  case domain(String)

  /// `name@supplier.example`, `@supplier.example` or `supplier.example`.
  public init?(_ text: String) {
    let lowered = text.lowercased()
    if let at = lowered.firstIndex(of: "@"), at != lowered.startIndex {
      guard let mail = Email(lowered) else { return nil }
      self = .address(mail)
    } else {
      let domain = lowered.hasPrefix("@") ? String(lowered.dropFirst()) : lowered
      guard Email("name@" + domain) != nil else { return nil }
      self = .domain(domain)
    }
  }

  public var text: String {
    switch self {
    case .address(let mail): mail.text
    case .domain(let domain): "@" + domain
    }
  }

  public func allows(_ mail: Email) -> Bool {
    switch self {
    case .address(let own): own == mail
    case .domain(let domain): mail.text.hasSuffix("@" + domain)
    }
  }
}

/// Somebody outside the staff whom a schedule writes to.
public struct ReportOutsider: Hashable, Sendable {
  public let id: ReportOutsiderID
  public let mail: Email
}

/// Whom outside the staff an account lets its reports be sent to; nobody, unless an owner says so.
public struct OutsideMail: Sendable {
  let account: AccountID

  public init(of account: AccountID) { self.account = account }

  /// In the order of their texts.
  public func allowed(in tx: inout Transaction) throws -> [OutsideAddress] {
    try tx.rows(OutsideMailSQL.allowed(account)).map { row in
      guard let address = OutsideAddress(row.text(0)) else { throw StorageFailure.damaged("report_outside holds no address") }
      return address
    }
  }

  /// These and no others. Schedules keep whom they wrote to, but nobody gets a letter who is not allowed any more. Harmless when repeated.
  /// - Throws: `Problem.invalid` (`not_an_address`, `too_many_addresses`).
  public func allow(_ texts: [String], by change: Change, in tx: inout Transaction) throws {
    try takeStructure(of: account, in: &tx)
    let wanted = Set(
      try texts.map { text in
        guard let address = OutsideAddress(text) else { throw Self.noAddress(text) }
        return address
      })
    guard wanted.count <= Limits.outsideAddresses else { throw Self.tooMany }
    let known = Set(try allowed(in: &tx))
    let (fresh, gone) = (wanted.subtracting(known), known.subtracting(wanted))
    guard !fresh.isEmpty || !gone.isEmpty else { return }
    for address in gone { try tx.run(OutsideMailSQL.disallow(account, address)) }
    for address in fresh { try tx.run(OutsideMailSQL.allow(account, address, change.at)) }
    let after = JSON.object([
      "domains": Self.domains(wanted), "addresses": .int(Int64(wanted.count { if case .address = $0 { true } else { false } })),
      "added": .int(Int64(fresh.count)), "removed": .int(Int64(gone.count)),
    ])
    try AuditTrail(of: account).record([.did("report_outside.changed", account, after: after)], by: change, in: &tx)
  }

  /// Of addresses the trail says how many there are: they are somebody's.
  private static func domains(_ all: Set<OutsideAddress>) -> JSON {
    .array(
      all.compactMap { address -> String? in if case .domain(let domain) = address { domain } else { nil } }.sorted()
        .map(JSON.string))
  }

  /// What a form says, as addresses.
  /// - Throws: `Problem.invalid` (`not_an_address`).
  static func mails(_ texts: [String]) throws -> Set<Email> {
    Set(
      try texts.map { text in
        guard let mail = Email(text) else { throw noAddress(text) }
        return mail
      })
  }

  private static func noAddress(_ text: String) -> Problem {
    let shown = String(text.prefix(Limits.code))
    return Problem(
      .invalid, "not_an_address", "\(shown) is no address",
      cashier: LocalText(
        ru: "«\(shown)» – не адрес. Нужен адрес вида имя@example.com", en: "“\(shown)” is no address like name@example.com"))
  }

  private static let tooMany = Problem(
    .invalid, "too_many_addresses", "at most \(Limits.outsideAddresses) addresses and domains are allowed",
    cashier: LocalText(
      ru: "Не больше \(Limits.outsideAddresses) адресов и доменов", en: "At most \(Limits.outsideAddresses) addresses and domains"))

  static func notAllowed(_ mail: Email) -> Problem {
    Problem(
      .invalid, "outside_not_allowed", "the account sends no reports to \(mail.text)",
      cashier: LocalText(
        ru: "На адрес \(mail.text) отчёты отправлять не разрешено. Адреса и домены разрешает владелец в настройках",
        en: "Reports may not be sent to \(mail.text). An owner allows addresses and domains in Settings"))
  }
}
