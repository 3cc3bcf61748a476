import Cube
import Insight
import Kernel
import Testing

@Suite struct `ready reports as they are kept` {
  private func form(_ text: String) throws -> ReadyForm {
    guard case .ready(let form) = try KeptQuestion(JSON.parse(text)) else { throw Problem(.invalid, "a_pivot", text) }
    return form
  }

  @Test(arguments: [
    #"{"ready":"stores","period":"last-month"}"#,
    #"{"ready":"kpi","from":"2026-01-01","to":"2026-01-31","where":[{"by":"city","in":["Kazan"]}]}"#,
    #"{"ready":"kpi-tree","period":"last-7-days","where":[{"by":"brand","not":["X"]}],"segment":"vip","against":"new"}"#,
  ])
  func `come back from their JSON`(_ text: String) throws { #expect(try form(text).json.compact == text) }

  @Test func `have the days of the day they are opened`() throws {
    let day = try #require(CivilDay("2026-03-05"))
    #expect("\(try form(#"{"ready":"stores","period":"last-month"}"#).period(on: day).days)" == "2026-02-01...2026-02-28")
    let fixed = try form(#"{"ready":"stores","from":"2026-01-01","to":"2026-01-31"}"#)
    #expect("\(fixed.period(on: day).days)" == "2026-01-01...2026-01-31")
  }

  @Test(arguments: [
    (#"{"ready":"moon","period":"last-month"}"#, "/ready"), (#"{"ready":"stores","period":"last-moon"}"#, "/period"),
    (#"{"ready":"stores","period":"last-month","from":"2026-01-01"}"#, "/period"),
    (#"{"ready":"stores","from":"2026-02-01","to":"2026-01-31"}"#, "/to"),
    (#"{"ready":"points","period":"last-month","where":[{"by":"city","in":["Kazan"]}]}"#, "/where/city"),
    (#"{"ready":"stores","period":"last-month","segment":"vip","against":"new"}"#, "/segment"),
    (#"{"ready":"kpi-tree","period":"last-month","segment":"vip","against":"vip"}"#, "/against"),
    (#"{"ready":"stores","from":"1990-01-01","to":"2026-01-31"}"#, "/from"),
  ])
  func `are refused where they cannot be asked`(_ text: String, _ pointer: String) throws {
    let json = try JSON.parse(text)
    let refused = #expect(throws: Problem.self) { try KeptQuestion(json) }
    #expect(refused?.issues.map(\.pointer).contains(pointer) == true, "\(refused?.issues ?? [])")
  }

  @Test func `name their attributes and nothing else`() throws {
    let asked = try KeptQuestion(JSON.parse(#"{"ready":"kpi","period":"today","where":[{"by":"attribute:colour","in":["red"]}]}"#))
    #expect(asked.attributes == ["colour"] && asked.pivot == nil)
    #expect(try KeptQuestion(JSON.parse(#"{"rows":["store"],"values":["sales"]}"#)).attributes.isEmpty)
  }
}
