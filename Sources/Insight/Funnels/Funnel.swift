import Calculator
import Conditions
import Kernel

/// Steps that people are to take one after the other, and how they are counted.
public struct Funnel: Hashable, Sendable {
  public enum Step: Hashable, Sendable {
    case event(EventFilter)
    /// A receipt of the member: these goods, and so much paid for them; where no member is known, the visitor's own order (`FunnelOrders`).
    /// Only as the last step: tills know no visitors.
    case purchase(ProductFilter, Bounds)
  }

  public enum Unit: String, CaseIterable, Sendable {
    /// Everything within one session.
    case session
    /// A member where one is known, else the visitor.
    case person
  }

  public enum Split: String, CaseIterable, Sendable {
    case none, channel, source, campaign
    /// Where the member lives.
    case city
  }

  public var steps: [Step]
  /// From one step to the next, in minutes.
  public var withinMinutes: Int
  public var unit: Unit
  /// By the session of the first step, or by its member.
  public var split: Split
  /// Only members of this segment; nil: everybody.
  public var segment: String?

  public init(steps: [Step], withinMinutes: Int = 24 * 60, unit: Unit = .person, split: Split = .none, segment: String? = nil) {
    (self.steps, self.withinMinutes, self.unit) = (steps, withinMinutes, unit)
    (self.split, self.segment) = (split, segment)
  }

  public static let longestMinutes: Int64 = 90 * 24 * 60

  public var within: Span { .minutes(Int64(withinMinutes)) }
}

/// A funnel as JSON, as it is kept, read from files and shown to programs.
public struct FunnelForm {
  private var rules: RuleReader
  private let writer: RuleWriter

  public init(names: any Names, terms: ProgrammeTerms) {
    rules = RuleReader(names: names, terms: terms)
    writer = RuleWriter(names: names, amounts: AmountForm(terms))
  }

  /// - Throws: `Problem.invalid` with every place to mend.
  public mutating func funnel(_ json: JSON) throws(Problem) -> Funnel {
    let node = JSONNode(json)
    node.expect("steps", "withinMinutes", "unit", "split", "segment")
    var steps: [Funnel.Step] = []
    if node["steps"].required() {
      let items = node["steps"].items(max: Limits.funnelSteps)
      for (place, item) in items.enumerated() { steps.append(step(item, isLast: place == items.count - 1)) }
      if node.issues.isEmpty, steps.count < 2 { node["steps"].refuse("too_few", "a funnel has 2 to \(Limits.funnelSteps) steps") }
    }
    var funnel = Funnel(steps: steps)
    if node["withinMinutes"].isPresent { funnel.withinMinutes = Int(node["withinMinutes"].int(1...Funnel.longestMinutes) ?? 1) }
    if node["unit"].isPresent { funnel.unit = node["unit"].word() ?? .person }
    if node["split"].isPresent { funnel.split = node["split"].word() ?? .none }
    funnel.segment = node["segment"].text(max: Limits.code)
    try node.issues.check("the funnel")
    return funnel
  }

  private mutating func step(_ node: JSONNode, isLast: Bool) -> Funnel.Step {
    guard node["purchase"].isPresent else {
      node.expect(EventForm.words)
      return .event(EventForm.filter(node, &rules))
    }
    node.expect("purchase")
    let purchase = node["purchase"]
    purchase.expect("of", "atLeast", "atMost")
    if !isLast { purchase.refuse("not_last", "a purchase is the last step: it ends the way, whoever made it") }
    let goods = purchase["of"].isPresent ? rules.filter(purchase["of"]) : .everything
    func amount(_ key: String) -> Int64? {
      purchase[key].isPresent ? purchase[key].decimal(digits: rules.amounts.currency.digits) : nil
    }
    return .purchase(goods, Bounds(atLeast: amount("atLeast"), atMost: amount("atMost")))
  }

  public func json(_ funnel: Funnel) -> JSON {
    let digits = rules.amounts.currency.digits
    let steps = funnel.steps.map { step -> JSON in
      switch step {
      case .event(let filter): return .object(EventForm.members(filter, writer, digits: digits))
      case .purchase(let goods, let bounds):
        let purchase: JSON = .object([
          "of": writer.filter(goods), "atLeast": bounds.atLeast.map { .string(Decimal.text($0, digits: digits)) },
          "atMost": bounds.atMost.map { .string(Decimal.text($0, digits: digits)) },
        ])
        return .object([JSON.Member("purchase", purchase)])
      }
    }
    return .object([
      "steps": .array(steps), "withinMinutes": .int(Int64(funnel.withinMinutes)), "unit": .string(funnel.unit.rawValue),
      "split": funnel.split == .none ? nil : .string(funnel.split.rawValue), "segment": funnel.segment.map(JSON.string),
    ])
  }
}
