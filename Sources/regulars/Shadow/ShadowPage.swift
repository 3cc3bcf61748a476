import Kernel

/// A report as headings, sentences and tables: for a terminal, as Markdown, as HTML.
public struct ShadowPage: Hashable, Sendable {
  public enum Block: Hashable, Sendable {
    case heading(String)
    case text(String)
    /// The first row is the head; columns behind `texts` hold numbers.
    case table([[String]], texts: Int)
    case lines([String])
  }

  public let title: String
  public var blocks: [Block] = []

  public var terminal: String {
    ([title]
      + blocks.map { block in
        switch block {
        case .heading(let text): "\n" + text
        case .text(let text): text
        case .table(let rows, let texts): Self.columns(rows, texts).joined(separator: "\n")
        case .lines(let lines): lines.map { "  " + $0 }.joined(separator: "\n")
        }
      }).joined(separator: "\n")
  }

  public var markdown: String {
    (["# " + title]
      + blocks.map { block in
        switch block {
        case .heading(let text): "## " + text
        case .text(let text): text
        case .table(let rows, let texts): Self.markdown(rows, texts)
        case .lines(let lines): lines.map { "    " + $0 }.joined(separator: "\n")
        }
      }).joined(separator: "\n\n") + "\n"
  }

  public func html(language: String) -> String {
    let body = blocks.map { block in
      switch block {
      case .heading(let text): "<h2>\(Self.escaped(text))</h2>"
      case .text(let text): "<p>\(Self.escaped(text))</p>"
      case .table(let rows, let texts): Self.html(rows, texts)
      case .lines(let lines): "<pre>\(lines.map(Self.escaped).joined(separator: "\n"))</pre>"
      }
    }
    return """
      <!doctype html>
      <html lang="\(language)">
      <head>
      <meta charset="utf-8">
      <title>\(Self.escaped(title))</title>
      <style>body{font:16px/1.5 sans-serif;max-width:70em;margin:2em auto;padding:0 1em}table{border-collapse:collapse}td,th{padding:.2em .8em;border-bottom:1px solid #ccc;text-align:left}.n{text-align:right}pre{overflow:auto}</style>
      </head>
      <body>
      <h1>\(Self.escaped(title))</h1>
      \(body.joined(separator: "\n"))
      </body>
      </html>

      """
  }

  private static func columns(_ rows: [[String]], _ texts: Int) -> [String] {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = row.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - row[column].count)
        return column < texts ? row[column] + space : space + row[column]
      }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return "  " + line
    }
  }

  private static func markdown(_ rows: [[String]], _ texts: Int) -> String {
    guard let head = rows.first else { return "" }
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    let rule = head.indices.map { $0 < texts ? "---" : "---:" }
    let escaped = rows.map { row in row.map { $0.replacing("|", with: "\\|") } }
    return ([line(escaped[0]), line(rule)] + escaped.dropFirst().map(line)).joined(separator: "\n")
  }

  private static func html(_ rows: [[String]], _ texts: Int) -> String {
    let lines = rows.enumerated().map { number, row in
      let tag = number == 0 ? "th" : "td"
      return "<tr>"
        + row.enumerated().map { "<\(tag)\($0 < texts ? "" : " class=\"n\"")>\(escaped($1))</\(tag)>" }.joined() + "</tr>"
    }
    return "<table>\n" + lines.joined(separator: "\n") + "\n</table>"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
