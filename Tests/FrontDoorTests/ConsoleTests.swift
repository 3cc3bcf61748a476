import Kernel
import Logging
import Storage
import Synchronization
import TestKit
import Testing
import regulars

@Suite struct `progress` {
  let meter = ProgressMeter("importing receipts", unit: "lines", total: 1_500_000)

  @Test func `a line names share, counts, rate and time left`() {
    let line = meter.line(750_000, after: .seconds(5), width: 120)
    #expect(line == "importing receipts  [===============>              ]  50 %  750k of 1.5M lines  150k/s  5 s left")
  }

  @Test(arguments: [1, 20, 40, 60, 80, 200]) func `a line never exceeds the terminal`(_ width: Int) {
    for done in [0, 1, 999, 1_499_999, 1_500_000, 2_000_000] {
      #expect(meter.line(done, after: .seconds(3), width: width).count <= max(1, width - 1))
    }
  }

  @Test func `before anything is done no time is promised`() {
    #expect(meter.left(0, after: .seconds(5)) == nil)
    #expect(meter.left(0, after: .zero) == nil)
    #expect(meter.left(1_500_000, after: .seconds(5)) == 0)
    #expect(ProgressMeter("verifying", unit: "wallets", total: nil).left(5, after: .seconds(5)) == nil)
  }

  @Test func `an unknown total shows what is done`() {
    let line = ProgressMeter("verifying", unit: "wallets", total: nil).line(9_500, after: .seconds(10), width: 80)
    #expect(line == "verifying  9.5k wallets  950/s")
  }
}

@Suite struct `log lines` {
  static func lines(_ shape: LogLines.Shape, _ body: (Logger) -> Void) -> [String] {
    let sink = Sink()
    let log = Logger(label: "test") { label in
      LogLines(label, shape, level: .info, now: { Instant(seconds: 0) }, write: sink.take)
    }
    body(log)
    return sink.lines
  }

  final class Sink: Sendable {
    private let taken = Mutex<[String]>([])
    @Sendable func take(_ line: String) { taken.withLock { $0.append(line) } }
    var lines: [String] { taken.withLock { $0 } }
  }

  @Test func `a JSON line is one object with the message and its facts`() throws {
    let lines = Self.lines(.json) { $0.warning("disk \"is\"\nfull", metadata: ["free": "12", "message": "never replaced"]) }
    #expect(lines.count == 1)
    let json = try JSON.parse(lines[0])
    #expect(json["at"] == "1970-01-01T00:00:00Z")
    #expect(json["level"] == "warning")
    #expect(json["message"] == "disk \"is\"\nfull")
    #expect(json["free"] == "12")
  }

  @Test func `a text line stays one line whatever it holds`() {
    let lines = Self.lines(.text) { $0.info("two\nlines", metadata: ["b": "x\r\ny", "a": "1"]) }
    #expect(lines == ["1970-01-01T00:00:00Z info  two lines  a=1  b=x y"])
  }

  @Test func `what is below the level is not written`() {
    #expect(Self.lines(.text) { $0.debug("hidden") }.isEmpty)
  }
}

@Suite struct `endings` {
  @Test func `a refusal, a failure and a fault end differently, each with a sentence`() {
    let cases: [(any Error, Ending)] = [
      (Problem(.invalid, "invalid_input", "rules cannot be read"), .refused),
      (Problem(.invalid, "invalid_configuration", "no"), .configuration),
      (Problem(.unavailable, "busy", "later"), .unavailable),
      (StorageFailure.diskFull("/data"), .storage), (StorageFailure.connectionLost("x"), .unavailable),
      (StorageFailure.schemaMissing(found: 1, known: 2), .unavailable), (StorageFailure.statement("x"), .fault),
      (Stop.Asked(), .stopped),
    ]
    for (error, ending) in cases {
      let farewell = Farewell(error)
      #expect(farewell.ending == ending, "\(error)")
      #expect(farewell.text.contains(" "))
    }
  }

  @Test func `a place in a JSON text is named by line and column`() throws {
    let error = try #require(throws: JSON.SyntaxError.self) { try JSON.parse("{\n  \"a\": 01\n}") }
    #expect(Farewell(error).ending == .refused)
    #expect(Farewell(error).text.hasPrefix("line 2, column 8"))
  }

  @Test func `every ending has its own meaning, and the administrator's page tells it`() throws {
    #expect(Set(Ending.allCases.map(\.meaning)).count == Ending.allCases.count)
    let page = try Repository.text("docs/administrator/trouble.md")
    for ending in Ending.allCases { #expect(page.contains("| \(ending.rawValue) | \(ending.meaning) |"), "\(ending)") }
  }

  @Test func `work that is asked to stop hears it`() throws {
    let stop = Stop()
    try stop.check()
    stop.ask()
    #expect(stop.isAsked)
    #expect(throws: Stop.Asked.self) { try stop.check() }
  }
}
