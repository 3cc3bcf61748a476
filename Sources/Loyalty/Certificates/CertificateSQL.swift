import Access
import Calculator
import Kernel
import Storage

/// Every statement about certificates. Codes are kept folded, as those of coupons.
enum CertificateSQL {
  // Series.

  static func upsert(_ account: AccountID, _ programme: ProgrammeID, _ change: Change) -> Upsert<CertificateSeriesDetails> {
    Upsert(
      into: CertificatesSchema.series, ["id", "account_id", "programme_id", "code", "code_key", "body", "made_at"],
      values: { id, series in
        [
          id.value, account.value, programme.value, series.code.value, folded(series.code).value, series.json.compact.value,
          change.at.value,
        ]
      },
      update: { id, series in
        SQL("update certificate_series set body = $3 where id = $1 and account_id = $2", id, account, series.json.compact)
      })
  }

  static func keep(_ secret: String, of id: CertificateSeriesID, _ account: AccountID) -> SQL {
    "update certificate_series set pin_secret = \(secret) where account_id = \(account) and id = \(id) and pin_secret is null"
  }

  static func sealed(after: CertificateSeriesID, _ limit: Int) -> SQL {
    // Unscoped: a key is replaced for the whole installation.
    SQL(
      """
      select id, account_id, pin_secret from certificate_series where id > $1 and pin_secret is not null order by id limit $2
      """, after, limit)
  }

  static func reseal(_ secret: String, of id: CertificateSeriesID, _ account: AccountID) -> SQL {
    "update certificate_series set pin_secret = \(secret) where account_id = \(account) and id = \(id)"
  }

  private static let seriesColumns = "id, code, body, pin_secret"

  static func byCodes(_ account: AccountID, _ programme: ProgrammeID, _ codes: [String]) -> SQL {
    """
    select \(raw: seriesColumns) from certificate_series
    where account_id = \(account) and programme_id = \(programme) and code_key in (\(list: padded(codes.map(folded))))
    """
  }

  static func byIDs(_ account: AccountID, _ programme: ProgrammeID, _ ids: [CertificateSeriesID]) -> SQL {
    """
    select \(raw: seriesColumns) from certificate_series
    where account_id = \(account) and programme_id = \(programme) and id in (\(list: padded(ids)))
    """
  }

  static func all(_ account: AccountID, _ programme: ProgrammeID, before: CertificateSeriesID, _ limit: Int) -> SQL {
    """
    select \(raw: seriesColumns) from certificate_series
    where account_id = \(account) and programme_id = \(programme) and id < \(before) order by id desc limit \(limit)
    """
  }

  static func ascending(_ account: AccountID, _ programme: ProgrammeID, after: CertificateSeriesID, _ limit: Int) -> SQL {
    """
    select \(raw: seriesColumns) from certificate_series
    where account_id = \(account) and programme_id = \(programme) and id > \(after) order by id limit \(limit)
    """
  }

  static func count(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL("select count(*) from certificate_series where account_id = $1 and programme_id = $2", account, programme)
  }

  static func series(_ row: Row, _ currency: Currency) throws -> Known<CertificateSeriesDetails> {
    let body = try storedJSON(row.text(2), in: "certificate_series.body")
    var reader = RuleReader(names: IDNames(), amounts: AmountForm(currency: currency, pointsScale: 0))
    guard let details = CertificateSeriesDetails(code: row.text(1), JSONNode(body), &reader) else {
      throw StorageFailure.damaged("certificate_series.body of \(row.text(1)) cannot be read")
    }
    return Known(id: row.id(0), details: details)
  }

  /// Codes ordered and made, what is out, and what was sold in all.
  static func totals(_ account: AccountID, _ series: [CertificateSeriesID]) -> SQL {
    """
    select s.id, (select cast(coalesce(sum(b.asked), 0) as bigint) from certificate_batch b where b.series_id = s.id),
      (select cast(coalesce(sum(b.made), 0) as bigint) from certificate_batch b where b.series_id = s.id),
      (select cast(coalesce(sum(a.certificates), 0) as bigint) from certificate_age a where a.series_id = s.id),
      (select cast(coalesce(sum(a.amount), 0) as bigint) from certificate_age a where a.series_id = s.id)
    from certificate_series s where s.account_id = \(account) and s.id in (\(list: padded(series)))
    """
  }

  // Certificates.

  static let inserted = ["account_id", "code", "series_id", "batch_id", "issued_at"]

  private static let columns = """
    code, series_id, batch_id, state, balance, issued_at, activated_at, good_until, wrong_pins, hold_id, held_until
    """

  static func byCodes(_ account: AccountID, _ codes: [String], _ lock: String) -> SQL {
    """
    select \(raw: columns) from certificate
    where account_id = \(account) and code in (\(list: padded(codes))) order by code\(raw: lock)
    """
  }

  static func ofBatch(_ account: AccountID, _ batch: CertificateBatchID, after: String, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from certificate
    where account_id = \(account) and batch_id = \(batch) and code > \(after) order by code limit \(limit)
    """
  }

  static func certificate(_ row: Row) throws -> Certificate {
    guard let state = Certificate.State(rawValue: row.int(3)) else {
      throw StorageFailure.damaged("certificate.state holds \(row.int(3))")
    }
    var held: Certificate.Held?
    if let hold: HoldID = row.idOrNil(9), let until = row.instantOrNil(10) { held = Certificate.Held(by: hold, until: until) }
    return Certificate(
      code: row.text(0).uppercased(), series: row.id(1), batch: row.idOrNil(2), state: state, balance: row.money(4),
      issuedAt: row.instant(5), activatedAt: row.instantOrNil(6), until: row.instantOrNil(7), wrongPins: row.int(8), held: held)
  }

  static func save(_ certificate: Certificate, _ account: AccountID) -> SQL {
    SQL(
      """
      update certificate set state = $3, balance = $4, activated_at = cast($5 as bigint), good_until = cast($6 as bigint),
        wrong_pins = $7, hold_id = cast($8 as bigint), held_until = cast($9 as bigint)
      where account_id = $1 and code = $2
      """, account, folded(certificate.code), certificate.state.rawValue, certificate.balance, certificate.activatedAt,
      certificate.until, certificate.wrongPins, certificate.held?.by, certificate.held?.until)
  }

  static func countWrongPin(_ account: AccountID, _ code: String) -> SQL {
    "update certificate set wrong_pins = wrong_pins + 1 where account_id = \(account) and code = \(folded(code))"
  }

  static func hold(_ account: AccountID, _ codes: [String], by hold: HoldID, until end: Instant) -> SQL {
    """
    update certificate set hold_id = \(hold), held_until = \(end)
    where account_id = \(account) and state = 1 and code in (\(list: padded(codes)))
    """
  }

  static func release(_ account: AccountID, _ hold: HoldID) -> SQL {
    SQL("update certificate set hold_id = null, held_until = null where account_id = $1 and hold_id = $2", account, hold)
  }

  /// The first account, from this one on, in which a certificate ran out: a look into the index for each programme.
  static func nextDue(from account: AccountID, _ now: Instant) -> SQL {
    // Unscoped: scheduled work goes through all accounts.
    SQL(
      """
      select p.account_id from programme p
      where p.account_id >= $1 and exists (select 1 from certificate c
        where c.account_id = p.account_id and c.state = 1 and c.good_until is not null and c.good_until <= $2)
      order by p.account_id limit 1
      """, account, now)
  }

  /// Codes in the order of the index, so that a page costs no more where millions end on one day.
  static func due(_ account: AccountID, _ now: Instant, _ limit: Int) -> SQL {
    """
    select code from certificate
    where account_id = \(account) and state = 1 and good_until is not null and good_until <= \(now) order by good_until limit \(limit)
    """
  }

  // Movements.

  static let insertedEntry = [
    "account_id", "code", "id", "series_id", "kind", "change", "at", "posted_at", "receipt_id", "owner_id", "return_id", "store_id",
    "actor", "reason",
  ]

  static func values(_ entry: CertificateEntry, _ account: AccountID) -> [Value] {
    let head: [Value] = [
      account.value, folded(entry.code).value, entry.id.value, entry.series.value, entry.kind.rawValue.value, entry.change.value,
      entry.at.value, entry.postedAt.value,
    ]
    switch entry.cause {
    case .receipt(let receipt, let owner, let store):
      return head + [receipt.value, owner.value, .null, store.value, .null, .null]
    case .refund(let refund, let receipt, let store):
      return head + [receipt.value, .null, refund.value, store.value, .null, .null]
    case .time: return head + [.null, .null, .null, .null, .null, .null]
    case .staff(let actor, let reason): return head + [.null, .null, .null, .null, actor.value, reason.value]
    }
  }

  private static let entryColumns = """
    id, code, series_id, kind, change, at, posted_at, receipt_id, owner_id, return_id, store_id, actor, reason
    """

  static func entries(_ account: AccountID, of code: String, before: CertificateEntryID, _ limit: Int) -> SQL {
    """
    select \(raw: entryColumns) from certificate_entry
    where account_id = \(account) and code = \(folded(code)) and id < \(before) order by id desc limit \(limit)
    """
  }

  static func entries(_ account: AccountID, on receipt: ReceiptID) -> SQL {
    """
    select \(raw: entryColumns) from certificate_entry where account_id = \(account) and (code, id) in (
      select code, id from certificate_entry where account_id = \(account) and receipt_id = \(receipt)) order by id
    """
  }

  /// Latest first; an index by owner.
  static func entries(_ account: AccountID, of member: MemberID, before: CertificateEntryID, _ limit: Int) -> SQL {
    """
    select \(raw: entryColumns) from certificate_entry
    where account_id = \(account) and owner_id = \(member) and id < \(before) order by id desc limit \(limit)
    """
  }

  static func entry(_ row: Row) throws -> CertificateEntry {
    guard let kind = CertificateEntry.Kind(rawValue: row.int(3)) else {
      throw StorageFailure.damaged("certificate_entry.kind holds \(row.int(3))")
    }
    let store: StoreID = row.idOrNil(10) ?? StoreID(0)
    let cause: CertificateEntry.Cause
    if let receipt: ReceiptID = row.idOrNil(7) {
      if let refund: ReturnID = row.idOrNil(9) {
        cause = .refund(refund, of: receipt, at: store)
      } else {
        cause = .receipt(receipt, of: row.intOrNil(8) ?? 0, at: store)
      }
    } else {
      cause = row.textOrNil(11).map { .staff($0, reason: row.textOrNil(12) ?? "") } ?? .time
    }
    return CertificateEntry(
      id: row.id(0), code: row.text(1).uppercased(), series: row.id(2), kind: kind, change: row.money(4), at: row.instant(5),
      postedAt: row.instant(6), cause: cause)
  }

  /// What is on each, and what its movements come to.
  static func audit(_ account: AccountID, after: String, _ limit: Int) -> SQL {
    """
    select c.code, c.series_id, c.balance, (select cast(coalesce(sum(e.change), 0) as bigint) from certificate_entry e
      where e.account_id = c.account_id and e.code = c.code)
    from certificate c where c.account_id = \(account) and c.code > \(after) order by c.code limit \(limit)
    """
  }

  // Sums.

  static func count(
    _ sums: CertificateSums, of series: CertificateSeriesID, on day: CivilDay, at store: StoreID, _ account: AccountID
  )
    -> SQL
  {
    SQL(
      """
      insert into certificate_day
        (series_id, day, store_id, account_id, sold_count, sold, given, paid, refunded, lapsed, taken_back, adjusted)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
      on conflict (series_id, day, store_id) do update set sold_count = certificate_day.sold_count + excluded.sold_count,
        sold = certificate_day.sold + excluded.sold, given = certificate_day.given + excluded.given, paid = certificate_day.paid + excluded.paid,
        refunded = certificate_day.refunded + excluded.refunded, lapsed = certificate_day.lapsed + excluded.lapsed,
        taken_back = certificate_day.taken_back + excluded.taken_back, adjusted = certificate_day.adjusted + excluded.adjusted
      """, series, day, store, account, sums.count, sums.sold, sums.given, sums.paid, sums.refunded, sums.lapsed, sums.takenBack,
      sums.adjusted)
  }

  static func age(
    _ certificates: Int64, _ amount: Money, of series: CertificateSeriesID, soldIn month: Int64, at store: StoreID,
    _ account: AccountID
  ) -> SQL {
    SQL(
      """
      insert into certificate_age (series_id, month, store_id, account_id, certificates, amount) values ($1, $2, $3, $4, $5, $6)
      on conflict (series_id, month, store_id) do update set certificates = certificate_age.certificates + excluded.certificates,
        amount = certificate_age.amount + excluded.amount
      """, series, month, store, account, certificates, amount)
  }

  /// What moved between two days, both included; series by series.
  static func flows(_ account: AccountID, _ series: [CertificateSeriesID], _ days: ClosedRange<CivilDay>) -> SQL {
    """
    select series_id, cast(sum(sold_count) as bigint), cast(sum(sold) as bigint), cast(sum(paid) as bigint),
      cast(sum(refunded) as bigint), cast(sum(lapsed) as bigint), cast(sum(taken_back) as bigint), cast(sum(adjusted) as bigint),
      cast(sum(given) as bigint)
    from certificate_day
    where account_id = \(account) and series_id in (\(list: padded(series)))
      and day >= \(days.lowerBound) and day <= \(days.upperBound)
    group by series_id
    """
  }

  static func ages(_ account: AccountID, _ series: [CertificateSeriesID]) -> SQL {
    """
    select series_id, month, cast(sum(certificates) as bigint), cast(sum(amount) as bigint) from certificate_age
    where account_id = \(account) and series_id in (\(list: padded(series))) group by series_id, month order by series_id, month
    """
  }
}
