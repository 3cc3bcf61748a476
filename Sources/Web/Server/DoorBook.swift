import Access
import Kernel
import Logging
import Loyalty
import Storage
import Synchronization

/// Refusals that no room keeps by itself, for whoever is asked why a till does not work: those that come before a call is read, and those
/// of calls of which nothing else is kept. Only where a token tells whose they are; of a till or a system that asks wrongly again and again
/// no more than `most` a minute, since each says the same.
public final class DoorBook: Sendable {
  /// For each token, call and code within a minute.
  static var most: Int { 10 }
  /// What a larger request said is not kept.
  static var largest: Int { 32 * 1024 }
  /// So many tokens, calls and codes are told apart within a minute.
  private static var mostNames: Int { 20_000 }

  private struct Minute {
    var number: Int64 = 0
    var kept: [String: Int] = [:]
  }

  private let answers: AnswerBook
  private let floors: SalesFloors
  private let ids: IDSource
  private let minute = Mutex(Minute())

  public init(_ answers: AnswerBook, floors: SalesFloors, ids: IDSource) {
    (self.answers, self.floors, self.ids) = (answers, floors, ids)
  }

  /// - Parameters:
  ///   - call: as kept answers name it: `receipts/returns`.
  func keep(
    _ call: String, _ code: String, _ answer: Answer, of known: CallNotes.Known, request: String, at now: Instant,
    _ log: Logger
  ) async {
    guard !known.isKept, let token = known.token else { return }
    guard isNew("\(token.id)\t\(call)\t\(code)", at: now) else { return answers.drop() }
    let place = await place(token, known.till, request, log)
    let kept = TillAnswer(
      id: ids.next(at: now), store: place.store, register: place.register, at: now, call: call, status: answer.status, code: code,
      request: "", answer: "", requestID: request)
    answers.add(
      AnswerBook.Entry(
        account: token.account, answer: kept, request: Self.goods.contains(call) ? known.body ?? .null : .null, body: answer.body),
      basket: nil)
  }

  /// Calls whose bodies say what was sold; what others say may be about persons.
  private static let goods: Set<String> = [
    "calculations", "receipts", "receipts/returns", "receipts/cancellation", "returns", "exchanges", "receipt-batches",
    "shift-closings",
  ]

  private func isNew(_ name: String, at now: Instant) -> Bool {
    let number = now.micros / 60_000_000
    return minute.withLock { minute in
      if minute.number != number { minute = Minute(number: number) }
      guard minute.kept[name] != nil || minute.kept.count < Self.mostNames else { return false }
      minute.kept[name, default: 0] += 1
      return minute.kept[name, default: 0] <= Self.most
    }
  }

  /// The till that asked; for another system that named none, the name of its token.
  private func place(_ token: Token, _ till: SalesFloor.Till?, _ request: String, _ log: Logger) async -> TillPlace {
    if let till { return TillPlace(store: till.store.id, register: till.register) }
    guard case .register(let register, in: let store) = token.bearer else {
      return TillPlace(store: TillAnswer.noStore, register: token.name)
    }
    guard let programme = token.programme else { return TillPlace(store: store, register: token.name) }
    do {
      let till = try await floors.floor(of: programme, account: token.account).till(register)
      // A register that is gone is known by its token's name.
      return TillPlace(store: store, register: till?.register ?? token.name)
    } catch {
      log.warning("the till of a refusal is not known", metadata: ["request": "\(request)", "cause": "\(error)"])
      return TillPlace(store: store, register: token.name)
    }
  }
}

extension Endpoint {
  /// As kept answers name it: the path without what stands in it.
  var call: String { Self.call(path) }

  static func call(_ path: String) -> String {
    let parts = path.split(separator: "/").filter { !$0.hasPrefix("{") }
    return (parts.starts(with: ["till", "v1"]) ? parts.dropFirst(2) : parts[...]).joined(separator: "/")
  }
}
