import Conditions
import Kernel
import Loyalty

/// An event as it is read again.
public struct SeenEvent: Hashable, Sendable {
  public let id: Int64
  public let kind: EventKind
  public let at: Instant
  public let visitor: String
  /// Of its session.
  public let visit: Int64
  let owner: Int64?
  public let page: String?
  public let product: String?
  public let amount: Int64?
  public let receipt: Int64?
  public let quantity: Int64?
  public let channel: String?
  public let brand: String?
  public let details: String?
  /// The receipt that it names, whether that is there or not.
  public let order: String?
  /// Nil where nobody asked for it.
  let source: Int64?
}

/// Which events are meant: a kind, and what else they must be like. Segments and funnels ask with the same words.
public struct EventFilter: Hashable, Sendable {
  public var kind: EventKind
  public var goods = ProductFilter.everything
  /// Beginning of the page's path; empty: any.
  public var page = ""
  /// Names of sources, as reports show them; none named: any.
  public var sources: [String] = []
  public var campaigns: [String] = []
  public var groups: [ChannelGroup] = []
  public var channels: [String] = []
  /// In minor units.
  public var amount = Bounds()

  public init(_ kind: EventKind) { self.kind = kind }

  var needsSource: Bool { !sources.isEmpty || !campaigns.isEmpty || !groups.isEmpty }
}

/// A filter with codes in place of words.
struct EventMatcher: Sendable {
  let filter: EventFilter
  /// Codes of products; nil: any.
  private let products: Set<String>?
  /// Nil: any.
  private let sources: Set<Int64>?

  init(_ filter: EventFilter, _ catalogue: CatalogueIndex, _ sources: [TrafficSourceID: TrafficSource]) {
    self.filter = filter
    if filter.goods == .everything {
      products = nil
    } else {
      var found: Set<String> = []
      for place in 0..<catalogue.count where filter.goods.holds(for: catalogue.facts(at: place), price: .zero) {
        found.insert(catalogue.code(at: place))
      }
      products = found
    }
    guard filter.needsSource else {
      self.sources = nil
      return
    }
    let (names, campaigns) = (Set(filter.sources.map(TrafficSource.label)), Set(filter.campaigns.map(TrafficSource.label)))
    let fitting = sources.filter { _, source in
      (names.isEmpty || names.contains(source.name)) && (campaigns.isEmpty || campaigns.contains(source.campaign))
        && (filter.groups.isEmpty || filter.groups.contains(source.group))
    }
    self.sources = Set(fitting.keys.map(\.raw))
  }

  func holds(for event: SeenEvent) -> Bool {
    guard event.kind == filter.kind else { return false }
    if let products { guard let product = event.product, products.contains(product) else { return false } }
    if let sources { guard let source = event.source, sources.contains(source) else { return false } }
    if !filter.page.isEmpty { guard event.page?.hasPrefix(filter.page) ?? false else { return false } }
    if !filter.channels.isEmpty { guard event.channel.map(filter.channels.contains) ?? false else { return false } }
    if filter.amount != Bounds() { guard let amount = event.amount, filter.amount.contains(amount) else { return false } }
    return true
  }
}
