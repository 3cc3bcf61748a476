import Calculator
import Kernel
import Loyalty
import Storage

/// What documents say of alerts.
extension EventScene {
  func alerted(in tx: inout Transaction) throws -> JSON {
    let id = GuardAlertID(event.subject)
    for programme in programmes {
      guard let alert = try GuardAlerts(of: programme).find(id, in: &tx) else { continue }
      let form = AmountForm(programme.settings.terms)
      let place = alert.place
      return .object([
        "alert": .string("\(id)"), "programme": .string(programme.code), "limit": .string(alert.limit),
        "subject": .string(place.kind.word), "store": place.store.raw == 0 ? nil : .string("\(place.store)"),
        "code": .string(place.subject), "measure": .string(alert.measure.rawValue),
        "days": alert.window.days.map { .int(Int64($0)) },
        "hours": alert.window.hours.map { .int(Int64($0)) }, "isHard": .bool(alert.isHard),
        "figure": alert.measure.json(alert.figure, form), "threshold": alert.measure.json(alert.threshold, form),
        "businessDay": .string("\(alert.day)"), "state": .string(alert.state.rawValue),
        "receipts": .array(alert.receipts.places.map { .string("\($0.id)") }),
      ])
    }
    return .object(["alert": .string("\(id)")])
  }
}
