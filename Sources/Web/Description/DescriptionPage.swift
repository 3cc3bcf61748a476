import Kernel

/// The description as one page for people: contents, every call, the values, and what each problem means.
public struct DescriptionPage {
  private let document: JSON
  private let base: String
  private let audience: ProblemAnswer.Audience
  private let tables: SchemaTables
  private let calls: [(tag: String, section: CallSection)]

  public init(_ document: JSON) { self.init(document, at: "/till/v1", for: .till) }

  /// - Parameter base: beginning of the paths that it describes.
  init(_ document: JSON, at base: String, for audience: ProblemAnswer.Audience) {
    (self.document, self.base, self.audience) = (document, base, audience)
    let tables = SchemaTables(document: document)
    self.tables = tables
    calls = (document["paths"]?.members ?? []).flatMap { path in
      path.value.members.map { call in
        (
          call.value["tags"]?.items.first?.text ?? "",
          CallSection(tables: tables, method: call.key.uppercased(), path: path.key, call: call.value)
        )
      }
    }
  }

  public var html: String {
    HTML.page(
      language: "en",
      head: [
        .void("meta", ["charset": "utf-8"]),
        .void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        .void("meta", ["name": "color-scheme", "content": "light dark"]),
        .tag("title", [:], HTML(text: title)), .void("link", ["rel": "stylesheet", "href": base + "/docs.css"]),
        // Without it browsers ask the server for one.
        .void("link", ["rel": "icon", "href": "data:,"]),
      ],
      body: [
        .tag("a", ["class": "skip", "href": "#main"], "To the text"), head,
        .tag("div", ["class": "frame"], contents, .tag("main", ["id": "main"], main)),
      ])
  }

  private var title: String { document.at("info", "title")?.text ?? "" }

  private var head: HTML {
    .tag(
      "header", ["class": "top"], .tag("h1", [:], HTML(text: title)),
      .tag("p", [:], HTML(text: document.at("info", "summary")?.text ?? "")),
      .tag("p", [:], .tag("a", ["href": base + "/openapi.json"], "OpenAPI 3.1 for programs")))
  }

  private var groups: [(name: String, text: String, calls: [CallSection])] {
    (document["tags"]?.items ?? []).map { tag in
      let name = tag["name"]?.text ?? ""
      return (name, tag["description"]?.text ?? "", calls.filter { $0.tag == name }.map(\.section))
    }
  }

  private static func anchor(_ name: String) -> String {
    "group-" + name.lowercased().map { $0.isLetter ? String($0) : "-" }.joined()
  }

  private var contents: HTML {
    let lists = groups.map { group -> HTML in
      .tag(
        "li", [:], .tag("a", ["href": "#" + Self.anchor(group.name)], HTML(text: group.name)),
        .tag("ul", [:], group.calls.map { .tag("li", [:], .tag("a", ["href": "#" + $0.anchor], HTML(text: $0.title))) }))
    }
    let ends: [HTML] = [("values", "Values and words"), ("problems", "Problem codes")].map {
      .tag("li", [:], .tag("a", ["href": "#" + $0.0], HTML(text: $0.1)))
    }
    let start = HTML.tag("li", [:], .tag("a", ["href": "#start"], "How it works"))
    return .tag(
      "nav", ["class": "contents", "aria-label": "Contents"],
      .tag("details", ["open": ""], .tag("summary", [:], "Contents"), .tag("ul", [:], [start] + lists + ends)))
  }

  private var main: [HTML] {
    let start = HTML.tag(
      "section", ["class": "start", "aria-labelledby": "start"], .tag("h2", ["id": "start"], "How it works"),
      Prose.paragraphs(document.at("info", "description")?.text ?? ""),
      .tag("h3", [:], "Who asks"),
      Prose.paragraphs(document.at("components", "securitySchemes", "token", "description")?.text ?? ""),
      Prose.paragraphs(
        "A request may carry `X-Request-Id`: "
          + (document.at("components", "parameters", "RequestId", "description")?.text ?? "")))
    let sections = groups.map { group -> HTML in
      .tag(
        "section", ["aria-labelledby": Self.anchor(group.name)],
        [.tag("h2", ["id": Self.anchor(group.name)], HTML(text: group.name)), Prose.paragraphs(group.text)]
          + group.calls.map(\.html))
    }
    return [start] + sections + [values, ProblemList(tables: tables, audience: audience).html]
  }

  /// Texts with a form of their own, and sets of words, closed and open ones.
  private var values: HTML {
    let simple = (document.at("components", "schemas")?.members ?? []).filter { $0.value["properties"] == nil }
    // What has names of its own choosing is no table of members.
    let told = simple.filter { $0.value["type"] == .string("string") || $0.value["type"] == .string("object") }
    let rows = told.map { schema -> HTML in
      let words = SchemaTables.words(of: schema.value)
      let isLong = schema.key == "ProblemCode"
      return .tag(
        "tr", ["id": "schema-" + schema.key], .tag("th", ["scope": "row"], .tag("code", [:], HTML(text: schema.key))),
        .tag(
          "td", [:],
          [.tag("p", [:], Prose.inline(schema.value["description"]?.text ?? ""))] + tables.bounds(schema.value)
            + [
              isLong
                ? .tag("p", [:], .tag("a", ["href": "#problems"], "All codes"))
                : .tag("p", ["class": "words"], words.map { HTML([.tag("code", [:], HTML(text: $0)), " "]) })
            ]))
    }
    return .tag(
      "section", ["aria-labelledby": "values"], .tag("h2", ["id": "values"], "Values and words"),
      .tag(
        "table", ["class": "members"],
        .tag("thead", [:], .tag("tr", [:], .tag("th", ["scope": "col"], "Name"), .tag("th", ["scope": "col"], "What it is"))),
        .tag("tbody", [:], rows)))
  }
}

/// What each problem code means, and what a cashier reads out. `type` of a problem points here.
struct ProblemList {
  let tables: SchemaTables
  let audience: ProblemAnswer.Audience

  private var lead: String {
    switch audience {
    case .till:
      "Every refusal is a document of this form. `type` leads to its code below; a till shows `cashierText`, logs `detail` and `requestId`, and repeats what is `retryable`."
    case .system:
      "Every refusal is a document of this form. `type` leads to its code below; show people `message`, log `detail` and `requestId`, and repeat what is `retryable` after `Retry-After`."
    }
  }

  private var heads: [String] {
    switch audience {
    case .till: ["Code", "What to do", "What the cashier reads"]
    case .system: ["Code", "What to do", "What people read"]
    }
  }

  private var told: [(told: ProblemAnswer.Told, meaning: String)] {
    (tables.document["x-problems"]?.items ?? []).map { entry in
      let kind = entry["kind"]?.text.flatMap(Problem.Kind.init(rawValue:)) ?? .invalid
      let cashier = (entry["cashier"] ?? entry["message"]).map { LocalText(ru: $0["ru"]?.text ?? "", en: $0["en"]?.text ?? "") }
      let problem = Problem(kind, entry["code"]?.text ?? "", "", cashier: cashier)
      return (ProblemAnswer.Told(problem), entry["meaning"]?.text ?? "")
    }
  }

  var html: HTML {
    let statuses = Set(told.map(\.told.status)).sorted()
    return .tag(
      "section", ["aria-labelledby": "problems"],
      [
        .tag("h2", ["id": "problems"], "Problem codes"),
        Prose.paragraphs(lead),
        SchemaTables(document: tables.document, isAnswer: true).table(.object(["$ref": "#/components/schemas/Problem"])),
      ] + statuses.map(group))
  }

  private func group(_ status: Int) -> HTML {
    let rows = told.filter { $0.told.status == status }
    return HTML([
      .tag("h3", ["id": "status-\(status)"], HTML(text: "\(status): \(rows.first?.told.title ?? "")")),
      .tag(
        "table", ["class": "problems"],
        .tag(
          "thead", [:],
          .tag("tr", [:], heads.map { .tag("th", ["scope": "col"], HTML(text: $0)) })),
        .tag("tbody", [:], rows.map(row))),
    ])
  }

  private func row(_ entry: (told: ProblemAnswer.Told, meaning: String)) -> HTML {
    let cashier = entry.told.problem.cashier ?? entry.told.usualText(audience)
    return .tag(
      "tr", ["id": "problem-" + entry.told.problem.code],
      .tag(
        "th", ["scope": "row"], .tag("code", [:], HTML(text: entry.told.problem.code)),
        entry.told.isRetryable ? .tag("span", ["class": "required"], "retryable") : .nothing),
      .tag("td", [:], Prose.inline(entry.meaning)),
      .tag("td", [:], .tag("p", ["lang": "ru"], HTML(text: cashier.ru)), .tag("p", [:], HTML(text: cashier.en))))
  }
}
