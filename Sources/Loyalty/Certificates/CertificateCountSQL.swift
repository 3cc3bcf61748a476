import Access
import Kernel
import Storage

/// Statements about what is left on certificates by the month of their sale.
enum CertificateCountSQL {
  static let inserted = [
    "programme_id", "series_id", "month", "account_id", "certificates", "open", "face", "spent", "lapsed", "other", "remaining",
    "ends_in_month", "ending_in_month", "ends_in_quarter", "ending_in_quarter", "books", "moved", "at",
  ]

  /// Certificates with their movements, which lie beside them in one index.
  static func page(_ account: AccountID, after code: String, _ limit: Int) -> SQL {
    """
    select c.code, c.series_id, c.state, c.balance, coalesce(c.activated_at, c.issued_at), c.good_until,
      \(raw: moved("1, 2, 10, 11", "")), \(raw: moved("3, 4", "-")), \(raw: moved("5, 6", "-")), \(raw: moved("7, 8, 9", "-"))
    from certificate c where c.account_id = \(account) and c.code > \(code) order by c.code limit \(limit)
    """
  }

  private static func moved(_ kinds: String, _ sign: String) -> String {
    """
    (select cast(coalesce(sum(\(sign)e.change), 0) as bigint) from certificate_entry e
      where e.account_id = c.account_id and e.code = c.code and e.kind in (\(kinds)))
    """
  }

  /// What each series owes by the sums of its months.
  static func books(_ account: AccountID) -> SQL {
    """
    select series_id, cast(sum(amount) as bigint) from certificate_age where account_id = \(account) group by series_id order by series_id
    """
  }

  static func remove(_ place: CodeTally.Place, _ account: AccountID, _ programme: ProgrammeID) -> SQL {
    """
    delete from certificate_standing
    where account_id = \(account) and programme_id = \(programme) and series_id = \(place.series) and month = \(place.part)
    """
  }

  static func all(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    """
    select series_id, month, certificates, open, face, spent, lapsed, other, remaining, ends_in_month, ending_in_month, ends_in_quarter,
      ending_in_quarter, books, moved, at
    from certificate_standing where account_id = \(account) and programme_id = \(programme) order by series_id, month
    """
  }

  static func standing(_ row: Row) -> CertificateStanding {
    CertificateStanding(
      series: row.id(0), month: row.int(1) == 0 ? nil : row.day(1), certificates: row.int(2), open: row.int(3), face: row.money(4),
      spent: row.money(5), lapsed: row.money(6), other: row.money(7), remaining: row.money(8), endsInMonth: row.int(9),
      endingInMonth: row.money(10), endsInQuarter: row.int(11), endingInQuarter: row.money(12),
      books: row.intOrNil(14) == 0 ? row.intOrNil(13).map { Money(minor: $0) } : nil, at: row.instant(15))
  }
}
