import Foundation
import Kernel
import TestKit
import Testing
import regulars

@Suite struct `the program` {
  @Test(arguments: TestDatabase.available) func `makes a database, examines it, backs it up and restores it`(on kind: TestDatabase)
    async throws
  {
    try await kind.withPlace { place in
      let program = Program(folder: place.folder.path)
      let before = try program.run("doctor", "--database", place.url)
      #expect(before.code == Ending.trouble.rawValue)
      #expect(before.answer.contains("regulars migrate"))

      #expect(try program.run("migrate", "--database", place.url).answer.contains("applied 1"))
      #expect(try program.run("migrate", "--database", place.url).answer.contains("already at schema"))
      let doctor = try program.run("doctor", "--database", place.url, environment: ["REGULARS_DISK_RESERVE": "16"])
      #expect(doctor.code == 0, "\(doctor.answer)")

      let backup = try program.run("backup", "--database", place.url)
      #expect(backup.code == 0, "\(backup.errors)")
      let file = backup.answer.trimmingCharacters(in: .newlines)
      #expect(file.hasPrefix("backups/regulars-20"))
      let rights = try FileManager.default.attributesOfItem(atPath: place.folder.path + "/" + file)[.posixPermissions] as? Int
      #expect(rights == 0o600)

      let restored = try program.run("restore", file, "--database", "sqlite:drill.db")
      #expect(restored.code == 0, "\(restored.errors)")
      let drill = try program.run("doctor", "--database", "sqlite:drill.db", environment: ["REGULARS_DISK_RESERVE": "16"])
      #expect(drill.code == 0, "\(drill.answer)")
      let again = try program.run("restore", file, "--database", "sqlite:drill.db")
      #expect(again.code == Ending.refused.rawValue)
      #expect(again.errors.contains("[restore_target]"))
      #expect(try program.run("restore", file, "--replace", "--database", "sqlite:drill.db").code == 0)
    }
  }

  @Test func `looking for a database makes none`() throws {
    try inTemporaryFolder { folder in
      let program = Program(folder: folder)
      let looked = try program.run("doctor")
      #expect(looked.code == Ending.trouble.rawValue)
      #expect(try program.run("backup").code == Ending.unavailable.rawValue)
      #expect(!FileManager.default.fileExists(atPath: folder + "/regulars.db"))
    }
  }

  @Test func `a bad configuration is one sentence on the stream for errors, and its own number`() throws {
    try inTemporaryFolder { folder in
      try Data("log.levle = info\n".utf8).write(to: URL(filePath: folder + "/regulars.conf"))
      let outcome = try Program(folder: folder).run("doctor")
      #expect(outcome.code == Ending.configuration.rawValue)
      #expect(outcome.answer.isEmpty)
      #expect(outcome.errors.contains("regulars.conf, line 1: there is no key \"log.levle\"; did you mean \"log.level\"?"))
      let absent = try Program(folder: folder).run("doctor", "--config", "absent.conf")
      #expect(absent.code == Ending.configuration.rawValue)
    }
  }

  @Test func `an unknown verb or option is explained and ends with 64`() throws {
    try inTemporaryFolder { folder in
      for arguments in [["doctr"], ["doctor", "--jsn"], ["restore"]] {
        let outcome =
          arguments.count == 1
          ? try Program(folder: folder).run(arguments[0]) : try Program(folder: folder).run(arguments[0], arguments[1])
        #expect(outcome.code == Ending.usage.rawValue, "\(arguments)")
        #expect(outcome.errors.contains("Usage:"))
      }
    }
  }

  @Test func `a database that does not answer is trouble for the doctor and unavailable for work`() throws {
    try inTemporaryFolder { folder in
      let url = "postgresql://nobody:hunter2@127.0.0.1:1/nothing"
      let doctor = try Program(folder: folder).run("doctor", "--database", url)
      #expect(doctor.code == Ending.trouble.rawValue)
      let migrate = try Program(folder: folder).run("migrate", "--database", url)
      #expect(migrate.code == Ending.unavailable.rawValue)
      #expect(!(doctor.answer + doctor.errors + migrate.answer + migrate.errors).contains("hunter2"))
    }
  }

  @Test func `a damaged backup is refused and changes nothing`() throws {
    try inTemporaryFolder { folder in
      let program = Program(folder: folder)
      try program.run("migrate")
      let whole = try program.run("backup", "--archive").answer.trimmingCharacters(in: .newlines)
      var bytes = try fileBytes(folder + "/" + whole)
      bytes[bytes.count / 2] ^= 0x55
      try Data(bytes).write(to: URL(filePath: folder + "/damaged.archive"))
      try Data(bytes.prefix(bytes.count / 2)).write(to: URL(filePath: folder + "/cut.archive"))
      for name in ["damaged.archive", "cut.archive", "absent.archive"] {
        let outcome = try program.run("restore", name, "--replace")
        #expect(outcome.code == Ending.storage.rawValue, "\(name): \(outcome.errors)")
        #expect(try program.run("doctor", environment: ["REGULARS_DISK_RESERVE": "16"]).code == 0)
      }
    }
  }

  @Test func `the doctor answers machines in JSON`() throws {
    try inTemporaryFolder { folder in
      let json = try JSON.parse(try Program(folder: folder).run("doctor", "--json").answer)
      #expect(json["version"] != nil && json["settings"] != nil)
      guard case .array(let findings)? = json["findings"] else {
        Issue.record("no findings")
        return
      }
      #expect(findings.contains { $0["verdict"] == "trouble" && $0["remedy"] != nil })
    }
  }
}
