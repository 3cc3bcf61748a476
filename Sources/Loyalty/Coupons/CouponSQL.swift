import Access
import Kernel
import Storage

/// Every statement about coupons. Codes are kept folded (`couponKey`), so that case and spaces around them do not matter.
enum CouponSQL {
  // Series.

  static func upsert(_ account: AccountID, _ programme: ProgrammeID, _ change: Change) -> Upsert<CouponSeriesDetails> {
    Upsert(
      into: CouponsSchema.series, ["id", "account_id", "programme_id", "code", "code_key", "body", "made_at"],
      values: { id, series in
        [
          id.value, account.value, programme.value, series.code.value, folded(series.code).value, series.json.compact.value,
          change.at.value,
        ]
      },
      update: { id, series in
        SQL("update coupon_series set body = $3 where id = $1 and account_id = $2", id, account, series.json.compact)
      })
  }

  static func byCodes(_ account: AccountID, _ programme: ProgrammeID, _ codes: [String]) -> SQL {
    """
    select id, code, body from coupon_series
    where account_id = \(account) and programme_id = \(programme) and code_key in (\(list: padded(codes.map(folded))))
    """
  }

  static func byIDs(_ account: AccountID, _ programme: ProgrammeID, _ ids: [CouponSeriesID]) -> SQL {
    """
    select id, code, body from coupon_series
    where account_id = \(account) and programme_id = \(programme) and id in (\(list: padded(ids)))
    """
  }

  static func all(_ account: AccountID, _ programme: ProgrammeID, before: CouponSeriesID, _ limit: Int) -> SQL {
    """
    select id, code, body from coupon_series
    where account_id = \(account) and programme_id = \(programme) and id < \(before) order by id desc limit \(limit)
    """
  }

  static func ascending(_ account: AccountID, _ programme: ProgrammeID, after: CouponSeriesID, _ limit: Int) -> SQL {
    """
    select id, code, body from coupon_series
    where account_id = \(account) and programme_id = \(programme) and id > \(after) order by id limit \(limit)
    """
  }

  static func count(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL("select count(*) from coupon_series where account_id = $1 and programme_id = $2", account, programme)
  }

  static func series(_ row: Row) throws -> Known<CouponSeriesDetails> {
    let body = try storedJSON(row.text(2), in: "coupon_series.body")
    guard let details = CouponSeriesDetails(code: row.text(1), JSONNode(body)) else {
      throw StorageFailure.damaged("coupon_series.body of \(row.text(1)) cannot be read")
    }
    return Known(id: row.id(0), details: details)
  }

  /// Codes asked for by all batches of each series, codes made, and coupons used.
  static func totals(_ account: AccountID, _ series: [CouponSeriesID]) -> SQL {
    """
    select s.id,
      (select cast(coalesce(sum(b.asked), 0) as bigint) from coupon_batch b where b.account_id = s.account_id and b.series_id = s.id),
      (select cast(coalesce(sum(b.made), 0) as bigint) from coupon_batch b where b.account_id = s.account_id and b.series_id = s.id),
      (select cast(coalesce(sum(u.used), 0) as bigint) from coupon_use u where u.account_id = s.account_id and u.series_id = s.id)
    from coupon_series s where s.account_id = \(account) and s.id in (\(list: padded(series)))
    """
  }

  // Coupons.

  static let inserted = [
    "account_id", "code", "series_id", "batch_id", "owner_id", "issued_at", "good_from", "good_until", "issued_on",
  ]

  private static let columns = """
    code, series_id, batch_id, owner_id, state, issued_at, good_from, good_until, used_on, used_owner, used_at, hold_id, held_until
    """

  static func byCodes(_ account: AccountID, _ codes: [String], _ lock: String) -> SQL {
    """
    select \(raw: columns) from coupon
    where account_id = \(account) and code in (\(list: padded(codes))) order by code\(raw: lock)
    """
  }

  static func ofBatch(_ account: AccountID, _ batch: CouponBatchID, after: String, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from coupon
    where account_id = \(account) and batch_id = \(batch) and code > \(after) order by code limit \(limit)
    """
  }

  static func coupon(_ row: Row) throws -> Coupon {
    guard let state = Coupon.State(rawValue: row.int(4)) else { throw StorageFailure.damaged("coupon.state holds \(row.int(4))") }
    return Coupon(
      code: row.text(0).uppercased(), series: row.id(1), batch: row.idOrNil(2), member: row.idOrNil(3), state: state,
      issuedAt: row.instant(5), from: row.instantOrNil(6), until: row.instantOrNil(7), usedOn: row.idOrNil(8),
      usedOwner: row.intOrNil(9), usedAt: row.instantOrNil(10), hold: row.idOrNil(11), heldUntil: row.instantOrNil(12))
  }

  // By member and by receipt coupons are found through their codes, which the index has. Asked for whole rows at once, SQLite takes the first
  // column of every key for worth ten rows, and walks through all coupons of the account.

  /// Latest first; an index by owner.
  static func ofMember(_ account: AccountID, _ member: MemberID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from coupon
    where account_id = \(account)
      and code in (select code from coupon where account_id = \(account) and owner_id = \(member))
    order by issued_at desc, code limit \(limit)
    """
  }

  /// Latest first, what happened to a member's own coupons: they were given, or they were used. By the index of owners; a member has some
  /// hundreds at most.
  /// The latest that were issued and the latest that were used; the last column says which.
  static func moments(_ account: AccountID, _ member: MemberID, until last: Instant, _ limit: Int) -> SQL {
    """
    select * from (select \(raw: columns), cast(0 as bigint) as is_used from coupon
      where account_id = \(account) and issued_at <= \(last)
        and code in (select code from coupon where account_id = \(account) and owner_id = \(member))
      order by issued_at desc, code limit \(limit)) g
    union all select * from (select \(raw: columns), cast(1 as bigint) as is_used from coupon
      where account_id = \(account) and used_at <= \(last)
        and code in (select code from coupon where account_id = \(account) and owner_id = \(member))
      order by used_at desc, code limit \(limit)) u
    """
  }

  static func moment(_ row: Row) throws -> CouponMoment? { CouponMoment(row.int(13) == 1 ? .used : .issued, of: try coupon(row)) }

  /// Of members' own coupons those that nobody used, with until when they are good.
  static func unused(_ account: AccountID, _ owners: [MemberID]) -> SQL {
    """
    select owner_id, series_id, good_until from coupon
    where account_id = \(account) and state = 0
      and code in (select code from coupon where account_id = \(account) and owner_id in (\(list: padded(owners))))
    """
  }

  static func issued(_ account: AccountID, on receipt: ReceiptID) -> SQL {
    """
    select \(raw: columns) from coupon
    where account_id = \(account)
      and code in (select code from coupon where account_id = \(account) and issued_on = \(receipt))
    order by code
    """
  }

  /// Coupons that a receipt brought and nobody has used, of all but these series.
  static func takeBack(_ account: AccountID, of receipt: ReceiptID, but kept: [CouponSeriesID]) -> SQL {
    """
    update coupon set state = 2, hold_id = null, held_until = null
    where account_id = \(account) and state = 0
      and code in (select code from coupon where account_id = \(account) and issued_on = \(receipt))
      and series_id not in (\(list: padded(kept.isEmpty ? [CouponSeriesID(0)] : kept)))
    """
  }

  /// Only what nobody has used: who changes none of the rows was too late.
  static func redeem(
    _ account: AccountID, _ codes: [String], on receipt: ReceiptID, of owner: Int64, at time: Instant
  ) -> SQL {
    """
    update coupon set state = 1, used_on = \(receipt), used_owner = \(owner), used_at = \(time), hold_id = null, held_until = null
    where account_id = \(account) and state = 0 and code in (\(list: padded(codes)))
    """
  }

  /// What a return gives back is good at least until then.
  static func giveBack(_ account: AccountID, _ codes: [String], of receipt: ReceiptID, goodUntil least: Instant) -> SQL {
    """
    update coupon set state = 0, used_on = null, used_owner = null, used_at = null,
      good_until = case when good_until < \(least) then \(least) else good_until end
    where account_id = \(account) and used_on = \(receipt) and code in (\(list: padded(codes))) returning series_id
    """
  }

  static func count(_ used: Int64, of series: CouponSeriesID, at store: StoreID, _ account: AccountID) -> SQL {
    SQL(
      """
      insert into coupon_use (series_id, store_id, account_id, used) values ($1, $2, $3, $4)
      on conflict (series_id, store_id) do update set used = coupon_use.used + excluded.used
      """, series, store, account, used)
  }

  static func hold(_ account: AccountID, _ codes: [String], by hold: HoldID, until end: Instant) -> SQL {
    """
    update coupon set hold_id = \(hold), held_until = \(end)
    where account_id = \(account) and state = 0 and code in (\(list: padded(codes)))
    """
  }

  static func release(_ account: AccountID, _ hold: HoldID) -> SQL {
    SQL("update coupon set hold_id = null, held_until = null where account_id = $1 and hold_id = $2", account, hold)
  }

  static func void(_ account: AccountID, _ code: String) -> SQL {
    SQL(
      "update coupon set state = 2, hold_id = null, held_until = null where account_id = $1 and code = $2 and state = 0", account,
      code)
  }
}
