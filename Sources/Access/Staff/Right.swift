/// What a page of the console needs of whoever opens it. Pages ask for rights, never for roles.
public enum Right: String, Sendable, CaseIterable {
  /// Figures that name nobody: the overview, stores, promotions.
  case seeFigures
  /// Members and their receipts, with personal data masked.
  case seeMembers
  /// Names, numbers and addresses of members in full.
  case seePersons
  /// Forget a person for good, on their request.
  case erasePersons
  /// Register and change members, block and unblock them.
  case changeMembers
  /// Make one member of two who are one person, and two again; say that two who look alike are two.
  case mergeMembers
  /// Give and take points by hand, within the programme's limits.
  case adjustPoints
  /// Points by hand beyond these limits, to put right what was wrong.
  case correctPoints
  /// Take in files of members, goods and stores, opening balances included.
  case importFiles
  /// Take goods back, attach receipts.
  case returnGoods
  case changeProgramme
  /// Stores, registers, shifts.
  case changePlaces
  case changeStaff
  /// Tokens, webhooks, jobs.
  case changeIntegrations
  /// Lead an account from nothing to its first receipt: brand, store, till, programme and promotion at once.
  case setUp
  /// What concerns the account as a whole.
  case changeSettings
  /// What payers of promotions and partners owe: contracts, acts, statements, disputes.
  case settle
  /// Alerts, unusual cashiers and members, who is blocked at tills.
  case seeGuard
  /// Say what an alert was; block and unblock cashiers, tills and members at tills.
  case blockAtTills
  /// Who did what.
  case seeAudit
}

extension Role {
  /// What the role may do.
  public var rights: Set<Right> {
    switch self {
    case .owner: Set(Right.allCases)
    case .marketer: [.seeFigures, .seeMembers, .changeProgramme]
    case .analyst: [.seeFigures, .seeMembers, .seeGuard]
    case .operator: [.seeMembers, .seePersons, .changeMembers, .mergeMembers, .adjustPoints]
    case .cashierManager: [.seeFigures, .seeMembers, .returnGoods, .changePlaces, .seeGuard, .blockAtTills]
    case .accountant: [.seeFigures, .seeMembers, .settle]
    case .integrator: [.seeFigures, .changeIntegrations, .importFiles]
    }
  }
}
