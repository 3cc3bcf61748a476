import Access
import Cube
import Customers
import Insight
import Kernel
import Loyalty
import Storage
import Testing

extension `the console's pages` {
  /// A report that is sent, and a segment.
  static func reports(_ shop: WebShop) async throws -> [String: String] {
    let (person, change) = (try await shop.hire("reporter", .owner), Change(by: .demo, at: shop.now, ids: shop.ids))
    return try await shop.database.write { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      try Staff(of: shop.account).set(Email("reporter@lavka.example"), of: "reporter", by: change, in: &tx)
      let person = try #require(try Staff(of: shop.account).member(person.id, in: &tx))
      let details = SavedReportDetails(
        name: "План", form: ReportForm(Pivot(rows: [.store], values: [.sales])), roles: Set(SavedReportDetails.readers))
      let report = try SavedReports(of: programme).save(details, of: person.id, by: change, in: &tx)
      let rhythm = try #require(ReportRhythm(.day, hour: 8))
      let schedule = try ReportSchedules(of: programme).add(
        rhythm, .ru, to: [person.id], sending: report, by: person, change, in: &tx)
      let segment = SegmentDetails(code: "plan", name: LocalText(ru: "План", en: "Plan"), kind: .dynamic)
      let condition = try JSON.parse(#"{"bought":{"lastDays":30}}"#)
      let segments = Segments(of: shop.account)
      _ = try segments.save(segment, condition: condition, programme: shop.programme, by: change, in: &tx)
      let known = try #require(try segments.segments(codes: ["plan"], in: &tx)["plan"])
      return ["/saved/{report}": "/saved/\(report)", "{schedule}": "\(schedule)", "{segment}": "\(known.id)"]
    }
  }
}
