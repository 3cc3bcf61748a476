import Foundation
import TestKit
import Testing
import regulars

/// `REGULARS_TEST_RECORD=1 script/test --filter ConfigPageTests` writes the page anew; read the difference before you commit it.
@Suite struct `the administrator's page on the configuration` {
  static let path = "docs/administrator/configuration.md"

  @Test func `says what the code declares`() throws {
    let page = ConfigPage.markdown(try Config(ConfigSources()).entries)
    if ProcessInfo.processInfo.environment["REGULARS_TEST_RECORD"] != nil {
      try page.write(to: Repository.root.appending(path: Self.path), atomically: true, encoding: .utf8)
    }
    #expect(try Repository.text(Self.path) == page, "renew it: REGULARS_TEST_RECORD=1 script/test --filter ConfigPageTests")
  }

  @Test func `gives every key a sentence, a default and a variable`() throws {
    let entries = try Config(ConfigSources()).entries
    let page = ConfigPage.markdown(entries)
    for entry in entries {
      #expect(entry.help.hasSuffix(".") && entry.help.count > 20, "\(entry.key)")
      #expect(page.contains("`\(ConfigEntry.variable(for: entry.key))`"))
    }
  }
}
