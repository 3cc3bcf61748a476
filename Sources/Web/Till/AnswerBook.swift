import Kernel
import Logging
import Loyalty
import Storage
import Synchronization

/// Last answers and refused attempts on their way into the database: collected in memory and written a second's worth at a time,
/// behind the tills. Of one basket only the last answer is kept.
public final class AnswerBook: Sendable {
  /// More are dropped, and counted.
  static var most: Int { 20_000 }

  struct Entry: Sendable {
    var account: AccountID
    var answer: TillAnswer
    /// As they were sent and answered; made into what is kept when it is written, not while a till waits.
    var request: JSON
    var body: [UInt8]
  }

  private struct Waiting {
    var entries: [String: Entry] = [:]
    var number = 0
    var dropped = 0
  }

  private let database: any Database
  private let waiting = Mutex(Waiting())

  public init(on database: any Database) { self.database = database }

  /// How many were dropped: the database did not take them fast enough, or they said the same again and again.
  public var dropped: Int { waiting.withLock { $0.dropped } }

  /// One that is not kept at all.
  func drop() { waiting.withLock { $0.dropped += 1 } }

  /// - Parameter basket: answers under the same name replace one another until they are written; nil keeps each.
  func add(_ entry: Entry, basket: String?) {
    waiting.withLock { waiting in
      waiting.number += 1
      let name = basket ?? "\u{0}\(waiting.number)"
      guard waiting.entries.count < Self.most || waiting.entries[name] != nil else {
        waiting.dropped += 1
        return
      }
      waiting.entries[name] = entry
    }
  }

  /// Writes what has come. What cannot be written is lost: it is a help for people, not a fact.
  public func flush(_ log: Logger) async {
    let entries = waiting.withLock { waiting in
      defer { waiting.entries = [:] }
      return Array(waiting.entries.values)
    }
    for (account, some) in Dictionary(grouping: entries, by: \.account) {
      for start in stride(from: 0, to: some.count, by: Limits.page) {
        let chunk = some[start..<min(start + Limits.page, some.count)].map(Self.kept).sorted { $0.id < $1.id }
        do { try await database.write(.bulk) { tx in try TillAnswers(of: account).keep(chunk, in: &tx) } } catch {
          waiting.withLock { $0.dropped += chunk.count }
          log.warning("answers to tills were not kept", metadata: ["count": "\(chunk.count)", "cause": "\(error)"])
        }
      }
    }
  }

  /// Identifiers of people are masked in what is kept.
  private static func kept(_ entry: Entry) -> TillAnswer {
    let answer = entry.answer
    var text = ""
    if answer.isRefusal {
      text = String(decoding: entry.body, as: UTF8.self)
    } else if let json = try? JSON.parse(entry.body) {
      let kept = ["calculationId", "totals", "promotions", "reasons", "hints", "spending", "hold", "unknownGoods"]
      let members = kept.compactMap { name in json[name].map { JSON.Member(name, withoutCertificates($0)) } }
      text = JSON.object(members).compact
    }
    return TillAnswer(
      id: answer.id, store: answer.store, register: answer.register, at: answer.at, call: answer.call, status: answer.status,
      code: answer.code, member: answer.member, basket: answer.basket, request: masked(entry.request).compact, answer: text,
      requestID: answer.requestID)
  }

  /// An answer as it was, but for codes of certificates.
  private static func withoutCertificates(_ json: JSON) -> JSON {
    switch json {
    case .object(let members):
      .object(
        members.map { member in
          JSON.Member(member.key, member.key == "certificate" ? "***" : withoutCertificates(member.value))
        })
    case .array(let items): .array(items.map(withoutCertificates))
    case .null, .bool, .int, .number, .string: json
    }
  }

  private static func masked(_ json: JSON) -> JSON {
    switch json {
    case .object(let members):
      .object(
        members.map { member in
          switch member.key {
          // What finds people, and what is money to whoever has it.
          case "identifier", "value", "person", "code", "certificate", "pin": JSON.Member(member.key, "***")
          default: JSON.Member(member.key, masked(member.value))
          }
        })
    case .array(let items): .array(items.map(masked))
    case .null, .bool, .int, .number, .string: json
    }
  }
}

extension TillDesk {
  /// Keeps the last answer for a basket.
  func keep(_ ask: Ask, _ call: String, _ answer: Answer, member: MemberID?) {
    var basket: String?
    if case .string(let name)? = ask.body["basket"] { basket = name }
    let kept = TillAnswer(
      id: ids.next(at: ask.call.at), store: ask.till.store.id, register: ask.till.register, at: ask.call.at, call: call,
      status: answer.status, member: member, basket: basket, request: "", answer: "", requestID: ask.call.id)
    answers.add(
      AnswerBook.Entry(account: ask.account, answer: kept, request: ask.body, body: answer.body),
      basket: "\(kept.store)\t\(kept.register)\t\(basket ?? "")")
  }

  /// Keeps a refusal, so that support can see what a till was told.
  func keepRefusal(_ ask: Ask, _ call: String, _ problem: Problem) {
    let answer = ProblemAnswer.answer(problem, call: ask.call.id)
    ask.call.notes.isKept()
    let kept = TillAnswer(
      id: ids.next(at: ask.call.at), store: ask.till.store.id, register: ask.till.register, at: ask.call.at, call: call,
      status: answer.status, code: problem.code, request: "", answer: "", requestID: ask.call.id)
    answers.add(AnswerBook.Entry(account: ask.account, answer: kept, request: ask.body, body: answer.body), basket: nil)
  }
}
