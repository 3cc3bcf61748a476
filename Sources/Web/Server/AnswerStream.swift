import HummingbirdCore
import Kernel
import NIOCore

/// Where an answer goes piece by piece. Whoever reads slowly is waited for, so that nothing heaps up in memory.
struct AnswerStream {
  /// What the one who reads has gone away is told by: no failure of ours.
  struct ReaderGone: Error {}

  /// The server wants to stop: an answer without an end ends now.
  let isClosing: @Sendable () -> Bool
  let now: @Sendable () -> Instant
  private(set) var base: any ResponseBodyWriter

  init(to base: any ResponseBodyWriter, isClosing: @escaping @Sendable () -> Bool, now: @escaping @Sendable () -> Instant) {
    self.base = base
    self.isClosing = isClosing
    self.now = now
  }

  /// - Throws: `ReaderGone`.
  mutating func write(_ bytes: [UInt8]) async throws {
    guard !bytes.isEmpty else { return }
    do { try await base.write(ByteBuffer(bytes: bytes)) } catch { throw ReaderGone() }
  }

  mutating func write(_ text: String) async throws { try await write(Array(text.utf8)) }
}
