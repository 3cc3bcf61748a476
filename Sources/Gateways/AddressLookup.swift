import Dispatch
import Kernel
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An address of the network: 4 or 16 bytes, and its text.
struct NetworkAddress: Hashable, Sendable {
  let bytes: [UInt8]
  let text: String
}

/// The system's resolver, which blocks, on threads where it may.
enum AddressLookup {
  private static let queue = DispatchQueue(label: "names", attributes: .concurrent)

  /// The addresses of a name or of an address as text, in the order in which they are to be tried. Empty where there are none; nil where
  /// the resolver took longer than `span`.
  static func addresses(of host: String, within span: Span) async -> [NetworkAddress]? {
    await withCheckedContinuation { continuation in
      let waiting = Waiting(continuation)
      queue.async { waiting.answer(look(host)) }
      queue.asyncAfter(deadline: .now() + .microseconds(Int(span.micros))) { waiting.answer(nil) }
    }
  }

  /// Answers once, whoever comes first.
  private final class Waiting: Sendable {
    private let continuation: Mutex<CheckedContinuation<[NetworkAddress]?, Never>?>

    init(_ continuation: CheckedContinuation<[NetworkAddress]?, Never>) { self.continuation = Mutex(continuation) }

    func answer(_ addresses: [NetworkAddress]?) {
      let first = continuation.withLock { place in
        defer { place = nil }
        return place
      }
      first?.resume(returning: addresses)
    }
  }

  private static func look(_ host: String) -> [NetworkAddress] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_family = AF_UNSPEC
    #if canImport(Glibc)
      unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    #else
      unsafe hints.ai_socktype = SOCK_STREAM
    #endif
    var list: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
    defer { unsafe freeaddrinfo(list) }
    var found: [NetworkAddress] = []
    var next = unsafe list
    while let entry = unsafe next {
      if let address = unsafe read(entry.pointee), !found.contains(address) { found.append(address) }
      unsafe next = entry.pointee.ai_next
    }
    return found
  }

  private static func read(_ entry: addrinfo) -> NetworkAddress? {
    guard let address = unsafe entry.ai_addr else { return nil }
    let bytes: [UInt8]
    switch unsafe entry.ai_family {
    case AF_INET:
      bytes = unsafe address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { place in
        unsafe withUnsafeBytes(of: place.pointee.sin_addr) { unsafe Array($0) }
      }
    case AF_INET6:
      bytes = unsafe address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { place in
        unsafe withUnsafeBytes(of: place.pointee.sin6_addr) { unsafe Array($0) }
      }
    default: return nil
    }
    return NetworkAddress(bytes: bytes, text: text(bytes))
  }

  /// IPv4 with points, IPv6 as eight groups.
  private static func text(_ bytes: [UInt8]) -> String {
    if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
    return stride(from: 0, to: bytes.count - 1, by: 2).map {
      String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
    }.joined(separator: ":")
  }
}
