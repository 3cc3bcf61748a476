import NIOCore
import NIOPosix

/// The threads that wait for the network.
enum EventLoops {
  /// Lets Swift's tasks run on them, so that a request need not change threads between its connection and its handler. Nothing that
  /// blocks runs in a task: databases have threads of their own. Where the runtime does not allow it everything goes on as before.
  static func takeTasks() { _ = NIOSingletons.unsafeTryInstallSingletonPosixEventLoopGroupAsConcurrencyGlobalExecutor() }
}
