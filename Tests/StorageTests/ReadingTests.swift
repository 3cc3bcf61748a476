import Foundation
import Kernel
import Storage
import StorageSQLite
import Synchronization
import TestKit
import Testing

/// Who waits for whom at the threads that read a file.
@Suite struct ReadingTests {
  /// Opens for everybody once.
  private final class Door: Sendable {
    private let isOpen = Mutex(false)
    func open() { isOpen.withLock { $0 = true } }
    /// Where the body of a transaction waits, as one does that reads for long. Two minutes end it, so that a fault fails and does not hang.
    func pass() -> Bool {
      for _ in 0..<120_000 {
        if isOpen.withLock({ $0 }) { return true }
        usleep(1_000)
      }
      return false
    }
  }

  private final class Book: Sendable {
    private let names = Mutex<[String]>([])
    func note(_ name: String) { names.withLock { $0.append(name) } }
    var all: [String] { names.withLock { $0 } }
  }

  private static func withFile(_ body: @Sendable (SQLiteDatabase) async throws -> Void) async throws {
    try await TestDatabase.sqlite.withPlace { place in
      var settings = SQLiteSettings()
      settings.readers = 2
      let database = try SQLiteDatabase(path: place.path, settings: settings) { Unreported.record($0) }
      try await body(database)
      await database.close()
    }
  }

  @Test func `long reads in the background leave a thread to tills, however deep they begin`() async throws {
    try await Self.withFile { database in
      let (door, begun) = (Door(), Book())
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for _ in 0..<4 {
          group.addTask {
            try await Urgency.$current.withValue(.bulk) {
              try await withThrowingTaskGroup(of: Bool.self) { deep in
                deep.addTask {
                  try await database.read { _ in
                    begun.note("long")
                    return door.pass()
                  }
                }
                return try await deep.next() ?? false
              }
            }
          }
        }
        while begun.all.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
        for number in 1...20 { #expect(try await database.read { _ in number } == number) }
        #expect(begun.all.count == 1, "of two threads one is left to tills")
        door.open()
        for try await isPassed in group { #expect(isPassed) }
      }
    }
  }

  @Test func `a till that shares a snapshot with a long read is answered by the other thread`() async throws {
    try await Self.withFile { database in
      let (first, second, long, asked) = (Door(), Door(), Door(), Book())
      try await withThrowingTaskGroup(of: Bool.self) { group in
        // Both threads are busy; what is asked meanwhile waits in one line and is taken together.
        for door in [first, second] {
          group.addTask {
            try await database.read { _ in
              asked.note("busy")
              return door.pass()
            }
          }
        }
        while asked.all.count < 2 { try await Task.sleep(for: .milliseconds(1)) }
        group.addTask {
          try await database.read { _ in
            asked.note("long")
            return long.pass()
          }
        }
        let waiting = (0..<5).map { number in
          Task { try await database.read { _ in asked.note("\(number)") } }
        }
        while asked.all.count < 2 { try await Task.sleep(for: .milliseconds(1)) }
        // Long enough for all of them to stand in the line; were they not, they could not be caught behind the long one.
        try await Task.sleep(for: .milliseconds(100))
        first.open()
        while !asked.all.contains("long") { try await Task.sleep(for: .milliseconds(1)) }
        second.open()
        for task in waiting { try await task.value }
        long.open()
        for try await isPassed in group { #expect(isPassed) }
      }
    }
  }
}
