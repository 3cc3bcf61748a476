import Calculator
import Kernel
import Logging
import Loyalty
import Storage
import Synchronization

/// Coupons and certificates that tills were refused, on their way to the figures of the guard: collected in memory and written a second's
/// worth at a time, behind the tills. Nothing is collected where no limit of the programme counts them.
public final class RefusalBook: Sendable {
  /// More are dropped: they are a sign, not a fact.
  static var most: Int { 20_000 }

  private struct Waiting {
    let programme: Programme
    var refusals: [String: GuardRefusal] = [:]
  }

  private let database: any Database
  private let ids: IDSource
  private let zones: @Sendable (String) -> Zone?
  private let waiting = Mutex<[ProgrammeID: Waiting]>([:])

  public init(on database: any Database, ids: IDSource, zones: @escaping @Sendable (String) -> Zone?) {
    (self.database, self.ids, self.zones) = (database, ids, zones)
  }

  /// What of an answer was refused; the same again is harmless.
  func note(_ ask: Ask, _ calculation: Calculation, member: MemberID?, at time: Instant) {
    guard ask.programme.settings.watch?.countsRefusals == true else { return }
    let till = ask.till
    func text(_ member: String) -> String? { if case .string(let text)? = ask.body[member] { text } else { nil } }
    let refused = calculation.reasons.compactMap { found -> GuardRefusal? in
      guard let code = found.coupon ?? found.certificate, let reason = GuardRefusal.Reason(found.cause) else { return nil }
      return GuardRefusal(
        reason, of: code, basket: text("basket"), store: till.store.id, register: till.register, cashier: text("cashier"),
        member: member, on: till.facts.zone.businessDay(at: time, dayStart: till.facts.dayStart), at: time)
    }
    if !refused.isEmpty { keep(refused, of: ask.programme) }
  }

  private func keep(_ refused: [GuardRefusal], of programme: Programme) {
    waiting.withLock { waiting in
      var some = waiting[programme.id] ?? Waiting(programme: programme)
      for refusal in refused where some.refusals.count < Self.most {
        let name = "\(refusal.store)\t\(refusal.day.number)\t\(refusal.name)"
        if some.refusals[name] == nil { some.refusals[name] = refusal }
      }
      waiting[programme.id] = some
    }
  }

  /// Writes what has come. What could not be written waits for the next time: twice is once.
  public func flush(_ log: Logger, at now: Instant) async {
    let all = waiting.withLock { waiting in
      defer { waiting = [:] }
      return waiting.values
    }
    for some in all {
      let (programme, refusals) = (some.programme, Array(some.refusals.values))
      let days = GuardDays(of: programme.account, zones: zones, ids: ids)
      do { try await database.write(.bulk) { tx in try days.take(refusals, of: programme, at: now, in: &tx) } } catch {
        keep(refusals, of: programme)
        log.warning("refused codes were not counted yet", metadata: ["count": "\(refusals.count)", "cause": "\(error)"])
      }
    }
  }
}
