import Kernel
import Storage

/// The statements about how many receipts of before were taken in.
enum PastSQL {
  static func count(_ account: AccountID, _ programme: ProgrammeID, _ receipts: Int) -> SQL {
    SQL(
      """
      insert into past_receipts (account_id, programme_id, receipts) values ($1, $2, $3)
      on conflict (programme_id) do update set receipts = past_receipts.receipts + excluded.receipts
      """, account, programme, receipts)
  }

  static func counted(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    "select receipts from past_receipts where account_id = \(account) and programme_id = \(programme)"
  }
}
