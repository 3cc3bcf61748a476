import Testing

extension BrowserWindow.Seen {
  /// What the page's form for this address would send as it stands: hidden fields, texts, chosen options, ticked boxes.
  func fields(of action: String) throws -> [String: String] {
    let opening = try #require(text.range(of: "action=\"\(action)\""), "no form for \(action)")
    let end = text[opening.upperBound...].range(of: "</form>")?.lowerBound ?? text.endIndex
    let form = text[opening.upperBound..<end]
    var fields: [String: String] = [:]
    for match in form.matches(of: /<input ([^>]*)>/) {
      let tag = String(match.output.1)
      guard let name = Self.attribute("name", tag) else { continue }
      let type = Self.attribute("type", tag) ?? "text"
      if ["checkbox", "radio"].contains(type), !tag.contains(" checked") { continue }
      if fields[name] == nil { fields[name] = Self.attribute("value", tag) ?? "" }
    }
    for match in form.matches(of: /<textarea ([^>]*)>\n?((?s).*?)<\/textarea>/) {
      if let name = Self.attribute("name", String(match.output.1)) { fields[name] = Self.plain(String(match.output.2)) }
    }
    for match in form.matches(of: /<select ([^>]*)>((?s).*?)<\/select>/) {
      guard let name = Self.attribute("name", String(match.output.1)) else { continue }
      let options = match.output.2.matches(of: /<option ([^>]*)>/).map { String($0.output.1) }
      let chosen = options.first { $0.hasSuffix(" selected") } ?? options.first
      fields[name] = chosen.flatMap { Self.attribute("value", $0) } ?? ""
    }
    return fields
  }

  private static func attribute(_ name: String, _ tag: String) -> String? {
    guard let start = tag.range(of: " \(name)=\"") ?? (tag.hasPrefix("\(name)=\"") ? tag.range(of: "\(name)=\"") : nil) else {
      return nil
    }
    return plain(String(tag[start.upperBound...].prefix { $0 != "\"" }))
  }

  private static func plain(_ text: String) -> String {
    text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"").replacing("&#39;", with: "'")
      .replacing("&amp;", with: "&")
  }
}
