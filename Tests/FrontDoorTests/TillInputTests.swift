import Foundation
import Kernel
import TestKit
import Testing

@Suite struct `what a till sends` {
  @Test func `is refused at its place where it cannot be read, also beside something that decides alone`() throws {
    let (line, time) = (#"{ "id": "1", "product": "101", "price": "90.00" }"#, #""time": "2026-11-21T12:00:00""#)
    let (receipt, member) = (#""receipt": { "shift": 1, "number": "1" }"#, "mem_0000000000000")
    let cases: [(request: String, pointer: String)] = [
      (#"POST /calculations;{ "lines": [{ "id": "1", "product": 5, "barcode": "101", "price": "90.00" }] }"#, "/lines/0/product"),
      (#"POST /calculations;{ "lines": [{ "id": "1", "product": "101", "barcode": 5, "price": "90.00" }] }"#, "/lines/0/barcode"),
      (#"POST /calculations;{ "lines": [\#(line)], "member": { "id": "\#(member)", "identifier": 5 } }"#, "/member/identifier"),
      (#"POST /calculations;{ "lines": [\#(line)], "member": { "id": "\#(member)", "kind": "CARD" } }"#, "/member/kind"),
      (#"POST /calculations;{ "lines": [\#(line)], "member": { "id": 5, "identifier": "1001" } }"#, "/member/id"),
      (#"POST /returns;{ \#(receipt), \#(time), "lines": [{ "line": "1", "mark": 5 }] }"#, "/lines/0/mark"),
      (#"POST /returns;{ \#(receipt), \#(time), "lines": [{ "mark": "01", "product": 5 }] }"#, "/lines/0/product"),
      ("GET /answers?refused=yes;", "?refused"),
    ]
    try inTemporaryFolder { folder in
      let shop = try TillShop(folder: folder)
      try shop.setUp()
      let server = try shop.serve()
      defer { server.signal(SIGTERM) }
      for (number, (request, pointer)) in cases.enumerated() {
        let parts = request.components(separatedBy: ";")
        let line = parts[0].replacing(" /", with: " /till/v1/") + "\nIdempotency-Key: 00000000-\(number)"
        let (status, answer) = try shop.ask(parts[1].isEmpty ? line : line + "\n\n" + parts[1])
        #expect(status == 422 && answer.pretty.contains("\"\(pointer)\""), "\(request)\n\(answer.pretty)")
      }
      let (status, answer) = try shop.ask(
        #"POST /till/v1/calculations"# + "\n\n" + #"{ "store": "S1", "register": "1\u0009", "lines": [\#(line)] }"#, as: .system)
      #expect(status == 422 && answer.pretty.contains("\"/register\""), "\(answer.pretty)")
    }
  }
}
