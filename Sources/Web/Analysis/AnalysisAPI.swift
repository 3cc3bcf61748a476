import Access
import Kernel

/// What other systems ask of analysis and segments, call by call. A test holds this list and the description against each other.
public struct AnalysisAPI: Sendable {
  let endpoints: [Endpoint]

  public init(_ desk: AnalysisDesk) {
    endpoints = [
      Endpoint(.get, "/v1/dimensions", .token(.analysis), throttled: true, answer: desk.listDimensions),
      Endpoint(.get, "/v1/measures", .token(.analysis), throttled: true, answer: desk.listMeasures),
      Endpoint(.post, "/v1/pivot", .token(.analysis), throttled: true, answer: desk.pivot),
      Endpoint(.get, "/v1/reports", .token(.analysis), throttled: true, answer: desk.listReports),
      Endpoint(.get, "/v1/reports/{key}", .token(.analysis), throttled: true, answer: desk.report),
      Endpoint(.get, "/v1/segments", .token(.segments), throttled: true, answer: desk.listSegments),
      Endpoint(.post, "/v1/segments/count", .token(.segments), throttled: true, answer: desk.countSegment),
      Endpoint(.get, "/v1/segments/{key}/members", .token(.segmentMembers), throttled: true, answer: desk.listMembers),
      Endpoint(.get, "/v1/segments/{key}/members/{id}", .token(.segmentMembers), throttled: true, answer: desk.explainMember),
      Endpoint(.post, "/v1/segments/{key}/changes", .token(.segmentLists), throttled: true, answer: desk.changeSegment),
      Endpoint(.get, "/v1/openapi.json", .nobody) { _ in AnalysisDescription.answer },
      Endpoint(.get, "/v1/docs", .nobody) { _ in AnalysisDescription.page },
      Endpoint(.get, "/v1/docs.css", .nobody) { _ in Description.styles },
    ]
  }
}
