import Access
import ArgumentParser
import Calculator
import Kernel
import Loyalty
import Storage

/// Actions on everybody in a segment, from the command line.
struct BulkVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bulk", abstract: "Do something to everybody in a segment: count, carry out, stop, undo.",
    subcommands: [BulkPreview.self, BulkRun.self, BulkStatus.self, BulkStop.self, BulkUndo.self, BulkResult.self])
}

struct BulkOptions: ParsableArguments {
  @OptionGroup var of: MembersOptions

  func actions(_ wiring: Wiring) async throws -> (BulkActions, Programme) {
    let programme = try await of.programme(wiring)
    return (BulkActions(of: programme, ids: wiring.ids), programme)
  }
}

extension Wiring {
  fileprivate var bulkWork: BulkWork { BulkWork(on: database, ids: ids, zones: zoneNamed, now: world.now) }

  /// How an action stands, a line for each figure.
  fileprivate func said(_ id: BulkActionID, _ actions: BulkActions, _ programme: Programme) async throws -> String {
    let amounts = AmountForm(programme.settings.terms)
    return try await database.read { tx in
      let action = try actions.action(id, in: &tx)
      let tally = action.tally
      var lines = [
        "\(id)  \(action.state.rawValue)  \(action.name)", action.deed.json(amounts).compact,
        "\(tally.due) waiting, \(tally.changed) changed, \(tally.leftOut) left out, \(tally.undone) undone, \(tally.kept) not undone",
      ]
      if let points = action.points { lines.append("\(amounts.text(points)) points in all") }
      for (state, reasons) in [
        ("left out", try actions.reasons(of: id, .leftOut, in: &tx)), ("not undone", try actions.reasons(of: id, .kept, in: &tx)),
      ] {
        lines += reasons.map { "\(state): \($0.members) \($0.reason.rawValue)" }
      }
      return lines.joined(separator: "\n")
    }
  }
}

private func action(_ text: String) throws -> BulkActionID {
  if let id = BulkActionID(text) { return id }
  throw ValidationError("\"\(text)\" is no action's id: bka_ and 13 characters")
}

struct BulkPreview: Verb {
  static let configuration = CommandConfiguration(
    commandName: "preview", abstract: "Ask for an action and count whom it concerns. Nothing is changed.",
    discussion: """
      The file says what is done, as docs/marketer/bulk-actions.md describes it: \
      { "do": "points", "points": "100", "reason": "Sorry for the queue" }. Sent again under the same --key it is the same action, \
      and a count that was interrupted is finished.
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: BulkOptions
  @Argument(help: "The segment's code.") var segment: String
  @Option(help: ArgumentHelp("What is done.", valueName: "file")) var file: String
  @Option(help: ArgumentHelp("What the action is called.", valueName: "text")) var name: String
  @Option(help: ArgumentHelp("What makes it the same when it is sent again; without it the name.", valueName: "text"))
  var key: String?

  func run(at desk: Desk) async throws {
    let text = try SetupFile(file)
    let said = try await desk.withWiring { wiring in
      let (actions, programme) = try await of.actions(wiring)
      let change = wiring.change
      let deed = try await text.named {
        let node = JSONNode(text.json)
        let deed = BulkDeed(node, AmountForm(programme.settings.terms))
        try node.issues.check("what is done")
        return deed
      }
      guard let deed else { throw Problem(.invalid, "missing", "\(file): say what is done") }
      let (segment, name, request) = (segment, name, RequestKey("command bulk " + String((key ?? name).prefix(150))))
      let id = try await wiring.database.write(.bulk) { tx in
        try actions.ask(deed, for: segment, called: name, request: request, isQueued: false, by: change, in: &tx)
      }
      try await wiring.bulkWork.perform(id, programme.id, of: programme.account) { desk.stop.isAsked }
      return try await wiring.said(id, actions, programme)
    }
    try answer(said)
  }
}

struct BulkRun: Verb {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Carry out an action that was counted, or go on with one that was stopped.",
    discussion: "Whoever may run commands on the machine needs nobody else's word; the number shows that it was looked at.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: BulkOptions
  @Argument(help: "The action's id.") var id: String
  @Option(help: ArgumentHelp("How many members it changes, as the preview says.", valueName: "number")) var confirm: Int64

  func run(at desk: Desk) async throws {
    let id = try action(id)
    let said = try await desk.withWiring { wiring in
      let (actions, programme) = try await of.actions(wiring)
      let (change, number) = (wiring.change, confirm)
      try await wiring.database.write(.bulk) { tx in
        switch try actions.action(id, in: &tx).state {
        case .stopped: try actions.goOn(id, by: change, in: &tx)
        default: _ = try actions.confirm(id, number: number, mayAlone: true, by: change, in: &tx)
        }
      }
      try await wiring.bulkWork.perform(id, programme.id, of: programme.account) { desk.stop.isAsked }
      return try await wiring.said(id, actions, programme)
    }
    try answer(said)
  }
}

struct BulkStatus: Verb {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "How an action stands; without an id the latest.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: BulkOptions
  @Argument(help: "The action's id.") var id: String?

  func run(at desk: Desk) async throws {
    let known = try id.map(action)
    let said = try await desk.withWiring { wiring in
      let (actions, programme) = try await of.actions(wiring)
      if let known { return try await wiring.said(known, actions, programme) }
      let rows = try await wiring.database.read { tx in
        try actions.latest(limit: Limits.page, in: &tx).map { one in
          ["\(one.id)", one.state.rawValue, "\(one.tally.due) waiting", "\(one.tally.changed) changed", one.name]
        }
      }
      return rows.isEmpty ? "no actions; `regulars bulk preview` makes one" : aligned(rows)
    }
    try answer(said)
  }
}

struct BulkStop: Verb {
  static let configuration = CommandConfiguration(
    commandName: "stop", abstract: "Stop an action after its step, or drop one that has not begun.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: BulkOptions
  @Argument(help: "The action's id.") var id: String

  func run(at desk: Desk) async throws {
    let id = try action(id)
    let said = try await desk.withWiring { wiring in
      let (actions, programme) = try await of.actions(wiring)
      let change = wiring.change
      try await wiring.database.write(.bulk) { tx in try actions.stop(id, by: change, in: &tx) }
      return try await wiring.said(id, actions, programme)
    }
    try answer(said)
  }
}

struct BulkUndo: Verb {
  static let configuration = CommandConfiguration(
    commandName: "undo", abstract: "Take back what an action did, as far as it can be; an interrupted one goes on.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: BulkOptions
  @Argument(help: "The action's id.") var id: String

  func run(at desk: Desk) async throws {
    let id = try action(id)
    let said = try await desk.withWiring { wiring in
      let (actions, programme) = try await of.actions(wiring)
      let change = wiring.change
      try await wiring.database.write(.bulk) { tx in try actions.undo(id, by: change, in: &tx) }
      try await wiring.bulkWork.perform(id, programme.id, of: programme.account) { desk.stop.isAsked }
      return try await wiring.said(id, actions, programme)
    }
    try answer(said)
  }
}

struct BulkResult: Verb {
  static let configuration = CommandConfiguration(
    commandName: "result", abstract: "Print what became of each member as CSV: member, result, reason, when.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: BulkOptions
  @Argument(help: "The action's id.") var id: String

  func run(at desk: Desk) async throws {
    let id = try action(id)
    try await desk.withWiring { wiring in
      let actions = try await of.actions(wiring).0
      let known = try await wiring.database.read { tx in try actions.action(id, in: &tx) }
      try answer("member,result,reason,at")
      if let at = known.forgottenAt { return try answer(",forgotten,,\(at.text)") }
      var last: MemberID?
      while true {
        let after = last
        let page = try await wiring.database.read { tx in try actions.members(of: id, after: after, limit: Limits.bulk, in: &tx) }
        if !page.isEmpty {
          try answer(
            page.map { "\($0.member),\($0.state.word),\($0.reason?.rawValue ?? ""),\($0.at?.text ?? "")" }.joined(separator: "\n"))
        }
        guard page.count == Limits.bulk, let end = page.last else { return }
        last = end.member
        try desk.stop.check()
      }
    }
  }
}
