import Access
import Customers
import Kernel
import Loyalty
import Storage

/// What the till's endpoints work with.
public struct TillDesk: Sendable {
  let database: any Database
  let floors: SalesFloors
  let ids: IDSource
  let random: @Sendable () -> UInt64
  let answers: AnswerBook
  let refusals: RefusalBook
  let meters: Meters
  let guesses = CodeGuesses()
  /// Puts a code where somebody sends it, in the transaction that makes it.
  let sendCode: @Sendable (ConfirmationMessage, Instant, inout Transaction) throws -> Void

  public init(
    database: any Database, floors: SalesFloors, ids: IDSource, random: @escaping @Sendable () -> UInt64, answers: AnswerBook,
    refusals: RefusalBook, meters: Meters,
    sendCode: @escaping @Sendable (ConfirmationMessage, Instant, inout Transaction) throws -> Void
  ) {
    self.database = database
    self.floors = floors
    self.ids = ids
    self.random = random
    self.answers = answers
    self.refusals = refusals
    self.meters = meters
    self.sendCode = sendCode
  }

  /// The floor that a token sells on.
  func floor(_ call: Call) async throws -> SalesFloor {
    guard let token = call.token, let programme = token.programme else {
      throw Problem(.forbidden, "programme_missing", "this token is for no programme; issue one that is")
    }
    return try await floors.floor(of: programme, account: token.account)
  }

  func change(_ call: Call) -> Change {
    Change(by: call.token?.actor ?? .commandLine, at: call.at, ids: ids)
  }
}

/// A request with the till it comes from.
struct Ask: Sendable {
  let call: Call
  let floor: SalesFloor
  let till: SalesFloor.Till
  let body: JSON

  /// Everything of one account and one programme: ids of others are unknown here.
  var programme: Programme { floor.programme }
  var account: AccountID { floor.programme.account }
}

extension TillDesk {
  /// Reads the body and finds out which till asks.
  /// - Throws: `JSON.SyntaxError`; `Problem.invalid` (what is missing), `Problem.forbidden` (`other_till`, `register_gone`).
  func ask(_ call: Call) async throws -> Ask {
    let floor = try await floor(call)
    let body = try JSON.parse(call.body)
    guard case .object = body else { throw Problem(.invalid, "not_an_object", "the body is a JSON object") }
    if call.body.count <= DoorBook.largest { call.notes.note(body: body) }
    return Ask(call: call, floor: floor, till: try till(call, floor, JSONNode(body)), body: body)
  }

  /// The till of a request that has no body.
  func askByQuery(_ call: Call) async throws -> (floor: SalesFloor, till: SalesFloor.Till?) {
    let floor = try await floor(call)
    guard case .register? = call.token?.bearer else { return (floor, nil) }
    return (floor, try till(call, floor, JSONNode(.object([JSON.Member]()))))
  }

  /// A till's own token says which it is; another system says it with each request.
  func till(_ call: Call, _ floor: SalesFloor, _ node: JSONNode) throws -> SalesFloor.Till {
    let (store, register) = (node["store"].code(), node["register"].code())
    if let register, register.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
      node["register"].refuse("not_a_code", "a register's number has no control characters")
    }
    try node.issues.check("the request")
    switch call.token?.bearer {
    case .register(let id, in: _):
      guard let till = floor.till(id) else {
        throw Problem(.forbidden, "register_gone", "the register of this token is not there any more; issue another token")
      }
      guard store == nil || store == till.store.details.code, register == nil || register == till.register else {
        throw Problem(
          .forbidden, "other_till",
          "this token is for register \(till.register) of store \(till.store.details.code); it cannot act for another")
      }
      call.notes.note(till)
      return till
    case .integration?, nil:
      _ = node["store"].required()
      _ = node["register"].required()
      try node.issues.check("the request")
      guard let till = floor.till(store: store ?? "", register: register ?? "") else {
        node["store"].refuse("unknown_store", "the account has no store \"\(store ?? "")\"")
        try node.issues.check("the request")
        throw Problem(.invalid, "unknown_store", "the account has no such store")
      }
      call.notes.note(till)
      return till
    }
  }
}

extension Call {
  /// The request's key, which every write must have.
  /// - Throws: `Problem.invalid` (`request_key_missing`).
  func requestKey() throws(Problem) -> RequestKey {
    guard let key, (8...100).contains(key.utf8.count), key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
      throw Problem(
        .invalid, "request_key_missing",
        "a header Idempotency-Key of 8 to 100 plain characters, best a UUID, is expected: the same request sent again carries the same"
      )
    }
    return RequestKey(key)
  }
}
