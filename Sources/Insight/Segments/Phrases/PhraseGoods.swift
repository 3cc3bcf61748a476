import Conditions
import Kernel

/// Goods of a purchase by their names.
extension PhraseParse {
  private static let goodsKinds: [SegmentNames.Kind] = [.category, .brand, .manufacturer, .product]

  mutating func goods(_ deed: inout PhraseDeed) -> Step? {
    attempt { parse in
      let isExcept = parse.take(.except)
      // A list goes on: кофе или чай, coffee and tea.
      let isOr = !isExcept && !deed.goods.isEmpty && parse.take(.or)
      let isAnd = !isExcept && !deed.goods.isEmpty && !isOr && (parse.take(.and) || parse.isSign(",", parse.at) && parse.take(","))
      if !isOr, !isAnd { _ = parse.take("на") || parse.take("on") || parse.take("of") }
      _ = parse.take("any") || parse.take("some")
      let kinds = parse.kinds()
      guard parse.at < parse.words.count else { return nil }
      let rest = parse.words[parse.at...]
      guard
        let found = parse.names.find(rest, kinds ?? Self.goodsKinds)
          ?? (kinds ?? [.product] == [.product] ? parse.names.product(rest) : nil)
      else {
        if kinds != nil {
          parse.want(parse.at)
          return .broken(.unknown)
        }
        return nil
      }
      switch found {
      case .several(let several, let count):
        parse.at += count
        return .broken(.several(several))
      case .name(let name, let count):
        parse.at += count
        if isExcept {
          deed.except.append(name)
        } else {
          guard deed.goods.isEmpty || isOr || isAnd else { return nil }
          deed.goods.append(name)
          (deed.isEach, deed.isEither) = (deed.isEach || isAnd, deed.isEither || isOr)
        }
        return .done([])
      }
    }
  }

  /// The kind that is said: категории, бренда, товар.
  private mutating func kinds() -> [SegmentNames.Kind]? {
    if take(.category) { return [.category] }
    if take(.brand) { return [.brand] }
    if take(.maker) { return [.manufacturer] }
    return take(.product) ? [.product] : nil
  }

  /// Nil where something has a name and no id.
  mutating func filter(_ names: [SegmentNames.Name], _ except: [SegmentNames.Name]) -> ProductFilter? {
    var parts: [ProductFilter] = []
    for kind in Self.goodsKinds {
      let some = names.filter { $0.kind == kind }
      guard !some.isEmpty else { continue }
      guard let part = filter(kind, some) else { return nil }
      parts.append(part)
    }
    let wanted: ProductFilter = parts.isEmpty ? .everything : parts.count == 1 ? parts[0] : .any(parts)
    guard !except.isEmpty else { return wanted }
    guard let out = filter(except, []) else { return nil }
    let none: ProductFilter = .none([out])
    return wanted == .everything ? none : .all([wanted, none])
  }

  private mutating func filter(_ kind: SegmentNames.Kind, _ names: [SegmentNames.Name]) -> ProductFilter? {
    let kinds: [SegmentNames.Kind: NameKind] = [
      .category: .category, .brand: .productBrand, .manufacturer: .manufacturer, .product: .product,
    ]
    guard let coded = kinds[kind] else { return nil }
    var raws: [Int64] = []
    for name in names {
      guard let raw = codes.id(coded, name.code) else { return nil }
      raws.append(raw)
    }
    switch kind {
    case .category: return .categories(IDList(raws.map { CategoryID($0) }))
    case .brand: return .brands(IDList(raws.map { ProductBrandID($0) }))
    case .manufacturer: return .manufacturers(IDList(raws.map { ManufacturerID($0) }))
    case .product: return .products(IDList(raws.map { ProductID($0) }))
    case .store, .city, .tier, .segment, .field, .value, .promotion, .couponSeries, .privilege: return nil
    }
  }
}
