import Kernel

/// One call on the page: what it is for, what it takes, what it answers, and how it looks.
struct CallSection {
  let tables: SchemaTables
  let method: String
  let path: String
  let call: JSON

  var anchor: String { call["operationId"]?.text ?? "" }
  var title: String { call["summary"]?.text ?? "" }

  var html: HTML {
    .tag(
      "section", ["class": "call", "aria-labelledby": anchor],
      .tag("h3", ["id": anchor], HTML(text: title)),
      .tag(
        "p", ["class": "route"], .tag("span", ["class": "method \(method.lowercased())"], HTML(text: method)), " ",
        .tag("code", [:], HTML(text: path)), scope),
      Prose.paragraphs(call["description"]?.text ?? ""), parameters, body, answer, refusals, examples)
  }

  private var scope: HTML {
    let names = (call["security"]?.items ?? []).flatMap { $0["token"]?.items ?? [] }.compactMap(\.text)
    guard let name = names.first else { return .tag("span", ["class": "scope"], "no token") }
    return .tag("span", ["class": "scope"], "scope ", .tag("code", [:], HTML(text: name)))
  }

  private var every: [JSON] { (call["parameters"]?.items ?? []).map(tables.resolved) }

  private var parameters: HTML {
    // The request's id goes with every call and is told once.
    let shown = every.filter { $0["name"]?.text != "X-Request-Id" }
    guard !shown.isEmpty else { return .nothing }
    let rows = shown.map { parameter -> HTML in
      let kind = tables.kind(parameter["schema"] ?? .null)
      return .tag(
        "tr", [:],
        .tag(
          "th", ["scope": "row"], .tag("code", [:], HTML(text: parameter["name"]?.text ?? "")),
          parameter["required"] == true ? SchemaTables.required : .nothing),
        .tag(
          "td", [:], .tag("span", ["class": "type"], [HTML(text: (parameter["in"]?.text ?? "") + ", ")] + kind.words),
          .tag("p", [:], Prose.inline(parameter["description"]?.text ?? ""))))
    }
    return HTML([
      .tag("h4", [:], "Parameters"),
      .tag(
        "table", ["class": "members"],
        .tag("thead", [:], .tag("tr", [:], .tag("th", ["scope": "col"], "Name"), .tag("th", ["scope": "col"], "What it is"))),
        .tag("tbody", [:], rows)),
    ])
  }

  private var body: HTML {
    guard let schema = call.at("requestBody", "content", "application/json", "schema") else { return .nothing }
    return HTML([.tag("h4", [:], "Body"), tables.table(schema)])
  }

  /// The good answer: the first.
  private var good: (status: String, answer: JSON)? { call["responses"]?.members.first.map { ($0.key, tables.resolved($0.value)) } }

  private var answer: HTML {
    guard let (status, answer) = good, let (media, content) = answer["content"]?.members.first.map({ ($0.key, $0.value) }) else {
      return .nothing
    }
    let schema = content["schema"] ?? .null
    return HTML([
      .tag("h4", [:], HTML(text: "Answer \(status)")),
      .tag("p", [:], [.tag("code", [:], HTML(text: media)), " "] + Prose.inline(answer["description"]?.text ?? "")),
      SchemaTables(document: tables.document, isAnswer: true).table(schema),
    ])
  }

  private var refusals: HTML {
    let others = (call["responses"]?.members ?? []).dropFirst()
    guard !others.isEmpty else { return .nothing }
    let items = others.map { member -> HTML in
      let text = tables.resolved(member.value)["description"]?.text ?? ""
      let link = HTML.tag("a", ["href": "#status-\(member.key)"], HTML(text: member.key))
      return .tag(
        "li", [:],
        [Int(member.key) ?? 0 >= 400 && isProblem(member.value) ? link : HTML(text: member.key), " "] + Prose.inline(text))
    }
    return HTML([.tag("h4", [:], "Other answers"), .tag("ul", ["class": "statuses"], items)])
  }

  private func isProblem(_ answer: JSON) -> Bool { tables.resolved(answer).at("content", "application/problem+json") != nil }

  private var examples: HTML {
    let bodies = call.at("requestBody", "content", "application/json", "examples")?.members ?? []
    let shown = bodies.isEmpty ? [("Example", JSON?.none)] : bodies.map { ($0.value["summary"]?.text ?? $0.key, $0.value["value"]) }
    var pieces = shown.flatMap { title, body in
      [HTML.tag("h4", [:], HTML(text: title)), code("\(self.title): \(title)", curl(body))]
    }
    if let example = good?.answer.at("content", "application/json", "example") {
      pieces += [.tag("h4", [:], "The answer to it"), code("\(title): answer", example.pretty)]
    }
    return HTML(pieces)
  }

  private func code(_ label: String, _ text: String) -> HTML {
    .tag("pre", ["tabindex": "0", "role": "region", "aria-label": label], .tag("code", [:], HTML(text: text)))
  }

  /// As it can be pasted into a shell where SERVER and TOKEN are set.
  private func curl(_ body: JSON?) -> String {
    var address = path
    var lines: [String] = []
    for parameter in every {
      guard let name = parameter["name"]?.text, let example = example(of: parameter) else { continue }
      switch parameter["in"]?.text {
      case "path": address = address.split(separator: "{\(name)}", omittingEmptySubsequences: false).joined(separator: example)
      case "query": lines.append("--data-urlencode '\(name)=\(example)'")
      default: if name == "Idempotency-Key" { lines.append("--header '\(name): \(example)'") }
      }
    }
    if call["security"]?.items.isEmpty == false { lines.insert("--header \"Authorization: Bearer $TOKEN\"", at: 0) }
    if let body {
      lines.append("--header 'Content-Type: application/json'")
      lines.append(
        "--data '" + body.pretty.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'")
    }
    let verb =
      lines.contains { $0.hasPrefix("--data-urlencode") }
      ? "--get " : method == "GET" || method == "POST" && body != nil ? "" : "--request \(method) "
    return (["curl \(verb)\"$SERVER\(address)\""] + lines).joined(separator: " \\\n  ")
  }

  private func example(of parameter: JSON) -> String? {
    parameter["example"]?.text ?? parameter["examples"]?.members.first?.value["value"]?.text
  }
}
