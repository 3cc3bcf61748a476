import Kernel
import Storage

/// Every statement about failures at the door and second factors.
enum SignInSQL {
  static func state(_ account: AccountID, _ staff: StaffID) -> SQL {
    """
    select f.closed_until, case when t.staff_id is null then 0 else 1 end
    from staff m left join staff_failure f on f.staff_id = m.id left join staff_factor t on t.staff_id = m.id
    where m.account_id = \(account) and m.id = \(staff)
    """
  }

  static func fail(_ account: AccountID, _ staff: StaffID) -> SQL {
    """
    insert into staff_failure (staff_id, account_id, failures, closed_until) values (\(staff), \(account), 1, null)
    on conflict (staff_id) do update set failures = staff_failure.failures + 1 where staff_failure.account_id = excluded.account_id
    returning failures
    """
  }

  /// Counting begins anew when the door opens again.
  static func close(_ account: AccountID, _ staff: StaffID, until: Instant) -> SQL {
    "update staff_failure set failures = 0, closed_until = \(until) where account_id = \(account) and staff_id = \(staff)"
  }

  static func forget(_ account: AccountID, _ staff: StaffID) -> SQL {
    "delete from staff_failure where account_id = \(account) and staff_id = \(staff)"
  }

  static func factor(_ account: AccountID, _ staff: StaffID) -> SQL {
    "select secret, used_step from staff_factor where account_id = \(account) and staff_id = \(staff)"
  }

  static func use(_ account: AccountID, _ staff: StaffID, _ step: Int64) -> SQL {
    "update staff_factor set used_step = \(step) where account_id = \(account) and staff_id = \(staff) and used_step < \(step)"
  }

  static func setFactor(_ account: AccountID, _ staff: StaffID, _ sealed: String, _ step: Int64, _ now: Instant) -> SQL {
    """
    insert into staff_factor (staff_id, account_id, secret, used_step, made_at)
    values (\(staff), \(account), \(sealed), \(step), \(now))
    on conflict (staff_id) do update set secret = excluded.secret, used_step = excluded.used_step, made_at = excluded.made_at
    where staff_factor.account_id = excluded.account_id
    """
  }

  static func sealed(after: StaffID, _ limit: Int) -> SQL {
    // Unscoped: a key is replaced for the whole installation.
    SQL("select staff_id, account_id, secret from staff_factor where staff_id > $1 order by staff_id limit $2", after, limit)
  }

  static func reseal(_ account: AccountID, _ staff: StaffID, _ sealed: String) -> SQL {
    "update staff_factor set secret = \(sealed) where account_id = \(account) and staff_id = \(staff)"
  }

  static func dropFactor(_ account: AccountID, _ staff: StaffID) -> SQL {
    "delete from staff_factor where account_id = \(account) and staff_id = \(staff)"
  }
}
