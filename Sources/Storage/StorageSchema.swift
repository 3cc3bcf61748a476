/// The tables that Storage itself needs in every database: put them first.
public enum StorageSchema {
  public static let tables = [node, lease, epoch, neighbour]

  static let node = Table(
    "node", owner: "Storage", family: .reference, scope: .installation(because: "instances serve all accounts"),
    key: .columns(["number"]), columns: [.integer("number"), .text("holder"), .integer("until")],
    checks: ["number between 0 and 1023"])

  static let lease = Table(
    "lease", owner: "Storage", family: .reference, scope: .installation(because: "jobs run once for all accounts"),
    key: .columns(["name"]), columns: [.text("name"), .text("holder"), .integer("until"), .integer("term")])

  static let epoch = Table(
    "database_epoch", owner: "Storage", family: .reference, scope: .installation(because: "a restore concerns every account"),
    key: .columns(["epoch"]), columns: [.integer("epoch"), .integer("began_at"), .text("cause")])

  /// Which older programs may go on while a step is already there: what lets servers be replaced one after another.
  static let neighbour = Table(
    "schema_neighbour", owner: "Storage", family: .reference, scope: .installation(because: "the schema is one for all accounts"),
    key: .columns(["number"]), columns: [.integer("number"), .integer("oldest")])
}
