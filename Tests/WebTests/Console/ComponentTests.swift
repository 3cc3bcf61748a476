import Access
import TestKit
import Testing
import Web

@Suite struct `the page of components` {
  /// Types of `Pages` that make markup, but for what stands around every page and what markup itself is.
  private static func components() throws -> Set<String> {
    var names: Set<String> = []
    for path in try Repository.files(below: "Sources/Web/Pages", ending: ".swift") {
      let text = try Repository.text(path)
      let types = text.matches(of: /(?m)^(?:public )?(?:struct|enum|final class) (\w+)/)
      for (place, type) in types.enumerated() {
        let end = place + 1 < types.count ? types[place + 1].range.lowerBound : text.endIndex
        let body = text[type.range.lowerBound..<end]
        if body.contains(/(var html: Markup|func html\(.*\) -> Markup|static func \w+\(.*\) -> Markup|func styled\()/) {
          names.insert(String(type.output.1))
        }
      }
    }
    return names.subtracting(["Frame", "Room", "Page", "Markup", "FieldNotes"])
  }

  @Test func `shows every component that there is, in both themes and both languages`() async throws {
    let known = try Self.components()
    #expect(
      known.isSuperset(of: [
        "DataTable", "Field", "Choice", "Notice", "LineChart", "Meter", "CopyText", "QRCode", "Palette", "Icon",
      ]), "\(known)")
    try await WebShop.open(.sqlite) { shop in
      for language in ["ru", "en"] {
        let window = try await shop.window(of: shop.hire("somebody-\(language)", .integrator))
        window.set("regulars_language", language)
        let page = try await window.open("/console/components").text
        let shown = Set(page.matches(of: /data-component="(\w+)"/).map { String($0.output.1) })
        #expect(known.subtracting(shown).isEmpty, "not on the page: \(known.subtracting(shown).sorted())")
        #expect(
          page.matches(of: /class="theme-light"/).count == shown.count
            && page.matches(of: /class="theme-dark"/).count == shown.count)
        // Two panes, so no id may come twice.
        let ids = page.matches(of: /\sid="([^"]+)"/).map { String($0.output.1) }
        #expect(Set(ids).count == ids.count, "\(ids.sorted())")
      }
    }
  }
}
