/// Lets so many tests at a server at a time: it has a bound on connections, and all tests start at once.
actor Turnstile {
  static let postgres = Turnstile(places: 24)

  private var places: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(places: Int) { self.places = places }

  func enter(_ kind: TestDatabase) async {
    guard case .postgres = kind else { return }
    if places > 0 {
      places -= 1
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  func leave(_ kind: TestDatabase) {
    guard case .postgres = kind else { return }
    if waiting.isEmpty { places += 1 } else { waiting.removeFirst().resume() }
  }
}
