import Access
import Calculator
import Kernel
import Storage

/// Who pays for a programme's promotions: contracts, and acts of what each payer owes for some days.
///
/// The acts of a contract follow one another without a gap. Each says what its own days came to and what earlier days came to since: late
/// receipts and cancellations never change an act that somebody has in hand.
public struct FundingOffice: Sendable {
  let account: AccountID
  let programme: ProgrammeID
  let zone: Zone
  /// Of the acts; empty where nobody said.
  var currency = ""

  public init(of programme: Programme) {
    self.init(of: programme.account, programme: programme.id, zone: programme.settings.points.zone)
    currency = programme.settings.terms.currency.code
  }

  /// The programme is the account's: whoever loaded it for that account has made sure.
  public init(of account: AccountID, programme: ProgrammeID, zone: Zone) {
    (self.account, self.programme, self.zone) = (account, programme, zone)
  }

  /// Whom rules name and whose contract was described, in the order of their names. Three statements.
  public func parties(in tx: inout Transaction) throws -> [FundingParty] {
    let contracts = Dictionary(
      uniqueKeysWithValues: try tx.rows(FundingSQL.contracts(account, programme, Limits.bulk)).map { row in
        let contract = try FundingSQL.contract(row)
        return (contract.key, contract)
      })
    let named = try tx.rows(SettlementSQL.payers(account, programme, Limits.bulk)).map { try FundingSQL.key($0, 0) }
    var last: [FundingContractID: FundingActHead] = [:]
    for row in try tx.rows(FundingSQL.lastActs(account, programme, Limits.bulk)) {
      let head = FundingSQL.head(row)
      last[head.contract] = head
    }
    return Set(named).union(contracts.keys).filter { $0.payer != .retailer }.sorted().map { key in
      FundingParty(key: key, contract: contracts[key], last: contracts[key].flatMap { last[$0.id] })
    }
  }

  /// - Throws: `Problem.notFound`.
  public func contract(_ id: FundingContractID, in tx: inout Transaction) throws -> FundingContract {
    guard let row = try tx.row(FundingSQL.contract(account, programme, id)) else {
      throw Problem(.notFound, "funding_contract_unknown", "there is no contract \(id); the list of payers shows those there are")
    }
    return try FundingSQL.contract(row)
  }

  /// Nil where nobody described it.
  public func contract(_ key: FundingKey, in tx: inout Transaction) throws -> FundingContract? {
    try tx.row(FundingSQL.contract(account, programme, key)).map(FundingSQL.contract)
  }

  /// Says who a payer is; the same again changes nothing. A cap is never below what acts have come to.
  /// - Throws: `Problem.invalid`; `Problem.conflict` (`cap_below_acts`, `too_many_contracts`).
  @discardableResult
  public func save(
    _ key: FundingKey, _ details: FundingDetails, by change: Change, in tx: inout Transaction
  ) throws -> FundingContractID {
    let issues = try Self.check(key, details)
    try takeStructure(of: account, in: &tx)
    if let issuer = details.issuer, try Places(of: account).legalEntities(in: &tx)[issuer] == nil {
      issues.add("/issuer", "unknown_code", "there is no legal entity with the code \"\(issuer)\"; make it first")
      try issues.check("the contract")
    }
    let trail = AuditTrail(of: account)
    guard let known = try contract(key, in: &tx) else {
      guard try tx.rows(FundingSQL.contracts(account, programme, Limits.bulk)).count < Limits.bulk else {
        throw Problem(
          .conflict, "too_many_contracts", "a programme has at most \(Limits.bulk) contracts of payers",
          cashier: LocalText(ru: "Больше договоров завести нельзя", en: "There can be no more contracts"))
      }
      let id: FundingContractID = change.id()
      try tx.run(FundingSQL.insert(id, key, details, account, programme, change.at))
      try trail.record([.made("funding_contract", id, details.json)], by: change, in: &tx)
      return id
    }
    guard known.details != details else { return known.id }
    let paid = try totals(known.id, in: &tx).amount
    if let cap = details.cap, cap < paid {
      throw Problem(
        .conflict, "cap_below_acts",
        "acts of this contract have come to \(paid.minor) minor units already; the cap cannot be below",
        cashier: LocalText(
          ru: "По договору уже выставлено больше: предел не может быть ниже",
          en: "Acts have come to more already: the cap cannot be below"))
    }
    try tx.run(FundingSQL.update(known.id, details, account))
    try trail.record([.changed("funding_contract", known.id, from: known.details.json, to: details.json)], by: change, in: &tx)
    return known.id
  }

  private static func check(_ key: FundingKey, _ details: FundingDetails) throws(Problem) -> IssueList {
    let issues = IssueList()
    details.check(issues)
    if key.payer == .retailer { issues.add("/payer", "not_a_payer", "the retailer needs no contract with itself") }
    for (pointer, text) in [("/code", key.code), ("/contract", key.contract)] where !text.isEmpty && !isCode(text) {
      issues.add(pointer, "not_a_code", "1 to \(Limits.code) characters without control characters are expected here")
    }
    try issues.check("the contract")
    return issues
  }

  private func totals(_ id: FundingContractID, in tx: inout Transaction) throws -> (amount: Money, beyond: Money) {
    guard let row = try tx.row(FundingSQL.totals(account, id)) else { return (.zero, .zero) }
    return (row.money(0), row.money(1))
  }

  /// The acts of a contract, latest first.
  public func acts(
    of id: FundingContractID, before number: Int64 = .max, limit: Int, in tx: inout Transaction
  ) throws -> [FundingActHead] {
    try tx.rows(FundingSQL.acts(account, id, before: number, min(max(1, limit), Limits.page))).map(FundingSQL.head)
  }

  /// An act as it was issued. - Throws: `Problem.notFound`.
  public func act(
    _ number: Int64, of id: FundingContractID, in tx: inout Transaction
  ) throws -> (head: FundingActHead, act: FundingAct) {
    guard let row = try tx.row(FundingSQL.act(account, id, number)) else {
      throw Problem(.notFound, "funding_act_unknown", "the contract has no act \(number)")
    }
    return (FundingSQL.head(row), try FundingAct(stored: row.text(8), else: contract(id, in: &tx).party))
  }

  /// The first day on which promotions of the contract gave anything; nil before it.
  public func firstDay(of contract: FundingContract, in tx: inout Transaction) throws -> CivilDay? {
    let days = try [false, true].compactMap { isTrial -> CivilDay? in
      try tx.row(SettlementSQL.firstDay(account, programme, contract.key, isTrial: isTrial)).flatMap {
        $0.isNull(0) ? nil : $0.day(0)
      }
    }
    return days.min()
  }

  /// What the contract's days come to as they stand, with what earlier acts' days came to since. Nothing is written.
  ///
  /// Costs one statement over all days that it looks back to.
  /// - Throws: `Problem.invalid` (`funding_days`) where the days do not follow the last act's.
  public func preview(
    of contract: FundingContract, _ days: ClosedRange<CivilDay>, in tx: inout Transaction
  ) throws -> FundingAct {
    let acts = try acts(of: contract.id, limit: DocumentDays.lookBack, in: &tx)
    try DocumentDays.act.checkOrder(of: days, behind: acts.first.map { ($0.number, $0.days) })
    let stated = try tx.rows(FundingSQL.stated(account, contract.id)).reduce(into: [CivilDay: Money]()) {
      $0[$1.day(0)] = $1.money(1)
    }
    let span = (acts.last?.days.lowerBound ?? days.lowerBound)...days.upperBound
    let lists = try [false, true].map { isTrial in
      try tx.rows(SettlementSQL.gifts(account, programme, contract.key, span, isTrial: isTrial))
    }
    var corrections: [FundingAct.Correction] = []
    for act in acts.reversed() {
      let now = try FundingAct.sum(lists.map { $0.filter { act.days.contains($0.day(9)) } })
      let moved = now - (stated[act.days.lowerBound] ?? .zero)
      if moved != .zero { corrections.append(FundingAct.Correction(days: act.days, amount: moved)) }
    }
    let lines = try FundingAct.lines(lists.map { $0.filter { days.contains($0.day(9)) } })
    let (paid, beyond) = try totals(contract.id, in: &tx)
    return FundingAct(
      with: contract.party, days: days, lines: lines, corrections: corrections, cap: contract.details.cap, before: paid,
      beyondBefore: beyond)
  }

  /// The act as a document: with who issues it, its currency and the goods of its days. Three statements more.
  public func document(_ act: FundingAct, of contract: FundingContract, in tx: inout Transaction) throws -> FundingAct {
    var act = act
    act.issuer = try issuer(of: contract, in: &tx)
    act.currency = currency
    act.goods = try tx.rows(GoodsSQL.ofContract(account, programme, contract.key, act.days, FundingAct.mostGoods))
      .map(FundingAct.Goods.init)
    return act
  }

  /// The legal entity that the contract names, the only one there is, or the account by its name.
  private func issuer(of contract: FundingContract, in tx: inout Transaction) throws -> DocumentParty {
    let known = try Places(of: account).legalEntities(in: &tx)
    let found = contract.details.issuer.flatMap { known[$0] } ?? (known.count == 1 ? known.values.first : nil)
    guard let entity = found?.details else {
      return DocumentParty(
        name: try Accounts().account(account, in: &tx).details.name, taxNumber: "", contract: contract.key.contract)
    }
    return DocumentParty(name: entity.name, taxNumber: entity.taxNumber ?? "", contract: contract.key.contract)
  }

  /// What is left of each cap: after all acts, and after what promotions gave since the last of them. For each contract with a cap as
  /// many statements as a preview has.
  public func caps(today: CivilDay, in tx: inout Transaction) throws -> [SharedCap] {
    let contracts = try tx.rows(FundingSQL.contracts(account, programme, Limits.bulk)).map(FundingSQL.contract)
    return try contracts.compactMap { contract in
      guard let cap = contract.details.cap else { return nil }
      var left = cap - (try totals(contract.id, in: &tx).amount)
      let last = try acts(of: contract.id, limit: 1, in: &tx).first
      if let begin = try last.map({ $0.days.upperBound.adding(days: 1) }) ?? firstDay(of: contract, in: &tx), begin <= today {
        left = left - (try preview(of: contract, begin...today, in: &tx).amount)
      }
      let key = contract.key
      return SharedCap(payer: key.payer, code: key.code, contract: key.contract, left: max(.zero, left))
    }
  }

  /// Issues an act: it gets the contract's next number and never changes. Sent again for the same days, it is the act that was issued.
  /// - Parameter seen: the amount that whoever issues it was shown; nil: whatever it is.
  /// - Throws: as `preview`; `Problem.conflict` (`funding_days_open`) while the last of the days is not over, (`funding_act_moved`)
  ///   where the amount is another than was seen.
  public func issue(
    _ id: FundingContractID, _ days: ClosedRange<CivilDay>, seen: Money?, by change: Change, in tx: inout Transaction
  ) throws -> FundingActHead {
    try takeStructure(of: account, in: &tx)
    let contract = try contract(id, in: &tx)
    if let row = try tx.row(FundingSQL.act(account, id, on: days.lowerBound)) {
      let head = FundingSQL.head(row)
      if head.days == days { return head }
    }
    try DocumentDays.act.checkOver(days, today: zone.civil(at: change.at).day)
    let act = try document(preview(of: contract, days, in: &tx), of: contract, in: &tx)
    try DocumentDays.act.checkSeen(seen, now: act.amount)
    let number = (try acts(of: id, limit: 1, in: &tx).first?.number ?? 0) + 1
    let head = FundingActHead(
      id: change.id(), contract: id, number: number, days: days, amount: act.amount, beyond: act.beyond, madeAt: change.at)
    try tx.run(FundingSQL.insert(head, act, account, change))
    let own = FundingAct.Correction(days: days, amount: act.own)
    for part in [own] + act.corrections { try tx.enqueue(FundingSQL.insert(part, of: head, account)) }
    let note: JSON = .object([
      "number": .int(number), "from": .string("\(days.lowerBound)"), "to": .string("\(days.upperBound)"),
      "amount": .int(act.amount.minor),
    ])
    try AuditTrail(of: account).record([.did("funding_act.issued", id, after: note)], by: change, in: &tx)
    return head
  }
}
