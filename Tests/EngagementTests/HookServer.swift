import Foundation

/// A customer's server: Python's own HTTP server, which verifies signatures by its own means and writes down what came.
struct HookServer: Sendable {
  /// One request, in the order in which requests came.
  struct Received: Decodable, Sendable {
    let path: String
    let id: String
    let timestamp: Int64
    let signatures: [String]
    let body: String
    let isVerified: [Bool]
    let connection: Int
  }

  private let process = Process()
  private let folder: URL
  let port: Int

  /// `/ok` answers 204, `/fail/N` 500 so many times and then 204, `/down` always 503, `/slow` after eight seconds, `/redirect` leads to
  /// `/ok`, `/large` answers without end.
  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "hooks-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let script = folder.appending(path: "server.py")
    try Data(Self.script.utf8).write(to: script)
    try Data().write(to: folder.appending(path: "secrets.txt"))
    try Data().write(to: folder.appending(path: "received.jsonl"))
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", script.path, folder.path]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else { throw CocoaError(.executableLoad) }
    self.port = port
  }

  func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

  /// The secrets that it verifies with, in order.
  func trust(_ secrets: [String]) throws {
    try Data(secrets.joined(separator: "\n").utf8).write(to: folder.appending(path: "secrets.txt"))
  }

  func received(_ path: String? = nil) throws -> [Received] {
    let text = try String(contentsOf: folder.appending(path: "received.jsonl"), encoding: .utf8)
    let all = try text.split(separator: "\n").map { try JSONDecoder().decode(Received.self, from: Data($0.utf8)) }
    return all.filter { path == nil || $0.path == path }
  }

  func end() throws {
    // Threads of tests block signals, and what they start inherits that: only this one is heard.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try FileManager.default.removeItem(at: folder)
  }

  static func on(_ body: (HookServer) async throws -> Void) async throws {
    let server = try HookServer()
    do { try await body(server) } catch {
      try server.end()
      throw error
    }
    try server.end()
  }

  private static let script = """
    import base64, hashlib, hmac, http.server, json, sys, threading, time
    folder, lock, seen = sys.argv[1], threading.Lock(), {}

    class Hook(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            head = self.headers["webhook-id"] + "." + self.headers["webhook-timestamp"] + "."
            signatures = self.headers["webhook-signature"].split(" ")
            secrets = open(folder + "/secrets.txt").read().split()
            def right(secret):
                key = base64.b64decode(secret[len("whsec_"):])
                code = hmac.new(key, head.encode() + body, hashlib.sha256).digest()
                return "v1," + base64.b64encode(code).decode() in signatures
            entry = {"path": self.path, "id": self.headers["webhook-id"], "timestamp": int(self.headers["webhook-timestamp"]),
                     "signatures": signatures, "body": body.decode(), "isVerified": [right(s) for s in secrets],
                     "connection": self.client_address[1]}
            with lock:
                seen[self.path] = seen.get(self.path, 0) + 1
                count = seen[self.path]
                with open(folder + "/received.jsonl", "a") as file: file.write(json.dumps(entry) + "\\n")
            if self.path.startswith("/fail/"):
                self.answer(500 if count <= int(self.path.split("/")[2]) else 204)
            elif self.path == "/down": self.answer(503)
            elif self.path == "/slow":
                time.sleep(8)
                self.answer(204)
            elif self.path == "/redirect": self.answer(302, [("location", "/ok")])
            elif self.path == "/large": self.flood()
            else: self.answer(204)

        def answer(self, status, headers=[]):
            self.send_response(status)
            for name, value in headers: self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def flood(self):
            self.send_response(200)
            self.send_header("content-length", "10000000000")
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"x" * 4096)
                    time.sleep(0.002)
            except OSError: self.close_connection = True

        def log_message(self, *arguments): pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()
    """
}
