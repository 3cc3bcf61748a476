import Access
import Calculator
import Kernel
import Storage

/// Every statement about days of promotions and of stores' members.
enum SettlementSQL {
  static func start(_ account: AccountID) -> SQL { "select at from settlement_start where account_id = \(account)" }

  static func begin(_ account: AccountID, at moment: Instant) -> SQL {
    "insert into settlement_start (account_id, at) values (\(account), \(moment)) on conflict do nothing"
  }

  /// Versions in force, and those that are on trial, each with tables of their own.
  static func days(_ isTrial: Bool) -> String { isTrial ? "promotion_trial_day" : "promotion_day" }
  static func payers(_ isTrial: Bool) -> String { isTrial ? "promotion_trial_payer" : "promotion_payer" }

  /// Of all stores together, as acts read it: the column of the store holds 0.
  static func add(_ day: GiftDay, _ at: SettlementSums.GiftPlace, _ account: AccountID) -> SQL {
    let days = days(at.giver.isTrial)
    return SQL(
      prepared: """
        insert into \(days) (promotion_id, rules, day, store_id, account_id, programme_id, receipts, money, points, returns,
          money_back, points_back)
        values ($1, $2, $3, 0, $4, $5, $6, $7, $8, $9, $10, $11)
        on conflict (promotion_id, rules, store_id, day) do update set receipts = \(days).receipts + excluded.receipts,
          money = \(days).money + excluded.money, points = \(days).points + excluded.points,
          returns = \(days).returns + excluded.returns, money_back = \(days).money_back + excluded.money_back,
          points_back = \(days).points_back + excluded.points_back
        where \(days).account_id = excluded.account_id
        """,
      [
        at.giver.promotion.value, at.rules.value, at.day.value, account.value, at.programme.value, day.receipts.value,
        day.money.value, day.points.value, day.returns.value, day.moneyBack.value, day.pointsBack.value,
      ])
  }

  static func add(_ day: ClearingDay, _ at: SettlementSums.StorePlace, _ account: AccountID) -> SQL {
    SQL(
      """
      insert into clearing_day (store_id, programme_id, day, account_id, receipts, amount, earned, spent, returns, taken_back, given_back)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      on conflict (store_id, programme_id, day) do update set receipts = clearing_day.receipts + excluded.receipts,
        amount = clearing_day.amount + excluded.amount, earned = clearing_day.earned + excluded.earned,
        spent = clearing_day.spent + excluded.spent, returns = clearing_day.returns + excluded.returns,
        taken_back = clearing_day.taken_back + excluded.taken_back, given_back = clearing_day.given_back + excluded.given_back
      where clearing_day.account_id = excluded.account_id
      """, at.store, at.programme, at.day, account, day.receipts, day.amount, day.earned, day.spent, day.returns, day.takenBack,
      day.givenBack)
  }

  static let insertedPayer = [
    "promotion_id", "rules", "place", "account_id", "programme_id", "payer", "code", "contract", "shares", "spend_value",
    "points_scale", "promotion_code", "name_ru", "name_en",
  ]

  static func payer(
    _ promotion: Promotion, _ place: Int, _ book: RuleBook, _ programme: ProgrammeID, _ account: AccountID
  ) -> [Value] {
    let funding = promotion.funding[place]
    let shares = promotion.funding.map { "\($0.share.ppm)" }.joined(separator: " ")
    return [
      promotion.id.value, book.version.value, place.value, account.value, programme.value, funding.payer.rawValue.value,
      (funding.code ?? "").value, (funding.contract ?? "").value, shares.value, book.terms.spendValue.value,
      book.terms.pointsScale.value, promotion.code.value, promotion.name.ru.value, promotion.name.en.value,
    ]
  }

  // Receipts and what became of them, two hundred places at most.

  static func sales(_ account: AccountID, _ places: some Collection<ReceiptBook.Place>) -> SQL {
    SQL(
      prepared: """
        with place (of_owner, of_id) as (values \(HeldPlaces.rows(places.count)))
        select \(ReceiptSQL.columns), r.programme_id from place p join receipt r on r.owner_id = p.of_owner and r.id = p.of_id
        where r.account_id = $1
        """, HeldPlaces.binds(account, places))
  }

  static func claims(_ account: AccountID, _ places: some Collection<ReceiptBook.Place>) -> SQL {
    SQL(
      prepared: """
        with place (of_owner, of_id) as (values \(HeldPlaces.rows(places.count)))
        select a.owner_id, a.receipt_id, a.sold_by, a.earned, a.given, a.given_lines
        from place p join receipt_alias a on a.owner_id = p.of_owner and a.receipt_id = p.of_id
        where a.account_id = $1 order by a.owner_id, a.receipt_id
        """, HeldPlaces.binds(account, places))
  }

  /// By the documents that they stood on.
  static func returns(_ account: AccountID, _ places: some Collection<ReceiptBook.Place>) -> SQL {
    SQL(
      prepared: """
        with place (of_owner, of_id) as (values \(HeldPlaces.rows(places.count)))
        select \(ReturnSQL.columns), owner_id, programme_id, store_id, business_day, posted_at
        from place p join receipt_return r on r.owner_id = p.of_owner and r.document_id = p.of_id
        where r.account_id = $1 order by r.id
        """, HeldPlaces.binds(account, places))
  }

  // What was added up.

  /// What the promotions of one payer's contract gave, by promotion, rule book, share and day.
  static func gifts(
    _ account: AccountID, _ programme: ProgrammeID, _ contract: FundingKey, _ days: ClosedRange<CivilDay>, isTrial: Bool
  ) -> SQL {
    """
    select p.promotion_id, p.rules, p.place, p.shares, p.spend_value, p.points_scale, p.promotion_code, p.name_ru, p.name_en, d.day,
      cast(sum(d.receipts) as bigint), cast(sum(d.money) as bigint), cast(sum(d.points) as bigint), cast(sum(d.returns) as bigint),
      cast(sum(d.money_back) as bigint), cast(sum(d.points_back) as bigint)
    from \(raw: payers(isTrial)) p join \(raw: self.days(isTrial)) d on d.promotion_id = p.promotion_id and d.rules = p.rules
    where p.account_id = \(account) and p.programme_id = \(programme) and p.payer = \(contract.payer.rawValue)
      and p.code = \(contract.code) and p.contract = \(contract.contract) and d.account_id = \(account)
      and d.store_id = 0 and d.day >= \(days.lowerBound) and d.day <= \(days.upperBound)
    group by p.promotion_id, p.rules, p.place, p.shares, p.spend_value, p.points_scale, p.promotion_code, p.name_ru, p.name_en, d.day
    order by p.promotion_code, p.promotion_id, p.rules, p.place, d.day
    """
  }

  static func firstDay(_ account: AccountID, _ programme: ProgrammeID, _ contract: FundingKey, isTrial: Bool) -> SQL {
    """
    select min(d.day) from \(raw: payers(isTrial)) p join \(raw: days(isTrial)) d on d.promotion_id = p.promotion_id and d.rules = p.rules
    where p.account_id = \(account) and p.programme_id = \(programme) and p.payer = \(contract.payer.rawValue)
      and p.code = \(contract.code) and p.contract = \(contract.contract) and d.account_id = \(account) and d.store_id = 0
    """
  }

  /// - Parameter place: of the first of its six columns.
  static func gift(_ row: Row, at place: Int = 10) -> GiftDay {
    var day = GiftDay()
    (day.receipts, day.money, day.points) = (row.int(place), row.money(place + 1), row.points(place + 2))
    (day.returns, day.moneyBack, day.pointsBack) = (row.int(place + 3), row.money(place + 4), row.points(place + 5))
    return day
  }

  /// What one promotion gave by rule books of a span.
  static func sum(_ account: AccountID, _ promotion: PromotionID, _ since: Int64, _ until: Int64?, isTrial: Bool) -> SQL {
    """
    select cast(coalesce(sum(receipts), 0) as bigint), cast(coalesce(sum(money), 0) as bigint),
      cast(coalesce(sum(points), 0) as bigint), cast(coalesce(sum(returns), 0) as bigint),
      cast(coalesce(sum(money_back), 0) as bigint), cast(coalesce(sum(points_back), 0) as bigint)
    from \(raw: days(isTrial)) where promotion_id = \(promotion) and rules >= \(since) and rules < \(until ?? .max)
      and account_id = \(account)
    """
  }

  /// What these promotions gave on some days, whatever rule book: one look into the index for each, its days and books.
  static func given(_ account: AccountID, _ promotions: [PromotionID], _ days: ClosedRange<CivilDay>, isTrial: Bool) -> SQL {
    """
    select promotion_id, cast(sum(receipts) as bigint), cast(sum(money) as bigint), cast(sum(points) as bigint),
      cast(sum(returns) as bigint), cast(sum(money_back) as bigint), cast(sum(points_back) as bigint)
    from \(raw: self.days(isTrial)) where promotion_id in (\(list: padded(promotions))) and account_id = \(account) and store_id = 0
      and day >= \(days.lowerBound) and day <= \(days.upperBound)
    group by promotion_id order by promotion_id
    """
  }

  /// The first day on which the promotion gave anything, in force or on trial.
  static func firstDay(_ account: AccountID, _ promotion: PromotionID) -> SQL {
    """
    select min(day) from (
      select min(day) as day from promotion_day where promotion_id = \(promotion) and account_id = \(account) and store_id = 0
      union all
      select min(day) from promotion_trial_day where promotion_id = \(promotion) and account_id = \(account) and store_id = 0
    ) days
    """
  }

  /// Whom rules name as payers, in the order of their names.
  static func payers(_ account: AccountID, _ programme: ProgrammeID, _ limit: Int) -> SQL {
    """
    select payer, code, contract from promotion_payer where account_id = \(account) and programme_id = \(programme)
    union select payer, code, contract from promotion_trial_payer where account_id = \(account) and programme_id = \(programme)
    order by payer, code, contract limit \(limit)
    """
  }

  /// Nothing where a book's payers were not written down yet.
  static func payers(_ account: AccountID, _ book: GiftBooks.Key) -> SQL {
    """
    select 1 from promotion_payer
    where account_id = \(account) and programme_id = \(book.programme) and rules = \(book.version)
    union all
    select 1 from promotion_trial_payer
    where account_id = \(account) and programme_id = \(book.programme) and rules = \(book.version)
    limit 1
    """
  }

  // For the audit: everything of a programme.

  static func allGifts(_ account: AccountID, _ programme: ProgrammeID, isTrial: Bool) -> SQL {
    """
    select promotion_id, rules, day, receipts, money, points, returns, money_back, points_back
    from \(raw: days(isTrial)) where account_id = \(account) and programme_id = \(programme) and store_id = 0
    """
  }

  static func allClearing(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    """
    select store_id, day, receipts, amount, earned, spent, returns, taken_back, given_back
    from clearing_day where account_id = \(account) and programme_id = \(programme)
    """
  }

  static func sales(_ account: AccountID, _ programme: ProgrammeID, after owner: Int64, _ id: ReceiptID, _ limit: Int) -> SQL {
    """
    select \(raw: ReceiptSQL.columns), programme_id from receipt
    where account_id = \(account) and programme_id = \(programme)
      and (owner_id, id) > (\(owner), \(id))
    order by owner_id, id limit \(limit)
    """
  }

  static func returns(_ account: AccountID, _ programme: ProgrammeID, after id: ReturnID, _ limit: Int) -> SQL {
    """
    select \(raw: ReturnSQL.columns), owner_id, programme_id, store_id, business_day, posted_at
    from receipt_return
    where account_id = \(account) and programme_id = \(programme) and id > \(id) and matched_as is null
    order by id limit \(limit)
    """
  }

  static func claims(_ account: AccountID, _ programme: ProgrammeID, after owner: Int64, _ id: ReceiptID, _ limit: Int) -> SQL {
    """
    select owner_id, receipt_id, sold_by, earned, given, given_lines from receipt_alias
    where account_id = \(account) and programme_id = \(programme)
      and (owner_id, receipt_id) > (\(owner), \(id))
    order by owner_id, receipt_id limit \(limit)
    """
  }
}
