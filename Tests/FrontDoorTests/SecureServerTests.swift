import Foundation
import Kernel
import TestKit
import Testing
import regulars

/// The server with a certificate, as `curl` sees it.
@Suite struct `a server with a certificate` {
  @Test func `speaks HTTP/2 and HTTP/1.1 over TLS 1.2 and newer, and nothing else`() async throws {
    try await TestDatabase.sqlite.withPlace { place in
      let files = try Certificate(in: place.folder.path)
      _ = try Program(folder: place.folder.path).run("migrate", "--database", place.url)
      let running = try Program(folder: place.folder.path).start(
        ["serve", "--port", "0", "--database", place.url], environment: files.environment)
      let server = try ServedShop.Server(running)
      func ask(_ options: String..., scheme: String = "https") throws -> (code: Int32, answer: String) {
        try shell(
          "curl",
          ["-s", "-m", "10", "--cacert", files.chain, "-o", "/dev/null", "-w", "%{http_version} %{http_code}"] + options + [
            "\(scheme)://127.0.0.1:\(server.port)/healthz"
          ])
      }
      #expect(try ask("--http2").answer == "2 200")
      #expect(try ask("--http1.1").answer == "1.1 200")
      #expect(try ask("--tlsv1.2", "--tls-max", "1.2").answer == "2 200")
      #expect(try ask("--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0").code != 0)
      #expect(try ask("--http1.1", scheme: "http").answer != "1.1 200")
      // Whoever does not know the certificate's maker does not talk to us.
      #expect(try shell("curl", ["-s", "-m", "10", "https://127.0.0.1:\(server.port)/healthz"]).code == 60)
      #expect(server.stop() == 0)
    }
  }

  @Test func `says which setting is wrong, and does not begin without it`() async throws {
    try await TestDatabase.sqlite.withPlace { place in
      let files = try Certificate(in: place.folder.path)
      let program = Program(folder: place.folder.path)
      _ = try program.run("migrate", "--database", place.url)
      let (chain, key) = ("REGULARS_SERVER_TLS_CERTIFICATE", "REGULARS_SERVER_TLS_KEY")
      let wrongs: [[String: String]] = [
        [chain: files.chain], [key: files.key], [chain: files.key, key: files.chain],
        [chain: files.chain, key: files.key + ".gone"],
      ]
      for wrong in wrongs {
        let outcome = try program.run(["serve", "--port", "0", "--database", place.url], environment: wrong)
        #expect(outcome.code == 78, "\(outcome.code): \(outcome.errors)")
        #expect(outcome.errors.contains("server.tls"), "\(outcome.errors)")
      }
    }
  }
}

/// A certificate for this machine that signs itself.
private struct Certificate {
  let chain: String
  let key: String
  var environment: [String: String] {
    ["REGULARS_LOG_FORMAT": "text", "REGULARS_SERVER_TLS_CERTIFICATE": chain, "REGULARS_SERVER_TLS_KEY": key]
  }

  init(in folder: String) throws {
    (chain, key) = (folder + "/chain.pem", folder + "/key.pem")
    let made = try shell(
      "openssl",
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=test",
        "-addext", "subjectAltName=IP:127.0.0.1", "-out", chain, "-keyout", key,
      ])
    guard made.code == 0 else { throw ServedShop.Trouble(text: "openssl made no certificate: \(made.code)") }
  }
}

/// Runs a program from the path and returns its number and what it wrote.
private func shell(_ name: String, _ arguments: [String]) throws -> (code: Int32, answer: String) {
  let (process, pipe) = (Process(), Pipe())
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = [name] + arguments
  process.standardOutput = pipe
  process.standardError = FileHandle.nullDevice
  try process.run()
  let answer = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  return (process.terminationStatus, answer)
}
