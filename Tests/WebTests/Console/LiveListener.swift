import Foundation
import Synchronization
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Hears an answer that does not end, as a browser's `EventSource` does.
final class LiveListener: NSObject, URLSessionDataDelegate, Sendable {
  private struct Heard {
    var text = ""
    var status: Int?
    var isOver = false
  }

  private let heard = Mutex(Heard())

  var text: String { heard.withLock { $0.text } }
  var status: Int? { heard.withLock { $0.status } }

  /// Waits for this text behind what was heard before; a test that waits in vain fails after some seconds.
  func hears(_ wanted: String, after place: Int = 0) async throws {
    try await wait(for: wanted) { $0.text.dropFirst(place).contains(wanted) }
  }

  func ends() async throws { try await wait(for: "its end") { $0.isOver } }

  private func wait(for what: String, _ isSo: (borrowing Heard) -> Bool) async throws {
    for _ in 0..<1_000 {
      if heard.withLock({ isSo($0) }) { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("waited in vain for \(what), heard \(text)")
    throw CancellationError()
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
  ) {
    heard.withLock { $0.status = (response as? HTTPURLResponse)?.statusCode }
    completionHandler(.allow)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    heard.withLock { $0.text += String(decoding: data, as: UTF8.self) }
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    heard.withLock { $0.isOver = true }
    session.finishTasksAndInvalidate()
  }
}
