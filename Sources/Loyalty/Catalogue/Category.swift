import Access
import Kernel

/// A node of the category tree as the retailer's list tells of it.
public struct CategoryDetails: Coded {
  public typealias Of = Entity.Category
  public static var noun: String { "category" }

  public let code: String
  public let name: CatalogueName
  /// The code of the category above; nil at the top.
  public let parent: String?

  public init(code: String, name: CatalogueName, parent: String? = nil) {
    self.code = code
    self.name = name
    self.parent = parent
  }

  public var json: JSON { .object(["name": name.json, "parent": parent.map(JSON.string)]) }
  public func check(at pointer: String, _ issues: IssueList) { name.check(at: pointer + "/name", issues) }
}

/// The categories of an account, every one with the way up from it. At most `Limits.categoryDepth` deep, without circles.
public struct CategoryTree: Sendable {
  public private(set) var nodes: [String: Known<CategoryDetails>]
  private var codes: [CategoryID: String]

  /// - Precondition: the nodes are of a tree that was checked when it was written.
  init(_ known: [Known<CategoryDetails>]) {
    nodes = Dictionary(known.map { ($0.details.code, $0) }, uniquingKeysWith: { first, _ in first })
    codes = Dictionary(known.map { ($0.id, $0.details.code) }, uniquingKeysWith: { first, _ in first })
  }

  public func id(_ code: String) -> CategoryID? { nodes[code]?.id }
  public func code(_ id: CategoryID) -> String? { codes[id] }

  /// The category itself and all above it, from the nearest to the top. Empty where there is none.
  public func lineage(of code: String) -> [CategoryID] {
    var way: [CategoryID] = []
    var next: String? = code
    while let current = next, let node = nodes[current], way.count < Limits.categoryDepth {
      way.append(node.id)
      next = node.details.parent
    }
    return way
  }

  /// `/cat_…/cat_…/`, from the top down to the category itself.
  func path(of code: String) -> String { "/" + lineage(of: code).reversed().map { "\($0)/" }.joined() }

  /// This tree with the rows made or moved.
  /// - Throws: `Problem.invalid` with an issue for each row whose parent is missing, that stands above itself, or that lies too deep.
  func placing(_ rows: [CategoryDetails], id: () -> CategoryID) throws(Problem) -> CategoryTree {
    var next = self
    for row in rows {
      let known = Known(id: nodes[row.code]?.id ?? id(), details: row)
      next.nodes[row.code] = known
      next.codes[known.id] = row.code
    }
    let issues = IssueList()
    if next.nodes.count > Limits.categories {
      issues.add("", "too_many", "an account has at most \(Limits.categories) categories")
    }
    for (index, row) in rows.enumerated() { next.check(row, at: "/\(index)/parent", issues) }
    try issues.check("the categories")
    try next.checkDepth(below: Set(rows.map(\.code)), issues)
    return next
  }

  private func check(_ row: CategoryDetails, at pointer: String, _ issues: IssueList) {
    var seen: Set<String> = [row.code]
    var next = row.parent
    while let current = next {
      guard let node = nodes[current] else {
        return issues.add(
          pointer, "unknown_code", "there is no category with the code \"\(current)\"; make it first or in this write")
      }
      guard seen.insert(current).inserted else {
        return issues.add(pointer, "circle", "the category \"\(row.code)\" would stand above itself")
      }
      guard seen.count <= Limits.categoryDepth else {
        return issues.add(pointer, "too_deep", "categories are at most \(Limits.categoryDepth) deep")
      }
      next = node.details.parent
    }
  }

  /// A category that moves takes those below it along; they may end up too deep.
  private func checkDepth(below moved: Set<String>, _ issues: IssueList) throws(Problem) {
    for node in nodes.values where !moved.contains(node.details.code) {
      var depth = 1
      var next = node.details.parent
      while let current = next, depth <= Limits.categoryDepth {
        depth += 1
        next = nodes[current]?.details.parent
      }
      if depth > Limits.categoryDepth {
        issues.add("", "too_deep", "the category \"\(node.details.code)\" would lie deeper than \(Limits.categoryDepth)")
      }
    }
    try issues.check("the categories")
  }
}
