import Storage

/// The tables of files that were sent through the console, in an order in which they can be created.
public enum UploadsSchema {
  public static var tables: [Table] { [upload, piece] }

  /// One file, what its columns mean, and how far its import is. `tally`, `complaints` and `fault` are JSON.
  static var upload: Table {
    Table(
      "upload", owner: "Imports", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id", nullable: true), .text("kind"), .text("name"),
        .text("made_by"), .integer("touched_at"), .integer("size"), .integer("lines"), .text("state"), .flag("is_dry_run"),
        .flag("is_stop_asked"), .integer("max_refused"), .text("mapping", nullable: true), .text("tally", nullable: true),
        .text("complaints"), .text("fault", nullable: true), .integer("started_at", nullable: true), .integer("started_line"),
      ],
      indexes: [Index("account_id", "id"), Index("touched_at")], checks: ["size >= 0", "length(name) > 0"])
  }

  /// Bytes of the file itself (`part` 0) and of its refused records (`part` 1), each from its first byte on.
  static var piece: Table {
    Table(
      "upload_piece", owner: "Imports", family: .byValue(of: "upload_id"), key: .columns(["upload_id", "part", "start_at"]),
      columns: [.integer("upload_id"), .integer("account_id"), .integer("part"), .integer("start_at"), .bytes("bytes")],
      checks: ["part in (0, 1)", "start_at >= 0"])
  }
}
