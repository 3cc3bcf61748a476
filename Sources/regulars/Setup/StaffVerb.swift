import Access
import ArgumentParser
import Kernel
import Storage

/// Who signs in to the console.
struct StaffVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "staff", abstract: "Let people sign in to the console, block them, change their role or password.",
    subcommands: [StaffAdd.self, StaffList.self, StaffRole.self, StaffBlock.self, StaffUnblock.self, StaffPassword.self])
}

struct StaffAdd: Verb {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Let somebody sign in; prints a password that serves for the first time.")

  @OptionGroup var shared: SharedOptions
  @Option(help: "The account's code.") var account: String
  @Argument(help: "What they type to sign in.") var login: String
  @Option(help: "Their name.") var name: String
  @Option(help: "What they may do: \(Role.allCases.map(\.rawValue).joined(separator: ", ")).") var role: String

  func run(at desk: Desk) async throws {
    let role = try StaffRole.parse(role)
    let (text, password) = try OneTimePassword.make(desk.world.random)
    try await desk.withWiring { wiring in
      let (account, change) = (try await wiring.account(account).id, wiring.change)
      _ = try await wiring.database.write(.bulk) { tx in
        try Staff(of: account).add(login: login, name: name, role: role, password: password, by: change, in: &tx)
      }
    }
    desk.console.line("\(login) may sign in; this password serves once and is shown only now:")
    try answer(text)
  }
}

struct StaffList: Verb {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "The staff of an account.")

  @OptionGroup var shared: SharedOptions
  @Option(help: "The account's code.") var account: String

  func run(at desk: Desk) async throws {
    let staff = try await desk.withWiring { wiring in
      let account = try await wiring.account(account).id
      return try await wiring.database.read { tx in try Staff(of: account).all(in: &tx) }
    }
    let rows = staff.map { [$0.login, $0.role.rawValue, $0.isBlocked ? "blocked" : "", $0.name] }
    try answer(rows.isEmpty ? "nobody; `regulars staff add` lets somebody sign in" : aligned(rows))
  }
}

struct StaffRole: Verb {
  static let configuration = CommandConfiguration(commandName: "role", abstract: "Change what somebody may do.")

  @OptionGroup var shared: SharedOptions
  @Option(help: "The account's code.") var account: String
  @Argument(help: "Their login.") var login: String
  @Argument(help: "The new role.") var role: String

  func run(at desk: Desk) async throws {
    let role = try Self.parse(role)
    try await desk.withStaff(of: account) { staff, change, tx in try staff.set(role, of: login, by: change, in: &tx) }
    try answer("\(login): \(role.rawValue)")
  }

  static func parse(_ text: String) throws -> Role {
    if let role = Role(rawValue: text) { return role }
    throw ValidationError("\"\(text)\" is no role; known are \(Role.allCases.map(\.rawValue).joined(separator: ", "))")
  }
}

struct StaffBlock: Verb {
  static let configuration = CommandConfiguration(commandName: "block", abstract: "Keep somebody out.")

  @OptionGroup var shared: SharedOptions
  @Option(help: "The account's code.") var account: String
  @Argument(help: "Their login.") var login: String

  func run(at desk: Desk) async throws {
    try await desk.withStaff(of: account) { staff, change, tx in try staff.setBlocked(true, login, by: change, in: &tx) }
    try answer("\(login): blocked")
  }
}

struct StaffUnblock: Verb {
  static let configuration = CommandConfiguration(commandName: "unblock", abstract: "Let somebody in again.")

  @OptionGroup var shared: SharedOptions
  @Option(help: "The account's code.") var account: String
  @Argument(help: "Their login.") var login: String

  func run(at desk: Desk) async throws {
    try await desk.withStaff(of: account) { staff, change, tx in try staff.setBlocked(false, login, by: change, in: &tx) }
    try answer("\(login): may sign in")
  }
}

struct StaffPassword: Verb {
  static let configuration = CommandConfiguration(
    commandName: "password", abstract: "Give somebody another password, which serves once.")

  @OptionGroup var shared: SharedOptions
  @Option(help: "The account's code.") var account: String
  @Argument(help: "Their login.") var login: String

  func run(at desk: Desk) async throws {
    let (text, password) = try OneTimePassword.make(desk.world.random)
    try await desk.withStaff(of: account) { staff, change, tx in
      try staff.set(password, of: login, mustChange: true, by: change, in: &tx)
    }
    desk.console.line("the password serves once and is shown only now:")
    try answer(text)
  }
}

/// A password that somebody is handed.
enum OneTimePassword {
  static func make(_ random: () -> UInt64) throws -> (String, Password) {
    let text = Password.handed(random)
    return (text, try Password(text, salt: Password.salt(random)))
  }
}

extension Desk {
  /// Changes something about the staff of an account.
  func withStaff(of account: String, _ body: @escaping @Sendable (Staff, Change, inout Transaction) throws -> Void) async throws {
    try await withWiring { wiring in
      let (account, change) = (try await wiring.account(account).id, wiring.change)
      try await wiring.database.write(.bulk) { tx in try body(Staff(of: account), change, &tx) }
    }
  }
}
