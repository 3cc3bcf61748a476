import Foundation

/// A mail server: Python's own sockets, TLS and reader of mail. It takes letters, turns to TLS, asks for a password, and refuses addresses
/// by their first word: `bounce` for good, `full` for now.
public struct PostOffice: Sendable {
  public struct Attachment: Decodable, Sendable {
    public let name: String
    public let type: String
    /// In base64.
    public let bytes: String
  }

  /// One letter, as Python reads it.
  public struct Taken: Decodable, Sendable {
    public let isSecure: Bool
    public let user: String
    public let from: String
    public let to: [String]
    public let subject: String
    public let sender: String
    public let date: String
    public let text: String
    public let headers: [String]
    public let longestLine: Int
    public let isASCII: Bool
    public let id: String
    public let attachments: [Attachment]
  }

  private let process = Process()
  private let folder: URL
  /// With STARTTLS and a password, with TLS from the start, and with neither.
  public let port: Int
  public let securePort: Int
  public let plainPort: Int
  public var authority: String { folder.appending(path: "chain.pem").path }

  public init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "post-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Self.certify(in: folder)
    let script = folder.appending(path: "office.py")
    try Data(Self.script.utf8).write(to: script)
    try Data().write(to: folder.appending(path: "taken.jsonl"))
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", script.path, folder.path]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    // It may come in pieces.
    var told = Data()
    while !told.contains(0x0a) {
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { break }
      told += more
    }
    let line = String(decoding: told, as: UTF8.self)
    let ports = line.split(separator: " ").compactMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    guard ports.count == 3 else { throw CocoaError(.executableLoad) }
    (port, securePort, plainPort) = (ports[0], ports[1], ports[2])
  }

  public func taken() throws -> [Taken] {
    let text = try String(contentsOf: folder.appending(path: "taken.jsonl"), encoding: .utf8)
    return try text.split(separator: "\n").map { try JSONDecoder().decode(Taken.self, from: Data($0.utf8)) }
  }

  public func end() throws {
    // Threads of tests block signals, and what they start inherits that: only this one is heard.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try FileManager.default.removeItem(at: folder)
  }

  public static func on(_ body: (PostOffice) async throws -> Void) async throws {
    let office = try PostOffice()
    do { try await body(office) } catch {
      try office.end()
      throw error
    }
    try office.end()
  }

  /// A certificate for `localhost` that signs itself.
  private static func certify(in folder: URL) throws {
    let openssl = Process()
    openssl.executableURL = URL(filePath: "/usr/bin/env")
    openssl.arguments = [
      "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
      "subjectAltName=DNS:localhost", "-keyout", folder.appending(path: "key.pem").path, "-out",
      folder.appending(path: "chain.pem").path,
    ]
    openssl.standardError = FileHandle.nullDevice
    try openssl.run()
    openssl.waitUntilExit()
    guard openssl.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
  }

  private static let script = """
    import base64, email, email.policy, email.utils, json, socket, ssl, sys, threading
    folder, lock = sys.argv[1], threading.Lock()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder + "/chain.pem", folder + "/key.pem")

    def keep(state, data):
        mail = email.message_from_bytes(data, policy=email.policy.default)
        entry = {"isSecure": state["secure"], "user": state["user"], "from": state["from"], "to": state["to"],
                 "subject": mail["subject"], "sender": str(mail["from"]).replace('"', ""),
                 "date": email.utils.parsedate_to_datetime(mail["date"]).isoformat(),
                 "id": mail["message-id"], "attachments": [{"name": part.get_filename(), "type": part.get_content_type(),
                   "bytes": base64.b64encode(part.get_content()).decode()} for part in mail.iter_attachments()],
                 "text": mail.get_body(("plain",)).get_content().replace("\\r\\n", "\\n").replace("\\n", "\\r\\n"),
                 "headers": list(mail.keys()), "longestLine": max(len(line) for line in data.split(b"\\r\\n")),
                 "isASCII": data.isascii()}
        with lock, open(folder + "/taken.jsonl", "a") as file: file.write(json.dumps(entry) + "\\n")

    def serve(connection, offers, secure):
        state = {"secure": secure, "user": "", "from": "", "to": []}
        lines = connection.makefile("rb")
        def say(text): connection.sendall(text.encode() + b"\\r\\n")
        say("220 localhost")
        while line := lines.readline():
            word, _, rest = line.decode().strip().partition(" ")
            word = word.upper()
            if word == "EHLO":
                more = ["STARTTLS"] if offers and not state["secure"] else ["AUTH PLAIN"] if offers else []
                for name in more: say("250-" + name)
                say("250 8BITMIME")
            elif word == "STARTTLS":
                say("220 go on")
                connection = context.wrap_socket(connection, server_side=True)
                lines, state["secure"] = connection.makefile("rb"), True
            elif word == "AUTH":
                if " " not in rest:
                    say("334 ")
                    rest = "PLAIN " + lines.readline().decode().strip()
                _, user, password = base64.b64decode(rest.split(" ")[1]).decode().split("\\0")
                right = state["secure"] and (user, password) == ("crm@lavka", "pass word")
                state["user"] = user
                say("235 welcome" if right else "535 no")
            elif word == "MAIL":
                state["from"] = rest.split("<")[1].split(">")[0]
                say("250 ok" if state["user"] or not offers else "530 who are you")
            elif word == "RCPT":
                place = rest.split("<")[1].split(">")[0]
                if place.startswith("bounce"): say("550 no such mailbox")
                elif place.startswith("full"): say("452 full")
                else:
                    state["to"].append(place)
                    say("250 ok")
            elif word == "DATA":
                say("354 go on")
                data = b""
                while (part := lines.readline()) != b".\\r\\n": data += part[1:] if part.startswith(b".") else part
                keep(state, data)
                say("250 taken")
            elif word == "QUIT":
                say("221 bye")
                break
            else: say("502 what")
        connection.close()

    def listen(offers, secure):
        server = socket.create_server(("127.0.0.1", 0))
        def turn():
            while True:
                connection, _ = server.accept()
                def begin(connection=connection):
                    try: serve(context.wrap_socket(connection, server_side=True) if secure else connection, offers, secure)
                    except OSError: connection.close()
                threading.Thread(target=begin, daemon=True).start()
        threading.Thread(target=turn, daemon=True).start()
        return server.getsockname()[1]

    print(listen(True, False), listen(True, True), listen(False, False), flush=True)
    threading.Event().wait()
    """
}
