import AsyncHTTPClient
import Insight
import Kernel
import NIOCore

/// ClickHouse over its HTTP interface. Statements go in the body, rows behind them; answers come back whole.
public actor ClickHouseGateway: ColumnServer {
  /// Bytes of one answer: four million cells of some numbers.
  private static let answer = 512 << 20
  private static let wait = TimeAmount.seconds(120)

  private let place: ColumnServerPlace
  private let client: HTTPClient

  public init(_ place: ColumnServerPlace) {
    self.place = place
    client = HTTPClient(eventLoopGroupProvider: .singleton)
  }

  public func close() async throws { try await client.shutdown() }

  public nonisolated func run(_ statement: String, rows: [UInt8]) async throws -> String {
    // Arrays of codes make long statements; the limit of the server is meant for people.
    var request = HTTPClientRequest(
      url:
        "\(place.base)/?database=\(place.database)&max_query_size=268435456&max_ast_elements=1000000&max_expanded_ast_elements=10000000"
    )
    request.method = .POST
    if !place.user.isEmpty { request.headers.add(name: "X-ClickHouse-User", value: place.user) }
    if !place.password.isEmpty { request.headers.add(name: "X-ClickHouse-Key", value: place.password) }
    request.body = .bytes(ByteBuffer(bytes: Array(statement.utf8) + (rows.isEmpty ? [] : [10] + rows)))
    do {
      let response = try await client.execute(request, timeout: Self.wait)
      let text = String(buffer: try await response.body.collect(upTo: Self.answer))
      guard response.status == .ok else { throw ColumnFailure("ClickHouse answered \(response.status.code): \(text.prefix(300))") }
      return text
    } catch let failure as ColumnFailure {
      throw failure
    } catch {
      throw ColumnFailure("ClickHouse at \(place.base) does not answer: \(error)")
    }
  }
}
