import Storage

/// What the server or the network said, before we know what it means for the transaction.
struct PostgresError: Error {
  /// SQLSTATE; empty where the connection broke.
  let state: String
  let message: String

  var isConnectionLost: Bool { state.isEmpty || ["57P01", "57P02", "57P03"].contains(state) || state.hasPrefix("08") }

  /// The server asks to run the transaction again: serialisation, deadlock, lock time-out, or a plan older than the schema.
  var asksToRepeat: Bool {
    ["40001", "40P01", "55P03"].contains(state) || (state == "0A000" && message.contains("cached plan"))
  }

  func failure(_ act: String) -> StorageFailure {
    let cause = "\(message), \(state.isEmpty ? "no connection" : state), in: \(act.prefix(300))"
    if isConnectionLost { return .connectionLost(cause) }
    if asksToRepeat { return .busy(cause) }
    switch state {
    case "53100": return .diskFull(cause)
    case "25006": return .readOnly(cause)
    case "XX001", "XX002", "58030": return .damaged(cause)
    case "57014", "53000", "53200", "53300", "53400": return .busy(cause)
    case "58P01": return .damaged(cause)
    default: return state.hasPrefix("23") ? .constraint(cause) : .statement(cause)
    }
  }
}
